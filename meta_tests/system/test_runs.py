"""Whole runs: against a tenant started by hand, interrupted, and the files beside the report."""

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
from meta_tests.support.project_runs import DEADLINE, RunningSuite, environment, run_suite, start_suite

INTERRUPTED, NOT_ASSESSED = 2, 6
NARROW = ("tests/writes/test_delete.py",)
LONG = ("tests/writes/test_bodies.py", "tests/protocol/test_robustness.py", "tests/reads/test_queries.py")


def verdicts(folder: Path) -> dict[str, str]:
    """The verdict on each clause."""
    report = json.loads((folder / "conformance.json").read_text(encoding="utf-8"))
    return {each["id"]: each["verdict"] for each in report["clauses"]}


def config_option(tmp_path: Path, tenant_config: dict[str, Any]) -> str:
    """The option that names a tenant.toml with these tables."""
    lines: list[str] = []
    for table, keys in tenant_config.items():
        lines += [f"[{table}]", *(f"{key} = {json.dumps(value)}" for key, value in keys.items())]
    path = tmp_path / "tenant.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return f"--tenant-config={path}"


COMPANIES = ("tests/writes", "tests/protocol/test_schema.py")


@pytest.mark.parametrize(
    ("safety", "verdict"), [({}, "skipped"), ({"company": "HRB 1"}, "pass")], ids=["none", "one"]
)
def test_no_company_is_created_in_a_live_tenant(tmp_path: Path, safety: dict[str, Any], verdict: str) -> None:
    """The client would reject the request: that no test fails shows that none sends a company."""
    with mock_server.running() as mock:
        option = config_option(tmp_path, {**mock["tenant_config"], "safety": safety})
        run = run_suite(tmp_path / "live", *COMPANIES, option, environ=environment(**mock["environ"]))
    assert run.code == 0, run.output
    found = verdicts(run.folder)
    assert {found[f"{each}.b2b.round-trip"] for each in ("create", "upsert", "patch")} == {verdict}
    assert found["patch.b2b.type"] == "pass"
    assert "companyRegistrationId" in run.output or safety


def test_a_tenant_started_by_hand_gets_the_same_verdicts(tmp_path: Path) -> None:
    embedded = run_suite(tmp_path / "embedded", *NARROW)
    with mock_server.running() as mock:
        tenant_config = config_option(tmp_path, mock["tenant_config"])
        live = run_suite(tmp_path / "live", *NARROW, tenant_config, environ=environment(**mock["environ"]))
    assert (embedded.code, live.code) == (0, 0), embedded.output + live.output
    assert verdicts(live.folder) == verdicts(embedded.folder)
    assert "pass" in verdicts(live.folder).values()
    assert "(live tenant, gate profile)" in live.output
    assert "(mock tenant, gate profile)" in embedded.output


def wait_for_customers(tenant: httpx.Client, run: RunningSuite) -> None:
    """Return when the run has created some customers."""
    deadline = time.monotonic() + DEADLINE
    while len(tenant.get("/customers").json()) < 3:
        assert time.monotonic() < deadline, "the run creates no customers"
        assert run.process.is_alive(), run.wait().output
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_interrupted_run_leaves_no_customers(tmp_path: Path, number: signal.Signals) -> None:
    with mock_server.running() as mock, mock_server.customers(mock) as tenant:
        run = start_suite(
            tmp_path / "reports", "tests/writes/test_bodies.py", environ=environment(**mock["environ"])
        )
        wait_for_customers(tenant, run)
        os.kill(run.process.pid or 0, number)
        result = run.wait()
        assert tenant.get("/customers").json() == []
    assert result.code == INTERRUPTED, result.output
    assert "Traceback" not in result.output
    assert result.output.count("The run was interrupted") == 1
    data = json.loads((result.folder / "conformance.json").read_text(encoding="utf-8"))["data"]
    assert data["created"] == data["deleted"] > 0
    assert data["left"] == 0


def test_a_tenant_that_stops_answering_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hasty = RetryPolicy(first_wait=0.005, growth=1.5, longest_wait=0.02)
    monkeypatch.setattr("harness.plugin.run.Client", partial(Client, retry_policy=hasty))
    with mock_server.running() as mock, mock_server.customers(mock) as tenant:
        run = start_suite(tmp_path / "reports", *LONG, environ=environment(**mock["environ"]))
        wait_for_customers(tenant, run)
        os.kill(mock["pid"], signal.SIGINT)
        result = run.wait()
    assert result.code == NOT_ASSESSED, result.output
    assert "Traceback" not in result.output
    assert result.output.count("The tenant stopped answering") == 1
    report = json.loads((result.folder / "conformance.json").read_text(encoding="utf-8"))
    assert report["data"]["left"] > 0
    assert "fail" not in verdicts(result.folder).values()


def test_junit_and_allure_have_each_test_once_and_no_secret(tmp_path: Path) -> None:
    with mock_server.running("--defect", "create-shows-the-password") as mock:
        tenant_config = config_option(tmp_path, mock["tenant_config"])
        environ = environment(**mock["environ"])
        run = run_suite(tmp_path / "reports", "tests/writes/test_create.py", tenant_config, environ=environ)
    assert run.code == 1, run.output
    suite = ET.parse(run.folder / "junit.xml").getroot()[0]  # noqa: S314 - written by this run
    cases = suite.findall("testcase")
    files = [*(run.folder / "allure-results").iterdir()]
    results = [
        json.loads(path.read_text(encoding="utf-8")) for path in files if path.name.endswith("-result.json")
    ]
    assert not [path for path in files if path.name.endswith("-container.json")], "a file for each fixture"
    assert len(cases) == len(results) == len({result["historyId"] for result in results}) > 10
    assert len({(case.get("classname"), case.get("name")) for case in cases}) == len(cases)
    failed = [result for result in results if result["status"] == "failed"]
    assert len(failed) == len([case for case in cases if case.find("failure") is not None]) > 0
    for result in failed:
        message = result["statusDetails"]["message"]
        assert all(part in message for part in ("expected:", "actual:", "exchanges:", "replay:"))
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


def test_paths_of_the_command_line_take_precedence(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    run = run_suite(
        tmp_path / "reports",
        *("tests/reads/test_get.py", "-k", "unknown"),
        f"--junitxml={elsewhere / 'mine.xml'}",
        f"--alluredir={elsewhere / 'mine'}",
    )
    assert run.code == 0, run.output
    assert (elsewhere / "mine.xml").exists()
    assert list((elsewhere / "mine").glob("*-result.json"))
    assert sorted(path.name for path in run.folder.iterdir() if path.is_file()) == [
        "badge.json",
        "conformance.html",
        "conformance.json",
        "conformance.sarif",
        "ctrf-report.json",
        "exchanges.har",
        "history.jsonl",
        "summary.md",
    ]
    assert not (run.folder / "allure-results").exists()


def test_a_run_works_without_allure(tmp_path: Path) -> None:
    run = run_suite(
        tmp_path / "reports", "tests/reads/test_get.py", "-k", "unknown", "-p", "no:allure_pytest"
    )
    assert run.code == 0, run.output
    assert not (run.folder / "allure-results").exists()
