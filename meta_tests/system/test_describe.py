"""From four environment variables to a verdict: `make describe`, then `make conformance`, and a run without either."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from client import load_tenant_config
from meta_tests.support import mock_server
from meta_tests.support.project_runs import DEADLINE, ROOT, SuiteResult, environment, run_suite

FEW = ("tests/writes/test_create.py", "-k", "on_creation or restriction or site")
NAMES = ("EMPORIX_API_URL", "EMPORIX_TENANT", "EMPORIX_CLIENT_ID", "EMPORIX_CLIENT_SECRET")


@pytest.fixture(scope="module")
def mock() -> Iterator[dict[str, Any]]:
    """A mock tenant started by hand: its ready line."""
    with mock_server.running("--variation", "created-inactive") as ready:
        yield ready


def live(mock: dict[str, Any]) -> dict[str, str]:
    """The four variables of a live tenant."""
    return environment(**{name: mock["environ"][name] for name in NAMES})


def described_requests(run: SuiteResult) -> int:
    """How many requests of the run went to the services that describe a tenant."""
    report = json.loads((run.folder / "conformance.json").read_text(encoding="utf-8"))
    sent = report["requests"]["by_operation"]
    return int(sent.get("configuration", 0) + sent.get("site", 0))


def effective(run: SuiteResult) -> Any:
    """The table [tenant] that the run used."""
    return json.loads((run.folder / "conformance.json").read_text(encoding="utf-8"))["target"]["config"][
        "tenant"
    ]


def test_a_described_tenant_is_tested_without_editing(tmp_path: Path, mock: dict[str, Any]) -> None:
    file = tmp_path / "tenant.toml"
    command = [sys.executable, "-m", "client.describe", "--output", str(file), "--report-dir", str(tmp_path)]
    described = subprocess.run(
        command, cwd=ROOT, env=live(mock), capture_output=True, text=True, timeout=DEADLINE
    )
    assert described.returncode == 0, described.stdout + described.stderr
    facts = load_tenant_config(file).tenant
    assert facts.model_dump(mode="json") == mock["tenant_config"]["tenant"]
    run = run_suite(tmp_path / "reports", *FEW, f"--tenant-config={file}", environ=live(mock))
    assert run.code == 0, run.output
    assert (described_requests(run), effective(run)) == (0, mock["tenant_config"]["tenant"])


def test_a_run_without_tenant_toml_reads_the_same_by_itself(tmp_path: Path, mock: dict[str, Any]) -> None:
    run = run_suite(tmp_path / "reports", *FEW, environ=live(mock))
    assert run.code == 0, run.output
    assert (described_requests(run), effective(run)) == (2, mock["tenant_config"]["tenant"])
    plan, read = (
        run.output.index("Without --tenant-config, it first reads"),
        run.output.index("Read from the tenant:"),
    )
    assert plan < read
    assert "active_on_creation false" in run.output


def test_workers_know_what_the_run_has_read(tmp_path: Path, mock: dict[str, Any]) -> None:
    run = run_suite(tmp_path / "reports", *FEW, "-n", "2", environ=live(mock))
    assert run.code == 0, run.output
    assert (described_requests(run), effective(run)) == (2, mock["tenant_config"]["tenant"])
    report = json.loads((run.folder / "conformance.json").read_text(encoding="utf-8"))
    assert not [each["id"] for each in report["clauses"] if each.get("reason_code") == "active-on-creation"]


def test_a_run_against_the_embedded_mock_reads_nothing(tmp_path: Path) -> None:
    run = run_suite(tmp_path / "reports", *FEW)
    assert run.code == 0, run.output
    assert described_requests(run) == 0
    assert "Read from the tenant" not in run.output


@pytest.mark.parametrize(
    ("tenant", "has_file", "option"),
    [("acme", True, "--tenant-config=tenant.toml"), ("acme", False, ""), ("", True, "")],
)
def test_make_uses_the_file_for_a_live_tenant(
    tmp_path: Path, tenant: str, has_file: bool, option: str
) -> None:
    if has_file:
        (tmp_path / "tenant.toml").write_text("", encoding="utf-8")
    (tmp_path / "requirements.txt").write_text("", encoding="utf-8")
    command = [
        "make",
        "-n",
        "--no-print-directory",
        "-f",
        str(ROOT / "Makefile"),
        "conformance",
        "ARGS=--strict",
    ]
    printed = subprocess.run(
        command,
        cwd=tmp_path,
        env=environment(EMPORIX_TENANT=tenant),
        capture_output=True,
        text=True,
        timeout=DEADLINE,
    )
    last = printed.stdout.splitlines()[-1]
    assert last.split()[1:] == ["-m", "pytest", *filter(None, [option]), "--strict"], printed.stdout
