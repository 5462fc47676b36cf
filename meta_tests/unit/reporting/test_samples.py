"""A sample report over the whole catalogue, with hostile text in its failures."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reporting import (
    Data,
    Delays,
    Evidence,
    Failure,
    Finding,
    Report,
    Requests,
    Suite,
    Target,
    aggregate,
    read,
    write,
)
from reporting.model.exchange import Exchange, Request, Response
from reporting.model.report import VERDICTS
from spec import ABSENT, Kind, Mismatch, Rule, clauses, status_mismatch

MARKUP = "</pre><script>alert('owned')</script><img src=x onerror=alert(1)> & \"quotes\" {{ 7*7 }}"
UNBROKEN = "Ünbrøken" * 200
INVISIBLE = "a\u202eb\u200bc\x1b[31mred\x1b[0m\x00 d\ud800e"
UNICODE = "e\u0301 (combining), 𝒵𝓸ë 👩‍👩‍👧‍👦, שלום, 顧客番号, ﷽"
API = "http://127.0.0.1:40123/customer/mockone/customers"


def exchange(
    number: int, method: str, status: int | None, sent: object = None, returned: object = None
) -> Exchange:
    """One redacted exchange; without a status no response was received."""
    headers = (("Content-Type", "application/json"),)
    return Exchange(
        number=number,
        operation={"POST": "create", "GET": "get", "PATCH": "patch", "DELETE": "delete"}[method],
        identity="client",
        request=Request(
            method=method,
            url=API if method == "POST" else f"{API}/cct-k3f9a-{number}?expand=mixin:*",
            headers=(("Authorization", "Bearer [redacted]"), *headers),
            body=text_of(sent),
        ),
        response=None if status is None else Response(status, headers, text_of(returned)),
        elapsed_ms=12.5 * number,
    )


def text_of(body: object) -> str | None:
    return body if isinstance(body, str | None) else json.dumps(body)


def status_failure(actual: int, *expected: int, about: str = "", **details: Any) -> Failure:
    """The failure that a response with another status is."""
    return Failure.of(status_mismatch(actual, *expected, about=about), **details)


def value_failure(path: str, expected: object, actual: object, **details: Any) -> Failure:
    """The failure that another value at the path is."""
    return Failure.of(Mismatch(Kind.VALUE, expected=expected, actual=actual, path=path), **details)


def rule_failure(expected: str, actual: str, **details: Any) -> Failure:
    """A failure in words."""
    return Failure.of(Mismatch(Kind.ASSERTION, expected=Rule(expected), actual=Rule(actual)), **details)


def failures() -> dict[str, tuple[Failure, ...]]:
    """Failures by clause id."""
    replay = (
        "pytest 'tests/writes/test_create.py::test_id_is_refused_beyond_its_length' --hypothesis-seed=4711"
    )
    sent = {"id": "a" * 67, "firstName": MARKUP, "contactEmail": "cct-k3f9a-17@example.com"}
    long = status_failure(
        201,
        400,
        about="an id of 67 characters",
        exchanges=(
            exchange(1, "POST", 201, sent, {"id": "a" * 67}),
            exchange(2, "GET", 200, None, {"id": "a" * 67, "firstName": MARKUP, "customerNumber": "10001"}),
        ),
        decisive=0,
        replay=replay,
        test="tests/writes/test_create.py::test_id_is_refused_beyond_its_length",
        example=f"test_id_is_refused_beyond_its_length(\n    body={sent!r},\n)",
    )
    lost = value_failure(
        "$.firstName",
        UNICODE,
        INVISIBLE,
        exchanges=(
            exchange(1, "POST", 201, {"firstName": UNICODE}, {"id": "cct-k3f9a-2"}),
            exchange(2, "PATCH", 200, f'{{"lastName": "{INVISIBLE}"}}'),
            exchange(3, "GET", 200, None, f'{{"firstName": "{INVISIBLE}", "lastName": "{INVISIBLE}"}}'),
        ),
        replay=replay,
    )
    wide = rule_failure(UNBROKEN, f"500 {UNBROKEN}", exchanges=(exchange(1, "DELETE", 500, None, UNBROKEN),))
    found = status_failure(200, 404, exchanges=(exchange(1, "DELETE", 202), exchange(2, "GET", None)))
    return {
        "create.id.max-length": (long, rule_failure("400", f"201 {MARKUP}", replay=replay)),
        "patch.firstName.round-trip": (lost,),
        "patch.robust.no-5xx": (wide,),
        "delete.gone.get": (found,),
        "errors.body.no-internals": (rule_failure("no stack trace", MARKUP, replay="pytest `x` ```y```"),),
        "errors.404.details": (value_failure("$.details", Rule("details"), ABSENT),),
    }


def findings() -> list[Finding]:
    """One finding or two for nearly every clause of the catalogue."""
    broken = {clause_id: found for clause_id, found in failures().items() if clause_id in clauses()}
    found = [
        Finding(clause_id, "tests/test_x.py::test_x", "fail", evidence=Evidence(7, 21), failure=failure)
        for clause_id, ways in broken.items()
        for failure in ways
    ]
    for number, clause in enumerate(clauses().values()):
        if clause.id in broken or clause.untestable:
            continue
        evidence = Evidence(20 + number % 7, 40 + number, frozenset({"length 66", "length 67", MARKUP}))
        if clause.operation in ("list", "search"):
            evidence += Evidence(delays=Delays({0.0: 12, 0.12: 3, 1.8: 1}))
        test = f"tests/test_{clause.operation}.py::test_{number}"
        if clause.level == "unspecified":
            found.append(Finding(clause.id, test, "observed", reading="ignores it, 200", evidence=evidence))
        elif "other-tenant" in clause.id:
            found.append(
                Finding(
                    clause.id,
                    test,
                    "skipped",
                    reason="EMPORIX_OTHER_TENANT is not set",
                    reason_code="second-tenant",
                )
            )
        elif number % 83 == 0:
            found.append(
                Finding(
                    clause.id,
                    test,
                    "error",
                    reason="no response within 10 s, three times",
                    reason_code="network",
                )
            )
        elif number % 97 != 0:
            found.append(Finding(clause.id, test, "pass", evidence=evidence))
    return found


def sample_report(found: list[Finding] | None = None, *, left: int = 3) -> Report:
    """A report of these findings, or of those above."""
    return Report(
        suite=Suite("0.1.0", "gate", 4711),
        target=Target(
            "http://127.0.0.1:40123",
            "mockone",
            "mock",
            {
                "tenant": {"restrictions": ["DE", "AT", "CH"], "recreate_deleted": False},
                "consistency": {"read": 0.0, "index": 2.0},
            },
        ),
        started_at=datetime(2026, 11, 23, 16, 20, tzinfo=UTC),
        duration_s=41.7,
        requests=Requests(
            2413, {"create": 911, "get": 702, "patch": 800}, {"200": 1402, "201": 911, "400": 100}
        ),
        data=Data(911, 911 - left, left, left, ("2026-11-26T21:20:03Z",) * left, left),
        clauses=aggregate(clauses(), findings() if found is None else found),
        delays={"read": Delays({0.0: 640}), "index": Delays({0.0: 80, 0.12: 9, 0.31: 7, 1.8: 1})},
    )


def test_the_sample_report_has_every_verdict(tmp_path: Path) -> None:
    report = sample_report()
    assert {clause.verdict for clause in report.clauses} == set(VERDICTS) - {"known"}
    assert len(report.clauses) == len(clauses())
    write(report, tmp_path)
    assert read(tmp_path / "conformance.json") == report
