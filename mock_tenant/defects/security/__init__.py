"""Seeded defects: security."""
