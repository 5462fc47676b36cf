"""drift.yml: its shell steps run in order in a stand-in for GitHub Actions, with a stand-in for the program gh."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

import spec
from meta_tests.support.ci_systems import CompositeRun, without_ci
from meta_tests.support.project_runs import ROOT

WORKFLOW = ROOT / ".github" / "workflows" / "drift.yml"
COMPARE, ISSUE = "Compare", "Open an issue, or update the open one"
PYTHON = '#!/bin/sh\n[ "$2" = pip ] || exec {python} "$@"\n'
# Prints the number of an open issue, if there is one, and writes what it is called with and the body to a file.
GH = '#!/bin/sh\necho "$@" >> {log}\n[ "$2" = list ] && cat {open}\ncat body.md >> {log}\n'

Run = Callable[[Path, str], CompositeRun]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs the job for a document; the second argument is the number of the open issue, or nothing."""
    programs, workspace = tmp_path / "bin", tmp_path / "workspace"
    programs.mkdir()
    workspace.mkdir()
    text = WORKFLOW.read_text(encoding="utf-8").replace("vars.PUBLISHED_DOCUMENT", "github.document")
    (job,) = yaml.safe_load(text)["jobs"].values()
    action = tmp_path / "action.yml"
    action.write_text(yaml.safe_dump({"inputs": {}, "runs": {"steps": job["steps"]}}), encoding="utf-8")

    def run_job(document: Path, open_issue: str = "") -> CompositeRun:
        (tmp_path / "open").write_text(open_issue, encoding="utf-8")
        gh = GH.format(log=tmp_path / "gh.log", open=tmp_path / "open")
        for name, script in (("python", PYTHON.format(python=sys.executable)), ("gh", gh)):
            (programs / name).write_text(script, encoding="utf-8")
            (programs / name).chmod(0o755)
        environ = without_ci()
        environ |= {
            "PATH": f"{programs}:{environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "GITHUB_WORKSPACE": str(workspace),
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        }
        return CompositeRun(action, {}, environ, {"document": str(document)}, tmp_path, {}).run()

    return run_job


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """A document in which a bound differs."""
    published = spec.document(corrected=False)
    published["components"]["schemas"]["Currency"]["maxLength"] = 4
    path = tmp_path / "changed.yml"
    path.write_text(yaml.safe_dump(published), encoding="utf-8")
    return path


def test_a_difference_opens_an_issue(run: Run, document: Path, tmp_path: Path) -> None:
    job = run(document, "")
    called = (tmp_path / "gh.log").read_text(encoding="utf-8")
    assert job.status == "success", job.steps[-1].output
    assert (
        "issue create --title The published customer API differs from the contract --body-file body.md"
        in called
    )
    assert "`create.preferredCurrency.max-length`" in called
    assert "maxLength" in (tmp_path / "summary.md").read_text(encoding="utf-8")


def test_an_open_issue_is_updated(run: Run, document: Path, tmp_path: Path) -> None:
    run(document, "12")
    called = (tmp_path / "gh.log").read_text(encoding="utf-8")
    assert "issue edit 12 --body-file body.md" in called
    assert "issue create" not in called


def test_without_a_difference_there_is_no_issue(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "same.yml"
    path.write_text(yaml.safe_dump(spec.document(corrected=False)), encoding="utf-8")
    job = run(path, "")
    assert job.status == "success"
    assert [step.name for step in job.steps][-1] == COMPARE
    assert not (tmp_path / "gh.log").exists()


def test_a_document_that_cannot_be_read_is_red(run: Run, tmp_path: Path) -> None:
    job = run(tmp_path / "none.yml", "")
    assert job.status == "failure"
    assert "cannot be read" in job.step(COMPARE).output
    assert ISSUE not in [step.name for step in job.steps]
