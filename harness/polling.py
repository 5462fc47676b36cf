"""Polling: a request is repeated until its response satisfies a condition or the consistency window has closed."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from client import Exchange
from harness.checks.evidence import CURRENT
from reporting import Delays

FIRST_PAUSE: Final = 0.02
LONGEST_PAUSE: Final = 0.4
"""Seconds between two requests of a poll; each pause is twice the one before."""


@dataclass(frozen=True)
class ConsistencyWindow:
    """Seconds within which a change of one kind must be visible (tenant.toml, [consistency]).

    last_write: when the last write of the run was answered (monotonic), from which delays are measured. `delays`
    counts the measured ones; windows with the same counter report under the same name.
    """

    seconds: float = 0.0
    last_write: Callable[[], float] = lambda: 0.0
    delays: Counter[float] = field(default_factory=Counter)

    def __bool__(self) -> bool:
        return self.seconds > 0

    def record(self, seconds: float) -> None:
        """Count a delay, also for the running test if there is one."""
        self.delays[seconds] += 1
        if (record := CURRENT.get(None)) is not None:
            record.record_delay(seconds)

    def sleep_until_closed(self, since: float | None = None) -> None:
        """Wait until the window that was opened at this monotonic time, or by the last write, has closed."""
        opened = self.last_write() if since is None else since
        if self and (left := opened + self.seconds - time.monotonic()) > 0:
            time.sleep(left)


@dataclass(frozen=True)
class Windows:
    """The consistency windows of a tenant: GET by id, list and search, and deletions."""

    read: ConsistencyWindow = ConsistencyWindow()
    index: ConsistencyWindow = ConsistencyWindow()
    deletion: ConsistencyWindow = ConsistencyWindow()

    @classmethod
    def of(cls, read: float, index: float, deletion: float, last_write: Callable[[], float]) -> "Windows":
        """The windows of these seconds; `last_write` as for ConsistencyWindow."""
        return cls(*(ConsistencyWindow(seconds, last_write) for seconds in (read, index, deletion)))

    @property
    def listed_deletion(self) -> ConsistencyWindow:
        """The window within which a deleted customer disappears from results; its delays are those of deletions."""
        return replace(self.deletion, seconds=max(self.index.seconds, self.deletion.seconds))

    @property
    def any_read(self) -> ConsistencyWindow:
        """The window within which get, list and search show a write; its delays are those of results."""
        return replace(self.index, seconds=max(self.read.seconds, self.index.seconds))

    def delays(self) -> Mapping[str, Delays]:
        """The measured delays by the name of the window."""
        windows = {"read": self.read, "index": self.index, "deletion": self.deletion}
        return {name: Delays(dict(window.delays)) for name, window in windows.items()}


def poll(
    send: Callable[[], Exchange], *, until: Callable[[Exchange], bool], within: ConsistencyWindow
) -> Exchange:
    """The first response that satisfies the condition, or the last one when the window has closed.

    The condition is a pure predicate: it opens no scope. With a window of 0 seconds there is one request. Otherwise
    the last request is sent after the window has closed, so that a tenant that needs all of it is not reported.
    Where the test meets a failure that has waited for the window before, the poll ends sooner.
    """
    record = CURRENT.get(None)
    first = started = time.monotonic()
    deadline = first + within.seconds
    pause = FIRST_PAUSE
    while True:
        response = send()
        if until(response):
            late = started > first
            within.record(Delays.rounded(max(started - (within.last_write() or first), 0.0)) if late else 0.0)
            return response
        if record is not None:
            longest = max(within.delays, default=0.0)
            deadline = first + record.seconds_of_poll(response.operation, within.seconds, longest)
        if started >= deadline:
            if record is not None and within:
                record.end_poll(response.operation, whole=deadline >= first + within.seconds)
            return response
        time.sleep(min(pause, max(deadline - time.monotonic(), 0.001)))
        pause = min(2 * pause, LONGEST_PAUSE)
        started = time.monotonic()
