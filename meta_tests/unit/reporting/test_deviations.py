"""Accepted deviations: which failures are accepted, have expired, no longer occur; which files are rejected."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from meta_tests.support.project_runs import run_suite
from meta_tests.unit.reporting.test_samples import rule_failure, sample_report, status_failure, value_failure
from reporting import (
    Deviation,
    Deviations,
    Failure,
    Finding,
    Report,
    ReportError,
    accept,
    aggregate,
    exit_code,
    key,
    verdict_sentence,
)
from reporting.verdicts.aggregate import FAILURES_KEPT
from spec import ABSENT, Kind, Mismatch, OneOf, Rule, clauses, status_mismatch

NOW = datetime(2026, 11, 24, 23, 59, tzinfo=UTC)
NAME = "create.id.max-length"
LONG = status_failure(201, 400, about="67 characters")
OTHER = status_failure(404, 400, about="68 characters")
LATER = "2026-11-25"


def entry(clause: str = NAME, expires: str = LATER, signature: str = "", reason: str = "We know.") -> str:
    lines = ["[[deviation]]", f'clause = "{clause}"', f'reason = "{reason}"', f"expires = {expires}"]
    return "\n".join([*lines, *([f'signature = "{signature}"'] if signature else [])]) + "\n"


def judged(tmp_path: Path, text: str, *failures: Failure, name: str = NAME) -> Report:
    """The report of a run in which this clause has these failures, or passes where there are none."""
    path = tmp_path / "deviations.toml"
    path.write_text(text, encoding="utf-8")
    deviations = Deviations.of(path, NOW)
    found = [Finding(name, f"test_{n}", "fail", failure=each) for n, each in enumerate(failures)]
    found = found or [Finding(name, "test", "pass")]
    verdicts = aggregate(clauses(), found, deviations=deviations)
    return replace(sample_report([], left=0), clauses=verdicts, deviations=deviations.evaluate(verdicts))


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
        (entry("create.id.unique"), (LONG,), "fail", "not_assessed", 1, 1),
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
    report = judged(tmp_path, entry(name), rule_failure("no internals", "500 with 'at line'"), name=name)
    assert exit_code(report, strict=True) == 0
    assert "1 SHOULD clause fails as accepted" in verdict_sentence(report)


def test_the_sentence_counts_accepted_failures(tmp_path: Path) -> None:
    assert verdict_sentence(judged(tmp_path, entry(), LONG)).startswith(
        "Conformant but for accepted deviations: 0 of "
    )
    expired = verdict_sentence(judged(tmp_path, entry(expires="2026-11-23"), LONG))
    assert expired.startswith("Not conformant: 1 of ")
    assert "1 accepted deviation has expired" in expired
    assert "1 accepted deviation no longer fails" in verdict_sentence(judged(tmp_path, entry()))


def test_a_shard_calls_no_deviation_unneeded(tmp_path: Path) -> None:
    report = replace(judged(tmp_path, entry()), shard="1/2")
    assert exit_code(report, strict=True) == 0
    assert "no longer" not in verdict_sentence(report)


def test_a_failure_that_is_not_accepted_is_kept_before_accepted_ones(tmp_path: Path) -> None:
    accepted = [replace(LONG, actual=f'201 {{"id": "{n}"}}') for n in range(FAILURES_KEPT + 3)]
    report = judged(tmp_path, entry(signature="201 instead of 400"), *accepted, OTHER)
    failures = report.select("fail")[0].failures
    assert (failures[0].actual, len(failures)) == (OTHER.actual, FAILURES_KEPT)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[deviation]", "deviations.toml is not valid TOML: "),
        ('[deviation]\nclause = "x"\n', "has a table [deviation]; write each entry as [[deviation]]."),
        ("[[deviations]]\n", "deviations: is not a known key"),
        (
            entry("create.id.max-lenght"),
            "there is no clause 'create.id.max-lenght'; did you mean create.id.max-",
        ),
        (
            entry().replace("reason", "why"),
            "deviation, entry 1, reason: is missing",
        ),
        (entry() + 'why = "-"\n', "deviation, entry 1, why: is not a known key"),
        ('[[deviation]]\nclause = "create.id.unique"\nexpires = 2027-01-01\n', "reason: is missing"),
        (entry(expires='"2027-01-01"'), "expires: input should be a valid date"),
        (entry(expires="2027-01-01T00:00:00Z"), "expires: input should be a valid date"),
        (entry(reason="  "), "the reason for create.id.max-length is empty"),
        (entry() * 2, "deviation, entry 2: create.id.max-length is listed twice"),
        (entry("create.id.pattern-reading"), "is unspecified and cannot fail"),
        (
            "[[deviation]]\nclause = 1\nreason = '-'\nexpires = 2027-01-01\n",
            "clause: input should be a valid string",
        ),
    ],
    ids=range(13),
)
def test_an_invalid_file_is_rejected_with_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    if "pattern-reading" in text:
        unspecified = next(clause.id for clause in clauses().values() if clause.level == "unspecified")
        text = text.replace("create.id.pattern-reading", unspecified)
    path = tmp_path / "deviations.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReportError) as rejected:
        Deviations.of(path, NOW)
    assert str(path) in str(rejected.value)
    assert sentence in str(rejected.value)
    assert "\n" not in str(rejected.value)


def test_a_named_file_must_exist_and_the_default_need_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ReportError, match=r"absent\.toml cannot be read"):
        Deviations.of(tmp_path / "absent.toml", NOW)
    monkeypatch.chdir(tmp_path)
    assert Deviations.of(None, NOW).entries == ()
    (tmp_path / "deviations.toml").write_text(entry(), encoding="utf-8")
    assert Deviations.of(None, NOW).entries == (Deviation(NAME, "We know.", date(2026, 11, 25)),)


def test_accepting_keeps_the_content_of_the_file_and_requires_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "deviations.toml"
    theirs = f"# ours since spring\n{entry(signature='201 instead of 400')}# reported to the vendor\n"
    report = judged(tmp_path, theirs, LONG, OTHER)
    assert accept(report, path) == f"{path}: 1 deviation added; write the reason of each to accept it."
    text = path.read_text(encoding="utf-8")
    assert text.startswith(theirs)
    with pytest.raises(
        ReportError, match=r"deviation, entry 2: the reason for create\.id\.max-length is empty"
    ):
        Deviations.of(path, NOW)
    path.write_text(text.replace('reason = ""', 'reason = "Found today."'), encoding="utf-8")
    again = judged(tmp_path, path.read_text(encoding="utf-8"), LONG, OTHER)
    assert exit_code(again, strict=True) == 0
    assert accept(again, path) == f"{path}: nothing to add."


def test_accepting_creates_the_file_and_never_renews_an_entry(tmp_path: Path) -> None:
    path = tmp_path / "new" / "deviations.toml"
    assert "1 deviation added" in accept(judged(tmp_path, "", LONG), path)
    assert "expires = 2027-02-21" in path.read_text(encoding="utf-8")
    sentence = accept(judged(tmp_path, entry(expires="2026-11-01"), LONG), tmp_path / "deviations.toml")
    assert sentence.endswith("nothing to add. 1 deviation expired: write a later date to accept it again.")


ONE = "tests/writes/test_bodies.py"
RUN = (ONE, "--clause=create.id.max-length", "--mock-defect=create-accepts-ids-of-67")


def test_from_a_red_run_to_a_green_one(tmp_path: Path) -> None:
    path = tmp_path / "deviations.toml"
    option = f"--deviations={path}"
    red = run_suite(tmp_path / "red", *RUN, option, "--accept-deviations")
    assert red.code == 1, red.output
    assert "1 deviation added" in red.output
    unfilled = run_suite(tmp_path / "unfilled", *RUN, option)
    assert unfilled.code == 4
    assert "is empty; write why the failure is accepted" in unfilled.output
    path.write_text(path.read_text().replace('reason = ""', 'reason = "Known since 2025."'), encoding="utf-8")
    green = run_suite(tmp_path / "green", *RUN, option, "--strict", "--hypothesis-seed=99")
    assert green.code == 0, green.output
    assert "Known since 2025, until" in green.output
    document: dict[str, Any] = json.loads((green.folder / "conformance.json").read_text(encoding="utf-8"))
    known = [clause for clause in document["clauses"] if clause["verdict"] == "known"]
    assert [clause["id"] for clause in known] == [NAME]
    assert {failure["signature"] for failure in known[0]["failures"]} == {"201 instead of 400"}
    assert "Known since 2025" in (green.folder / "summary.md").read_text(encoding="utf-8")
    junit = (green.folder / "junit.xml").read_text(encoding="utf-8")
    assert "known and accepted: create.id.max-length: Known since 2025" in junit
    assert 'failures="0"' in junit
    fixed = run_suite(tmp_path / "fixed", *RUN[:2], option, "--strict")
    assert fixed.code == 1, fixed.output
    assert "create.id.max-length [201 instead of 400] no longer fails" in fixed.output


RUNS = ("cct-k3f9a-7", "cct-z0z0z-123")


def test_a_signature_is_equal_in_every_run() -> None:
    for clause in sample_report().failing():
        for failure in clause.failures:
            assert "cct-" not in failure.signature
    by_run = {
        rule_failure(f"the id '{name}'", f"the id {name}, {number} times").signature
        for number, name in enumerate(RUNS)
    }
    assert by_run == {"the id …, n times instead of the id …"}
    by_index = {
        value_failure(f"$[{number}].mixins.{name.replace('-', '_')}", name, None).signature
        for number, name in enumerate(RUNS)
    }
    assert by_index == {"$[*].mixins.*: null instead of text"}


@pytest.mark.parametrize(
    ("mismatch", "text"),
    [
        (status_mismatch(201, 400), "201 instead of 400"),
        (status_mismatch(500, 400, about="length 67"), "500 instead of 400"),
        (status_mismatch(404, 200, 204), "404 instead of 200 or 204"),
        (Mismatch(Kind.STATUS, expected=Rule("no 5xx"), actual=503), "503 instead of no 5xx"),
        (
            Mismatch(Kind.STATUS, expected=Rule("no status from 200 to 299"), actual=201),
            "201 instead of no status from 200 to 299",
        ),
        (
            Mismatch(Kind.VALUE, expected="Ada", actual=ABSENT, path="$.firstName"),
            "$.firstName: nothing instead of text",
        ),
        (
            Mismatch(Kind.VALUE, expected=[], actual=[1], path="$.a"),
            "$.a: an array instead of an empty array",
        ),
        (Mismatch(Kind.VALUE, expected=True, actual=1.5, path="$.a"), "$.a: a number instead of true"),
        (
            Mismatch(Kind.VALUE, expected=OneOf((None, "x", "y")), actual={}, path="$"),
            "$: an object instead of null or text",
        ),
        (
            Mismatch(Kind.HEADER, expected="3", actual=ABSENT, path="header Count"),
            "header Count: nothing instead of text",
        ),
        (Mismatch(Kind.CUSTOMERS, expected=["a", "b"], actual=["a"]), "missing customers"),
        (Mismatch(Kind.CUSTOMERS, expected=("a",), actual=("b",)), "missing and unexpected customers"),
        (
            Mismatch(Kind.CUSTOMERS, expected=Rule("at most 60 customers"), actual=Rule("61 customers")),
            "n customers instead of at most n customers",
        ),
        (Mismatch(Kind.ORDER, expected=["a", "b"], actual=["b", "a"]), "another order"),
        (
            Mismatch(
                Kind.CONTENT, expected=Rule("no internals"), actual=Rule("'at x.py:3' in b575b5320c184cd3")
            ),
            "… in … instead of no internals",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_signature_keeps_statuses_and_types(mismatch: Mismatch, text: str) -> None:
    assert key("a.b", mismatch) == ("a.b", text)
    assert Failure.of(mismatch).signature == text


def test_a_file_in_another_encoding_is_rejected_and_a_byte_order_mark_is_not(tmp_path: Path) -> None:
    path = tmp_path / "deviations.toml"
    path.write_text(entry(), encoding="utf-8-sig")
    assert len(Deviations.of(path, NOW).entries) == 1
    path.write_bytes(b"# \xfc\n")
    with pytest.raises(ReportError, match="is not UTF-8; save it as UTF-8"):
        Deviations.of(path, NOW)
