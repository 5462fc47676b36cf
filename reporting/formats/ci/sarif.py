"""The failing clauses as conformance.sarif (SARIF 2.1.0), for code-scanning views."""

import hashlib
from typing import Any, Final

from reporting.formats.ci import source_locations
from reporting.model.findings import Failure
from reporting.model.report import ClauseVerdict, Report
from reporting.text import escape_invisible, truncate
from spec.clauses import Level

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
TEXT_SHOWN: Final = 1_000
_LEVELS: Final[dict[Level, str]] = {"must": "error", "should": "warning", "unspecified": "note"}


def sarif(report: Report) -> dict[str, Any]:
    """One run with a rule for each failing clause and a result for each way in which it fails.

    A result points at the clause in the catalogue, and at the test beside it. An accepted one is suppressed.
    """
    failing = [clause for clause in report.clauses if clause.verdict in ("fail", "known")]
    driver = {
        "name": "customer-contract-suite",
        "version": report.suite.version,
        "rules": [_rule(clause) for clause in failing],
    }
    results = [
        _result(clause, number, failure)
        for number, clause in enumerate(failing)
        for failure in clause.failures
        or (Failure(clause.text, "something else", signature="something else"),)
    ]
    run = {
        "tool": {"driver": driver},
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The root of the suite."}}},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(clause: ClauseVerdict) -> dict[str, Any]:
    return {
        "id": clause.id,
        "shortDescription": {"text": escape_invisible(clause.text)},
        "fullDescription": {
            "text": escape_invisible(f"{clause.text} ({clause.level.upper()}; {clause.source})")
        },
        "defaultConfiguration": {"level": _LEVELS[clause.level]},
        "properties": {"tags": [clause.operation, clause.level]},
    }


def _result(clause: ClauseVerdict, rule: int, failure: Failure) -> dict[str, Any]:
    fingerprint = hashlib.sha256(
        f"{clause.id} {failure.signature}".encode("utf-8", "surrogatepass")
    ).hexdigest()
    lines = [
        clause.text,
        f"Expected: {failure.expected}",
        f"Actual: {failure.actual}",
        f"Replay: {failure.replay}",
    ]
    result: dict[str, Any] = {
        "ruleId": clause.id,
        "ruleIndex": rule,
        "level": _LEVELS[clause.level],
        "message": {"text": "\n".join(truncate(escape_invisible(line), TEXT_SHOWN) for line in lines)},
        "locations": [_location(source_locations.of_clause(clause.id))],
        "partialFingerprints": {"clauseAndSignature/v1": fingerprint},
    }
    if test := source_locations.of_test(failure.test):
        result["relatedLocations"] = [
            {**_location(test), "id": 1, "message": {"text": "The test that failed."}}
        ]
    if failure.accepted:
        result["suppressions"] = [{"kind": "external", "justification": escape_invisible(failure.accepted)}]
    return result


def _location(location: source_locations.Location) -> dict[str, Any]:
    file, line = location
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": file, "uriBaseId": "SRCROOT"},
            "region": {"startLine": line},
        }
    }
