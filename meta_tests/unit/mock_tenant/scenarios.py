"""The scenarios by name. Together they show every conforming variation in the transcript of a tenant."""

from collections.abc import Callable, Coroutine
from typing import Any

from meta_tests.unit.mock_tenant import (
    address_scenarios,
    read_scenarios,
    rejection_scenarios,
    write_scenarios,
)
from meta_tests.unit.mock_tenant.recorder import TenantRecorder

Scenario = Callable[[TenantRecorder], Coroutine[Any, Any, None]]

_FUNCTIONS: tuple[Scenario, ...] = (
    address_scenarios.addresses,
    write_scenarios.conflicts,
    write_scenarios.default_values,
    write_scenarios.upserts,
    write_scenarios.patches,
    write_scenarios.versions,
    read_scenarios.paging_and_sorting,
    read_scenarios.queries,
    read_scenarios.representations,
    read_scenarios.unspecified_behaviour,
    rejection_scenarios.invalid_input,
    rejection_scenarios.authorization,
    rejection_scenarios.tokens,
    rejection_scenarios.nulls,
)
SCENARIOS: dict[str, Scenario] = {function.__name__: function for function in _FUNCTIONS}
