"""The order of the questions, and what is not even made for a profile that does not ask it."""

import subprocess
import sys
from pathlib import Path

import pytest

from harness.plugin.ordering import FIRST, LAST
from meta_tests.support.project_runs import ROOT, environment

TIMEOUT = 60.0
"""Seconds that a collection may take on a busy machine."""


def collected(*options: str) -> list[str]:
    """The node ids that pytest collects, in the order in which they would be asked."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *options]
    told = subprocess.run(
        command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=TIMEOUT
    )
    return [line for line in told.stdout.splitlines() if "::" in line]


@pytest.fixture(scope="module")
def gate() -> list[str]:
    """What a gate asks."""
    return collected()


def test_what_others_rest_on_is_asked_first_and_what_is_deepest_last(gate: list[str]) -> None:
    modules = list(dict.fromkeys(Path(node.partition("::")[0]).stem for node in gate))
    assert modules == [*FIRST, *LAST]


def test_every_module_has_its_place() -> None:
    assert {path.stem for path in (ROOT / "tests").rglob("test_*.py")} == {*FIRST, *LAST}


def test_a_taste_makes_no_coverage_cases(gate: list[str]) -> None:
    case = "tests/protocol/test_schema.py::test_a_coverage_case"
    taste = collected("--hypothesis-profile=smoke")
    assert taste
    assert not [node for node in taste if node.startswith(case)]
    assert len([node for node in gate if node.startswith(case)]) > 50
