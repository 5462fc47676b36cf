"""The order of the tests, and which of them the smoke profile does not create."""

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import cast

import pytest

from harness.plugin.execution.ordering import (
    COSTS,
    FINAL,
    NEEDS_MANY_CUSTOMERS,
    WAITS_FOR_EXPIRY,
    by_clauses_for_each_request,
)
from meta_tests.support.project_runs import ROOT, environment

TIMEOUT = 60.0
"""Seconds that a collection may take on a busy machine."""


def collected(*options: str) -> list[str]:
    """The node ids that pytest collects, in the order in which they run."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *options]
    result = subprocess.run(
        command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=TIMEOUT
    )
    return [line for line in result.stdout.splitlines() if "::" in line]


@pytest.fixture(scope="module")
def gate() -> list[str]:
    """The tests of the gate profile."""
    return collected()


def test_tests_that_need_earlier_ones_run_last(gate: list[str]) -> None:
    names = [node.rpartition("/")[2] for node in gate]
    last = [name for name in names if name.startswith(f"{FINAL}.py::") or name.endswith(WAITS_FOR_EXPIRY)]
    many = [name for name in names if f"::{NEEDS_MANY_CUSTOMERS}[" in name]
    assert len(last) > 1
    assert many
    assert names[-len(last + many) :] == many + last


def test_costs_are_those_of_existing_tests(gate: list[str]) -> None:
    """A renamed test has its cost under the new name; a new one may lack it."""
    known = set(json.loads(COSTS.read_text(encoding="utf-8")))
    tests = {node.partition("[")[0] for node in gate}
    assert known <= tests, "run python -m meta_tests.effectiveness.write_test_costs"
    assert len(known) > 0.8 * len(tests)


def test_clauses_are_checked_early_for_few_requests() -> None:
    """The cheapest test of many clauses first; a clause that is checked already gives a test no precedence."""
    covers = {"one": ("a", "b"), "two": ("a",), "three": ("c",), "four": ("a", "b", "c")}
    items = cast(list[pytest.Item], [Item(name, clauses) for name, clauses in covers.items()])
    order = by_clauses_for_each_request(items, {"one": 1, "two": 1, "three": 9, "four": 3})
    assert [item.nodeid for item in order] == ["one", "four", "two", "three"]


@dataclass
class Item:
    """A collected test that declares these clauses."""

    nodeid: str
    clauses: tuple[str, ...]

    def iter_markers(self, _name: str) -> list[pytest.Mark]:
        """The marker `covers`."""
        return [pytest.mark.covers(*self.clauses).mark]


def test_the_smoke_profile_creates_no_coverage_cases(gate: list[str]) -> None:
    case = "tests/protocol/test_schema.py::test_coverage_case"
    smoke = collected("--hypothesis-profile=smoke")
    assert smoke
    assert not [node for node in smoke if node.startswith(case)]
    assert len([node for node in gate if node.startswith(case)]) > 50
