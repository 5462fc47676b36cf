"""The report as files: equal when read back, conforming to its schema, written atomically, rejected with a sentence."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import get_args

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meta_tests.unit.reporting.test_samples import INVISIBLE, sample_report, status_failure
from reporting import (
    ClauseVerdict,
    Data,
    Delays,
    Deviation,
    Evidence,
    Failure,
    Report,
    ReportError,
    Requests,
    Suite,
    Target,
    read,
    write,
    write_json,
)
from reporting.formats.json_file import document
from reporting.model.base import encodable
from reporting.model.coverage import KINDS, Points
from reporting.model.exchange import Exchange, Request, Response
from reporting.model.findings import Reason
from reporting.model.mismatch import Alternatives, Description, MismatchData, NoValue, Value
from reporting.model.report import VERDICTS
from reporting.write_schema import PATH, schema_text
from spec import Kind, Mismatch

# Text as tenants return it, halves of surrogate pairs included.
TEXTS = st.text(st.characters(), max_size=12)
COUNTS = st.integers(0, 10**12)
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
# In the names of members, such a half is an escape: `MismatchData.of` makes it one.
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS.map(encodable), inner, max_size=3),
    max_leaves=6,
)
MAPPINGS = st.dictionaries(TEXTS, VALUES, max_size=3)
HEADERS = st.lists(st.tuples(TEXTS, TEXTS), max_size=2).map(tuple)
BODIES = st.none() | TEXTS
REQUESTS = st.builds(Request, TEXTS, TEXTS, HEADERS, BODIES)
RESPONSES = st.none() | st.builds(Response, st.integers(100, 599), HEADERS, BODIES)
EXCHANGES = st.builds(
    Exchange, COUNTS, TEXTS, TEXTS, REQUESTS, RESPONSES, st.none() | st.floats(0, 1e6), TEXTS
)
OPERANDS = st.recursive(
    st.builds(Value, VALUES) | st.just(NoValue(True)) | st.builds(Description, TEXTS),
    lambda inner: st.builds(Alternatives, one_of=st.lists(inner, max_size=2).map(tuple)),
    max_leaves=3,
)
MISMATCHES = st.builds(
    MismatchData,
    kind=st.sampled_from(Kind),
    path=TEXTS,
    about=TEXTS,
    expected=OPERANDS,
    actual=OPERANDS,
)
FAILURES = st.builds(
    Failure,
    expected=TEXTS,
    actual=TEXTS,
    detail=TEXTS,
    exchanges=st.lists(EXCHANGES, max_size=2).map(tuple),
    replay=TEXTS,
    test=TEXTS,
    example=TEXTS,
    accepted=TEXTS,
    signature=TEXTS,
    mismatch=st.none() | MISMATCHES,
    decisive=st.none() | st.integers(0, 9),
)
STATES = st.sampled_from(["accepted", "expired", "unneeded", "not_assessed"])
DEVIATIONS = st.builds(Deviation, TEXTS, TEXTS, st.dates(), TEXTS, TEXTS, STATES)
SHARDS = st.builds("{}/{}".format, st.integers(1, 9), st.integers(1, 9))
DELAYS = st.builds(
    Delays,
    st.dictionaries(st.floats(0, 60).map(Delays.rounded), st.integers(min_value=1, max_value=9), max_size=3),
)
EVIDENCE = st.builds(
    Evidence, COUNTS, COUNTS, st.frozensets(TEXTS, max_size=3), st.frozensets(TEXTS, max_size=2), DELAYS
)
CLAUSES = st.builds(
    ClauseVerdict,
    id=st.from_regex(r"[a-z]{1,6}(\.[A-Za-z0-9-]{1,6}){1,3}", fullmatch=True),
    level=st.sampled_from(["must", "should", "unspecified"]),
    operation=st.sampled_from(["token", "any", "create", "merge-patch"]),
    text=TEXTS,
    source=TEXTS,
    verdict=st.sampled_from(VERDICTS),
    reason=TEXTS,
    reason_code=st.none() | st.sampled_from(get_args(Reason)),
    reading=TEXTS,
    evidence=EVIDENCE,
    failures=st.lists(FAILURES, max_size=2).map(tuple),
)
FORMATS = {
    "badge.json",
    "conformance.html",
    "conformance.json",
    "conformance.sarif",
    "ctrf-report.json",
    "exchanges.har",
    "summary.md",
}
NUMBERED = st.dictionaries(TEXTS, COUNTS, max_size=3)
NAMES = st.lists(TEXTS, max_size=3, unique=True).map(tuple)
POINTS = st.builds(Points, NAMES, NAMES)
OFFSETS = st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))
"""Fixed, since a local time in the hour that a clock is put back equals no time of another zone."""
REPORTS = st.builds(
    Report,
    suite=st.builds(
        Suite, TEXTS, TEXTS, st.none() | st.integers(), st.dictionaries(TEXTS, TEXTS, max_size=2)
    ),
    target=st.builds(Target, TEXTS, TEXTS, st.sampled_from(["mock", "live"]), MAPPINGS),
    started_at=st.datetimes(timezones=OFFSETS, min_value=datetime(1970, 1, 2)),
    duration_s=st.floats(0, 1e6),
    requests=st.builds(Requests, COUNTS, NUMBERED, NUMBERED),
    data=st.builds(Data, COUNTS, COUNTS, COUNTS),
    clauses=st.lists(CLAUSES, max_size=4, unique_by=lambda clause: clause.id).map(tuple),
    coverage=st.dictionaries(st.sampled_from(list(KINDS)), POINTS),
    deviations=st.lists(DEVIATIONS, max_size=2).map(tuple),
    shard=st.just("") | SHARDS,
    missing=st.lists(SHARDS, max_size=2).map(tuple),
)


@given(REPORTS)
@settings(max_examples=100)
def test_what_is_written_reads_back_equal(tmp_path_factory: pytest.TempPathFactory, report: Report) -> None:
    folder = tmp_path_factory.mktemp("round-trip")
    assert read(write_json(report, folder)) == report


@given(REPORTS)
@settings(max_examples=30)
def test_any_report_makes_every_format(tmp_path_factory: pytest.TempPathFactory, report: Report) -> None:
    folder = tmp_path_factory.mktemp("formats")
    write(report, folder)
    names = {path.name for path in folder.iterdir()}
    assert names == FORMATS


def test_the_schema_is_a_schema_and_the_report_conforms_to_it(tmp_path: Path) -> None:
    schema = json.loads(PATH.read_text(encoding="utf-8"))
    assert jsonschema_rs.meta.is_valid(schema)
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    written = json.loads(write_json(sample_report(), tmp_path).read_text(encoding="utf-8"))
    validator.validate(written)
    assert not validator.is_valid(written | {"surprise": 1})
    del written["clauses"][0]["evidence"]["classes"]
    assert not validator.is_valid(written)


def test_the_schema_is_generated_from_the_models() -> None:
    assert PATH.read_text(encoding="utf-8") == schema_text(), "run python -m reporting.write_schema"


def test_the_summary_counts_the_clauses() -> None:
    report = sample_report()
    summary = document(report)["summary"]
    counted = sum(sum(summary[level].values()) for level in ("must", "should", "unspecified"))
    assert counted == len(report.clauses)
    assert summary["must"]["fail"] == len(report.select("fail", "must"))


@pytest.mark.parametrize("odd", [INVISIBLE, "[" * 5_000, "[" * 5_000 + "]" * 5_000])
def test_any_body_can_be_reported(tmp_path: Path, odd: str) -> None:
    failure = status_failure(500, 200, exchanges=({"request": {"body": odd}, "response": None},))
    clause = ClauseVerdict("a.b.c", "must", "get", "It is.", "published", "fail", failures=(failure,))
    report = Report(
        Suite("0", "gate"), Target("", "t", "mock"), datetime.now(UTC), 1.0, Requests(), Data(), (clause,)
    )
    write(report, tmp_path)
    assert read(tmp_path / "conformance.json") == report


DEEP: list[object] = []
for _ in range(100):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    "odd",
    [float("nan"), float("inf"), Decimal("9" * 5_000), (1, 2), {3: 4}, b"bytes", INVISIBLE, DEEP],
    ids=["nan", "infinity", "long-integer", "tuple", "number-as-name", "bytes", "invisible", "deep"],
)
def test_any_value_can_be_reported(tmp_path: Path, odd: object) -> None:
    failure = Failure.of(Mismatch(Kind.VALUE, expected=odd, actual=odd, path="$.mixins"))
    clause = ClauseVerdict("a.b.c", "must", "get", "It is.", "published", "fail", failures=(failure,))
    report = replace(sample_report([]), clauses=(clause,))
    write(report, tmp_path)
    assert read(tmp_path / "conformance.json") == report


@pytest.mark.parametrize("moment", ["os.fsync", "pathlib.Path.replace"])
def test_a_crash_while_writing_keeps_the_previous_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    write(sample_report(), tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(moment, crash)
    with pytest.raises(KeyboardInterrupt):
        write(sample_report([], left=0), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_folder_that_cannot_be_written_is_named_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    folder = tmp_path / "file" / "reports"
    with pytest.raises(ReportError) as rejected:
        write(sample_report(), folder)
    assert str(rejected.value).startswith(f"{folder}: the report conformance.json cannot be written here (")
    assert str(rejected.value).endswith("); choose another folder with --report-dir.")
    assert "\n" not in str(rejected.value)


def altered(**changes: object) -> str:
    return json.dumps(document(sample_report()) | changes)


TWICE = document(sample_report())["clauses"][:1] * 2


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (altered()[:5000], "is not complete JSON"),
        ("", "is not complete JSON"),
        ("[]", "is not a conformance report"),
        ('{"tests": 3}', "is not a conformance report"),
        (
            altered(schema_version="3.0"),
            "has schema version '3.0', this suite reads 1.0 and 1.1 and 2.0 and 2.1",
        ),
        (altered(schema_version=1), "has schema version 1, this suite reads 1.0 and 1.1 and 2.0 and 2.1"),
        (
            altered(data={"created": -1, "deleted": 0, "left": 0}),
            "data, created: input should be greater than or equal to 0",
        ),
        (altered(started_at="yesterday"), "started_at: input should be a valid datetime"),
        (altered(surprise=1), "surprise: is not a known key"),
        (altered(clauses=[TWICE[0] | {"id": "a b"}]), "clauses, entry 1, id: string should match pattern"),
        (altered(schema_version="1.1", clauses=3), "is no report of version 1"),
        (altered(clauses=TWICE), "has the clause token.request.client-credentials twice"),
    ],
    ids=range(12),
)
def test_a_foreign_file_is_rejected_with_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "conformance.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReportError) as rejected:
        read(path)
    assert re.match(rf"{re.escape(str(path))}[:,] {re.escape(sentence)}", str(rejected.value))
    assert "\n" not in str(rejected.value)


def test_binary_and_missing_files_are_rejected_with_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ReportError, match="is not complete JSON"):
        read(tmp_path / "binary")
    with pytest.raises(ReportError, match="cannot be read"):
        read(tmp_path / "absent.json")
