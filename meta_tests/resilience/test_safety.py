"""A run is safe for its tenant: it announces its effects, keeps its limits, and collects without a request."""

import itertools
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from meta_tests.support import mock_server
from meta_tests.support.loopback_tenant import LoopbackTenant, Reply, Seen, loopback_tenant
from meta_tests.support.project_runs import DEADLINE, SuiteResult, environment, run_suite, start_suite

CONFORMANT, NOT_CONFORMANT, INTERRUPTED, NOT_ASSESSED = 0, 1, 2, 6
TESTS = ("tests/reads/test_get.py", "tests/writes/test_delete.py", "tests/histories/test_concurrency.py")


def limited(tmp_path: Path, limit: str) -> str:
    """The option for a tenant.toml with this limit."""
    path = tmp_path / "tenant.toml"
    path.write_text(f"[safety]\n{limit}\n", encoding="utf-8")
    return f"--tenant-config={path}"


def report_of(run: SuiteResult) -> dict[str, Any]:
    """The report as JSON."""
    report: dict[str, Any] = json.loads((run.folder / "conformance.json").read_text(encoding="utf-8"))
    return report


@pytest.mark.parametrize(
    ("limit", "code"),
    [
        ("max_requests = 40", CONFORMANT),
        ("max_customers = 8", CONFORMANT),
        ("max_seconds = 2.0", CONFORMANT),
        ("max_requests = 3", NOT_ASSESSED),
        ("max_customers = 1", NOT_ASSESSED),
    ],
)
def test_a_limit_ends_the_run_and_the_rest_is_not_assessed(tmp_path: Path, limit: str, code: int) -> None:
    # The slow variation keeps a fast machine from finishing before max_seconds.
    run = run_suite(tmp_path / "reports", *TESTS, "--mock-variation=slow", limited(tmp_path, limit))
    assert run.code == code, run.output
    assert "Traceback" not in run.output
    assert "error" not in run.output.lower()
    report = report_of(run)
    verdicts = {each["verdict"] for each in report["clauses"]}
    assert verdicts <= {"pass", "observed", "not_assessed"}
    stopped = [
        each
        for each in report["clauses"]
        if f"[safety] {limit.removesuffix('.0')} is reached" in each["reason"]
    ]
    assert all(each["verdict"] == "not_assessed" or each["evidence"]["examples"] for each in stopped)
    assert len(stopped) > 10
    assert sum("is reached" in line for line in run.lines) >= 1
    by_operation = report["requests"]["by_operation"]
    name, _, maximum = limit.partition(" = ")
    counted = {
        "max_requests": report["requests"]["total"] - by_operation.get("cleanup", 0),
        "max_customers": report["data"]["created"],
    }
    assert counted.get(name, 0) <= float(maximum)
    assert report["data"]["left"] == 0


def test_a_run_announces_its_effects_before_its_first_request(tmp_path: Path) -> None:
    announcements: list[str] = []

    def reject(_seen: Seen) -> Reply:
        if not announcements:
            announcements.append((tmp_path / "reports.log").read_text(encoding="utf-8"))
        return Reply(401)

    with loopback_tenant() as server:
        server.faults.append(reject)
        environ = environment(**server.environ(), EMPORIX_OTHER_TENANT="other")
        environ |= {"EMPORIX_OTHER_CLIENT_ID": "id-3", "EMPORIX_OTHER_CLIENT_SECRET": "secret-three"}
        run = run_suite(
            tmp_path / "reports", *TESTS, limited(tmp_path, "max_customers = 70"), environ=environ
        )
    assert run.code == NOT_ASSESSED, run.output
    announcement = announcements[0]
    for part in (
        f"tenant acme at {server.url} as client id-1, and tenant other as client id-3, gate profile",
        "up to 70 customers",
        "up to 2,800 requests",
        "[safety] ends it at max_customers = 70.",
        "no e-mail",
        "python -m client.sweep --run ",
    ):
        assert part in announcement, announcement
    assert "secret" not in announcement


def test_collecting_sends_no_request(tmp_path: Path) -> None:
    """The nightly profile collects every test."""
    with loopback_tenant() as server:
        environ = environment(**server.environ())
        run = run_suite(
            tmp_path / "reports", "--collect-only", "--hypothesis-profile=nightly", environ=environ
        )
        assert run.code == 0, run.output
        assert run.output.count("::") > 1_500
        assert server.seen == []
    assert not run.folder.exists()


def interrupt_twice(server: LoopbackTenant, tmp_path: Path) -> SuiteResult:
    """Interrupt a run during its tests, and again during its clean-up."""
    interrupts: list[int] = []
    deletions: list[Seen] = []

    def delete_slowly(seen: Seen) -> Reply | None:
        if seen.method == "DELETE" and interrupts:
            deletions.append(seen)
            time.sleep(0.05)
        return None

    server.faults.append(delete_slowly)
    run = start_suite(
        tmp_path / "reports", "tests/reads/test_get.py", "-n0", environ=environment(**server.environ())
    )
    assert run.process.pid is not None
    conditions: list[Callable[[], bool]] = [lambda: len(server.customers) > 4, lambda: len(deletions) > 0]
    for condition in conditions:
        deadline = time.monotonic() + DEADLINE
        while not condition():
            assert time.monotonic() < deadline
            assert run.process.is_alive(), run.wait().output
            time.sleep(0.01)
        interrupts.append(signal.SIGINT)
        os.kill(run.process.pid, signal.SIGINT)
    return run.wait()


def test_an_interrupted_clean_up_names_what_is_left_and_how_to_delete_it(tmp_path: Path) -> None:
    with loopback_tenant() as server:
        run = interrupt_twice(server, tmp_path)
        left = len(server.customers)
    assert run.code == INTERRUPTED, run.output
    assert "Traceback" not in run.output
    assert "The clean-up was interrupted" in run.output
    assert "Could not be deleted: acme/" in run.output
    assert f"--report-dir={run.folder}" in run.output
    assert report_of(run)["data"]["left"] >= left > 0


class SignalWhileInterrupted:
    """Interrupts the run once more while pytest handles the first interruption."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_keyboard_interrupt(self) -> None:
        os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.parametrize("workers", ["-n0", "-n2"])
def test_two_interruptions_in_a_row_do_not_prevent_the_clean_up(tmp_path: Path, workers: str) -> None:
    def interrupt(_seen: Seen) -> None:
        if len(server.customers) > 4 and not interrupted.is_set():
            interrupted.set()
            os.kill(run.process.pid or 0, signal.SIGINT)

    with loopback_tenant() as server:
        interrupted = threading.Event()
        run = start_suite(
            tmp_path / "reports",
            "tests/reads/test_get.py",
            workers,
            environ=environment(**server.environ()),
            plugins=[SignalWhileInterrupted()],
        )
        server.faults.append(interrupt)
        interrupted_run = run.wait()
        assert server.customers == {}
    assert interrupted_run.code == INTERRUPTED, interrupted_run.output
    assert "Traceback" not in interrupted_run.output
    assert report_of(interrupted_run)["data"]["left"] == 0


@pytest.mark.parametrize("workers", ["-n0", "-n2"])
def test_a_second_interruption_ends_the_tests_at_once(tmp_path: Path, workers: str) -> None:
    """The first one lets each running example end, and one of them would wait for a response."""
    requests, ended = itertools.count(), threading.Event()

    def interrupt(_seen: Seen) -> Reply | None:
        number = next(requests) if server.customers else 2
        if number < 2:
            os.kill(run.process.pid or 0, signal.SIGINT)
        if number == 1:
            ended.wait(DEADLINE)
            return Reply(503)
        return None

    with loopback_tenant() as server:
        run = start_suite(
            tmp_path / "reports",
            "tests/writes/test_bodies.py",
            workers,
            environ=environment(**server.environ()),
        )
        server.faults.append(interrupt)
        interrupted_run = run.wait()
        ended.set()
        assert server.customers == {}
    assert next(requests) > 2
    assert interrupted_run.code == INTERRUPTED, interrupted_run.output
    assert "Traceback" not in interrupted_run.output


def test_a_terminal_that_is_closed_ends_the_run_like_ctrl_c(tmp_path: Path) -> None:
    with mock_server.running() as mock, mock_server.customers(mock) as tenant:
        run = start_suite(
            tmp_path / "reports", "tests/writes/test_bodies.py", environ=environment(**mock["environ"])
        )
        deadline = time.monotonic() + DEADLINE
        while len(tenant.get("/customers").json()) < 3:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        os.kill(run.process.pid or 0, signal.SIGHUP)
        closed = run.wait()
        assert tenant.get("/customers").json() == []
    assert closed.code == INTERRUPTED, closed.output
    assert report_of(closed)["data"]["left"] == 0


@pytest.mark.parametrize(
    ("defect", "unaccounted"), [("create-answers-no-id", 1), ("refused-creates-create", 0)]
)
def test_the_number_of_customers_left_is_honest(tmp_path: Path, defect: str, unaccounted: int) -> None:
    """Every customer that the tenant has after the run is one that the report counts."""
    tests = ("tests/writes/test_create.py", "tests/writes/test_bodies.py", "tests/protocol/test_http.py")
    with mock_server.running("--defect", defect) as mock, mock_server.customers(mock) as http:
        (tmp_path / "tenant.toml").write_text("[tenant]\nsites = ['main', 'DE']\n", encoding="utf-8")
        option = f"--tenant-config={tmp_path / 'tenant.toml'}"
        run = run_suite(tmp_path / "reports", *tests, option, environ=environment(**mock["environ"]))
        left = http.get("/customers").json()
    assert run.code == NOT_CONFORMANT, run.output
    data = report_of(run)["data"]
    assert data["left"] == 0
    assert len(left) <= data["unaccounted"] == len(data["unaccounted_at"])
    assert data["unaccounted"] >= unaccounted
    assert ("may have left a customer that cannot be found" in run.output) == bool(data["unaccounted"])


class InterruptsTheReport:
    """Interrupts the first report within the hooks of other plugins, as a signal during triage does."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        yield
        raise KeyboardInterrupt


def test_an_interruption_during_a_report_ends_the_run(tmp_path: Path) -> None:
    """The hooks of Allure are of the old style: pluggy warns of each exception that passes them."""
    run = run_suite(tmp_path / "reports", "tests/reads/test_get.py", plugins=[InterruptsTheReport()])
    assert run.code == INTERRUPTED, run.output
    assert "Plugin: allure_listener" not in run.output
    assert report_of(run)["data"]["left"] == 0
