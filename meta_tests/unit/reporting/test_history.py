"""The history of runs: one line each, whole or alone on its line, and what the last of one target tell."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from meta_tests.support.project_runs import ROOT
from meta_tests.unit.reporting.test_samples import invented
from reporting import Report, ReportError, remember, write
from reporting.history import NAME, SHOWN, flaky, past
from reporting.model.report import Verdict

LIVE = replace(
    invented(), target=replace(invented().target, kind="live", api_url="https://api.example.com", config={})
)


def on_day(number: int, report: Report = LIVE) -> Report:
    """The report as that of a run so many days later."""
    return replace(report, started_at=report.started_at + timedelta(days=number))


def test_each_run_is_one_line_that_says_what_it_judged(tmp_path: Path) -> None:
    for number in range(3):
        remember(on_day(number), tmp_path)
    lines = (tmp_path / NAME).read_text(encoding="ascii").splitlines()
    assert len(lines) == 3
    told = json.loads(lines[0])
    assert told["target"] == {"kind": "live", "tenant": "mockone", "api_url": "https://api.example.com"}
    assert told["suite"] == {"version": "0.1.0", "profile": "gate", "seed": 4711}
    assert told["sentence"].startswith("Not conformant: ")
    judged = {clause.id: clause.verdict for clause in LIVE.clauses if not clause.reason.startswith("Unt")}
    unasked = {clause.id for clause in LIVE.clauses if clause.reason == "No test of this run asks about it"}
    found = {name: verdict for verdict, names in told["verdicts"].items() for name in names}
    assert found == {name: verdict for name, verdict in judged.items() if name not in unasked}
    assert unasked


def test_the_last_runs_of_one_target_count_up_to_the_report(tmp_path: Path) -> None:
    elsewhere = replace(LIVE, target=replace(LIVE.target, tenant="another"))
    for number in range(SHOWN + 5):
        remember(on_day(number), tmp_path)
        remember(on_day(number, elsewhere), tmp_path)
    found = past(on_day(SHOWN + 3), tmp_path)
    assert len(found) == SHOWN
    assert [run.when for run in found] == [
        on_day(number).started_at.isoformat() for number in range(4, SHOWN + 4)
    ]
    assert found[-1].verdicts["create.id.max-length"] == "fail"


def test_the_embedded_tenant_is_the_same_at_any_port_unless_something_is_planted(tmp_path: Path) -> None:
    plain = invented()
    moved = replace(plain, target=replace(plain.target, api_url="http://127.0.0.1:1"))
    planted = replace(plain, target=replace(plain.target, config={"mock": {"defects": ["patch-creates"]}}))
    for report in (plain, moved, planted):
        remember(report, tmp_path)
    assert len(past(plain, tmp_path)) == 2
    assert len(past(planted, tmp_path)) == 1


def test_a_line_that_a_crash_cut_short_costs_that_line_alone(tmp_path: Path) -> None:
    remember(on_day(0), tmp_path)
    whole = (tmp_path / NAME).read_bytes()
    (tmp_path / NAME).write_bytes(whole + whole[:100] + b"\n[]\n\xff\n7\n" + whole[:50])
    remember(on_day(1), tmp_path)
    assert len(past(on_day(1), tmp_path)) == 2


def test_runs_that_end_together_do_not_mix(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from reporting import read, remember; "
        "report = read(Path(sys.argv[1])); [remember(report, Path(sys.argv[2])) for _ in range(20)]"
    )
    write(LIVE, tmp_path)
    command = [sys.executable, "-c", script, str(tmp_path / "conformance.json"), str(tmp_path / "shared")]
    together = [subprocess.Popen(command, cwd=ROOT) for _ in range(3)]
    assert [each.wait(timeout=60) for each in together] == [0, 0, 0]
    lines = (tmp_path / "shared" / NAME).read_text(encoding="ascii").splitlines()
    assert len([json.loads(line) for line in lines if line]) == 60  # an empty line costs nothing


def test_a_history_that_cannot_be_written_is_named_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    with pytest.raises(ReportError) as refused:
        remember(LIVE, tmp_path)
    assert str(refused.value).startswith(f"{tmp_path / NAME}: the run cannot be added to the history (")
    assert past(LIVE, tmp_path) == ()


@pytest.mark.parametrize(
    ("verdicts", "turns"),
    [
        (["pass", "fail", "pass"], True),
        (["fail", "pass", "pass", "known"], True),
        (["pass", "fail", "fail"], False),
        (["fail", "pass"], False),
        (["fail", "known", "fail"], False),
        (["pass", "error", "pass", None, "not_assessed", "pass"], False),
        (["pass", "error", "fail", None, "pass"], True),
        ([], False),
    ],
)
def test_flaky_is_what_turns_and_turns_back(verdicts: list[Verdict | None], turns: bool) -> None:
    assert flaky(verdicts) is turns
