"""Seeded defects: consistency."""
