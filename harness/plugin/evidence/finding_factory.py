"""From the record of a test to its findings."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from client import Exchange
from harness.checks.evidence import Failed, Obstacle, Record
from reporting import Evidence, Failure, Finding, Reason
from spec import clause as catalogue_entry

MAX_EXCHANGES = 12
"""The last exchanges of an example that a failure shows."""

REPEATED = "An earlier test has failed in the same way."


@dataclass(frozen=True)
class FindingFactory:
    """Makes the findings of a test from its record.

    `redacted` removes the secrets of the run from a text, `replay` is the command that repeats a test.
    """

    redacted: Callable[[str], str]
    replay: Callable[[str], str]

    def findings(self, record: Record, error: str = "") -> Iterator[Finding]:
        """What the test has found of each clause; `error` is the sentence of an error of the suite or the network."""
        failures = self.failures(record)
        for clause_id, failure in failures.items():
            evidence = self._evidence(record, clause_id)
            yield Finding(
                clause_id,
                record.test,
                "fail",
                evidence=evidence,
                failure=failure,
                in_precondition=clause_id not in record.declared,
            )
        for clause_id, signature in record.repeats.items():
            yield Finding(clause_id, record.test, "not_assessed", REPEATED, "blocked", repeats=signature)
        for clause_id, at_least in record.declared.items():
            if clause_id not in failures and clause_id not in record.repeats:
                yield self._verdict(record, clause_id, at_least, error)

    def failures(self, record: Record) -> Mapping[str, Failure]:
        """The failures of the test by clause."""
        return {name: self._failure(record, failed) for name, failed in record.failed.items()}

    def _failure(self, record: Record, failed: Failed) -> Failure:
        shown = failed.exchanges[-MAX_EXCHANGES:]
        return Failure.of(
            failed.mismatch,
            exchanges=tuple(map(exchange_data, shown)),
            trace_id=next((each.trace_id for each in reversed(shown)), ""),
            decisive=next((i for i, each in enumerate(shown) if each is failed.mismatch.exchange), None),
            replay=self.replay(record.test) if record.declared else "",
            test=record.test,
            example=self.redacted(failed.program),
            redacted=self.redacted,
        )

    def _evidence(self, record: Record, clause_id: str) -> Evidence:
        total = record.total
        reached = clause_id in record.declared and (clause_id in total.passed or clause_id in total.failed)
        passed = total.passed[clause_id]
        evidence = Evidence(
            examples=passed, requests=passed, classes=frozenset(total.classes.get(clause_id, ()))
        )
        return evidence + Evidence(delays=total.delays) if reached else evidence

    def _verdict(self, record: Record, clause_id: str, at_least: int, error: str) -> Finding:
        evidence = self._evidence(record, clause_id)
        finding = partial(Finding, clause_id, record.test, evidence=evidence)
        if missing := record.unmet.get(clause_id):
            return finding("skipped", reason=missing.sentence, reason_code=missing.reason)
        if error:
            code: Reason = "network" if record.transient_errors else "other"
            return finding("error", reason=error, reason_code=code)
        if clause_id not in record.blocked_by and evidence.examples >= at_least:
            if catalogue_entry(clause_id).level == "unspecified":
                reading = self.redacted("; ".join(record.total.readings[clause_id]))
                return finding("observed", reading=reading)
            return finding("pass")
        obstacle = self._obstacle(record, clause_id, evidence.examples, at_least)
        if obstacle is None:
            return finding("not_assessed")
        return finding("not_assessed", reason=obstacle.sentence, reason_code=obstacle.reason)

    def _obstacle(self, record: Record, clause_id: str, passed: int, at_least: int) -> Obstacle | None:
        """Why the test has not checked the clause often enough; None for a case in which it does not check it."""
        failed = sorted({*record.failed, *record.repeats})
        failed = [record.blocked_by[clause_id]] if clause_id in record.blocked_by else failed
        if record.skipped is not None and clause_id not in record.blocked_by:
            return record.skipped
        if failed:
            names = " and ".join(failed[:3])
            return Obstacle(f"The test ended before its check, because {names} failed.", "blocked")
        if record.transient_errors:
            sentence = f"The network or a gateway failed: {record.transient_errors[-1]}"
            return Obstacle(sentence, "network")
        if not passed:
            return None
        sentence = f"It passed {passed} checks; a verdict needs at least {at_least}."
        return Obstacle(sentence, "too-few-examples")


def exchange_data(exchange: Exchange) -> dict[str, Any]:
    """An exchange for the report, redacted."""
    shown = exchange.as_json()
    return {
        "number": shown["number"],
        "operation": shown["operation"],
        "identity": shown["identity"],
        "request": {
            "method": shown["method"],
            "url": shown["url"],
            "headers": shown["request_headers"],
            "body": shown["request_body"],
        },
        "response": {
            "status": shown["status"],
            "headers": shown["response_headers"],
            "body": shown["response_body"],
        },
        "elapsed_ms": round(shown["elapsed"] * 1000, 1),
        "curl": exchange.as_curl(),
    }
