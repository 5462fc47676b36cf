"""Seeded defects: writes."""
