"""What a process of a run has done so far, and why the run has ended before its last test."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reporting import Coverage, Delays, Reason, Requests
from reporting.model import coverage, delays


@dataclass
class Status:
    """Why a run is not assessed or not complete, each in a sentence; empty for a complete run.

    reason: why a clause that no test has checked is not assessed.
    """

    error: str = ""
    is_usage_error: bool = False
    budget: str = ""  # the limit of [safety] that ended the first round
    lost: str = ""  # a test whose result was lost; the others run
    rounds: str = ""  # how many rounds a nightly run had, and what ended it
    reason: Reason = "not-selected"

    @property
    def is_over(self) -> bool:
        """Whether no more tests can run."""
        return bool(self.error or self.budget)

    @property
    def is_complete(self) -> bool:
        """Whether every test has run and has a result."""
        return not (self.error or self.lost or self.budget)

    def end(self, reason: Reason, error: str = "", budget: str = "") -> None:
        """Note why no more tests can run, unless it is known already."""
        if not self.is_over:
            self.reason, self.error, self.budget = reason, error, budget


@dataclass(frozen=True)
class Totals:
    """What a process of the run has done so far; the totals of all processes add up to those of the run."""

    requests: Requests = field(default_factory=Requests)
    delays: Mapping[str, Delays] = field(default_factory=dict)
    coverage: Coverage = field(default_factory=dict)
    examples: int = 0

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(
            self.requests + other.requests,
            delays.added(self.delays, other.delays),
            coverage.added(self.coverage, other.coverage),
            self.examples + other.examples,
        )
