"""Conforming variations: each class is behaviour that the contract permits. Importing the package registers them."""

from mock_tenant.variations import (
    background_load,
    eventual_consistency,
    leniency,
    network_faults,
    parameters,
    responses,
    storage,
    validation,
)

__all__ = [
    "background_load",
    "eventual_consistency",
    "leniency",
    "network_faults",
    "parameters",
    "responses",
    "storage",
    "validation",
]
