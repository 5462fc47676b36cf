"""The order of the tests, and which of them the smoke profile does not create."""

import subprocess
import sys
from pathlib import Path

import pytest

from harness.plugin.execution.ordering import FIRST, LAST
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


def test_basic_operations_run_first_and_checks_of_the_whole_run_last(gate: list[str]) -> None:
    modules = list(dict.fromkeys(Path(node.partition("::")[0]).stem for node in gate))
    assert modules == [*FIRST, *LAST]


def test_every_module_has_its_place() -> None:
    assert {path.stem for path in (ROOT / "tests").rglob("test_*.py")} == {*FIRST, *LAST}


def test_the_smoke_profile_creates_no_coverage_cases(gate: list[str]) -> None:
    case = "tests/protocol/test_schema.py::test_coverage_case"
    smoke = collected("--hypothesis-profile=smoke")
    assert smoke
    assert not [node for node in smoke if node.startswith(case)]
    assert len([node for node in gate if node.startswith(case)]) > 50
