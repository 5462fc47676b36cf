"""A run does no harm: it says what it will do, keeps to its bounds, collects without asking, and writes to nobody."""

import json
import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from meta_tests.support import mock_server
from meta_tests.support.loopback_tenant import LoopbackTenant, Reply, Seen, loopback_tenant
from meta_tests.support.project_runs import DEADLINE, Ended, begun, ended, environment

CONFORMANT, INTERRUPTED, NOT_ASSESSED = 0, 2, 6
ASKED = ("tests/reads/test_get.py", "tests/writes/test_delete.py", "tests/histories/test_concurrency.py")


def bounded(tmp_path: Path, bound: str) -> str:
    """The option that names a tenant.toml with this bound."""
    path = tmp_path / "tenant.toml"
    path.write_text(f"[safety]\n{bound}\n", encoding="utf-8")
    return f"--tenant-config={path}"


def report_of(run: Ended) -> dict[str, Any]:
    """The report as JSON."""
    report: dict[str, Any] = json.loads((run.folder / "conformance.json").read_text(encoding="utf-8"))
    return report


@pytest.mark.parametrize(
    ("bound", "code"),
    [
        ("max_requests = 40", CONFORMANT),
        ("max_customers = 8", CONFORMANT),
        ("max_seconds = 2.0", CONFORMANT),
        ("max_requests = 3", NOT_ASSESSED),
        ("max_customers = 1", NOT_ASSESSED),
    ],
)
def test_a_bound_ends_the_run_and_what_is_left_is_not_assessed(tmp_path: Path, bound: str, code: int) -> None:
    # Slow, so that no machine is through with the questions before the seconds are over.
    run = ended(tmp_path / "reports", *ASKED, "--mock-variation=slow", bounded(tmp_path, bound))
    assert run.code == code, run.said
    assert "Traceback" not in run.said
    assert "error" not in run.said.lower()
    report = report_of(run)
    verdicts = {each["verdict"] for each in report["clauses"]}
    assert verdicts <= {"pass", "observed", "not_assessed"}
    stopped = [
        each
        for each in report["clauses"]
        if f"[safety] {bound.removesuffix('.0')} is reached" in each["reason"]
    ]
    assert all(each["verdict"] == "not_assessed" or each["evidence"]["examples"] for each in stopped)
    assert len(stopped) > 10
    assert sum("is reached" in line for line in run.lines) >= 1
    by_operation = report["requests"]["by_operation"]
    name, _, most = bound.partition(" = ")
    counted = {
        "max_requests": report["requests"]["total"] - by_operation.get("cleanup", 0),
        "max_customers": report["data"]["created"],
    }
    assert counted.get(name, 0) <= float(most)
    assert report["data"]["left"] == 0


def test_a_run_says_what_it_will_do_before_it_does_it(tmp_path: Path) -> None:
    said_before: list[str] = []

    def listening(_seen: Seen) -> Reply:
        if not said_before:
            said_before.append((tmp_path / "reports.log").read_text(encoding="utf-8"))
        return Reply(401)

    with loopback_tenant() as server:
        server.faults.append(listening)
        environ = environment(**server.environ(), EMPORIX_OTHER_TENANT="other")
        environ |= {"EMPORIX_OTHER_CLIENT_ID": "id-3", "EMPORIX_OTHER_CLIENT_SECRET": "secret-three"}
        run = ended(tmp_path / "reports", *ASKED, bounded(tmp_path, "max_customers = 70"), environ=environ)
    assert run.code == NOT_ASSESSED, run.said
    told = said_before[0]
    for part in (
        f"tenant acme at {server.url} as client id-1, and tenant other as client id-3, gate profile",
        "up to 70 customers",
        "up to 2,500 requests",
        "[safety] ends it at max_customers = 70.",
        "no e-mail",
        "python -m tenant.sweep --run ",
    ):
        assert part in told, told
    assert "secret" not in told


def test_collecting_asks_nobody(tmp_path: Path) -> None:
    """At night everything is collected that other profiles collect, and more."""
    with loopback_tenant() as server:
        environ = environment(**server.environ())
        run = ended(tmp_path / "reports", "--collect-only", "--hypothesis-profile=nightly", environ=environ)
        assert run.code == 0, run.said
        assert run.said.count("::") > 1_500
        assert server.seen == []
    assert not run.folder.exists()


def stuck(server: LoopbackTenant, tmp_path: Path) -> Ended:
    """A run that is interrupted twice: once in the middle, and again while it deletes."""
    deleting: list[Seen] = []

    def slow_to_delete(seen: Seen) -> Reply | None:
        if seen.method == "DELETE" and told:
            deleting.append(seen)
            time.sleep(0.05)
        return None

    told: list[bool] = []
    server.faults.append(slow_to_delete)
    run = begun(tmp_path / "reports", "tests/writes/test_bodies.py", environ=environment(**server.environ()))
    assert run.process.pid is not None
    for condition in (lambda: len(server.customers) > 20, lambda: len(deleting) > 4):
        deadline = time.monotonic() + DEADLINE
        while not condition():
            assert time.monotonic() < deadline
            assert run.process.is_alive(), run.ended().said
            time.sleep(0.01)
        told.append(True)
        os.kill(run.process.pid, signal.SIGINT)
    return run.ended()


def test_whoever_interrupts_the_clean_up_is_told_what_is_left_and_how_to_delete_it(tmp_path: Path) -> None:
    with loopback_tenant() as server:
        run = stuck(server, tmp_path)
        left = len(server.customers)
    assert run.code == INTERRUPTED, run.said
    assert "Traceback" not in run.said
    assert "The clean-up was interrupted" in run.said
    assert "Could not be deleted: acme/" in run.said
    assert f"--report-dir {run.folder}" in run.said
    assert report_of(run)["data"]["left"] >= left > 0


def test_a_terminal_that_is_closed_ends_the_run_like_ctrl_c(tmp_path: Path) -> None:
    with mock_server.running() as mock, mock_server.customers(mock) as tenant:
        run = begun(
            tmp_path / "reports", "tests/writes/test_bodies.py", environ=environment(**mock["environ"])
        )
        deadline = time.monotonic() + DEADLINE
        while len(tenant.get("/customers").json()) < 3:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        os.kill(run.process.pid or 0, signal.SIGHUP)
        closed = run.ended()
        assert tenant.get("/customers").json() == []
    assert closed.code == INTERRUPTED, closed.said
    assert report_of(closed)["data"]["left"] == 0
