"""From the record of a test to its findings, which are stored, and to the outcome that pytest reports."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from client import Exchange
from harness.checks.evidence import Checks, Failed, Obstacle, Record
from reporting import Delays, Evidence, Failure, Finding, Reason
from spec import clauses

MAX_EXCHANGES = 12
"""The last exchanges of an example that a failure shows."""

WITH_RESULT = frozenset({"pass", "fail", "observed"})
"""The outcomes of a clause that a test has checked."""
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
            yield Finding(
                clause_id,
                record.test,
                "fail",
                evidence=self._evidence(record, clause_id),
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
        total, checks = record.total, record.total.checks.get(clause_id, Checks())
        reached = clause_id in record.declared and (clause_id in total.checks or clause_id in total.failed)
        return Evidence(
            examples=checks.examples,
            requests=checks.requests,
            classes=frozenset(checks.classes),
            delays=total.delays if reached else Delays(),
        )

    def _verdict(self, record: Record, clause_id: str, at_least: int, error: str) -> Finding:
        evidence = self._evidence(record, clause_id)
        finding = partial(Finding, clause_id, record.test, evidence=evidence)
        if missing := record.unmet.get(clause_id):
            return finding("skipped", reason=missing.sentence, reason_code=missing.reason)
        if error:
            code: Reason = "network" if record.transient_errors else "other"
            return finding("error", reason=error, reason_code=code)
        checks = record.total.checks.get(clause_id, Checks())
        if clause_id not in record.blocked_by and checks.passed >= at_least:
            if clauses()[clause_id].level == "unspecified":
                reading = self.redacted("; ".join(checks.readings))
                return finding("observed", reading=reading)
            return finding("pass")
        obstacle = self._obstacle(record, clause_id, checks.passed, at_least)
        return finding("not_assessed", reason=obstacle.sentence, reason_code=obstacle.reason)

    def _obstacle(self, record: Record, clause_id: str, passed: int, at_least: int) -> Obstacle:
        """Why the test has not checked the clause often enough; no sentence for a case that does not check it."""
        cause = record.blocked_by.get(clause_id)
        if record.skipped is not None and cause is None:
            return record.skipped
        if failed := [cause] if cause else sorted({*record.failed, *record.repeats}):
            names = " and ".join(failed[:3])
            return Obstacle(f"The test ended before its check, because {names} failed.", "blocked")
        if record.transient_errors:
            return Obstacle(record.network_sentence, "network")
        if not passed:
            return Obstacle("", None)
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


@dataclass
class FindingStore:
    """Findings in the order of their arrival; equal ones are stored once, with the sum of their evidence."""

    findings: dict[tuple[object, ...], Finding] = field(default_factory=dict)
    first_keys: dict[tuple[str, str], tuple[object, ...]] = field(default_factory=dict)

    def add(self, findings: Iterable[Finding], *, repeated: bool = False) -> None:
        """Store the findings of a test.

        repeated: the test has run before; a clause that it does not check this time keeps the finding of that time.
        """
        for finding in findings:
            pair = finding.clause, finding.test
            failure = len(self.findings) if finding.failure else None
            key: tuple[object, ...] = (*pair, finding.outcome, finding.reason, finding.reading, failure)
            if repeated and finding.outcome not in WITH_RESULT:
                key = self.first_keys.get(pair, key)
            self.first_keys.setdefault(pair, key)
            known = self.findings.get(key)
            self.findings[key] = (
                finding if known is None else replace(known, evidence=known.evidence + finding.evidence)
            )

    def drain(self) -> list[Finding]:
        """Remove all findings and return them."""
        findings = list(self)
        self.findings.clear()
        self.first_keys.clear()
        return findings

    @property
    def with_result(self) -> frozenset[str]:
        """The clauses that a test has checked."""
        return frozenset(each.clause for each in self if each.outcome in WITH_RESULT)

    @property
    def failing(self) -> int:
        """The number of clauses with a failure, accepted or not."""
        return len({each.clause for each in self if each.outcome == "fail"})

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings.values())
