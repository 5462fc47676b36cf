"""The order of the questions: what others rest on first, what looks back on the whole run last."""

from pathlib import Path

import pytest

FIRST = (
    "test_tokens",
    "test_authorization",
    "test_create",
    "test_get",
    "test_upsert",
    "test_patch",
    "test_delete",
    "test_bodies",
    "test_pages",
    "test_results",
    "test_queries",
    "test_consistency",
    "test_errors",
    "test_http",
    "test_tenants",
    "test_restrictions",
    "test_isolation",
    "test_robustness",
)
LAST = ("test_schema", "test_workflows", "test_concurrency", "test_final_state")
TESTS = Path(__file__).parents[2] / "tests"


LONG = ("test_workflows", "test_concurrency", "test_queries", "test_pages", "test_results")
"""What workers begin with, so that none of them is left alone with it at the end."""
FAMILY = ("test_queries", "test_pages", "test_results")
"""Modules whose tests stay with one worker, for they share a family of customers."""
APART = "test_a_page_holds_60_by_default"
"""Needs no family, but many customers of the run: among workers it waits until most have been made."""

AGED = "test_a_token_opens_until_it_expires[expired]"
"""Asked as late as may be: by then the token has expired, and nobody need wait for it."""


def arrange(items: list[pytest.Item], *, wide: bool = False) -> None:
    """Put the modules of the contract tests into their order, each with its tests as they stand in it.

    `wide` is the order in which tests are shared out to workers.
    """
    items.sort(key=lambda item: _place(item.path, item.name))
    if wide:
        items.sort(key=_wide_place)


def group(nodeid: str) -> str:
    """What of a module stays together when tests are shared out to workers: the cases of one test, or all."""
    path, _, rest = nodeid.partition("::")
    name = rest.partition("[")[0]
    return "family" if Path(path).stem in FAMILY and name != APART else f"{path}::{name}"


def _wide_place(item: pytest.Item) -> int:
    """What is long first; the others as they stand, but those last that look back on the run."""
    if item.nodeid.partition("[")[0].endswith(APART) or item.path.stem == LAST[-1]:
        return 2
    return 0 if item.path.stem in LONG else 1


def _place(path: Path, name: str) -> int:
    if TESTS not in path.parents:
        return 0
    if path.stem in LAST or name == AGED:
        return len(FIRST) + 1 + LAST.index(LAST[-1] if name == AGED else path.stem)
    return FIRST.index(path.stem) if path.stem in FIRST else len(FIRST)
