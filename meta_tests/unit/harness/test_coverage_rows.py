"""The rows that Schemathesis gives the schema tests: the same each time, each with a history of its own."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from schemathesis.generation import GenerationMode

from harness.schemathesis.coverage import ASKED_ELSEWHERE, NEVER_SENT, UNSETTLED_METHODS, derived
from harness.schemathesis.coverage_rows import COVERAGE_CASES, Row, coverage, examples_of_document, written
from harness.schemathesis.document import operations, schema
from harness.schemathesis.expected_rejections import breaches, certain
from spec import clauses

ROOT = Path(__file__).parents[3]
CHEAP = 1.0
"""Seconds of processor time in which the document is handed over and the coverage cases are read."""

TIMEOUT = 120.0
"""Seconds that a collection may take on a busy machine."""

COLLECTING = """
import json, random, socket, sys
import pytest

def forbidden(*_): raise AssertionError("the collection must not connect to anything")
socket.socket.connect = forbidden
random.seed(sys.argv[1])

class Ids:
    def pytest_collection_finish(self, session):
        from allure_commons.model2 import Parameter
        from allure_pytest.utils import allure_full_name, get_history_id
        self.nodes = [item.nodeid for item in session.items]
        self.histories = []
        for item in session.items:
            params = item.callspec.params if hasattr(item, "callspec") else {}
            told = [Parameter(name=name, value=str(value)) for name, value in params.items()]
            self.histories.append(get_history_id(allure_full_name(item), told, params))

ids = Ids()
options = ["--collect-only", "-q", "--assert=plain", "--hypothesis-profile=nightly", "-p", "no:cacheprovider"]
code = pytest.main(["tests/protocol/test_schema.py", *options], plugins=[ids])
from harness.schemathesis.coverage import derived
print()
told = [[row.name, repr(row.question), row.extra] for row in derived().rows]
found = {"code": int(code), "nodes": ids.nodes, "histories": ids.histories, "rows": told}
print(json.dumps(found))
"""


def collecting(seed: str) -> subprocess.Popen[str]:
    """A process of its own that collects under another hash seed and another random seed."""
    environ = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", COLLECTING, seed]
    return subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def runs() -> list[dict[str, Any]]:
    """What two processes have collected."""
    processes = [collecting(seed) for seed in ("1", "2")]
    return [json.loads(process.communicate(timeout=TIMEOUT)[0].splitlines()[-1]) for process in processes]


def test_node_ids_and_histories_are_unique_and_need_no_network(runs: list[dict[str, Any]]) -> None:
    for run in runs:
        assert run["code"] == 0
        for ids in (run["nodes"], run["histories"]):
            assert len(ids) > 700
            assert [each for each, times in Counter(ids).items() if times > 1] == []


def test_two_processes_collect_the_same(runs: list[dict[str, Any]]) -> None:
    first, second = runs
    for part in ("nodes", "histories", "rows"):
        assert first[part] == second[part]


def test_collection_is_cheap() -> None:
    for cached in (schema, operations, coverage):
        cached.cache_clear()
    began = time.process_time()
    coverage()
    assert time.process_time() - began < CHEAP


def test_the_cases_on_disk_are_those_that_schemathesis_derives() -> None:
    told = "write them anew: python -m harness.schemathesis.write_coverage_cases"
    assert COVERAGE_CASES.read_text(encoding="utf-8") == written(derived().rows), told
    assert [repr(row.question) for row in coverage()] == [repr(row.question) for row in derived().rows]
    assert [(row.name, row.part, row.extra) for row in coverage()] == [
        (row.name, row.part, row.extra) for row in derived().rows
    ]


@pytest.mark.parametrize("rows", [examples_of_document(), coverage()], ids=["examples", "coverage"])
def test_every_operation_has_rows_at_the_gate(rows: tuple[Row, ...]) -> None:
    """Of get and delete only the tenant's name can be wrong, which test_tenants asks."""
    assert {row.question.operation for row in rows if not row.extra} >= set(operations()) - {"get", "delete"}


def test_every_example_of_the_document_is_valid() -> None:
    assert [row.name for row in examples_of_document() if breaches(row.question)] == []


def test_every_row_has_an_answer_in_the_catalogue() -> None:
    for row in coverage():
        found = breaches(row.question)
        assert not found or certain(found), row.name
        assert all(each.clause in clauses() for each in certain(found)), row.name


def test_what_must_not_be_asked_is_left_out() -> None:
    asked = {(row.question.operation, row.question.method) for row in coverage()}
    assert asked.isdisjoint(NEVER_SENT)
    assert {method for operation, method in asked if operation in ("list", "search")} & {"PUT", "PATCH"}
    published = {(name, str(operation.method).upper()) for name, operation in operations().items()}
    assert {method for _, method in asked - published}.isdisjoint(UNSETTLED_METHODS)


def test_what_has_no_answer_is_counted() -> None:
    left_out = derived().left_out
    everything = sum(left_out.values()) + len(coverage())
    assert everything > 850
    assert left_out["open"] < everything / 4
    assert left_out["valid as it is sent"] < everything / 10


def test_a_gate_asks_what_no_other_module_asks() -> None:
    rows = coverage()
    gate = [row for row in rows if not row.extra]
    assert 60 < len(gate) < len(rows) / 3
    kinds = {
        (row.question.operation, clause.clause) for row in rows for clause in certain(breaches(row.question))
    }
    kept = {
        (row.question.operation, clause.clause) for row in gate for clause in certain(breaches(row.question))
    }
    elsewhere = {
        (row.question.operation, clause.clause)
        for row in rows
        if ASKED_ELSEWHERE.search(row.name)
        for clause in certain(breaches(row.question))
    }
    assert kinds - elsewhere <= kept


def test_both_modes_are_generated_for_every_operation() -> None:
    modes = {
        (row.question.operation, bool(breaches(row.question)))
        for row in (*coverage(), *examples_of_document())
    }
    assert modes == {(name, negative) for name in operations() for negative in (True, False)}
    assert {mode.value for mode in GenerationMode} == {"positive", "negative"}
