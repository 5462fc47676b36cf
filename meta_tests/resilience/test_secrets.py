"""A canary: whatever a red nightly run writes, no client secret, token or password is in it, however spelt."""

import json
from pathlib import Path

from client.redaction import Redactor
from meta_tests.resilience.leaking_proxy import leaking_proxy, spellings, traces
from meta_tests.support import mock_server
from meta_tests.support.project_runs import ROOT, WHOLE_RUN_DEADLINE, environment, run_suite

DEFECTS = (
    "create-shows-the-password",
    "faults-repeat-the-token",
    "bad-requests-repeat-the-body",
    "secret-is-echoed",
)
SELECTED = ("errors", "tokens", "schema", "delete")


def holding(folder: Path, known: set[str]) -> list[str]:
    """The files with a trace of a secret in them, and the trace."""
    wanted = {trace for secret in known for trace in traces(secret)}
    found = []
    for path in (path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        found += [f"{path.relative_to(folder)}: {trace!r}" for trace in wanted if trace in content]
    return found


def test_nothing_that_a_red_nightly_run_writes_holds_a_secret(tmp_path: Path) -> None:
    (tmp_path / "tenant.toml").write_text("[safety]\nmax_requests = 900\n", encoding="utf-8")
    with (
        mock_server.running(*(f"--defect={each}" for each in DEFECTS)) as ready,
        leaking_proxy(ready) as proxy,
    ):
        run = run_suite(
            tmp_path / "reports",
            *(str(path) for each in SELECTED for path in ROOT.glob(f"tests/*/test_{each}.py")),
            "--hypothesis-profile=nightly",
            f"--tenant-config={tmp_path / 'tenant.toml'}",
            environ=environment(**proxy.environ),
            cwd=tmp_path,
            deadline=WHOLE_RUN_DEADLINE,
        )
        known = proxy.known()
    assert run.code == 1, run.output
    report = json.loads((run.folder / "conformance.json").read_text(encoding="utf-8"))
    failing = [each for each in report["clauses"] if each["verdict"] == "fail"]
    assert len(failing) > 5
    assert "[redacted]" in json.dumps(failing)
    assert len(proxy.tokens) > 3
    assert proxy.passwords
    assert list((tmp_path / ".hypothesis" / "examples").rglob("*")), (
        "the example database is among what is read"
    )
    assert (run.folder / "junit.xml").exists()
    assert list((run.folder / "allure-results").iterdir())
    assert holding(tmp_path, known) == []


def test_a_secret_in_any_spelling_is_found(tmp_path: Path) -> None:
    secret = "s3cret/+&\"'<x> %y-long"
    for number, spelt in enumerate(spellings(secret)):
        (tmp_path / "leak.txt").write_text(f"{number} before;{spelt};after", encoding="utf-8")
        assert holding(tmp_path, {secret}), spelt


def test_each_spelling_is_taken_out() -> None:
    secret = "s3cret/+&\"'<x> %y-long"
    redactor = Redactor([secret])
    for spelt in spellings(secret):
        body = spelt.replace('"', '\\"') if "\\" not in spelt else spelt
        shown = redactor.body(f'{{"message": "before;{body};after"}}'.encode()) or ""
        assert not [trace for trace in traces(secret) if trace in shown.encode()], spelt
        assert "before;" in shown
