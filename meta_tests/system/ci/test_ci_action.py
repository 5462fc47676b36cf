"""action.yml: its steps run in order in a stand-in for GitHub Actions: green, red, cancelled and without secrets."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from meta_tests.support.ci_systems import CompositeRun, interrupt, once_created, without_ci
from meta_tests.support.comment_server import CommentServer, comment_server
from meta_tests.support.mock_server import running
from meta_tests.support.project_runs import ROOT

ACTION = ROOT / "action.yml"
TEST, SWEEP = "Test the tenant", "Delete what this run or one of yesterday left behind"
COMMENT, UPLOAD = "Comment on the pull request", "Upload the report"
FAST = "tests/reads/test_get.py -k unknown -p no:cacheprovider"
# Stands in for the Python of the runner and of the environment that it makes: nothing is installed.
PYTHON = """#!/usr/bin/env bash
case "$2" in
  venv) mkdir -p "$3/bin"; cp "$0" "$3/bin/python" ;;
  pip) ;;
  *) exec {python} "$@" ;;
esac
"""


@dataclass
class Runner:
    """Runs the action in a workspace below `folder`, in a pull request by default; `tenant` has the secrets."""

    folder: Path
    api_url: str
    tenant: dict[str, str] = field(default_factory=dict)

    @property
    def reports(self) -> Path:
        """The folder of the report."""
        return self.folder / "workspace" / "reports"

    def run(self, event_name: str = "pull_request", cancel: Any = None, **inputs: str) -> CompositeRun:
        """One run of the job; inputs with underscores for hyphens."""
        github = {"event_name": event_name, "ref_name": "7/merge", "base_ref": "main", "token": "t"}
        return CompositeRun(
            action=ACTION,
            inputs={key.replace("_", "-"): value for key, value in inputs.items()},
            environ={**without_ci(), **self._variables(), **self.tenant},
            github={**github, "run_id": 1, "run_attempt": 1},
            temp=self.folder / "temp",
            actions={
                "actions/setup-python": {"python-path": str(self._python()), "python-version": "3.13.1"}
            },
            cancel=cancel,
        ).run()

    def _variables(self) -> dict[str, str]:
        for name in ("workspace", "temp"):
            (self.folder / name).mkdir(exist_ok=True)
        event = self.folder / "event.json"
        event.write_text(json.dumps({"pull_request": {"number": 7}}), encoding="utf-8")
        return {
            "GITHUB_ACTIONS": "true",
            "GITHUB_WORKSPACE": str(self.folder / "workspace"),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_API_URL": self.api_url,
            "GITHUB_REPOSITORY": "acme/api",
            "RUNNER_TEMP": str(self.folder / "temp"),
        }

    def _python(self) -> Path:
        python = self.folder / "python"
        python.write_text(PYTHON.format(python=sys.executable), encoding="utf-8")
        python.chmod(0o755)
        return python


@pytest.fixture
def comments() -> Iterator[CommentServer]:
    """The server of the comments."""
    with comment_server() as server:
        yield server


@pytest.fixture
def runner(tmp_path: Path, comments: CommentServer) -> Runner:
    """A runner without secrets."""
    return Runner(tmp_path, comments.url)


@pytest.fixture
def live(runner: Runner) -> Iterator[Runner]:
    """A runner with the secrets of a tenant."""
    with running() as tenant:
        runner.tenant = tenant["environ"]
        yield runner


def test_a_conforming_tenant_is_green(live: Runner, comments: CommentServer) -> None:
    run = live.run(profile="smoke", arguments=FAST)

    assert run.status == "success", run.step(TEST).output
    assert [step.name for step in run.steps if step.code] == []
    (text,) = comments.comments.values()
    assert text.startswith("<!-- customer contract: conformance -->\n\n### Customer contract: Conformant")
    assert "The target branch has no report to compare with." in text
    assert comments.requests[-1] == ("POST", "/repos/acme/api/issues/7/comments", "Bearer t")
    upload = run.step(UPLOAD)
    assert (Path(upload.inputs["path"]) / "conformance.html").exists()
    assert upload.inputs["name"] == "conformance"
    assert "Conformant" in (live.folder / "summary.md").read_text(encoding="utf-8")


def test_a_defect_is_red_and_updates_the_comment(runner: Runner, comments: CommentServer) -> None:
    runner.run(event_name="push", without_tenant="mock", profile="smoke", arguments=FAST)
    red = runner.run(
        without_tenant="mock",
        profile="smoke",
        arguments=f"{FAST} --mock-defect=get-unknown-answers-empty-object",
    )
    again = runner.run(without_tenant="mock", profile="smoke", arguments=FAST)

    assert (red.status, red.step(TEST).code) == ("failure", 1), red.step(TEST).output
    assert [step.code for step in red.steps if step.name in {SWEEP, COMMENT, UPLOAD}] == [0, 0, 0]
    assert again.status == "success"
    assert comments.requests[-1][:2] == ("PATCH", "/repos/acme/api/issues/comments/1")
    (text,) = comments.comments.values()
    assert "Since the target branch:" in text
    assert "**No changes.**" in text


def test_a_cancelled_job_leaves_no_customer(live: Runner) -> None:
    run = live.run(profile="smoke", cancel=(TEST, once_created(live.reports, interrupt)))

    assert run.status == "cancelled"
    assert run.step(TEST).code == 2, run.step(TEST).output
    assert run.step(SWEEP).code == 0, run.step(SWEEP).output
    report = json.loads((live.reports / "conformance.json").read_text(encoding="utf-8"))
    assert report["data"]["left"] == 0
    assert run.step(UPLOAD).inputs["path"].endswith("/reports/")


@pytest.mark.parametrize(
    ("without_tenant", "status", "code", "words"),
    [
        ("fail", "failure", 6, "EMPORIX_TENANT is empty"),
        ("skip", "success", 0, "::warning title=Not assessed::EMPORIX_TENANT is empty"),
        ("mokc", "failure", 4, "must be fail, skip or mock"),
    ],
)
def test_a_job_without_secrets(
    without_tenant: str, status: str, code: int, words: str, runner: Runner, comments: CommentServer
) -> None:
    run = runner.run(without_tenant=without_tenant)

    assert (run.status, run.step(TEST).code) == (status, code)
    assert words in run.step(TEST).output
    assert run.step(SWEEP).code == 0
    assert comments.comments == {}
    assert "::warning title=No comment::" in run.step(COMMENT).output


def test_a_rejected_comment_does_not_decide(runner: Runner, comments: CommentServer) -> None:
    comments.status = 403
    run = runner.run(without_tenant="mock", profile="smoke", arguments=FAST)
    assert run.status == "success"
    assert "403" in run.step(COMMENT).output


def test_files_of_the_workspace_are_found(runner: Runner) -> None:
    workspace = runner.folder / "workspace"
    workspace.mkdir()
    (workspace / "tenant.toml").write_text("[tenant]\nunknown = 1\n", encoding="utf-8")
    run = runner.run(without_tenant="mock", tenant_config="tenant.toml", arguments=FAST)
    assert run.step(TEST).code == 4
    assert f"{workspace}/tenant.toml" in run.step(TEST).output


def test_what_is_kept_between_runs(runner: Runner) -> None:
    pushed = runner.run(event_name="push", without_tenant="mock", profile="smoke", arguments=FAST)
    saved = [step.inputs for step in pushed.steps if step.name.startswith("Save")]
    restored = runner.run(without_tenant="mock", profile="smoke", arguments=FAST)
    wanted = [step.inputs for step in restored.steps if step.name.startswith("Restore the")]

    assert [each["path"] for each in saved] == [wanted[1]["path"], wanted[0]["path"]]
    assert wanted[0]["path"].split() == [
        f"{ROOT}/.hypothesis",
        f"{pushed.environ['GITHUB_WORKSPACE']}/reports/history.jsonl",
    ]
    assert wanted[1]["restore-keys"].strip() == "conformance-report-conformance-main-"
    assert wanted[0]["restore-keys"].split() == [
        "conformance-state-conformance-7/merge-",
        "conformance-state-conformance-",
    ]


def test_the_workflows_use_the_action() -> None:
    for name in ("ci.yml", "conformance.yml"):
        workflow = yaml.safe_load((ROOT / ".github" / "workflows" / name).read_text(encoding="utf-8"))
        (step,) = (
            step for job in workflow["jobs"].values() for step in job["steps"] if step.get("uses") == "./"
        )
        assert set(step["with"]) <= set(yaml.safe_load(ACTION.read_text(encoding="utf-8"))["inputs"])
