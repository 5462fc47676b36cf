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

from client import BudgetExceeded, Hub, Line, TokenError, TransientError
from harness.plugin import ordering
from meta_tests.support.project_runs import DEADLINE, begun, ended

ASKED = ("tests/reads/test_get.py", "tests/writes/test_delete.py")


@pytest.fixture
def hub() -> Iterator[Hub]:
    """A hub, closed at the end."""
    hub = Hub()
    yield hub
    hub.close()


def test_a_call_is_answered_and_waits_until_the_hub_serves(hub: Hub) -> None:
    line, answers = Line(hub.address, hub.key), []
    caller = threading.Thread(target=lambda: answers.append(line.call("double", 21)))
    caller.start()
    hub.serve({"double": lambda number: number * 2})
    caller.join(DEADLINE)
    assert answers == [42]
    line.close()


@pytest.mark.parametrize(
    "error",
    [TransientError("rain"), TokenError("none", status=400, code="invalid_client"), ValueError("odd")],
)
def test_an_exception_comes_through_whole(hub: Hub, error: Exception) -> None:
    def fail() -> None:
        raise error

    hub.serve({"fail": fail})
    line = Line(hub.address, hub.key)
    with pytest.raises(type(error)) as caught:
        line.call("fail")
    assert (caught.value.args, vars(caught.value)) == (error.args, vars(error))
    line.close()


def test_nothing_leaves_once_the_hub_is_closed(hub: Hub) -> None:
    begins, goes_on, done = threading.Event(), threading.Event(), []

    def slow() -> str:
        begins.set()
        goes_on.wait(DEADLINE)
        done.append("sent")
        return "answer"

    hub.serve({"slow": slow})
    line = Line(hub.address, hub.key)
    caller = threading.Thread(target=lambda: done.append(line.call("slow")))
    caller.start()
    begins.wait(DEADLINE)
    closing = threading.Thread(target=hub.close)
    closing.start()
    goes_on.set()
    closing.join(DEADLINE)
    assert done[0] == "sent", "what is under way is waited for"
    caller.join(DEADLINE)
    with pytest.raises(BudgetExceeded):
        line.call("slow")
    line.close()


def test_nobody_without_the_key_is_answered(hub: Hub) -> None:
    hub.serve({"double": lambda number: number * 2})
    with pytest.raises(Exception, match="digest"):
        Line(hub.address, b"another key").call("double", 1)
    line = Line(hub.address, hub.key)
    assert line.call("double", 1) == 2
    line.close()


def test_what_shares_customers_stays_together() -> None:
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


def test_workers_make_one_run_of_it(tmp_path: Path) -> None:
    alone = ended(tmp_path / "alone", *ASKED)
    wide = ended(tmp_path / "wide", *ASKED, "-n2")
    assert (alone.code, wide.code) == (0, 0), wide.said
    reports = [
        json.loads((run.folder / "conformance.json").read_text(encoding="utf-8")) for run in (alone, wide)
    ]
    verdicts = [{each["id"]: each["verdict"] for each in report["clauses"]} for report in reports]
    assert verdicts[0] == verdicts[1]
    one, other = (report["requests"]["by_operation"] for report in reports)
    assert other["token"] == one["token"], "one token for all workers"
    assert reports[1]["data"]["left"] == 0
    assert reports[1]["data"]["created"] > 0
    assert len(list((wide.folder / "ledger").iterdir())) == 1
    names = [
        sorted(re.findall(r'<testcase [^>]*\bname="([^"]*)"', text(run.folder))) for run in (alone, wide)
    ]
    assert names[0] == names[1] != []
    results = [len(list((run.folder / "allure-results").glob("*-result.json"))) for run in (alone, wide)]
    assert results[0] == results[1] == len(names[0])


def test_a_broken_promise_is_found_by_workers_too(tmp_path: Path) -> None:
    run = ended(
        tmp_path / "reports",
        "tests/reads/test_get.py",
        "-n2",
        "-x",
        "--mock-defect=get-shows-the-model-in-lower-case",
    )
    assert run.code == 1, run.said
    assert "get.businessModel.enum" in run.said
    assert "Traceback" not in run.said


def test_ctrl_c_ends_all_workers_and_leaves_nothing_behind(tmp_path: Path) -> None:
    run = begun(tmp_path / "reports", "tests/reads/test_get.py", "tests/writes/test_delete.py", "-n2")
    ledger = run.folder / "ledger"
    until = time.monotonic() + DEADLINE
    while not any('"created"' in path.read_text(encoding="utf-8") for path in ledger.glob("*.jsonl")):
        assert time.monotonic() < until, "nothing was created"
        time.sleep(0.05)
    assert run.process.pid is not None
    os.kill(run.process.pid, signal.SIGINT)
    done = run.ended()
    assert done.code == pytest.ExitCode.INTERRUPTED, done.said
    report = json.loads((done.folder / "conformance.json").read_text(encoding="utf-8"))
    assert report["data"]["left"] == 0
    assert report["data"]["created"] > 0


def test_a_tenant_that_cannot_be_met_ends_all_workers(tmp_path: Path) -> None:
    run = ended(
        tmp_path / "reports", "tests/reads/test_get.py", "-n2", "--mock-defect=there-is-no-such-defect"
    )
    assert run.code == pytest.ExitCode.USAGE_ERROR, run.said
    assert "Traceback" not in run.said
