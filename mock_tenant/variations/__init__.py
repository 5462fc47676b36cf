"""Permitted variations: each class one thing that the contract leaves open; importing registers them all."""

from mock_tenant.variations import answers, intake, lateness, neighbours, storage, weather

__all__ = ["answers", "intake", "lateness", "neighbours", "storage", "weather"]
