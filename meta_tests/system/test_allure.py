"""Allure: what the results say beside the tests, and the page that Allure 3 renders of them."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from meta_tests.support.project_runs import ROOT, ended, environment
from meta_tests.system.browser import launched, opened
from meta_tests.unit.reporting.test_samples import invented
from reporting.allure_report.__main__ import main
from reporting.formats.allure_environment import CATEGORIES, executor, source_link, write_facts

FOLDER = ROOT / "reporting" / "allure_report"
RENDERS_WITHIN = 300.0
"""Seconds, those in which npm installs Allure the first time included."""


def test_the_facts_are_written_where_results_are(tmp_path: Path) -> None:
    write_facts(invented(), tmp_path / "absent", {})
    assert not (tmp_path / "absent").exists()
    write_facts(invented(), tmp_path, {})
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
def test_the_executor_is_what_started_the_run(environ: dict[str, str], kind: str, url: str) -> None:
    told = executor(environ)
    assert (told["type"], told["buildUrl"]) == (kind, url)


def test_sources_are_linked_in_the_forge_or_beside_the_page() -> None:
    github = {"GITHUB_SERVER_URL": "https://g", "GITHUB_REPOSITORY": "a/b", "GITHUB_SHA": "c0ffee"}
    assert (
        source_link("tests/reads/test_get.py", 7, github)
        == "https://g/a/b/blob/c0ffee/tests/reads/test_get.py#L7"
    )
    assert source_link("tests/reads/test_get.py", 7, {}) == "../../tests/reads/test_get.py"


def test_categories_part_the_tenants_fault_from_ours_and_the_networks() -> None:
    network = next(each for each in CATEGORIES if each["name"] == "The network failed")
    assert re.fullmatch(network["messageRegex"], "client.errors.TransientError: no answer\nthree times")
    assert re.fullmatch(network["messageRegex"], "KeyError: 'x'") is None


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((FOLDER / "package-lock.json").read_text(encoding="utf-8"))
    assert lock["packages"]["node_modules/allure"]["version"] == "3.18.0"
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
    assert all("integrity" in package for name, package in lock["packages"].items() if name)


def test_without_node_one_sentence_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert main(["--report-dir", str(tmp_path)]) == 4
    assert (
        capsys.readouterr().err
        == "Node is not installed; install Node 20 or later with npm, and run this again.\n"
    )


@pytest.mark.skipif(shutil.which("npm") is None, reason="Node is not installed, so Allure cannot render")
def test_the_page_is_rendered_with_past_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--report-dir", str(tmp_path)]) == 4
    assert "run the suite first" in capsys.readouterr().err
    arguments = (
        "tests/writes/test_delete.py",
        "--clause=delete.no-revival.patch",
        "--mock-defect=patch-revives",
    )
    run = ended(tmp_path / "reports", *arguments, environ=environment())
    assert run.code == 1, run.said
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
            expect(page.get_by_text("The tenant breaks a promise").first).to_be_visible()
    told = json.loads((run.folder / "allure-report" / "test-results.json").read_text(encoding="utf-8"))[
        "byId"
    ]
    assert "failed" in {result["status"] for result in told.values()}
