"""The order of the tests: first those that check the most clauses for the fewest requests."""

import heapq
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import pytest

from harness.plugin.markers import declared_clauses

COSTS: Final = Path(__file__).with_name("test_costs.json")
"""The requests of a case of each test at the gate, by the node id without the case; written by
`python -m meta_tests.effectiveness.write_test_costs`.
"""
UNKNOWN_COST: Final = 5.0
"""The requests of a test that is not in the file."""
FINAL: Final = "test_final_state"
"""The module that checks what the run has left: it runs last."""
SLOW: Final = (
    "test_workflows",
    "test_concurrency",
    "test_queries",
    "test_sorting",
    "test_pages",
    "test_results",
)
"""What workers begin with, so that no worker is left with a slow test at the end."""
DATASET_MODULES: Final = ("test_queries", "test_query_views", "test_sorting", "test_pages", "test_results")
"""Modules whose tests run in one worker, because they share a dataset."""
NEEDS_MANY_CUSTOMERS: Final = "test_a_page_holds_60_by_default"
"""Needs no dataset, but many customers of the run: it runs when most of them exist."""
WAITS_FOR_EXPIRY: Final = "test_a_token_is_accepted_until_it_expires[expired]"
"""Runs late, when the token has expired without a wait."""


def sort(items: list[pytest.Item], *, for_workers: bool = False) -> None:
    """Sort the tests by the clauses that they check for each request; or as they are distributed to workers."""
    items[:] = by_clauses_for_each_request(items, json.loads(COSTS.read_text(encoding="utf-8")))
    items.sort(key=_rank)
    if for_workers:
        items.sort(key=_rank_for_workers)


def group(nodeid: str) -> str:
    """The group of tests that runs in one worker: the cases of one test, or the tests that share the dataset."""
    path, _, rest = nodeid.partition("::")
    name = rest.partition("[")[0]
    shares_dataset = Path(path).stem in DATASET_MODULES and name != NEEDS_MANY_CUSTOMERS
    return "dataset" if shares_dataset else f"{path}::{name}"


def by_clauses_for_each_request(
    items: Sequence[pytest.Item], costs: Mapping[str, float]
) -> list[pytest.Item]:
    """Repeatedly the test that checks the most clauses which no earlier test checks, for each of its requests.

    Where no test is left that checks a further clause, all clauses count again.
    """
    left = {
        number: (frozenset(declared_clauses(item)), costs.get(item.nodeid.partition("[")[0], UNKNOWN_COST))
        for number, item in enumerate(items)
    }
    chosen: list[int] = []
    while left:
        covered = list(_cover(left)) or sorted(left)
        chosen += covered
        left = {number: test for number, test in left.items() if number not in set(covered)}
    return [items[number] for number in chosen]


def _cover(tests: Mapping[int, tuple[frozenset[str], float]]) -> Iterator[int]:
    """The numbers of tests that together check all clauses, the best first.

    A test gains no clauses by the choice of another, so only the first of the queue has to be valued again.
    """
    seen: set[str] = set()
    queue = [(-len(clauses) / (cost + 1), number) for number, (clauses, cost) in tests.items()]
    heapq.heapify(queue)
    while queue:
        value, number = heapq.heappop(queue)
        clauses, cost = tests[number]
        now = -len(clauses - seen) / (cost + 1)
        if now == value and now < 0:
            seen |= clauses
            yield number
        elif now < 0:
            heapq.heappush(queue, (now, number))


def _rank(item: pytest.Item) -> int:
    """0 for most tests; the others need what earlier tests have done."""
    if item.path.stem == FINAL or item.name == WAITS_FOR_EXPIRY:
        return 2
    return 1 if _needs_many_customers(item) else 0


def _rank_for_workers(item: pytest.Item) -> int:
    if _needs_many_customers(item) or item.path.stem == FINAL:
        return 2
    return 0 if item.path.stem in SLOW else 1


def _needs_many_customers(item: pytest.Item) -> bool:
    return item.name.partition("[")[0] == NEEDS_MANY_CUSTOMERS
