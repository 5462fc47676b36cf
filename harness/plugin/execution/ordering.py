"""The order of the tests: basic operations first, tests that depend on many customers or check the whole run last."""

from pathlib import Path
from typing import Final

import pytest

TESTS: Final = Path(__file__).parents[3] / "tests"
FIRST: Final = (
    *(
        "test_tokens",
        "test_authorization",
        "test_create",
        "test_ids",
        "test_get",
        "test_upsert",
        "test_patch",
    ),
    *("test_delete", "test_bodies", "test_open_values", "test_sorting", "test_pages", "test_results"),
    *("test_queries", "test_query_views", "test_consistency", "test_errors", "test_http", "test_tenants"),
    *("test_restrictions", "test_isolation", "test_robustness"),
)
LAST: Final = ("test_schema", "test_workflows", "test_concurrency", "test_final_state")
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
"""Needs no dataset, but many customers of the run: with workers it runs when most of them exist."""
WAITS_FOR_EXPIRY: Final = "test_a_token_is_accepted_until_it_expires[expired]"
"""Runs late, when the token has expired without a wait."""


def sort(items: list[pytest.Item], *, for_workers: bool = False) -> None:
    """Sort the tests by module, each with its tests in the order of the file; or as they are distributed to workers."""
    items.sort(key=lambda item: _rank(item.path, item.name))
    if for_workers:
        items.sort(key=_rank_for_workers)


def group(nodeid: str) -> str:
    """The group of tests that runs in one worker: the cases of one test, or the tests that share the dataset."""
    path, _, rest = nodeid.partition("::")
    name = rest.partition("[")[0]
    shares_dataset = Path(path).stem in DATASET_MODULES and name != NEEDS_MANY_CUSTOMERS
    return "dataset" if shares_dataset else f"{path}::{name}"


def _rank(path: Path, name: str) -> int:
    if TESTS not in path.parents:
        return 0
    module = LAST[-1] if name == WAITS_FOR_EXPIRY else path.stem
    if module in LAST:
        return len(FIRST) + 1 + LAST.index(module)
    return FIRST.index(module) if module in FIRST else len(FIRST)


def _rank_for_workers(item: pytest.Item) -> int:
    if item.nodeid.partition("[")[0].endswith(NEEDS_MANY_CUSTOMERS) or item.path.stem == LAST[-1]:
        return 2
    return 0 if item.path.stem in SLOW else 1
