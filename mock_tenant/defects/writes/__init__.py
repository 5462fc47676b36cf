"""Defects of create, upsert, patch and delete: identity, values, and effects on other customers."""
