"""`python -m reporting.comment reports`: one comment on the pull or merge request of a CI job, updated by each run.

The comment has the verdict, and what changed since the report of the target branch. The request is named by the
variables that GitHub Actions and GitLab CI set; the token is in GITHUB_TOKEN or GITLAB_TOKEN.

Exit codes: 0 written, 1 the server rejects the comment, 4 there is no pull request, token or report.
"""

import argparse
import itertools
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import quote

import httpx

from reporting.compare import as_markdown, changes
from reporting.files import ReportError
from reporting.formats.ci.allure_environment import executor
from reporting.formats.json_file import read, read_of_one_tenant
from reporting.verdicts.gate import verdict_sentence
from spec.command_line import run

WRITTEN, REJECTED = 0, 1
CHARACTERS: Final = 60_000
"""GitHub takes comments of up to 65,536 characters."""
SECONDS: Final = 30.0
PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class Request:
    """A pull or merge request: where its comments are listed and created, and the address of one to update."""

    comments: str
    comment: str
    update_method: str
    headers: Mapping[str, str]


def request_of(environ: Mapping[str, str]) -> Request:
    """The request of this job; ReportError names the variable that is missing."""
    given = {name: value for name, value in environ.items() if value}
    try:
        return _github_request(given) if given.get("GITHUB_ACTIONS") == "true" else _gitlab_request(given)
    except KeyError as error:
        raise ReportError(
            f"{error.args[0]} is not set; this command runs in a job of a pull request or merge request."
        ) from None


def _github_request(environ: Mapping[str, str]) -> Request:
    event = json.loads(Path(environ["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
    if "pull_request" not in event:
        raise ReportError("This job has no pull request to comment on.")
    issues = f"{environ['GITHUB_API_URL']}/repos/{environ['GITHUB_REPOSITORY']}/issues"
    headers = {"Authorization": f"Bearer {environ['GITHUB_TOKEN']}"}
    comments = f"{issues}/{event['pull_request']['number']}/comments"
    return Request(comments, f"{issues}/comments", "PATCH", headers)


def _gitlab_request(environ: Mapping[str, str]) -> Request:
    project = f"{environ['CI_API_V4_URL']}/projects/{quote(environ['CI_PROJECT_ID'], safe='')}"
    notes = f"{project}/merge_requests/{environ['CI_MERGE_REQUEST_IID']}/notes"
    return Request(notes, notes, "PUT", {"PRIVATE-TOKEN": environ["GITLAB_TOKEN"]})


def text_of(folder: Path, baseline: Path | None, marker: str, job: str) -> str:
    """The comment; ReportError where there is no report."""
    path = folder / "conformance.json"
    report = read(path)
    parts = [marker, f"### Customer contract: {verdict_sentence(report)}"]
    if baseline and baseline.exists():
        try:
            before, _ = read_of_one_tenant([baseline, path])
            parts += ["Since the target branch:", as_markdown(changes(before, report))]
        except ReportError as error:
            parts.append(f"No comparison with the target branch: {error}")
    else:
        parts.append("The target branch has no report to compare with.")
    return "\n\n".join([*parts, f"[Job and report]({job})" if job else ""])[:CHARACTERS]


def write(request: Request, marker: str, text: str) -> None:
    """Update the comment with this marker, or create it; httpx.HTTPError where the server rejects it."""
    with httpx.Client(headers=dict(request.headers), timeout=SECONDS, follow_redirects=True) as client:
        for page in itertools.count(1):
            answer = client.get(request.comments, params={"per_page": PAGE, "page": page}).raise_for_status()
            found = answer.json()
            known = [each["id"] for each in found if str(each.get("body", "")).startswith(marker)]
            if known or len(found) < PAGE:
                break
        method, address = "POST", request.comments
        if known:
            method, address = request.update_method, f"{request.comment}/{known[0]}"
        client.request(method, address, json={"body": text}).raise_for_status()


def main(arguments: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Write the comment of a CI job; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m reporting.comment",
        description="Comment on the pull request or merge request of this CI job.",
    )
    parser.add_argument("folder", type=Path, help="the folder of the report")
    parser.add_argument("--baseline", type=Path, metavar="FILE", help="conformance.json of the target branch")
    parser.add_argument("--name", default="conformance", help="distinguishes the comments of several jobs")
    return run(parser, partial(_comment, environ), arguments)


def _comment(environ: Mapping[str, str], options: argparse.Namespace) -> int:
    marker = f"<!-- customer contract: {options.name} -->"
    request = request_of(environ)
    text = text_of(options.folder, options.baseline, marker, executor(environ).get("buildUrl", ""))
    try:
        write(request, marker, text)
    except (httpx.HTTPError, ValueError) as error:
        sys.stderr.write(f"The comment was not written: {' '.join(str(error).split())}\n")
        return REJECTED
    return WRITTEN


if __name__ == "__main__":
    sys.exit(main())
