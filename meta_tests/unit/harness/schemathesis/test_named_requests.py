"""The requests of Schemathesis' deterministic phases: the same in each process, each with a history of its own."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import spec
from harness.schemathesis.document import operations, schema
from harness.schemathesis.expected_rejections import definite, expected_rejections
from harness.schemathesis.named_requests import (
    COVERAGE_CASES,
    NamedRequest,
    coverage_cases,
    document_examples,
    encoded,
)
from harness.schemathesis.write_coverage_cases import (
    COVERED_ELSEWHERE,
    UNSAFE,
    UNSPECIFIED_METHODS,
    derive_coverage_cases,
)
from spec import clauses

ROOT = Path(__file__).parents[4]
MAX_SECONDS = 1.0
"""Processor time in which the document is loaded and the coverage cases are read."""
TIMEOUT = 120.0
"""Seconds that a collection may take on a busy machine."""
COLLECTION = """
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
            values = [Parameter(name=name, value=str(value)) for name, value in params.items()]
            self.histories.append(get_history_id(allure_full_name(item), values, params))

ids = Ids()
options = ["--collect-only", "-q", "--assert=plain", "--hypothesis-profile=nightly", "-p", "no:cacheprovider"]
code = pytest.main(["tests/protocol/test_schema.py", *options], plugins=[ids])
from harness.schemathesis.write_coverage_cases import derive_coverage_cases
print()
requests = [[each.name, repr(each.request), each.only_nightly] for each in derive_coverage_cases()]
print(json.dumps({"code": int(code), "nodes": ids.nodes, "histories": ids.histories, "requests": requests}))
"""


def start_collection(seed: str) -> subprocess.Popen[str]:
    """A process that collects the tests with this hash seed and this random seed."""
    environ = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", COLLECTION, seed]
    return subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def collections() -> list[dict[str, Any]]:
    """What two processes have collected."""
    processes = [start_collection(seed) for seed in ("1", "2")]
    return [json.loads(process.communicate(timeout=TIMEOUT)[0].splitlines()[-1]) for process in processes]


def promised(requests: tuple[NamedRequest, ...]) -> set[tuple[str, str]]:
    """The operations of the requests, each with the clauses of their definite rejections."""
    return {
        (each.request.operation, rejection.clause)
        for each in requests
        for rejection in definite(expected_rejections(each.request))
    }


def test_node_ids_and_histories_are_unique_and_need_no_network(collections: list[dict[str, Any]]) -> None:
    for collection in collections:
        assert collection["code"] == 0
        for ids in (collection["nodes"], collection["histories"]):
            assert len(ids) > 700
            assert [each for each, times in Counter(ids).items() if times > 1] == []


def test_two_processes_collect_the_same(collections: list[dict[str, Any]]) -> None:
    first, second = collections
    for part in ("nodes", "histories", "requests"):
        assert first[part] == second[part]


def test_collection_is_cheap() -> None:
    for cached in (schema, operations, coverage_cases):
        cached.cache_clear()
    began = time.process_time()
    coverage_cases()
    assert time.process_time() - began < MAX_SECONDS


def test_the_stored_cases_are_those_that_schemathesis_derives() -> None:
    remedy = "run: python -m harness.schemathesis.write_coverage_cases"
    assert COVERAGE_CASES.read_text(encoding="utf-8") == encoded(derive_coverage_cases()), remedy


def test_stored_cases_are_decoded_as_they_were() -> None:
    for stored, derived in zip(coverage_cases(), derive_coverage_cases(), strict=True):
        assert repr(stored.request) == repr(derived.request)
        assert (stored.name, stored.only_nightly) == (derived.name, derived.only_nightly)


@pytest.mark.parametrize("requests", [document_examples(), coverage_cases()], ids=["examples", "coverage"])
def test_the_gate_has_requests_of_every_operation(requests: tuple[NamedRequest, ...]) -> None:
    """Of get and delete only the name of the tenant can be invalid, which test_tenants covers."""
    at_the_gate = {each.request.operation for each in requests if not each.only_nightly}
    assert at_the_gate >= set(operations()) - {"get", "delete"}


def test_every_example_of_the_document_is_valid() -> None:
    assert [each.name for each in document_examples() if expected_rejections(each.request)] == []


def test_the_contract_promises_a_response_to_every_coverage_case() -> None:
    for each in coverage_cases():
        rejections = expected_rejections(each.request)
        assert not rejections or definite(rejections), each.name
        assert all(rejection.clause in clauses() for rejection in definite(rejections)), each.name


def test_unsafe_and_unspecified_methods_are_left_out() -> None:
    sent = {(each.request.operation, each.request.method) for each in coverage_cases()}
    assert sent.isdisjoint(UNSAFE)
    assert {method for operation, method in sent if operation in ("list", "search")} & {"PUT", "PATCH"}
    published = {(each.name, each.method) for each in spec.operations().values()}
    assert {method for _, method in sent - published}.isdisjoint(UNSPECIFIED_METHODS)


def test_most_coverage_cases_are_kept() -> None:
    """Schemathesis 4.32 derives 879 cases from the document; null and the like are left open by the contract."""
    assert len(coverage_cases()) > 650


def test_the_gate_covers_what_no_other_module_covers() -> None:
    every = coverage_cases()
    gate = tuple(each for each in every if not each.only_nightly)
    elsewhere = tuple(each for each in every if COVERED_ELSEWHERE.search(each.name))
    assert 60 < len(gate) < len(every) / 3
    assert promised(every) - promised(elsewhere) <= promised(gate)


def test_every_operation_has_valid_and_invalid_requests() -> None:
    found = {
        (each.request.operation, bool(expected_rejections(each.request)))
        for each in (*coverage_cases(), *document_examples())
    }
    assert found == {(name, is_invalid) for name in operations() for is_invalid in (True, False)}
