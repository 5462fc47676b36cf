"""Conforming variations: each class is behaviour that the contract permits. Importing the package registers them."""

from mock_tenant.variations import (
    addresses,
    background_load,
    empty_values,
    eventual_consistency,
    leniency,
    network_faults,
    parameters,
    responses,
    storage,
    validation,
    versions,
)

__all__ = [
    "addresses",
    "background_load",
    "empty_values",
    "eventual_consistency",
    "leniency",
    "network_faults",
    "parameters",
    "responses",
    "storage",
    "validation",
    "versions",
]
