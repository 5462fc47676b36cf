"""What the tests found, gathered so that it does not grow with how often they are asked."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from reporting.model.findings import Finding

ASSESSED = frozenset({"pass", "fail", "observed"})


class FindingStore:
    """Findings in the order in which they came; those that say the same are one, and their evidence adds up."""

    def __init__(self) -> None:
        self._found: dict[tuple[object, ...], Finding] = {}
        self._first: dict[tuple[str, str], tuple[object, ...]] = {}
        self._assessed: set[str] = set()
        self._failing: set[str] = set()

    def add(self, found: Iterable[Finding], *, again: bool = False) -> None:
        """Take in what a test found.

        `again`: it was asked before, and what stays unassessed this time adds to the evidence of that time.
        """
        for finding in found:
            place = finding.clause, finding.test
            failure = len(self._found) if finding.failure else None
            said: tuple[object, ...] = (*place, finding.outcome, finding.reason, finding.reading, failure)
            if again and finding.outcome not in ASSESSED:
                said = self._first.get(place, said)
            self._first.setdefault(place, said)
            known = self._found.get(said)
            self._found[said] = (
                finding if known is None else replace(known, evidence=known.evidence + finding.evidence)
            )
            if finding.outcome in ASSESSED:
                self._assessed.add(finding.clause)
            if finding.outcome == "fail":
                self._failing.add(finding.clause)

    def taken(self) -> list[Finding]:
        """All of them, which are then no longer here."""
        found = list(self)
        self._found.clear()
        self._first.clear()
        return found

    @property
    def assessed(self) -> frozenset[str]:
        """The clauses that have an answer."""
        return frozenset(self._assessed)

    @property
    def failing(self) -> int:
        """How many clauses have a failure, accepted or not."""
        return len(self._failing)

    def __iter__(self) -> Iterator[Finding]:
        return iter(tuple(self._found.values()))

    def __len__(self) -> int:
        return len(self._found)
