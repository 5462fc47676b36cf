"""reporting.comment: which request it comments on, and every reason why it does not, in one sentence."""

import json
from pathlib import Path

import pytest

from meta_tests.support.comment_server import comment_server
from reporting.comment import REJECTED, Request, main, request_of, write
from spec.command_line import UNUSABLE

GITLAB = {
    "CI_API_V4_URL": "https://x/api/v4",
    "CI_PROJECT_ID": "a/b",
    "GITLAB_TOKEN": "t",
    "CI_MERGE_REQUEST_IID": "7",
}
MARKER = "<!-- customer contract: x -->"


def github(tmp_path: Path, **event: object) -> dict[str, str]:
    """The variables of a job on GitHub for this event."""
    path = tmp_path / "event.json"
    path.write_text(json.dumps(event), encoding="utf-8")
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_PATH": str(path),
        "GITHUB_API_URL": "https://x",
        "GITHUB_REPOSITORY": "a/b",
        "GITHUB_TOKEN": "t",
    }


def test_a_project_of_gitlab_is_named_in_one_segment() -> None:
    assert request_of(GITLAB).comments == "https://x/api/v4/projects/a%2Fb/merge_requests/7/notes"


def test_a_pull_request_is_named_by_the_event(tmp_path: Path) -> None:
    request = request_of(github(tmp_path, pull_request={"number": 3}))
    assert request.comments == "https://x/repos/a/b/issues/3/comments"
    assert request.headers == {"Authorization": "Bearer t"}


def test_a_comment_beyond_the_first_page_is_updated() -> None:
    with comment_server() as server:
        server.comments = dict.fromkeys(range(1, 131), "another") | {140: f"{MARKER}\nold"}
        request = Request(f"{server.url}/c", f"{server.url}/c", "PATCH", {})
        write(request, MARKER, f"{MARKER}\nnew")
        assert server.comments[140] == f"{MARKER}\nnew"
        assert len(server.comments) == 131


@pytest.mark.parametrize("missing", GITLAB)
def test_a_missing_variable_is_named(
    missing: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environ = {name: value for name, value in GITLAB.items() if name != missing}
    assert main([str(tmp_path)], environ) == UNUSABLE
    assert missing in capsys.readouterr().err


def test_other_events_have_no_comment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)], github(tmp_path, ref="refs/heads/main")) == UNUSABLE
    assert capsys.readouterr().err == "This job has no pull request to comment on.\n"


def test_a_missing_report_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none")], GITLAB) == UNUSABLE
    message = capsys.readouterr().err
    assert str(tmp_path / "none" / "conformance.json") in message
    assert message.count("\n") == 1


def test_a_rejection_of_the_server_is_exit_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reporting.comment.text_of", lambda *_: MARKER)
    with comment_server() as server:
        server.status = 403
        assert main([str(tmp_path)], {**GITLAB, "CI_API_V4_URL": server.url}) == REJECTED
    assert "403" in capsys.readouterr().err
