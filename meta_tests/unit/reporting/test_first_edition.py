"""Reports of the first edition (schema 1.x) are converted when they are read."""

import json
from pathlib import Path

from reporting import Delays, read, write_json

FIRST_EDITION = {
    "schema_version": "1.1",
    "suite": {"version": "0.1.0", "profile": "gate", "seed": None, "versions": {"python": "3.11.9"}},
    "target": {"api_url": "http://127.0.0.1:1", "tenant": "mockone", "kind": "mock", "config": {}},
    "started_at": "2026-11-23T16:20:00+00:00",
    "duration_s": 41.7,
    "requests": {"total": 3, "by_operation": {"get": 3}, "by_status": {"200": 3}},
    "data": {"created": 1, "deleted": 1, "left": 0},
    "delays": {"read": {"count": 1, "late": 0, "median": 0.0, "p95": 0.0, "max": 0.0, "seen": [[0.0, 1]]}},
    "clauses": [
        {
            "id": clause_id,
            "level": level,
            "operation": "get",
            "text": "It is.",
            "source": "published",
            "verdict": verdict,
            "reason": reason,
            "reading": "",
            "evidence": {"examples": 1, "requests": 1, "classes": ["a"]},
            "failures": failures,
        }
        for clause_id, level, verdict, reason, failures in (
            ("get.a", "open", "observed", "", []),
            ("get.b", "must", "not_assessed", "Untestable: it burdens others", []),
            ("get.c", "must", "not_assessed", "No test of this run asks about it", []),
            (
                "get.d",
                "must",
                "fail",
                "",
                [
                    {
                        "expected": "404",
                        "actual": '200 {"id": "x"}',
                        "detail": "$.id",
                        "exchanges": [
                            {
                                "number": 1,
                                "operation": "get",
                                "identity": "client",
                                "request": {
                                    "method": "GET",
                                    "url": "/x",
                                    "headers": [["A", "b"]],
                                    "body": None,
                                },
                                "response": {"status": 200, "headers": [], "body": '{"id": "x"}'},
                                "elapsed_ms": 1.5,
                                "curl": "curl /x",
                            }
                        ],
                        "replay": "pytest",
                        "test": "test_x",
                        "example": "",
                        "signature": "$.id: 200 instead of 404",
                        "accepted": "",
                    }
                ],
            ),
        )
    ],
    "coverage": {"statuses": {"reached": ["get 200"], "missed": ["get 404"]}},
    "deviations": [
        {
            "clause": "get.d",
            "reason": "We know.",
            "expires": "2027-01-01",
            "issue": "",
            "signature": "",
            "state": "unasked",
        }
    ],
    "summary": {"sentence": "…", "must": {}, "should": {}, "open": {}},
}


def test_a_report_of_the_first_edition_is_converted(tmp_path: Path) -> None:
    path = tmp_path / "conformance.json"
    path.write_text(json.dumps(FIRST_EDITION), encoding="utf-8")
    report = read(path)
    unspecified, untestable, not_selected, failing = report.clauses
    assert (unspecified.level, unspecified.reason_code) == ("unspecified", None)
    assert (untestable.reason, untestable.untestable) == ("it burdens others", True)
    assert not_selected.reason_code == "not-selected"
    (failure,) = failing.failures
    assert (failure.actual, failure.signature, failure.mismatch) == (
        '200 {"id": "x"}',
        "$.id: 200 instead of 404",
        None,
    )
    assert failure.exchanges[0].response_json == {"id": "x"}
    assert [each.state for each in report.deviations] == ["not_assessed"]
    assert report.delays == {"read": Delays({0.0: 1})}
    assert read(write_json(report, tmp_path)) == report
    oldest = {
        key: value for key, value in FIRST_EDITION.items() if key not in ("coverage", "delays", "deviations")
    }
    path.write_text(json.dumps(oldest | {"schema_version": "1.0"}), encoding="utf-8")
    assert len(read(path).clauses) == 4
