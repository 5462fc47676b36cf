"""Seeded defects: reads."""
