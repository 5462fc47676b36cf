"""`pytest -n 2`: one client, one ledger and one report over all workers."""

import json
import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from client import BudgetExceeded, ControllerConnection, ControllerServer, TokenError, TransientError
from harness.plugin.execution import ordering
from meta_tests.support.project_runs import DEADLINE, run_suite, start_suite

TESTS = ("tests/reads/test_get.py", "tests/writes/test_delete.py")


@pytest.fixture
def server() -> Iterator[ControllerServer]:
    """A server, closed at the end."""
    server = ControllerServer()
    yield server
    server.close()


def test_a_call_waits_until_the_server_serves(server: ControllerServer) -> None:
    connection, answers = ControllerConnection(server.address, server.key), []
    caller = threading.Thread(target=lambda: answers.append(connection.call("double", 21)))
    caller.start()
    server.serve({"double": lambda number: number * 2})
    caller.join(DEADLINE)
    assert answers == [42]
    connection.close()


@pytest.mark.parametrize(
    "error",
    [TransientError("timeout"), TokenError("none", status=400, code="invalid_client"), ValueError("odd")],
)
def test_an_exception_keeps_its_attributes(server: ControllerServer, error: Exception) -> None:
    def fail() -> None:
        raise error

    server.serve({"fail": fail})
    connection = ControllerConnection(server.address, server.key)
    with pytest.raises(type(error)) as caught:
        connection.call("fail")
    assert (caught.value.args, vars(caught.value)) == (error.args, vars(error))
    connection.close()


def test_a_closed_server_sends_nothing(server: ControllerServer) -> None:
    begins, goes_on, done = threading.Event(), threading.Event(), []

    def slow() -> str:
        begins.set()
        goes_on.wait(DEADLINE)
        done.append("sent")
        return "answer"

    server.serve({"slow": slow})
    connection = ControllerConnection(server.address, server.key)
    caller = threading.Thread(target=lambda: done.append(connection.call("slow")))
    caller.start()
    begins.wait(DEADLINE)
    closing = threading.Thread(target=server.close)
    closing.start()
    goes_on.set()
    closing.join(DEADLINE)
    assert done[0] == "sent", "what is under way is waited for"
    caller.join(DEADLINE)
    with pytest.raises(BudgetExceeded):
        connection.call("slow")
    connection.close()


def test_a_connection_without_the_key_is_rejected(server: ControllerServer) -> None:
    server.serve({"double": lambda number: number * 2})
    with pytest.raises(Exception, match="digest"):
        ControllerConnection(server.address, b"another key").call("double", 1)
    connection = ControllerConnection(server.address, server.key)
    assert connection.call("double", 1) == 2
    connection.close()


def test_tests_that_share_customers_are_one_group() -> None:
    assert ordering.group("tests/reads/test_queries.py::test_a[list]") == ordering.group(
        "tests/reads/test_results.py::test_b"
    )
    assert ordering.group("tests/reads/test_get.py::test_a[x::y]") == ordering.group(
        "tests/reads/test_get.py::test_a[z]"
    )
    assert ordering.group("tests/reads/test_get.py::test_a") != ordering.group(
        "tests/reads/test_get.py::test_b"
    )


def text(folder: Path) -> str:
    """The junit.xml of a run."""
    return (folder / "junit.xml").read_text(encoding="utf-8")


def test_workers_share_one_run(tmp_path: Path) -> None:
    alone = run_suite(tmp_path / "alone", *TESTS)
    with_workers = run_suite(tmp_path / "workers", *TESTS, "-n2")
    assert (alone.code, with_workers.code) == (0, 0), with_workers.output
    reports = [
        json.loads((run.folder / "conformance.json").read_text(encoding="utf-8"))
        for run in (alone, with_workers)
    ]
    verdicts = [{each["id"]: each["verdict"] for each in report["clauses"]} for report in reports]
    assert verdicts[0] == verdicts[1]
    one, other = (report["requests"]["by_operation"] for report in reports)
    assert other["token"] == one["token"], "one token for all workers"
    assert reports[1]["data"]["left"] == 0
    assert reports[1]["data"]["created"] > 0
    assert len(list((with_workers.folder / "ledger").iterdir())) == 1
    names = [
        sorted(re.findall(r'<testcase [^>]*\bname="([^"]*)"', text(run.folder)))
        for run in (alone, with_workers)
    ]
    assert names[0] == names[1] != []
    results = [
        len(list((run.folder / "allure-results").glob("*-result.json"))) for run in (alone, with_workers)
    ]
    assert results[0] == results[1] == len(names[0])


def test_workers_detect_a_defect(tmp_path: Path) -> None:
    run = run_suite(
        tmp_path / "reports",
        "tests/reads/test_get.py",
        "-n2",
        "-x",
        "--mock-defect=get-shows-the-model-in-lower-case",
    )
    assert run.code == 1, run.output
    assert "get.businessModel.enum" in run.output
    assert "Traceback" not in run.output


def test_workers_know_the_capabilities_of_the_tenant(tmp_path: Path) -> None:
    """The tenant shows no metadata.mixins, which only the controlling process finds out."""
    variation = "--mock-variation=metadata-is-the-tenants-own"
    run = run_suite(tmp_path / "reports", "tests/writes/test_patch.py", "-k", "empty_patch", "-n2", variation)
    assert run.code == 0, run.output


def test_ctrl_c_ends_all_workers_and_leaves_no_customers(tmp_path: Path) -> None:
    run = start_suite(tmp_path / "reports", "tests/reads/test_get.py", "tests/writes/test_delete.py", "-n2")
    ledger = run.folder / "ledger"
    until = time.monotonic() + DEADLINE
    while not any('"created"' in path.read_text(encoding="utf-8") for path in ledger.glob("*.jsonl")):
        assert time.monotonic() < until, "nothing was created"
        time.sleep(0.05)
    assert run.process.pid is not None
    os.kill(run.process.pid, signal.SIGINT)
    done = run.wait()
    assert done.code == pytest.ExitCode.INTERRUPTED, done.output
    report = json.loads((done.folder / "conformance.json").read_text(encoding="utf-8"))
    assert report["data"]["left"] == 0
    assert report["data"]["created"] > 0


def test_a_tenant_that_cannot_be_tested_ends_all_workers(tmp_path: Path) -> None:
    run = run_suite(
        tmp_path / "reports", "tests/reads/test_get.py", "-n2", "--mock-defect=there-is-no-such-defect"
    )
    assert run.code == pytest.ExitCode.USAGE_ERROR, run.output
    assert "Traceback" not in run.output
