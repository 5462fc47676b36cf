"""Clauses and tests cover each other: no promise without a question, no question without a promise."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.plugin.evidence_plugin import clauses_of
from meta_tests.support.project_runs import ended
from spec import clauses

Questions = dict[str, list[str]]
"""The clauses that each collected test names."""


@dataclass(frozen=True)
class Collector:
    """Writes down what was collected."""

    path: Path

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        questions: Questions = {item.nodeid: list(clauses_of(item)) for item in session.items}
        self.path.write_text(json.dumps(questions), encoding="utf-8")


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> Questions:
    """Every test of the nightly profile, which leaves none out."""
    folder = tmp_path_factory.mktemp("collected")
    collector = Collector(folder / "questions.json")
    options = ("--collect-only", "--hypothesis-profile=nightly")
    run = ended(folder / "reports", *options, plugins=[collector])
    assert run.code == 0, run.said
    collected: Questions = json.loads(collector.path.read_text(encoding="utf-8"))
    return collected


def test_every_clause_has_a_test_or_a_reason(questions: Questions) -> None:
    asked = {name for named in questions.values() for name in named}
    unasked = [name for name, clause in clauses().items() if not clause.untestable and name not in asked]
    assert not unasked, "write a test for each of these, or say in spec/clauses.yaml why it is untestable"


def test_no_clause_is_both_tested_and_untestable(questions: Questions) -> None:
    asked = {name for named in questions.values() for name in named}
    assert not [name for name, clause in clauses().items() if clause.untestable and name in asked]


def test_every_test_names_a_clause(questions: Questions) -> None:
    assert len(questions) > 500
    assert not [test for test, named in questions.items() if not named]


def test_node_ids_are_short_and_plain(questions: Questions) -> None:
    assert not [test for test in questions if len(test) > 200 or not test.isprintable()]


def test_an_unknown_clause_is_one_sentence(tmp_path: Path) -> None:
    class Misnamed:
        def pytest_itemcollected(self, item: pytest.Item) -> None:
            item.add_marker(pytest.mark.clause("get.shoes.polished"))

    run = ended(tmp_path / "reports", "tests/reads/test_get.py", plugins=[Misnamed()])
    assert run.code == 4
    assert "names the clause get.shoes.polished, which spec/clauses.yaml does not have" in run.said
    assert "Traceback" not in run.said
