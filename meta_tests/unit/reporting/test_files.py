"""The report on disk: read back equal, as its schema says, whole or not there, refused with a sentence."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meta_tests.unit.reporting.test_samples import UNSEEN, invented
from reporting import (
    ClauseVerdict,
    Coverage,
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
from reporting.coverage import KINDS, Reached
from reporting.model.reader import SCHEMA
from reporting.model.report import VERDICTS

# Text as tenants send it, halves of surrogate pairs included.
TEXTS = st.text(st.characters(), max_size=12)
COUNTS = st.integers(0, 10**12)
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
MAPPINGS = st.dictionaries(TEXTS, VALUES, max_size=3)
EXCHANGES = st.fixed_dictionaries(
    {"number": st.integers(), "request": MAPPINGS, "response": MAPPINGS | st.none(), "elapsed_ms": COUNTS}
)
FAILURES = st.builds(
    Failure, TEXTS, TEXTS, TEXTS, st.lists(EXCHANGES, max_size=2).map(tuple), TEXTS, TEXTS, TEXTS, TEXTS
)
STATES = st.sampled_from(["accepted", "expired", "unneeded", "unasked"])
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
    reading=TEXTS,
    evidence=EVIDENCE,
    failures=st.lists(FAILURES, max_size=2).map(tuple),
)
FORMATS = {
    "badge.json",
    "conformance.html",
    "conformance.json",
    "conformance.sarif",
    "exchanges.har",
    "summary.md",
}
NUMBERED = st.dictionaries(TEXTS, COUNTS, max_size=3)
NAMES = st.lists(TEXTS, max_size=3, unique=True).map(tuple)
POINTS = st.builds(Reached, NAMES, NAMES)
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
    coverage=st.dictionaries(st.sampled_from(list(KINDS)), POINTS).map(Coverage),
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
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert jsonschema_rs.meta.is_valid(schema)
    document = json.loads(write_json(invented(), tmp_path).read_text(encoding="utf-8"))
    jsonschema_rs.Draft202012Validator(schema, validate_formats=True).validate(document)


def test_the_summary_counts_the_clauses() -> None:
    report = invented()
    summary = report.to_json()["summary"]
    counted = sum(sum(summary[level].values()) for level in ("must", "should", "unspecified"))
    assert counted == len(report.clauses)
    assert summary["must"]["fail"] == len(report.select("fail", "must"))


DEEP: list[object] = []
for _ in range(5_000):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    "odd",
    [
        float("nan"),
        float("inf"),
        (1, 2),
        {3: 4},
        b"bytes",
        UNSEEN,
        DEEP,
        "[" * 5_000,
        "[" * 5_000 + "]" * 5_000,
    ],
    ids=["nan", "infinity", "tuple", "number-as-name", "bytes", "unseen", "deep", "deep-broken", "deep-text"],
)
def test_a_body_without_a_json_form_never_costs_the_report(tmp_path: Path, odd: object) -> None:
    exchange = {"request": {"body": odd}, "response": None}
    failure = Failure("200", "500", exchanges=(exchange,))
    clause = ClauseVerdict("a.b.c", "must", "get", "It is.", "published", "fail", failures=(failure,))
    report = Report(
        Suite("0", "gate"), Target("", "t", "mock"), datetime.now(UTC), 1.0, Requests(), Data(), (clause,)
    )
    write(report, tmp_path)
    assert read(tmp_path / "conformance.json").clauses[0].id == "a.b.c"


@pytest.mark.parametrize("moment", ["os.fsync", "pathlib.Path.replace"])
def test_a_crash_in_mid_write_leaves_the_old_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    write(invented(), tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(moment, crash)
    with pytest.raises(KeyboardInterrupt):
        write(invented([], left=0), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_folder_that_cannot_be_written_is_named_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    folder = tmp_path / "file" / "reports"
    with pytest.raises(ReportError) as refused:
        write(invented(), folder)
    assert str(refused.value).startswith(f"{folder}: the report conformance.json cannot be written here (")
    assert str(refused.value).endswith("); choose another folder with --report-dir.")
    assert "\n" not in str(refused.value)


def altered(**changes: object) -> str:
    return json.dumps(invented().to_json() | changes)


TWICE = [invented().clauses[0].to_json()] * 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (altered()[:5000], "is not whole JSON"),
        ("", "is not whole JSON"),
        ("[]", "is no conformance report"),
        ('{"tests": 3}', "is no conformance report"),
        (altered(schema_version="2.0"), "has schema version '2.0', this suite reads 1.0 and 1.1"),
        (altered(schema_version=1), "has schema version 1, this suite reads 1.0 and 1.1"),
        (altered(data={"created": -1, "deleted": 0, "left": 0}), "data/created breaks the report's schema"),
        (altered(started_at="yesterday"), "started_at breaks the report's schema"),
        (altered(surprise=1), "the report breaks the report's schema"),
        (altered(clauses=[TWICE[0] | {"id": "a b"}]), "clauses/0/id breaks the report's schema"),
        (altered(clauses=TWICE), "holds the clause token.request.client-credentials twice"),
    ],
    ids=range(11),
)
def test_a_foreign_file_is_refused_with_one_sentence(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "conformance.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReportError) as refused:
        read(path)
    assert str(refused.value).startswith(f"{path}: {says}")
    assert "\n" not in str(refused.value)


def test_binary_and_absent_files_are_refused_with_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ReportError, match="is not whole JSON"):
        read(tmp_path / "binary")
    with pytest.raises(ReportError, match="cannot be read"):
        read(tmp_path / "absent.json")
