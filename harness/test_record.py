"""The trial: what one test asked of the tenant, what it saw hold, and what it saw broken."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from reporting.model.delays import Delays
from reporting.model.findings import Evidence, Failure, Finding
from spec import Violation, clause

Exchanges = Callable[[], tuple[Mapping[str, Any], ...]]
"""The exchanges of the running example so far, redacted, oldest first."""


@dataclass
class TestRecord:
    """One test at work.

    `clauses` maps each clause that the test answers for to the least number of times that it must have seen
    it hold; below that the clause is not assessed. Checks call `credit` when a promise held and `broke` when
    it did not; an example in which the network failed counts as trouble, never against the tenant. `redacted`
    takes the secrets of the run out of a text.
    """

    __test__ = False  # pytest takes a class of this name for a test

    test: str
    clauses: Mapping[str, int]
    exchanges: Exchanges
    replay: str = ""
    redacted: Callable[[str], str] = str
    unmet: Mapping[str, str] = field(default_factory=dict)
    examples: int = 0
    credits: dict[str, Evidence] = field(default_factory=dict)
    failures: dict[str, Failure] = field(default_factory=dict)
    readings: dict[str, str] = field(default_factory=dict)
    trouble: list[str] = field(default_factory=list)
    stopped: str = ""
    unproven: dict[str, Failure] = field(default_factory=dict)
    delays: Delays = field(default_factory=Delays)
    _told: Violation | None = None

    def credit(self, clause_id: str, *classes: str, requests: int = 1) -> None:
        """Count one time that the clause was seen to hold, and the classes of input that it held for."""
        clause(clause_id)
        seen = Evidence(examples=1, requests=requests, classes=frozenset(classes))
        self.credits[clause_id] = self.credits.get(clause_id, Evidence()) + seen

    def waited(self, seconds: float) -> None:
        """A change was waited for so long, to two significant digits; 0.0 where the first look showed it."""
        self.delays += Delays({seconds: 1})

    def observe(self, clause_id: str, reading: str, *classes: str) -> None:
        """Record which reading of an open clause the tenant follows."""
        self.credit(clause_id, *classes)
        reading = self.redacted(reading)
        known = self.readings.get(clause_id)
        if known is None:
            self.readings[clause_id] = reading
        elif reading not in known.split("; "):
            self.readings[clause_id] = f"{known}; {reading}"

    def broke(self, violation: Violation, example: str = "") -> None:
        """Keep the failure; a later one of the same clause replaces it: Hypothesis ends with the minimum."""
        self.failures[violation.clause.id] = self._failure(violation, example)
        self._told = violation

    @contextmanager
    def example(self, *, final: bool = True) -> Iterator[None]:
        """One example: counts it, and keeps the violation that ends it.

        One that is not final is only remembered: a long program may blame the wrong clause until it is
        shrunk to the steps that matter.
        """
        self.examples += 1
        try:
            yield
        except Violation as violation:
            if not final:
                self.unproven.setdefault(violation.clause.id, self._failure(violation))
            elif violation is not self._told:
                self.broke(violation)
            raise

    def blame(self, violation: Violation) -> None:
        """Keep a violation that ended the test: as it was told already, or else as it was first seen."""
        name = violation.clause.id
        if name in self.failures:
            return
        if name in self.unproven:
            self.failures[name] = self.unproven[name]
        else:
            self.broke(violation)

    def _failure(self, violation: Violation, example: str = "") -> Failure:
        return Failure(
            expected=self.redacted(violation.expected),
            actual=self.redacted(violation.actual),
            detail=self.redacted(violation.detail),
            exchanges=tuple(dict(exchange) for exchange in self.exchanges()),
            replay=self.replay,
            test=self.test,
            example=example,
        )

    def findings(self, error: str = "") -> Iterator[Finding]:
        """What the test found of each clause; `error` is our own or the network's fault that ended it."""
        for clause_id, failure in self.failures.items():
            yield Finding(
                clause_id,
                self.test,
                "fail",
                evidence=self._evidence(clause_id),
                failure=failure,
            )
        for clause_id, floor in self.clauses.items():
            if clause_id not in self.failures:
                yield self._verdict(clause_id, floor, error)

    def _evidence(self, clause_id: str) -> Evidence:
        """Delays are those of the clauses that the test came to, not of all that it might have answered for."""
        told = clause_id in self.credits or clause_id in self.failures
        waited = Evidence(delays=self.delays if told else Delays())
        return self.credits.get(clause_id, Evidence()) + waited

    def _verdict(self, clause_id: str, floor: int, error: str) -> Finding:
        evidence = self._evidence(clause_id)
        if reason := self.unmet.get(clause_id):
            return Finding(clause_id, self.test, "skipped", reason=reason)
        if evidence.examples >= floor and not error:
            if clause(clause_id).level == "unspecified":
                reading = self.readings.get(clause_id, "")
                return Finding(clause_id, self.test, "observed", reading=reading, evidence=evidence)
            return Finding(clause_id, self.test, "pass", evidence=evidence)
        if error:
            return Finding(clause_id, self.test, "error", reason=error, evidence=evidence)
        return Finding(
            clause_id, self.test, "not_assessed", reason=self._shortfall(evidence, floor), evidence=evidence
        )

    def _shortfall(self, evidence: Evidence, floor: int) -> str:
        if self.stopped:
            return self.stopped
        if blockers := _names(self.failures):
            return f"The test could not get that far: {blockers} failed."
        if self.trouble:
            return f"The network or a gateway failed: {self.trouble[-1]}"
        if not evidence.examples:
            return ""  # a case of a test that answers for the clause in another case
        return f"Seen to hold {evidence.examples} times; {floor} is the least that counts."


def _names(ids: Iterable[str]) -> str:
    return " and ".join(sorted(ids)[:3])
