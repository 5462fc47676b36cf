"""`pytest -n 2`: one preflight, one plan, one report and one ledger over all workers."""

import json
import os
import re
import signal
import time
from pathlib import Path

import pytest

from meta_tests.support.project_runs import DEADLINE, run_suite, start_suite

TESTS = ("tests/reads/test_get.py", "tests/reads/test_sorting.py", "tests/writes/test_delete.py")


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
    assert other["token"] == one["token"], "workers inherit the token of the preflight"
    assert other["preflight"] == one["preflight"]
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
    """The tenant shows no metadata.mixins, which the preflight finds out."""
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


def test_a_limit_holds_over_all_workers(tmp_path: Path) -> None:
    config = tmp_path / "tenant.toml"
    config.write_text("[safety]\nmax_requests = 60\n", encoding="utf-8")
    run = run_suite(tmp_path / "reports", *TESTS, "-n3", f"--tenant-config={config}")
    report = json.loads((run.folder / "conformance.json").read_text(encoding="utf-8"))
    sent = report["requests"]
    assert sent["total"] - sent["by_operation"]["cleanup"] == 60, "the clean-up is not limited"
    assert "[safety] max_requests = 60 is reached" in run.output
    assert report["data"]["left"] == 0


def test_the_report_has_the_coverage_and_the_delays_of_all_workers(tmp_path: Path) -> None:
    variation = "--mock-variation=eventual-lists"
    runs = [
        run_suite(tmp_path / number, "tests/reads/test_sorting.py", f"-n{number}", variation)
        for number in "02"
    ]
    alone, with_workers = (
        json.loads((run.folder / "conformance.json").read_text(encoding="utf-8")) for run in runs
    )
    for name in ("reached", "missed"):
        assert {*with_workers["coverage"]["parameters"][name]} == {*alone["coverage"]["parameters"][name]}
    assert with_workers["delays"]["index"]["count"] >= alone["delays"]["index"]["count"] > 0
