"""The kill matrix: selection of runs, rows, summary and exit code, without running the suite."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from meta_tests.effectiveness import kill_matrix
from meta_tests.effectiveness.jobs import Job, Outcome
from mock_tenant.registry import DEFECTS, VARIATIONS

DEFECT, CLAUSE = "create-cuts-company", "create.company.round-trip"


def outcome(job: Job, *failed: str, exit_code: int = 0, left: int = 0) -> Outcome:
    """An outcome with these failed MUST clauses."""
    return Outcome(
        job=job,
        exit_code=exit_code,
        must=failed,
        should=(),
        errors=(),
        requests=100,
        left=left,
        seconds=1.0,
        log="",
        tests=tuple(f"test_{clause}" for clause in failed),
    )


def planned(*arguments: str) -> list[Job]:
    """The jobs for these arguments."""
    return kill_matrix.jobs(kill_matrix.parser().parse_args(arguments))


def test_every_defect_and_every_variation_has_a_job() -> None:
    assert [job.name for job in planned()] == [*DEFECTS, *VARIATIONS]
    assert [job.name for job in planned("--what", "defects")] == [*DEFECTS]
    assert [job.name for job in planned("--only", DEFECT, "busy+recreation")] == [DEFECT, "busy + recreation"]


def test_runs_on_defects_stop_at_the_first_failure_unless_all_tests_are_requested() -> None:
    assert [planned("--only", DEFECT, *option)[0].stop for option in ((), ("--all",))] == [True, False]


def test_further_seeds_add_packs_with_every_variation() -> None:
    jobs = [job for job in planned("--what", "variations", "--seeds", "3") if job.seed == 2]
    assert sorted(name for job in jobs for name in job.variations) == sorted(VARIATIONS)


def test_the_parts_together_are_all_jobs() -> None:
    parts = [planned("--part", str(part), "--parts", "3") for part in range(3)]
    assert sorted(job.name for part in parts for job in part) == sorted(job.name for job in planned())


@pytest.mark.parametrize(
    ("job", "failed", "exit_code", "line"),
    [
        (Job(defects=(DEFECT,)), (), 0, f"NOT DETECTED   {DEFECT} ({CLAUSE})"),
        (Job(defects=(DEFECT,)), ("get.status.ok",), 1, f"WRONG CLAUSE   {DEFECT} ({CLAUSE}): get.status.ok"),
        (
            Job(defects=(DEFECT,)),
            (CLAUSE,),
            1,
            "1 of 1 defects detected, 1 of them attributed to their clause",
        ),
        (Job(variations=("busy",)), ("get.status.ok",), 1, "FALSE POSITIVE busy, seed 0: get.status.ok"),
        (Job(variations=("busy",), seed=7), (), 6, "FALSE POSITIVE busy, seed 7: exit code 6"),
        (Job(variations=("busy",)), (), 0, "0 false positives in 1 runs on conforming variations, 1 seeds"),
    ],
)
def test_the_summary_names_every_exception(
    job: Job, failed: Sequence[str], exit_code: int, line: str
) -> None:
    row = kill_matrix.row(outcome(job, *failed, exit_code=exit_code))
    assert line in kill_matrix.summary([row]).splitlines()


@pytest.mark.parametrize(
    ("name", "result", "exit_code"),
    [
        (DEFECT, ("get.status.ok",), 0),
        (DEFECT, (), 1),
        ("busy", (), 0),
        ("busy", ("get.status.ok",), 1),
    ],
)
def test_an_undetected_defect_or_a_false_positive_ends_with_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, result: Sequence[str], exit_code: int
) -> None:
    def run(jobs: Iterable[Job], _processes: int) -> Iterator[Outcome]:
        return (outcome(job, *result, exit_code=int(bool(result))) for job in jobs)

    monkeypatch.setattr(kill_matrix, "run", run)
    output = tmp_path / "reports" / "matrix.json"
    assert kill_matrix.main(["--only", name, "--output", str(output)]) == exit_code
    (row,) = json.loads(output.read_text(encoding="utf-8"))
    assert row["seeded"] == name
    assert row["failed"] == [*result]
    assert row.keys() >= {"clause", "seed", "requests", "left", "seconds", "exit_code"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["--only", "nonsense"],
            "nonsense is neither a defect nor a variation; python -m mock_tenant --list",
        ),
        (["--only"], "no run is selected; use names that python -m mock_tenant --list prints."),
    ],
)
def test_a_wrong_selection_is_rejected_in_one_sentence(
    capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    with pytest.raises(SystemExit, match="2"):
        kill_matrix.main(arguments)
    assert sentence in capsys.readouterr().err.splitlines()[-1]
