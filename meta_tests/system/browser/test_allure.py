"""Allure: the files beside the results, and the page that Allure 3 renders."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from meta_tests.support.project_runs import ROOT, environment, run_suite
from meta_tests.system.browser.browser import launched, opened
from meta_tests.unit.reporting.test_samples import sample_report
from reporting.allure_report.__main__ import main
from reporting.formats.ci.allure_environment import CATEGORIES, executor, source_link, write_environment

FOLDER = ROOT / "reporting" / "allure_report"
RENDERS_WITHIN = 300.0
"""Seconds, those in which npm installs Allure the first time included."""


def test_the_environment_is_written_beside_the_results(tmp_path: Path) -> None:
    write_environment(sample_report(), tmp_path / "absent", {})
    assert not (tmp_path / "absent").exists()
    write_environment(sample_report(), tmp_path, {})
    assert json.loads((tmp_path / "categories.json").read_text(encoding="utf-8")) == list(CATEGORIES)
    assert "tenant = mockone (mock)" in (tmp_path / "environment.properties").read_text(encoding="ascii")
    assert json.loads((tmp_path / "executor.json").read_text(encoding="utf-8"))["type"] == "local"


@pytest.mark.parametrize(
    ("environ", "kind", "url"),
    [
        (
            {
                "GITHUB_ACTIONS": "true",
                "GITHUB_SERVER_URL": "https://g",
                "GITHUB_REPOSITORY": "a/b",
                "GITHUB_RUN_ID": "7",
            },
            "github",
            "https://g/a/b/actions/runs/7",
        ),
        ({"GITLAB_CI": "true", "CI_JOB_URL": "https://l/7"}, "gitlab", "https://l/7"),
        ({"JENKINS_URL": "https://j", "BUILD_URL": "https://j/7"}, "jenkins", "https://j/7"),
    ],
)
def test_the_executor_is_the_ci_system(environ: dict[str, str], kind: str, url: str) -> None:
    started_by = executor(environ)
    assert (started_by["type"], started_by["buildUrl"]) == (kind, url)


def test_sources_are_linked_in_the_repository_or_beside_the_page() -> None:
    github = {"GITHUB_SERVER_URL": "https://g", "GITHUB_REPOSITORY": "a/b", "GITHUB_SHA": "c0ffee"}
    assert (
        source_link("tests/reads/test_get.py", 7, github)
        == "https://g/a/b/blob/c0ffee/tests/reads/test_get.py#L7"
    )
    assert source_link("tests/reads/test_get.py", 7, {}) == "../../tests/reads/test_get.py"


def test_categories_separate_network_errors() -> None:
    network = next(each for each in CATEGORIES if each["name"] == "The network failed")
    assert re.fullmatch(network["messageRegex"], "client.errors.TransientError: no response\nthree times")
    assert re.fullmatch(network["messageRegex"], "KeyError: 'x'") is None


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((FOLDER / "package-lock.json").read_text(encoding="utf-8"))
    assert lock["packages"]["node_modules/allure"]["version"] == "3.18.0"
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
    assert all("integrity" in package for name, package in lock["packages"].items() if name)


def test_without_node_one_sentence_names_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert main(["--report-dir", str(tmp_path)]) == 4
    assert (
        capsys.readouterr().err
        == "Node is not installed; install Node 20 or later with npm, and run this again.\n"
    )


@pytest.mark.skipif(shutil.which("npm") is None, reason="Node is not installed, so Allure cannot render")
def test_the_page_is_rendered_with_previous_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--report-dir", str(tmp_path)]) == 4
    assert "run the suite first" in capsys.readouterr().err
    arguments = (
        "tests/writes/test_delete.py",
        "--clause=delete.no-revival.patch",
        "--mock-defect=patch-restores-deleted-customers",
    )
    run = run_suite(tmp_path / "reports", *arguments, environ=environment())
    assert run.code == 1, run.output
    command = [sys.executable, "-m", "reporting.allure_report", f"--report-dir={run.folder}"]
    for number in (1, 2):
        made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=RENDERS_WITHIN)
        assert made.returncode == 0, made.stderr
        assert Path(made.stdout.strip()).stat().st_size > 100_000
        history = (run.folder / "allure-history.jsonl").read_text(encoding="utf-8")
        assert len(history.splitlines()) == number
    for browser in launched():
        with opened(browser, run.folder / "allure-report" / "index.html") as page:
            page.get_by_text("Categories").first.click()
            expect(page.get_by_text("The tenant breaks the contract").first).to_be_visible()
    results = json.loads((run.folder / "allure-report" / "test-results.json").read_text(encoding="utf-8"))[
        "byId"
    ]
    assert "failed" in {result["status"] for result in results.values()}
