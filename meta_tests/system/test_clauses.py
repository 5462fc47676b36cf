"""Every testable clause has a test, and every test has a clause."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.plugin.execution.profiles import declared_clauses
from meta_tests.support.project_runs import run_suite
from spec import clauses

TestClauses = dict[str, list[str]]
"""The clauses that each collected test declares, by node id."""


@dataclass(frozen=True)
class Collector:
    """Writes the clauses of the collected tests to a file."""

    path: Path

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        declared: TestClauses = {item.nodeid: list(declared_clauses(item)) for item in session.items}
        self.path.write_text(json.dumps(declared), encoding="utf-8")


@pytest.fixture(scope="module")
def declared(tmp_path_factory: pytest.TempPathFactory) -> TestClauses:
    """Every test of the nightly profile, which has all tests."""
    folder = tmp_path_factory.mktemp("collected")
    collector = Collector(folder / "declared.json")
    options = ("--collect-only", "--hypothesis-profile=nightly")
    run = run_suite(folder / "reports", *options, plugins=[collector])
    assert run.code == 0, run.output
    collected: TestClauses = json.loads(collector.path.read_text(encoding="utf-8"))
    return collected


def test_every_clause_has_a_test_or_a_reason(declared: TestClauses) -> None:
    tested = {name for named in declared.values() for name in named}
    untested = [name for name, clause in clauses().items() if not clause.untestable and name not in tested]
    assert not untested, "write a test for each of these, or say in spec/clauses.yaml why it is untestable"


def test_no_clause_is_both_tested_and_untestable(declared: TestClauses) -> None:
    tested = {name for named in declared.values() for name in named}
    assert not [name for name, clause in clauses().items() if clause.untestable and name in tested]


def test_every_test_declares_a_clause(declared: TestClauses) -> None:
    assert len(declared) > 500
    assert not [test for test, named in declared.items() if not named]


def test_node_ids_are_short_and_plain(declared: TestClauses) -> None:
    assert not [test for test in declared if len(test) > 200 or not test.isprintable()]


def test_an_unknown_clause_ends_the_run_with_one_sentence(tmp_path: Path) -> None:
    class Misnamed:
        def pytest_itemcollected(self, item: pytest.Item) -> None:
            item.add_marker(pytest.mark.covers("get.shoes.polished"))

    run = run_suite(tmp_path / "reports", "tests/reads/test_get.py", plugins=[Misnamed()])
    assert run.code == 4
    assert "names the clause get.shoes.polished, which spec/clauses.yaml does not have" in run.output
    assert "Traceback" not in run.output
