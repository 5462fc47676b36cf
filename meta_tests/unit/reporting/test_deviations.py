"""Accepted deviations: what is accepted, what has expired, what is no longer needed, and what is refused."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from meta_tests.support.project_runs import ended
from meta_tests.unit.reporting.test_samples import invented
from reporting import (
    Deviation,
    Deviations,
    Failure,
    Finding,
    Report,
    ReportError,
    accept,
    exit_code,
    fold,
    verdict_sentence,
)
from reporting.verdicts.aggregate import FAILURES_KEPT
from spec import clauses

NOW = datetime(2026, 11, 24, 23, 59, tzinfo=UTC)
NAME = "create.id.max-length"
LONG = Failure("400", '201 {"id": "cct-k3f9a-7-xxx"}', "67 characters")
OTHER = Failure("400", "404 not here", "68 characters")
LATER = "2026-11-25"


def entry(clause: str = NAME, expires: str = LATER, signature: str = "", reason: str = "We know.") -> str:
    lines = ["[[deviation]]", f'clause = "{clause}"', f'reason = "{reason}"', f"expires = {expires}"]
    return "\n".join([*lines, *([f'signature = "{signature}"'] if signature else [])]) + "\n"


def judged(tmp_path: Path, text: str, *failures: Failure, name: str = NAME) -> Report:
    """The report of a run in which this clause fails so, or holds where it does not fail."""
    path = tmp_path / "deviations.toml"
    path.write_text(text, encoding="utf-8")
    deviations = Deviations.of(path, NOW)
    found = [Finding(name, f"test_{n}", "fail", failure=each) for n, each in enumerate(failures)]
    found = found or [Finding(name, "test", "pass")]
    verdicts = fold(clauses(), found, deviations=deviations)
    return replace(invented([], left=0), clauses=verdicts, deviations=deviations.reckoned(verdicts))


@pytest.mark.parametrize(
    ("text", "failures", "verdict", "state", "code", "strict"),
    [
        (entry(), (LONG,), "known", "accepted", 0, 0),
        (entry(expires="2026-11-24"), (LONG,), "known", "accepted", 0, 0),
        (entry(expires="2026-11-23"), (LONG,), "fail", "expired", 1, 1),
        (entry(), (), "pass", "unneeded", 0, 1),
        (entry(), (LONG, OTHER), "known", "accepted", 0, 0),
        (entry(signature="201 instead of 400"), (LONG,), "known", "accepted", 0, 0),
        (entry(signature="201 instead of 400"), (LONG, OTHER), "fail", "accepted", 1, 1),
        (entry(signature="201 instead of 400"), (OTHER,), "fail", "unneeded", 1, 1),
        (entry("create.id.unique"), (LONG,), "fail", "unasked", 1, 1),
    ],
)
def test_what_is_accepted(
    tmp_path: Path,
    text: str,
    failures: tuple[Failure, ...],
    verdict: str,
    state: str,
    code: int,
    strict: int,
) -> None:
    report = judged(tmp_path, text, *failures)
    assert {clause.id: clause.verdict for clause in report.clauses}[NAME] == verdict
    assert [each.state for each in report.deviations] == [state]
    assert (exit_code(report), exit_code(report, strict=True)) == (code, strict)


def test_a_should_clause_can_be_known_too(tmp_path: Path) -> None:
    name = "errors.body.no-internals"
    report = judged(tmp_path, entry(name), Failure("no internals", "500 with 'at line'"), name=name)
    assert exit_code(report, strict=True) == 0
    assert "1 SHOULD clause fails as accepted" in verdict_sentence(report)


def test_the_sentence_never_hides_an_accepted_failure(tmp_path: Path) -> None:
    assert verdict_sentence(judged(tmp_path, entry(), LONG)).startswith(
        "Conformant but for accepted deviations: 0 of "
    )
    expired = verdict_sentence(judged(tmp_path, entry(expires="2026-11-23"), LONG))
    assert expired.startswith("Not conformant: 1 of ")
    assert "1 accepted deviation has expired" in expired
    assert "1 accepted deviation fails no longer" in verdict_sentence(judged(tmp_path, entry()))


def test_a_shard_calls_no_deviation_unneeded(tmp_path: Path) -> None:
    report = replace(judged(tmp_path, entry()), shard="1/2")
    assert exit_code(report, strict=True) == 0
    assert "no longer" not in verdict_sentence(report)


def test_many_accepted_failures_do_not_crowd_out_one_that_is_not(tmp_path: Path) -> None:
    accepted = [replace(LONG, actual=f'201 {{"id": "{n}"}}') for n in range(FAILURES_KEPT + 3)]
    report = judged(tmp_path, entry(signature="201 instead of 400"), *accepted, OTHER)
    failures = report.select("fail")[0].failures
    assert (failures[0].actual, len(failures)) == (OTHER.actual, FAILURES_KEPT)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[deviation]", "deviations.toml is not valid TOML: "),
        ('[deviation]\nclause = "x"\n', "deviation is no list of tables"),
        ("[[deviations]]\n", "'deviations' is no key of this file"),
        (
            entry("create.id.max-lenght"),
            "there is no clause 'create.id.max-lenght'; did you mean create.id.max-",
        ),
        (
            entry().replace("reason", "why"),
            "'why' is no key; the keys are clause, reason, expires, issue, sig",
        ),
        ('[[deviation]]\nclause = "x"\nexpires = 2027-01-01\n', "reason is missing"),
        (entry(expires='"2027-01-01"'), "expires is no date"),
        (entry(expires="2027-01-01T00:00:00Z"), "expires is no date"),
        (entry(reason="  "), "the reason for create.id.max-length is not filled in"),
        (entry() * 2, "deviation 2: create.id.max-length is there already"),
        (entry("create.id.pattern-reading"), "is unspecified and cannot fail"),
        ("[[deviation]]\nclause = 1\nreason = '-'\nexpires = 2027-01-01\n", "clause is no text"),
    ],
    ids=range(12),
)
def test_a_file_that_cannot_be_used_is_refused_with_one_sentence(
    tmp_path: Path, text: str, says: str
) -> None:
    if "pattern-reading" in text:
        opened = next(clause.id for clause in clauses().values() if clause.level == "unspecified")
        text = text.replace("create.id.pattern-reading", opened)
    path = tmp_path / "deviations.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReportError) as refused:
        Deviations.of(path, NOW)
    assert str(path) in str(refused.value)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_named_file_must_be_there_and_the_default_need_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ReportError, match=r"absent\.toml cannot be read"):
        Deviations.of(tmp_path / "absent.toml", NOW)
    monkeypatch.chdir(tmp_path)
    assert Deviations.of(None, NOW).entries == ()
    (tmp_path / "deviations.toml").write_text(entry(), encoding="utf-8")
    assert Deviations.of(None, NOW).entries == (Deviation(NAME, "We know.", date(2026, 11, 25)),)


def test_accepting_keeps_what_people_wrote_and_asks_for_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "deviations.toml"
    theirs = f"# ours since spring\n{entry(signature='201 instead of 400')}# to be told to the vendor\n"
    report = judged(tmp_path, theirs, LONG, OTHER)
    assert (
        accept(report, path) == f"{path}: 1 deviation added; write the reason of each, then it is accepted."
    )
    text = path.read_text(encoding="utf-8")
    assert text.startswith(theirs)
    with pytest.raises(
        ReportError, match=r"deviation 2: the reason for create\.id\.max-length is not filled in"
    ):
        Deviations.of(path, NOW)
    path.write_text(text.replace('reason = ""', 'reason = "Found today."'), encoding="utf-8")
    again = judged(tmp_path, path.read_text(encoding="utf-8"), LONG, OTHER)
    assert exit_code(again, strict=True) == 0
    assert accept(again, path) == f"{path}: nothing to add."


def test_accepting_makes_a_file_and_never_renews(tmp_path: Path) -> None:
    path = tmp_path / "new" / "deviations.toml"
    assert "1 deviation added" in accept(judged(tmp_path, "", LONG), path)
    assert "expires = 2027-02-21" in path.read_text(encoding="utf-8")
    told = accept(judged(tmp_path, entry(expires="2026-11-01"), LONG), tmp_path / "deviations.toml")
    assert told.endswith("nothing to add. 1 deviation expired: write a new date to accept it longer.")


ONE = "tests/writes/test_bodies.py"
RUN = (ONE, "--clause=create.id.max-length", "--mock-defect=create-accepts-ids-of-67")


def test_from_a_red_run_to_a_green_one(tmp_path: Path) -> None:
    path = tmp_path / "deviations.toml"
    option = f"--deviations={path}"
    red = ended(tmp_path / "red", *RUN, option, "--accept-deviations")
    assert red.code == 1, red.said
    assert "1 deviation added" in red.said
    unfilled = ended(tmp_path / "unfilled", *RUN, option)
    assert unfilled.code == 4
    assert "is not filled in" in unfilled.said
    path.write_text(path.read_text().replace('reason = ""', 'reason = "Known since 2025."'), encoding="utf-8")
    green = ended(tmp_path / "green", *RUN, option, "--strict", "--hypothesis-seed=99")
    assert green.code == 0, green.said
    assert "Known since 2025, until" in green.said
    document: dict[str, Any] = json.loads((green.folder / "conformance.json").read_text(encoding="utf-8"))
    known = [clause for clause in document["clauses"] if clause["verdict"] == "known"]
    assert [clause["id"] for clause in known] == [NAME]
    assert {failure["signature"] for failure in known[0]["failures"]} == {"201 instead of 400"}
    assert "Known since 2025" in (green.folder / "summary.md").read_text(encoding="utf-8")
    junit = (green.folder / "junit.xml").read_text(encoding="utf-8")
    assert "known and accepted: create.id.max-length: Known since 2025" in junit
    assert 'failures="0"' in junit
    mended = ended(tmp_path / "mended", *RUN[:2], option, "--strict")
    assert mended.code == 1, mended.said
    assert "create.id.max-length [201 instead of 400] fails no longer" in mended.said


def test_no_report_shows_two_signatures_of_one_kind_of_failure() -> None:
    for clause in invented().failing():
        for failure in clause.failures:
            assert "cct-" not in failure.signature
    runs = ("cct-k3f9a-7", "cct-z0z0z-123")
    made = {
        Failure(
            f"the id '{run}'", f'201 {{"id": "{run}"}}', f"$[{n}].mixins.{run.replace('-', '_')}"
        ).signature
        for n, run in enumerate(runs)
    }
    assert made == {"$[*].mixins.*: 201 instead of the id …"}
