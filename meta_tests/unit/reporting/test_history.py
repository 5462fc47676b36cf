"""The history of runs: one line each, and the last verdicts of one target."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from meta_tests.support.project_runs import ROOT
from meta_tests.unit.reporting.test_samples import sample_report
from reporting import Report, ReportError, append_history, read_history, write
from reporting.history import NAME, RUNS_SHOWN, is_flaky
from reporting.model.report import Verdict

LIVE = replace(
    sample_report(),
    target=replace(sample_report().target, kind="live", api_url="https://api.example.com", config={}),
)


def on_day(number: int, report: Report = LIVE) -> Report:
    """The report of a run this number of days later."""
    return replace(report, started_at=report.started_at + timedelta(days=number))


def test_each_run_is_one_line_with_its_verdicts(tmp_path: Path) -> None:
    for number in range(3):
        append_history(on_day(number), tmp_path)
    lines = (tmp_path / NAME).read_text(encoding="ascii").splitlines()
    assert len(lines) == 3
    line = json.loads(lines[0])
    assert line["target"] == {"kind": "live", "tenant": "mockone", "api_url": "https://api.example.com"}
    assert line["suite"] == {"version": "0.1.0", "profile": "gate", "seed": 4711}
    assert line["sentence"].startswith("Not conformant: ")
    covered = {clause.id: clause.verdict for clause in LIVE.clauses if not clause.untestable}
    not_selected = {clause.id for clause in LIVE.clauses if clause.reason_code == "not-selected"}
    found = {name: verdict for verdict, names in line["verdicts"].items() for name in names}
    assert found == {name: verdict for name, verdict in covered.items() if name not in not_selected}
    assert not_selected


def test_the_last_runs_of_one_target_count_up_to_the_report(tmp_path: Path) -> None:
    elsewhere = replace(LIVE, target=replace(LIVE.target, tenant="another"))
    for number in range(RUNS_SHOWN + 5):
        first = replace(LIVE.clauses[0], id=f"day.{number}")
        append_history(on_day(number, replace(LIVE, clauses=(first, *LIVE.clauses))), tmp_path)
        append_history(on_day(number, elsewhere), tmp_path)
    found = read_history(on_day(RUNS_SHOWN + 3), tmp_path)
    assert len(found) == RUNS_SHOWN
    assert all(f"day.{number}" in run for number, run in enumerate(found, start=4))
    assert found[-1]["create.id.max-length"] == "fail"


def test_the_embedded_tenant_is_the_same_at_any_port_unless_something_is_planted(tmp_path: Path) -> None:
    plain = sample_report()
    moved = replace(plain, target=replace(plain.target, api_url="http://127.0.0.1:1"))
    planted = replace(plain, target=replace(plain.target, config={"mock": {"defects": ["patch-creates"]}}))
    for report in (plain, moved, planted):
        append_history(report, tmp_path)
    assert len(read_history(plain, tmp_path)) == 2
    assert len(read_history(planted, tmp_path)) == 1


def test_only_a_line_that_a_crash_cut_short_is_lost(tmp_path: Path) -> None:
    append_history(on_day(0), tmp_path)
    whole = (tmp_path / NAME).read_bytes()
    (tmp_path / NAME).write_bytes(whole + whole[:100] + b"\n[]\n\xff\n7\n" + whole[:50])
    append_history(on_day(1), tmp_path)
    assert len(read_history(on_day(1), tmp_path)) == 2


def test_runs_that_end_together_do_not_mix(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from reporting import read, append_history; "
        "report = read(Path(sys.argv[1])); [append_history(report, Path(sys.argv[2])) for _ in range(20)]"
    )
    write(LIVE, tmp_path)
    command = [sys.executable, "-c", script, str(tmp_path / "conformance.json"), str(tmp_path / "shared")]
    together = [subprocess.Popen(command, cwd=ROOT) for _ in range(3)]
    assert [each.wait(timeout=60) for each in together] == [0, 0, 0]
    lines = (tmp_path / "shared" / NAME).read_text(encoding="ascii").splitlines()
    assert len([json.loads(line) for line in lines if line]) == 60  # empty lines are skipped


def test_a_history_that_cannot_be_written_is_named_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    with pytest.raises(ReportError) as rejected:
        append_history(LIVE, tmp_path)
    assert str(rejected.value).startswith(f"{tmp_path / NAME}: the run cannot be added to the history (")
    assert read_history(LIVE, tmp_path) == ()


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
def test_a_clause_is_flaky_that_turns_and_turns_back(verdicts: list[Verdict | None], turns: bool) -> None:
    assert is_flaky(verdicts) is turns
