"""How long polls wait in a failing run: a window that a failure has waited out is not waited out again for it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from reporting import key
from spec import Mismatch

SHORTEST: Final = 0.1
"""Seconds that a poll waits at least, unless its window is shorter."""


class PollsEndedEarly(Exception):
    """An example whose polls did not wait for their windows has no known failure: it is repeated with whole windows."""


@dataclass
class PollLimits:
    """What the run knows of failures behind consistency windows.

    timed_out: the operations of polls that have waited for a whole window in vain, in an example that failed;
    seen: the keys of the failures of examples whose polls have waited for whole windows.
    """

    timed_out: set[str] = field(default_factory=set)
    seen: set[tuple[str, str]] = field(default_factory=set)

    def seconds(self, operation: str, window: float, longest_delay: float) -> float:
        """How long a poll waits: after a poll of the operation that timed out, twice the longest delay measured."""
        return min(window, 2 * longest_delay + SHORTEST) if operation in self.timed_out else window

    def record(self, failures: Iterable[Mismatch], timed_out: Iterable[str]) -> None:
        """Keep the failures of an example whose polls have waited for whole windows, in vain for these operations."""
        keys = {key(mismatch.clause, mismatch) for mismatch in failures}
        if keys:
            self.seen |= keys
            self.timed_out.update(timed_out)

    def has_seen(self, mismatch: Mismatch) -> bool:
        """Whether an example that waited for whole windows has failed in the same way."""
        return key(mismatch.clause, mismatch) in self.seen
