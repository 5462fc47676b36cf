"""What Allure shows beside the tests: categories of failures, the environment, and what started the run."""

import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from reporting.files import write_atomically
from reporting.model.report import Report

KNOWN: Final = "known and accepted"
"""How the message of a test begins whose failures are all accepted deviations."""
NETWORK: Final = r"[\s\S]*\b(TransientError|ServiceUnavailable)\b[\s\S]*"
"""Allure selects categories by a pattern over the message, which begins with the type of the exception."""
CATEGORIES: Final[tuple[dict[str, Any], ...]] = (
    {"name": "The tenant breaks the contract", "matchedStatuses": ["failed"]},
    {"name": "The network failed", "matchedStatuses": ["broken"], "messageRegex": NETWORK},
    {"name": "The suite failed", "matchedStatuses": ["broken"]},
    {
        "name": "Known and accepted",
        "matchedStatuses": ["skipped"],
        "messageRegex": rf"[\s\S]*{KNOWN}[\s\S]*",
    },
)

EXECUTORS: Final[Mapping[str, Mapping[str, str]]] = {
    "GITHUB_ACTIONS": {
        "name": "GitHub Actions",
        "type": "github",
        "buildName": "{GITHUB_WORKFLOW} #{GITHUB_RUN_NUMBER}",
        "buildUrl": "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}",
    },
    "GITLAB_CI": {
        "name": "GitLab CI",
        "type": "gitlab",
        "buildName": "{CI_PIPELINE_NAME} #{CI_PIPELINE_ID}",
        "buildUrl": "{CI_JOB_URL}",
    },
    "JENKINS_URL": {
        "name": "Jenkins",
        "type": "jenkins",
        "buildName": "{BUILD_TAG}",
        "buildUrl": "{BUILD_URL}",
    },
}
"""What started the run, by a variable that each CI system sets."""


def write_environment(report: Report, folder: Path, environ: Mapping[str, str]) -> None:
    """Write categories.json, environment.properties and executor.json into `folder`, where it exists."""
    if not folder.is_dir():
        return
    write_atomically(folder / "categories.json", json.dumps(CATEGORIES, indent=1))
    write_atomically(folder / "executor.json", json.dumps(executor(environ), indent=1))
    properties = {
        "tenant": f"{report.target.tenant} ({report.target.kind})",
        "address": report.target.api_url,
        "profile": report.suite.profile,
        "seed": str(report.suite.seed),
        "suite": report.suite.version,
        **report.suite.versions,
    }
    lines = [f"{name} = {' '.join(value.split())}" for name, value in properties.items()]
    text = "\n".join(lines).encode("ascii", "backslashreplace").decode("ascii")
    write_atomically(folder / "environment.properties", text + "\n")


def executor(environ: Mapping[str, str]) -> dict[str, str]:
    """What started the run, from the variables of the CI system."""
    given = defaultdict(str, {"CI_PIPELINE_NAME": "pipeline", **environ})
    for variable, texts in EXECUTORS.items():
        if environ.get(variable):
            return {key: text.format_map(given) for key, text in texts.items()}
    return {"name": "manual", "type": "local"}


def source_link(file: str, line: int, environ: Mapping[str, str]) -> str:
    """The URL of the source: in the repository where CI names one, otherwise relative to the rendered page."""
    sha = environ.get("GITHUB_SHA")
    if sha and environ.get("GITHUB_REPOSITORY"):
        return (
            f"{environ.get('GITHUB_SERVER_URL', '')}/{environ['GITHUB_REPOSITORY']}/blob/{sha}/{file}#L{line}"
        )
    if environ.get("CI_PROJECT_URL") and environ.get("CI_COMMIT_SHA"):
        return f"{environ['CI_PROJECT_URL']}/-/blob/{environ['CI_COMMIT_SHA']}/{file}#L{line}"
    return f"../../{file}"
