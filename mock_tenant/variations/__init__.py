"""Permitted variations: each class one thing that the contract leaves open; importing registers them all."""

from mock_tenant.variations import (
    answers,
    background_load,
    eventual_consistency,
    network_faults,
    parsing,
    storage,
)

__all__ = ["answers", "background_load", "eventual_consistency", "network_faults", "parsing", "storage"]
