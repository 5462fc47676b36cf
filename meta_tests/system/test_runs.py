"""Whole runs: against a tenant started by hand, broken off midway, and what they write beside the report."""

import json
import os
import re
import signal
import time
import xml.etree.ElementTree as ET
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from client import Client, RetryPolicy
from meta_tests.support import mock_server
from meta_tests.support.project_runs import DEADLINE, Running, begun, ended, environment

INTERRUPTED, NOT_ASSESSED = 2, 6
NARROW = ("tests/writes/test_delete.py",)
LONG = ("tests/writes/test_bodies.py", "tests/protocol/test_robustness.py", "tests/reads/test_queries.py")


def verdicts(folder: Path) -> dict[str, str]:
    """The verdict on each clause."""
    report = json.loads((folder / "conformance.json").read_text(encoding="utf-8"))
    return {each["id"]: each["verdict"] for each in report["clauses"]}


def written_by_hand(tmp_path: Path, tenant_config: dict[str, Any]) -> str:
    """The option that names a tenant.toml with these tables."""
    lines: list[str] = []
    for table, keys in tenant_config.items():
        lines += [f"[{table}]", *(f"{key} = {json.dumps(value)}" for key, value in keys.items())]
    path = tmp_path / "tenant.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return f"--tenant-config={path}"


def test_a_tenant_started_by_hand_gets_the_same_verdicts(tmp_path: Path) -> None:
    embedded = ended(tmp_path / "embedded", *NARROW)
    with mock_server.running() as mock:
        tenant_config = written_by_hand(tmp_path, mock["tenant_config"])
        live = ended(tmp_path / "live", *NARROW, tenant_config, environ=environment(**mock["environ"]))
    assert (embedded.code, live.code) == (0, 0), embedded.said + live.said
    assert verdicts(live.folder) == verdicts(embedded.folder)
    assert "pass" in verdicts(live.folder).values()
    assert "(live tenant, gate profile)" in live.said
    assert "(mock tenant, gate profile)" in embedded.said


def wait_for_customers(tenant: httpx.Client, run: Running) -> None:
    """Return when the run has made some."""
    deadline = time.monotonic() + DEADLINE
    while len(tenant.get("/customers").json()) < 3:
        assert time.monotonic() < deadline, "the run creates nobody"
        assert run.process.is_alive(), run.ended().said
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_told_to_end_leaves_nothing_behind(tmp_path: Path, number: signal.Signals) -> None:
    with mock_server.running() as mock, mock_server.customers(mock) as tenant:
        run = begun(
            tmp_path / "reports", "tests/writes/test_bodies.py", environ=environment(**mock["environ"])
        )
        wait_for_customers(tenant, run)
        os.kill(run.process.pid or 0, number)
        ended = run.ended()
        assert tenant.get("/customers").json() == []
    assert ended.code == INTERRUPTED, ended.said
    assert "Traceback" not in ended.said
    assert ended.said.count("The run was interrupted") == 1
    data = json.loads((ended.folder / "conformance.json").read_text(encoding="utf-8"))["data"]
    assert data["created"] == data["deleted"] > 0
    assert data["left"] == 0


def test_a_tenant_that_goes_away_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hasty = RetryPolicy(first_wait=0.005, growth=1.5, longest_wait=0.02)
    monkeypatch.setattr("harness.plugin.run.Client", partial(Client, patience=hasty))
    with mock_server.running() as mock, mock_server.customers(mock) as tenant:
        run = begun(tmp_path / "reports", *LONG, environ=environment(**mock["environ"]))
        wait_for_customers(tenant, run)
        os.kill(mock["pid"], signal.SIGINT)
        ended = run.ended()
    assert ended.code == NOT_ASSESSED, ended.said
    assert "Traceback" not in ended.said
    assert ended.said.count("The tenant stopped answering") == 1
    report = json.loads((ended.folder / "conformance.json").read_text(encoding="utf-8"))
    assert report["data"]["left"] > 0
    assert "fail" not in verdicts(ended.folder).values()


def test_junit_and_allure_tell_each_test_once_and_no_secret(tmp_path: Path) -> None:
    with mock_server.running("--defect", "create-shows-the-password") as mock:
        tenant_config = written_by_hand(tmp_path, mock["tenant_config"])
        environ = environment(**mock["environ"])
        run = ended(tmp_path / "reports", "tests/writes/test_create.py", tenant_config, environ=environ)
    assert run.code == 1, run.said
    suite = ET.parse(run.folder / "junit.xml").getroot()[0]  # noqa: S314 - written by this run
    cases = suite.findall("testcase")
    results = [
        json.loads(path.read_text(encoding="utf-8"))
        for path in (run.folder / "allure-results").glob("*-result.json")
    ]
    assert len(cases) == len(results) == len({result["historyId"] for result in results}) > 10
    assert len({(case.get("classname"), case.get("name")) for case in cases}) == len(cases)
    failed = [result for result in results if result["status"] == "failed"]
    assert len(failed) == len([case for case in cases if case.find("failure") is not None]) > 0
    for result in failed:
        told = result["statusDetails"]["message"]
        assert all(part in told for part in ("accepted:", "came:", "sequence:", "replay:"))
        assert {each["name"].partition(":")[2] for each in result["attachments"]} == {"", " exchanges"}
        assert len(result["attachments"]) <= 4, "once a test, not once an example"
        labels = {(label["name"], label["value"]) for label in result["labels"]}
        assert {("parentSuite", "create"), ("epic", "create")} <= labels
        assert {value for name, value in labels if name == "story"} <= verdicts(run.folder).keys()
    blockers = [result for result in results if {"name": "severity", "value": "blocker"} in result["labels"]]
    assert len(blockers) > 10
    secrets = [value for name, value in mock["environ"].items() if name.endswith("SECRET")]
    for path in (path for path in tmp_path.rglob("*") if path.is_file()):
        text = path.read_text(encoding="utf-8")
        assert not [secret for secret in secrets if secret in text], path
        assert '"password": "' not in text.replace('"password": "[redacted]"', ""), path
        assert not re.search(r"Bearer [A-Za-z0-9._~+/=-]{16,}", text), path


def test_a_path_of_the_users_own_wins(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    run = ended(
        tmp_path / "reports",
        *("tests/reads/test_get.py", "-k", "unknown"),
        f"--junitxml={elsewhere / 'mine.xml'}",
        f"--alluredir={elsewhere / 'mine'}",
    )
    assert run.code == 0, run.said
    assert (elsewhere / "mine.xml").exists()
    assert list((elsewhere / "mine").glob("*-result.json"))
    assert sorted(path.name for path in run.folder.iterdir() if path.is_file()) == [
        "badge.json",
        "conformance.html",
        "conformance.json",
        "conformance.sarif",
        "exchanges.har",
        "history.jsonl",
        "summary.md",
    ]
    assert not (run.folder / "allure-results").exists()


def test_a_run_does_without_allure(tmp_path: Path) -> None:
    run = ended(tmp_path / "reports", "tests/reads/test_get.py", "-k", "unknown", "-p", "no:allure_pytest")
    assert run.code == 0, run.said
    assert not (run.folder / "allure-results").exists()
