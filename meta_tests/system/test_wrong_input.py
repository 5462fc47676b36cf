"""Wrong input of a user: one clear sentence, the right exit code, no traceback, no customers left behind."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from meta_tests.support import mock_server
from meta_tests.support.project_runs import DEADLINE, ROOT, SuiteResult, environment, run_suite

USAGE, NO_TESTS, NOT_ASSESSED = 4, 5, 6
FEW = ("tests/reads/test_get.py", "-k", "unknown")


@pytest.fixture(scope="module")
def mock() -> Iterator[dict[str, Any]]:
    """A mock tenant started by hand: its ready line."""
    with mock_server.running() as ready:
        yield ready


def live(mock: dict[str, Any], **changes: str) -> dict[str, str]:
    """The four variables of a live tenant, some of them changed."""
    names = ("EMPORIX_API_URL", "EMPORIX_TENANT", "EMPORIX_CLIENT_ID", "EMPORIX_CLIENT_SECRET")
    return environment(**({name: mock["environ"][name] for name in names} | changes))


def assert_sentence(run: SuiteResult, code: int, *words: str) -> None:
    """Check the exit code, and that one line has all the words; no traceback."""
    assert run.code == code, run.output
    assert "Traceback" not in run.output
    assert "INTERNALERROR" not in run.output
    matching = [line for line in run.lines if all(word in line for word in words)]
    assert len(matching) == 1, run.output
    assert run.output.count(words[0]) == 1, "the sentence is printed twice"


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("--tenant-config={folder}/tenant.toml", ("[tenant]", "'restriction'", "did you mean")),
        ("--tenant-config={folder}/missing.toml", ("missing.toml", "--tenant-config")),
        ("--contract-config={folder}/tenant.toml", ("--contract-config", "--tenant-config", "rename")),
        ("--report-dir={folder}/tenant.toml/reports", ("no report can be written here", "--report-dir")),
        ("--hypothesis-profile=enormous", ("--hypothesis-profile=enormous", "smoke, gate or nightly")),
        ("--clause=get.status.okay", ("--clause=get.status.okay", "did you mean get.status.ok?")),
        ("--numprocesses=-1", ("-n -1 is no number of workers", "0 for none")),
        ("--min-assessed=all", ("'all' is no percentage", "from 0 to 100")),
        ("--mock-defect=enormous", ("no defect named enormous", "--list")),
        ("--mock-variation=enormous", ("no variation named enormous", "--list")),
    ],
)
def test_a_wrong_option(tmp_path: Path, option: str, words: tuple[str, ...]) -> None:
    (tmp_path / "tenant.toml").write_text("[tenant]\nrestriction = []\n", encoding="utf-8")
    run = run_suite(tmp_path / "reports", *FEW, option.format(folder=tmp_path))
    assert_sentence(run, USAGE, *words)


def test_a_shard_has_no_least_share(tmp_path: Path) -> None:
    run = run_suite(tmp_path / "reports", *FEW, "--min-assessed=90", "--shard=1/2")
    assert_sentence(run, USAGE, "--min-assessed is for a whole run", "reporting.merge")


def test_too_few_assessed_clauses(tmp_path: Path) -> None:
    run = run_suite(tmp_path / "reports", *FEW, "--min-assessed=50")
    assert_sentence(run, NOT_ASSESSED, "testable MUST clauses assessed", "fewer than --min-assessed=50")


def test_limits_of_safety_apply_to_the_mock_too(tmp_path: Path) -> None:
    (tmp_path / "tenant.toml").write_text("[safety]\nmax_requests = 500\n", encoding="utf-8")
    run = run_suite(tmp_path / "reports", *FEW, f"--tenant-config={tmp_path / 'tenant.toml'}")
    assert run.code == 0, run.output


@pytest.mark.parametrize(
    ("variables", "code", "words"),
    [
        ({"EMPORIX_API_URL": "localhost:80"}, USAGE, ("EMPORIX_API_URL", "https://")),
        ({"EMPORIX_TENANT": ""}, USAGE, ("EMPORIX_TENANT is not", "unset")),
        ({"SSL_CERT_FILE": "/nowhere/roots.pem"}, USAGE, ("SSL_CERT_FILE", "cannot be read")),
        ({"EMPORIX_CLIENT_SECRET": "wrong"}, NOT_ASSESSED, ("rejects EMPORIX_CLIENT_ID", "check both")),
        ({"EMPORIX_API_URL": "http://127.0.0.1:9"}, NOT_ASSESSED, ("cannot be reached", "EMPORIX_API_URL")),
    ],
)
def test_a_wrong_environment(
    tmp_path: Path, mock: dict[str, Any], variables: dict[str, str], code: int, words: tuple[str, ...]
) -> None:
    assert_sentence(run_suite(tmp_path / "reports", *FEW, environ=live(mock, **variables)), code, *words)


def test_a_scope_that_is_missing(tmp_path: Path, mock: dict[str, Any]) -> None:
    narrow = mock_server.token(mock, scope="customer.customer_read").json()["access_token"]
    changes = {"EMPORIX_CLIENT_ID": "", "EMPORIX_CLIENT_SECRET": "", "EMPORIX_ACCESS_TOKEN": narrow}
    run = run_suite(tmp_path / "reports", *FEW, environ=live(mock, **changes))
    assert_sentence(run, NOT_ASSESSED, "EMPORIX_ACCESS_TOKEN may not write", "customer.customer_manage")
    assert narrow not in run.output


def test_a_defect_for_a_live_tenant(tmp_path: Path, mock: dict[str, Any]) -> None:
    run = run_suite(tmp_path / "reports", *FEW, "--mock-defect=list-has-no-count", environ=live(mock))
    assert_sentence(run, USAGE, "--mock-defect", "EMPORIX_TENANT")


def test_none_of_these_runs_leaves_customers(mock: dict[str, Any]) -> None:
    with mock_server.customers(mock) as tenant:
        assert tenant.get("/customers").json() == []


@pytest.mark.parametrize("name", ["clauses.yaml", "openapi.yaml"])
def test_a_broken_specification(tmp_path: Path, name: str) -> None:
    copy = tmp_path / "suite"
    copy.mkdir()
    for each in (
        "conftest.py",
        "pyproject.toml",
        "tests",
        "strategies",
        "oracle",
        "client",
        "harness",
        "reporting",
    ):
        (copy / each).symlink_to(ROOT / each)
    shutil.copytree(ROOT / "spec", copy / "spec")
    (copy / "spec" / name).write_text("[", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/reads/test_get.py"]
    run = subprocess.run(
        command, cwd=copy, env=environment(), capture_output=True, text=True, timeout=DEADLINE
    )
    assert_sentence(
        SuiteResult(run.returncode, run.stdout + run.stderr, copy), USAGE, name, "restore it from the release"
    )


def test_a_run_without_tests_is_never_green(tmp_path: Path) -> None:
    run = run_suite(tmp_path / "reports", "tests/reads/test_get.py", "-k", "no_such_test")
    assert run.code == NO_TESTS, run.output
    assert not (run.folder / "conformance.json").exists()
