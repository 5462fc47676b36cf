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
LAST = ("test_schema", "test_workflows", "test_concurrency", "test_world")
TESTS = Path(__file__).parents[1]


def arrange(items: list[pytest.Item]) -> None:
    """Put the modules of the contract tests into their order, each with its tests as they stand in it."""
    items.sort(key=lambda item: _place(item.path))


def _place(path: Path) -> int:
    if path.parent != TESTS:
        return 0
    if path.stem in LAST:
        return len(FIRST) + 1 + LAST.index(path.stem)
    return FIRST.index(path.stem) if path.stem in FIRST else len(FIRST)
