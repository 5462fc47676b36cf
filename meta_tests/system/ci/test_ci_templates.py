"""The GitLab template and the Jenkins pipeline: their shell steps run in order: green, red and without secrets."""

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from meta_tests.support.ci_systems import (
    Cancel,
    StepRun,
    gitlab_job,
    jenkins_steps,
    once_created,
    run_gitlab_job,
    run_script,
    terminate,
    without_ci,
)
from meta_tests.support.comment_server import CommentServer, comment_server
from meta_tests.support.mock_server import running
from meta_tests.support.project_runs import ROOT

TEMPLATE, PIPELINE = ROOT / "ci" / "gitlab.yml", ROOT / "ci" / "Jenkinsfile"
FAST = "tests/reads/test_get.py -k unknown -p no:cacheprovider"
DEFECT = "--mock-defect=get-unknown-answers-empty-object"
NOT_CLONED = shutil.ignore_patterns(".*", "node_modules", "reports")
# Stands in for the Python of the image and of the environment that it makes: nothing is installed.
PYTHON = """#!/usr/bin/env bash
case "$2" in
  venv) mkdir -p "${{@: -1}}/bin"; cp "$0" "${{@: -1}}/bin/python" ;;
  pip) ;;
  *) exec {python} "$@" ;;
esac
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A clone of the project."""
    return Path(shutil.copytree(ROOT, tmp_path / "project", ignore=NOT_CLONED))


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """The environment of an image in which `python` installs nothing."""
    image = tmp_path / "bin"
    image.mkdir()
    python = image / "python"
    python.write_text(PYTHON.format(python=sys.executable), encoding="utf-8")
    python.chmod(0o755)
    return {**without_ci(), "PATH": f"{image}{os.pathsep}{os.environ['PATH']}"}


@pytest.fixture
def tenant() -> Iterator[dict[str, str]]:
    """The secrets of a tenant."""
    with running() as ready:
        yield ready["environ"]


@pytest.fixture
def comments() -> Iterator[CommentServer]:
    """The server of the notes."""
    with comment_server() as server:
        yield server


def gitlab_variables(project: Path, comments: CommentServer) -> dict[str, str]:
    """What GitLab sets in a merge request."""
    return {
        "CI": "true",
        "GITLAB_CI": "true",
        "CI_PROJECT_DIR": str(project),
        "CI_PROJECT_ID": "12",
        "CI_API_V4_URL": comments.url,
        "CI_JOB_NAME": "conformance",
        "CI_JOB_TOKEN": "job",
        "CI_JOB_URL": "https://gitlab.example.com/job/1",
        "CI_MERGE_REQUEST_IID": "7",
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        "GITLAB_TOKEN": "note",
    }


def test_gitlab_tests_a_tenant_and_comments(
    project: Path, environ: dict[str, str], tenant: dict[str, str], comments: CommentServer
) -> None:
    job = gitlab_job(TEMPLATE, {"profile": "smoke", "arguments": FAST})
    script, after = run_gitlab_job(job, {**environ, **tenant, **gitlab_variables(project, comments)})

    assert script.code == 0, script.output
    assert after.code == 0, after.output
    assert all((project / path).exists() for path in job["artifacts"]["paths"])
    assert (project / job["artifacts"]["reports"]["junit"]).exists()
    assert comments.comments[1].startswith("<!-- customer contract: conformance -->")
    assert "[Job and report](https://gitlab.example.com/job/1)" in comments.comments[1]
    assert comments.requests[-1] == ("POST", "/projects/12/merge_requests/7/notes", "note")


def test_gitlab_is_red_for_a_defect(project: Path, environ: dict[str, str], comments: CommentServer) -> None:
    job = gitlab_job(
        TEMPLATE, {"without-tenant": "mock", "profile": "smoke", "arguments": f"{FAST} {DEFECT}"}
    )
    variables = {**environ, **gitlab_variables(project, comments)}
    script, _ = run_gitlab_job(job, variables)
    run_gitlab_job(job, variables)

    assert script.code == 1, script.output
    assert comments.requests[-1][:2] == ("PUT", "/projects/12/merge_requests/7/notes/1")
    assert "Not conformant" in comments.comments[1]


@pytest.mark.parametrize(("without_tenant", "code"), [("fail", 6), ("skip", 0)])
def test_gitlab_without_secrets(
    without_tenant: str, code: int, project: Path, environ: dict[str, str], comments: CommentServer
) -> None:
    job = gitlab_job(TEMPLATE, {"without-tenant": without_tenant})
    script, after = run_gitlab_job(job, {**environ, **gitlab_variables(project, comments)})
    assert script.code == code, script.output
    assert "EMPORIX_TENANT is empty" in script.output
    assert after.code == 0
    assert comments.comments == {}


def test_a_cancelled_gitlab_job_leaves_no_customer(
    project: Path, environ: dict[str, str], tenant: dict[str, str], comments: CommentServer
) -> None:
    job = gitlab_job(TEMPLATE, {"profile": "smoke"})
    variables = {**environ, **tenant, **gitlab_variables(project, comments)}
    script, after = run_gitlab_job(job, variables, once_created(project / "reports", terminate))
    report = json.loads((project / "reports" / "conformance.json").read_text(encoding="utf-8"))

    assert script.code != 0
    assert after.code == 0, after.output
    assert report["data"]["left"] == 0


def test_gitlab_fetches_the_suite_into_another_project(
    tmp_path: Path, environ: dict[str, str], comments: CommentServer
) -> None:
    suite, project = tmp_path / "suite", tmp_path / "other"
    (suite / "ci").mkdir(parents=True)
    (suite / "requirements.txt").touch()
    for name in ("test-tenant", "clean-up"):
        (suite / "ci" / name).write_text('#!/bin/sh\npwd; echo "$0 $TENANT_CONFIG"\n', encoding="utf-8")
        (suite / "ci" / name).chmod(0o755)
    project.mkdir()
    git = "git -c user.name=x -c user.email=x@example.com"
    run_script("suite", f"git init -q -b v1; git add -A; {git} commit -qm x", environ, suite, ["-e"])
    job = gitlab_job(TEMPLATE, {"suite": str(suite), "suite-version": "v1", "tenant-config": "tenant.toml"})
    script, _ = run_gitlab_job(job, {**environ, **gitlab_variables(project, comments), "GITLAB_TOKEN": ""})

    assert script.code == 0, script.output
    assert f"{project}/.suite/ci/test-tenant {project}/tenant.toml" in script.output


def run_pipeline(
    project: Path, environ: dict[str, str], cancel: Cancel | None = None, **variables: str
) -> dict[str, StepRun]:
    """The last step of each stage that ran; a stage that fails ends the pipeline, and `post` runs always."""
    ran: dict[str, StepRun] = {}
    workspace = {**environ, **variables, "PYTHON": f"{project}/.venv/bin/python", "WORKSPACE": str(project)}
    for stage, commands in jenkins_steps(PIPELINE).items():
        if stage != "post" and any(step.code for step in ran.values()):
            continue
        for command in commands:
            tests = cancel if stage == "Test the tenant" else None
            ran[stage] = run_script(stage, command, workspace, project, ["-xe"], tests)
            if ran[stage].code:
                break
    return ran


def test_jenkins_tests_a_tenant(project: Path, environ: dict[str, str], tenant: dict[str, str]) -> None:
    ran = run_pipeline(project, {**environ, **tenant}, PROFILE="smoke", ARGUMENTS=FAST)
    assert list(ran) == ["Install the suite", "Test the tenant", "post"]
    assert [step.code for step in ran.values()] == [0, 0, 0], ran
    report = json.loads((project / "reports" / "conformance.json").read_text(encoding="utf-8"))
    assert report["target"]["kind"] == "live"


def test_jenkins_is_red_for_a_defect_and_cleans_up(project: Path, environ: dict[str, str]) -> None:
    ran = run_pipeline(project, environ, WITHOUT_TENANT="mock", PROFILE="smoke", ARGUMENTS=f"{FAST} {DEFECT}")
    assert (ran["Test the tenant"].code, ran["post"].code) == (1, 0), ran


def test_an_aborted_pipeline_leaves_no_customer(
    project: Path, environ: dict[str, str], tenant: dict[str, str]
) -> None:
    cancel = once_created(project / "reports", terminate)
    ran = run_pipeline(project, {**environ, **tenant}, cancel, PROFILE="smoke")
    report = json.loads((project / "reports" / "conformance.json").read_text(encoding="utf-8"))
    assert ran["Test the tenant"].code != 0
    assert ran["post"].code == 0, ran["post"].output
    assert report["data"]["left"] == 0


def test_jenkins_without_secrets_is_red(project: Path, environ: dict[str, str]) -> None:
    ran = run_pipeline(project, environ, EMPORIX_TENANT="")
    assert (ran["Test the tenant"].code, ran["post"].code) == (6, 0)


def test_the_pipeline_has_balanced_brackets_and_the_variables_of_the_scripts() -> None:
    pipeline = PIPELINE.read_text(encoding="utf-8")
    bare = re.sub(r"'[^']*'|\"[^\"]*\"|//.*", "", pipeline)
    for opening, closing in ("{}", "()"):
        assert bare.count(opening) == bare.count(closing) > 3
    documented = set(
        re.findall(r"^# ([A-Z_]+)  ", (ROOT / "ci" / "test-tenant").read_text(encoding="utf-8"), re.M)
    )
    named = {*re.findall(r"name: '([A-Z_]+)'", pipeline), "PYTHON"}
    assert {"PROFILE", "TENANT_CONFIG", "DEVIATIONS", "PYTHON"} == named <= documented


def test_the_template_has_the_keys_of_gitlab() -> None:
    job = gitlab_job(TEMPLATE, {})
    assert set(job) == {
        *("stage", "image", "timeout", "resource_group", "variables", "cache"),
        *("script", "after_script", "artifacts"),
    }
    header, _ = yaml.safe_load_all(TEMPLATE.read_text(encoding="utf-8"))
    assert all(entry["description"] for entry in header["spec"]["inputs"].values())
