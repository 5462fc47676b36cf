"""The verdicts as ctrf-report.json (Common Test Report Format), for tools that compare and publish test results.

An entry is a clause, not a test of pytest: its name is stable, and its status agrees with the exit code. junit.xml has
the tests.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from reporting.formats.ci import source_locations
from reporting.formats.failures import exchange_lines
from reporting.model.findings import Failure
from reporting.model.report import ClauseVerdict, Report, Verdict
from reporting.text import escape_invisible, truncate

SPECIFICATION: Final = "0.0.0"
TEXT_SHOWN: Final = 4_000
STATUSES: Final = ("passed", "failed", "skipped", "pending", "other")
_STATUS: Final[Mapping[Verdict, str]] = {
    "pass": "passed",
    "fail": "failed",
    "known": "skipped",
    "skipped": "skipped",
    "not_assessed": "pending",
    "observed": "other",
    "error": "other",
}


def ctrf(report: Report) -> dict[str, Any]:
    """A document with an entry for each clause; times are those of the run, since a clause has none of its own."""
    entries = [_entry(clause) for clause in report.clauses]
    counts = Counter(entry["status"] for entry in entries)
    start = round(report.started_at.timestamp() * 1000)
    duration = round(report.duration_s * 1000)
    times = {"start": start, "stop": start + duration, "duration": duration}
    return {
        "reportFormat": "CTRF",
        "specVersion": SPECIFICATION,
        "generatedBy": "customer-contract-suite",
        "timestamp": report.started_at.isoformat(timespec="seconds"),
        "results": {
            "tool": {"name": "customer-contract-suite", "version": report.suite.version},
            "summary": {"tests": len(entries), **{each: counts[each] for each in STATUSES}, **times},
            "tests": entries,
            "environment": {
                "appName": report.target.tenant,
                "testEnvironment": report.target.kind,
                "extra": {"apiUrl": report.target.api_url, "profile": report.suite.profile},
            },
        },
    }


def _entry(clause: ClauseVerdict) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "name": clause.id,
        "testId": clause.id,
        "status": "other"
        if clause.verdict == "fail" and clause.level == "should"
        else _STATUS[clause.verdict],
        "rawStatus": clause.verdict,
        "duration": 0,
        "suite": [clause.operation],
        "tags": [clause.level, clause.operation],
        "extra": {"promise": clause.text, "examples": clause.evidence.examples},
    }
    if message := _message(clause):
        entry["message"] = _shown(message)
    if clause.failures:
        entry |= _failure(clause.failures[0])
    return entry


def _message(clause: ClauseVerdict) -> str:
    """Expected and actual of each failure, or else why the clause was not assessed, or its reading."""
    failures = [
        f"expected {each.expected}, actual {each.actual}" + (f"; {each.accepted}" if each.accepted else "")
        for each in clause.failures
    ]
    return "\n".join(failures) or clause.reason or clause.reading


def _failure(failure: Failure) -> dict[str, Any]:
    lines = exchange_lines(failure.exchanges)
    lines += [f"replay: {failure.replay}"] if failure.replay else []
    found: dict[str, Any] = {"trace": "\n".join(map(_shown, lines))}
    if failure.trace_id:
        found["labels"] = {"traceId": failure.trace_id}
    if location := source_locations.of_test(failure.test):
        found["filePath"], found["line"] = location
    return found


def _shown(text: str) -> str:
    return truncate(escape_invisible(text), TEXT_SHOWN)
