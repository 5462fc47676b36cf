"""Stores the findings of a run; repetitions of a test add to the evidence instead of the number of findings."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from reporting.model.findings import Finding

ASSESSED = frozenset({"pass", "fail", "observed"})


@dataclass
class FindingStore:
    """Findings in the order of their arrival; equal ones are stored once, with the sum of their evidence."""

    findings: dict[tuple[object, ...], Finding] = field(default_factory=dict)
    first_keys: dict[tuple[str, str], tuple[object, ...]] = field(default_factory=dict)

    def add(self, findings: Iterable[Finding], *, repeated: bool = False) -> None:
        """Store the findings of a test.

        repeated: the test has run before; a clause that it does not assess this time keeps the finding of that time.
        """
        for finding in findings:
            pair = finding.clause, finding.test
            failure = len(self.findings) if finding.failure else None
            key: tuple[object, ...] = (*pair, finding.outcome, finding.reason, finding.reading, failure)
            if repeated and finding.outcome not in ASSESSED:
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
    def assessed(self) -> frozenset[str]:
        """The clauses that were assessed."""
        return frozenset(each.clause for each in self if each.outcome in ASSESSED)

    @property
    def failing(self) -> int:
        """The number of clauses with a failure, accepted or not."""
        return len({each.clause for each in self if each.outcome == "fail"})

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings.values())
