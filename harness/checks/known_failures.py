"""The failures that a run has found: each is shrunk and reported once, and its window is not waited out again."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

from reporting import key
from spec import Mismatch

Key = tuple[str, str]
"""The clause and the signature of a mismatch."""
SHORTEST: Final = 0.1
"""Seconds that a poll waits at least, unless its window is shorter."""


class PollsEndedEarly(Exception):
    """An example whose polls did not wait for their windows has no known failure: it is repeated with whole windows."""


@dataclass
class KnownFailures:
    """What a run knows of earlier failures; its processes send it to each other.

    budget: the requests that shrinking and repeated triage may still send; violated: for each key of a failure that
    has a minimal example, the clause that triage has found to be violated; reported: the test of each reported key;
    timed_out: the operations of polls that have waited for a whole window in vain, in an example that failed; seen:
    the keys of the failures of examples whose polls have waited for whole windows.
    """

    budget: int = 0
    violated: dict[Key, str] = field(default_factory=dict)
    reported: dict[Key, str] = field(default_factory=dict)
    timed_out: set[str] = field(default_factory=set)
    seen: set[Key] = field(default_factory=set)

    def merge(self, other: "KnownFailures") -> None:
        """Add what another process knows; of a failure that both have reported, this report stays the first."""
        self.violated = {**other.violated, **self.violated}
        self.reported = {**other.reported, **self.reported}
        self.timed_out |= other.timed_out
        self.seen |= other.seen

    def may_shrink(self, keys: Collection[Key]) -> bool:
        """Whether a test that failed with these keys may look for smaller examples."""
        return self.budget > 0 and any(each not in self.violated for each in keys)

    def seconds_of_poll(self, operation: str, window: float, longest_delay: float) -> float:
        """How long a poll waits: after a poll of the operation that timed out, twice the longest delay measured."""
        return min(window, 2 * longest_delay + SHORTEST) if operation in self.timed_out else window

    def record_polls(self, failures: Iterable[Mismatch], timed_out: Iterable[str]) -> None:
        """Keep the failures of an example whose polls have waited for whole windows, in vain for these operations."""
        keys = {key(mismatch.clause, mismatch) for mismatch in failures}
        if keys:
            self.seen |= keys
            self.timed_out.update(timed_out)

    def has_seen(self, mismatch: Mismatch) -> bool:
        """Whether an example that waited for whole windows has failed in the same way."""
        return key(mismatch.clause, mismatch) in self.seen
