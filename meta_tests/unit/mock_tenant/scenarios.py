"""The scenarios by name. Together they expose every seeded defect in the transcript of a tenant."""

from collections.abc import Callable, Coroutine
from typing import Any

from meta_tests.unit.mock_tenant import (
    address_scenarios,
    query_scenarios,
    read_scenarios,
    rejection_scenarios,
    value_scenarios,
    write_scenarios,
)
from meta_tests.unit.mock_tenant.recorder import TenantRecorder

Scenario = Callable[[TenantRecorder], Coroutine[Any, Any, None]]

_FUNCTIONS: tuple[Scenario, ...] = (
    write_scenarios.creations,
    address_scenarios.addresses,
    write_scenarios.conflicts,
    write_scenarios.default_values,
    write_scenarios.upserts,
    write_scenarios.patches,
    write_scenarios.versions,
    write_scenarios.deletions,
    read_scenarios.paging_and_sorting,
    read_scenarios.queries,
    read_scenarios.representations,
    read_scenarios.unspecified_behaviour,
    rejection_scenarios.invalid_input,
    rejection_scenarios.authorization,
    rejection_scenarios.unsupported_methods,
    rejection_scenarios.tokens,
    rejection_scenarios.tenant_isolation,
    rejection_scenarios.concurrent_requests,
    value_scenarios.rich_bodies,
    value_scenarios.single_changes,
    value_scenarios.nulls,
    value_scenarios.merge_patches,
    value_scenarios.unique_values,
    value_scenarios.refused_writes,
    value_scenarios.unusual_requests,
    query_scenarios.combined_queries,
)
SCENARIOS: dict[str, Scenario] = {function.__name__: function for function in _FUNCTIONS}
BY_OPERATION = {
    "create": "creations",
    "upsert": "upserts",
    "patch": "patches",
    "delete": "deletions",
    "token": "tokens",
    "http": "unsupported_methods",
    "errors": "invalid_input",
    "isolation": "tenant_isolation",
    "concurrency": "concurrent_requests",
    "addresses": "addresses",
}
BY_ASPECT = {
    "auth|tenant|expiry": "authorization",
    "q|deleted|body": "queries",
    "addresses|defaultAddress": "addresses",
    "sort|page|pageSize|pageNumber": "paging_and_sorting",
    "default": "default_values",
    "lock": "versions",
    "email|deleted-id|duplicate|unique": "conflicts",
    "type|min-length|max-length|empty|characters|iso-4217|unsupported": "invalid_input",
    "restriction|malformed|object|refused|no-5xx": "invalid_input",
    "no-5xx": "nulls",
    "round-trip": "rich_bodies",
    "filtered|visible|vanishes|fresh|agrees-with-get|exact": "combined_queries",
    "token-required|token-valid": "refused_writes",
    "only-named": "single_changes",
}


def by_relevance(clause: str) -> list[str]:
    """Every scenario, those most likely to expose a violation of this clause first."""
    operation, *aspects = clause.split(".")
    relevant = [scenario for words, scenario in BY_ASPECT.items() if set(words.split("|")) & set(aspects)]
    return list(dict.fromkeys([*relevant, BY_OPERATION.get(operation, "representations"), *SCENARIOS]))
