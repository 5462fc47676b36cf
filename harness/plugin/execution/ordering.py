"""The order of the tests: first those that check the most clauses for the fewest requests."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from math import inf
from pathlib import Path
from typing import Final

import pytest
from pydantic import TypeAdapter

from harness.plugin.execution.profiles import declared_clauses

COSTS: Final = Path(__file__).with_name("test_costs.json")
"""The requests of a case of each test at the gate, by the node id without the case; written by
`python -m meta_tests.effectiveness.write_test_costs`.
"""
UNKNOWN_COST: Final = 5.0
"""The requests of a test that is not in the file."""
FINAL: Final = "test_final_state"
"""The module that checks what the run has left: it runs last."""
NEEDS_MANY_CUSTOMERS: Final = "test_a_page_holds_60_by_default"
"""Needs no dataset, but many customers of the run: it runs when most of them exist."""
EXPIRY: Final = "test_a_token_is_accepted_until_it_expires"
WAITS_FOR_EXPIRY: Final = f"{EXPIRY}[expired]"
"""Runs late, when the token has expired without a wait."""


def sort(items: list[pytest.Item]) -> None:
    """Sort the tests by the clauses that they check for each request."""
    items[:] = by_clauses_for_each_request(items, _costs())
    items.sort(key=_rank)


def batches(items: Sequence[pytest.Item]) -> list[tuple[int, ...]]:
    """The positions of the tests in the order in which workers begin them, without the final check.

    A batch is one test, or the two that share a token, which expires between them; the costliest begin.
    """
    costs = _costs()
    found: defaultdict[object, list[int]] = defaultdict(list)
    for position, item in enumerate(items):
        expires = EXPIRY if item.name.startswith(EXPIRY) else position
        if not is_final(item):
            found[expires].append(position)

    def rank(batch: tuple[int, ...]) -> tuple[bool, float]:
        first = items[batch[0]]
        waits = first.name.startswith(EXPIRY)  # other tests run meanwhile
        return _needs_many_customers(first), -inf if waits else -sum(
            _cost(items[each], costs) for each in batch
        )

    return sorted(map(tuple, found.values()), key=rank)


def is_final(item: pytest.Item) -> bool:
    """Whether the test is the final check, which runs in each process."""
    return item.path.stem == FINAL


def by_clauses_for_each_request(
    items: Sequence[pytest.Item], costs: Mapping[str, float]
) -> list[pytest.Item]:
    """Repeatedly the test that checks the most clauses which no earlier test checks, for each of its requests.

    Where no test is left that checks a further clause, all clauses count again.
    """
    declared = {number: frozenset(declared_clauses(item)) for number, item in enumerate(items)}
    weights = [_cost(item, costs) + 1 for item in items]
    chosen: list[int] = []
    while declared:
        covered = [*_cover(declared, weights)] or [*declared]
        chosen += covered
        for number in covered:
            del declared[number]
    return [items[number] for number in chosen]


def _cover(declared: Mapping[int, frozenset[str]], weights: Sequence[float]) -> Iterator[int]:
    """The numbers of tests that together check all declared clauses, the best first."""
    gains = {number: clauses for number, clauses in declared.items() if clauses}
    while gains:
        best = max(gains, key=lambda number: len(gains[number]) / weights[number])
        yield best
        checked = gains[best]
        gains = {number: left for number, clauses in gains.items() if (left := clauses - checked)}


def _rank(item: pytest.Item) -> int:
    """0 for most tests; the others need what earlier tests have done."""
    if is_final(item) or item.name == WAITS_FOR_EXPIRY:
        return 2
    return 1 if _needs_many_customers(item) else 0


@cache
def _costs() -> Mapping[str, float]:
    return TypeAdapter(dict[str, float]).validate_json(COSTS.read_bytes())


def _cost(item: pytest.Item, costs: Mapping[str, float]) -> float:
    return costs.get(item.nodeid.partition("[")[0], UNKNOWN_COST)


def _needs_many_customers(item: pytest.Item) -> bool:
    return item.name.partition("[")[0] == NEEDS_MANY_CUSTOMERS
