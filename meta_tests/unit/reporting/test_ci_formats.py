"""The formats for CI systems: GitHub, SARIF, badge, HAR and JUnit, of passing and of failing runs."""

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import xmlschema

from meta_tests.support.project_runs import ROOT, environment, run_suite
from meta_tests.unit.reporting.test_samples import rule_failure, sample_report
from reporting import Failure, Finding, Report, aggregate
from reporting.formats.ci.badge import badge
from reporting.formats.ci.ctrf import STATUSES, ctrf
from reporting.formats.ci.github import SHOWN, SUMMARY_BYTES, annotations, summarise
from reporting.formats.ci.sarif import sarif
from reporting.formats.har import har
from spec import clauses

GITHUB = {"GITHUB_ACTIONS": "true"}
HOSTILE = rule_failure(
    "400", "201 %0A::error::owned\r\n::add-mask::x, y: z", test="tests/reads/test_get.py::test_nothing"
)


def failing_report(number: int, failure: Failure = HOSTILE) -> Report:
    names = [clause.id for clause in clauses().values() if clause.level == "must" and not clause.untestable]
    found = [Finding(name, "test", "fail", failure=failure) for name in names[:number]]
    return replace(sample_report([]), clauses=aggregate(clauses(), found))


def test_annotations_are_limited_and_escape_the_text_of_a_tenant() -> None:
    lines = list(annotations(failing_report(40), GITHUB))
    assert len(lines) == SHOWN
    for line in lines:
        assert re.match(r"::error (?:file=tests/reads/test_get\.py,line=\d+,)?title=[^:]+::", line)
        assert "\n" not in line
        assert "\r" not in line
        assert len(line) < 6_000
    assert "%250A%3A" not in lines[0].split("::")[-1]
    assert "201 %250A::error::owned" in lines[0]
    assert "and 31 more" in lines[-1]
    assert list(annotations(failing_report(3), {})) == []


def test_a_should_clause_is_a_warning() -> None:
    name = next(clause.id for clause in clauses().values() if clause.level == "should")
    report = replace(
        sample_report([]), clauses=aggregate(clauses(), [Finding(name, "t", "fail", failure=HOSTILE)])
    )
    assert [line.partition(" ")[0] for line in annotations(report, GITHUB)] == ["::warning"]


def test_the_job_summary_is_appended_and_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n", encoding="utf-8")
    assert summarise(sample_report(), {"GITHUB_STEP_SUMMARY": str(page)}) == ""
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n## Not conformant")
    monkeypatch.setattr("reporting.formats.ci.github.summary", lambda _: "é" * SUMMARY_BYTES)
    summarise(sample_report(), {"GITHUB_STEP_SUMMARY": str(tmp_path / "long.md")})
    assert (tmp_path / "long.md").stat().st_size <= SUMMARY_BYTES + 1
    assert "cannot be written" in summarise(
        sample_report(), {"GITHUB_STEP_SUMMARY": str(tmp_path / "no" / "page")}
    )
    assert summarise(sample_report(), {}) == ""


def test_ctrf_has_an_entry_for_each_clause_and_agrees_with_the_exit_code() -> None:
    report = sample_report()
    document = ctrf(report)
    schema = json.loads((ROOT / "meta_tests" / "ctrf.schema.json").read_text(encoding="utf-8"))
    jsonschema_rs.validator_for(schema).validate(document)
    entries = {entry["name"]: entry for entry in document["results"]["tests"]}
    assert list(entries) == [clause.id for clause in report.clauses]
    failed = {name for name, entry in entries.items() if entry["status"] == "failed"}
    assert failed == {clause.id for clause in report.select("fail", "must")}
    summary = document["results"]["summary"]
    assert sum(summary[status] for status in STATUSES) == summary["tests"] == len(entries)
    assert summary["failed"] == len(failed) > 0
    assert summary["stop"] - summary["start"] == summary["duration"] == report.duration_s * 1000
    for clause in report.clauses:
        assert entries[clause.id]["rawStatus"] == clause.verdict
        assert (entries[clause.id]["status"] == "passed") == (clause.verdict == "pass")
    entry = entries["create.id.max-length"]
    assert entry["message"].startswith("expected 400, actual 201")
    assert (
        entry["trace"].splitlines()[0].startswith("1. POST http://127.0.0.1:40123/customer/mockone/customers")
    )
    assert "replay: pytest 'tests/writes/test_create.py::test_id_" in entry["trace"]
    assert not set(json.dumps(document, ensure_ascii=False)) & set("\x1b\x00\u202e\u200b\ud800")


def test_ctrf_names_the_trace_and_the_test() -> None:
    failure = replace(HOSTILE, trace_id="ab" * 16)
    entry = next(
        each for each in ctrf(failing_report(1, failure))["results"]["tests"] if each["status"] == "failed"
    )
    assert entry["labels"] == {"traceId": "ab" * 16}
    assert entry["filePath"] == "tests/reads/test_get.py"


def test_sarif_points_into_the_files_of_the_project() -> None:
    report = sample_report()
    document = sarif(report)
    run = document["runs"][0]
    assert document["version"] == "2.1.0"
    assert {rule["id"] for rule in run["tool"]["driver"]["rules"]} == {each.id for each in report.failing()}
    lines = (ROOT / "spec" / "clauses.yaml").read_text(encoding="utf-8").splitlines()
    for result in run["results"]:
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"] == {"uri": "spec/clauses.yaml", "uriBaseId": "SRCROOT"}
        assert result["ruleId"] in lines[place["region"]["startLine"] - 1]
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning")
    prints = [result["partialFingerprints"]["clauseAndSignature/v1"] for result in run["results"]]
    assert len(set(prints)) == len({(c.id, f.signature) for c in report.failing() for f in c.failures})
    assert sarif(sample_report([]))["runs"][0]["results"] == []


def test_sarif_has_a_fingerprint_for_a_signature_with_half_of_a_surrogate_pair() -> None:
    signatures = ("value \ud800", "value \ud801")
    documents = [sarif(failing_report(1, replace(HOSTILE, signature=each))) for each in signatures]
    fingerprints = {
        result["partialFingerprints"]["clauseAndSignature/v1"]
        for document in documents
        for result in document["runs"][0]["results"]
    }
    assert len(fingerprints) == 2


def test_sarif_suppresses_accepted_failures() -> None:
    accepted = (replace(HOSTILE, accepted="We know, until 2027-01-01"),)
    known = failing_report(1)
    known = replace(
        known,
        clauses=tuple(
            replace(c, verdict="known", failures=accepted) if c.failures else c for c in known.clauses
        ),
    )
    (result,) = sarif(known)["runs"][0]["results"]
    assert result["suppressions"] == [{"kind": "external", "justification": "We know, until 2027-01-01"}]


@pytest.mark.parametrize(
    ("report", "message", "colour"),
    [
        (failing_report(2), r"2 of \d+ fail", "red"),
        (sample_report([]), "not assessed", "lightgrey"),
        (
            replace(
                sample_report(),
                clauses=tuple(
                    c for c in sample_report().clauses if c.level == "must" and c.verdict == "pass"
                ),
            ),
            r"all \d+ hold",
            "brightgreen",
        ),
        (
            replace(
                sample_report(), clauses=tuple(c for c in sample_report().clauses if c.verdict != "fail")
            ),
            r"\d+ of \d+ hold",
            "yellowgreen",
        ),
    ],
)
def test_the_badge(report: Report, message: str, colour: str) -> None:
    shown = badge(report)
    assert (shown["schemaVersion"], shown["label"], shown["color"]) == (1, "customer contract", colour)
    assert re.fullmatch(message, str(shown["message"]))


def test_the_archive_holds_every_exchange_of_a_failure_and_nothing_else() -> None:
    report = sample_report()
    log = har(report)["log"]
    failures = [failure for clause in report.clauses for failure in clause.failures]
    assert len(log["pages"]) == len(failures)
    assert len(log["entries"]) == sum(len(failure.exchanges) for failure in failures)
    for entry in log["entries"]:
        assert set(entry) == {"pageref", "startedDateTime", "time", "request", "response", "cache", "timings"}
        assert {
            "method",
            "url",
            "httpVersion",
            "cookies",
            "headers",
            "queryString",
            "headersSize",
            "bodySize",
        } <= set(entry["request"])
        assert {"status", "statusText", "content", "redirectURL"} <= set(entry["response"])
    assert har(sample_report([]))["log"]["entries"] == []


JUNIT = xmlschema.XMLSchema(ROOT / "meta_tests" / "junit.xsd")


@pytest.fixture(scope="module", params=["green", "red"])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A run under GitHub against a conforming tenant, or against one with a defect."""
    folder = tmp_path_factory.mktemp(request.param)
    planted = ["--mock-defect=create-accepts-ids-of-67"] if request.param == "red" else []
    environ = environment(GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(folder / "page.md"))
    made = run_suite(
        folder / "reports",
        "tests/writes/test_bodies.py",
        "--clause=create.id.max-length",
        *planted,
        environ=environ,
    )
    assert made.code == (1 if planted else 0), made.output
    return made


def test_a_run_writes_every_format(run: Any) -> None:
    names = {path.name for path in run.folder.iterdir()}
    assert {
        "conformance.sarif",
        "badge.json",
        "ctrf-report.json",
        "exchanges.har",
        "junit.xml",
        "summary.md",
    } <= names
    failing = run.code == 1
    document = json.loads((run.folder / "conformance.sarif").read_text(encoding="utf-8"))
    assert [result["ruleId"] for result in document["runs"][0]["results"]] == [
        "create.id.max-length"
    ] * failing
    assert (
        bool(json.loads((run.folder / "exchanges.har").read_text(encoding="utf-8"))["log"]["entries"])
        == failing
    )
    commands = [line for line in run.output.splitlines() if line.startswith("::")]
    assert len(commands) == failing
    assert all(line.startswith("::error file=tests/writes/test_bodies.py,line=") for line in commands)
    page = (run.folder.parent / "page.md").read_text(encoding="utf-8")
    assert page.rstrip() == (run.folder / "summary.md").read_text(encoding="utf-8").rstrip()


def test_junit_is_valid(run: Any) -> None:
    path = run.folder / "junit.xml"
    JUNIT.validate(path)
    suite = ET.parse(path).getroot()[0]  # noqa: S314 - written by this run
    assert int(suite.get("failures") or 0) == run.code
    assert suite.get("name") == "customer contract"


def test_the_schema_of_junit_rejects_an_invalid_file(tmp_path: Path) -> None:
    path = tmp_path / "junit.xml"
    path.write_text('<testsuites><testsuite name="x" tests="many"/></testsuites>', encoding="utf-8")
    assert not JUNIT.is_valid(path)
