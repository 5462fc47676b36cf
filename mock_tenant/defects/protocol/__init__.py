"""Seeded defects: protocol."""
