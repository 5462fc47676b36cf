"""When each customer was last written, so that no test expects what may have changed since."""

import math
import threading
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import httpx

from client.exchange import Exchange
from client.transport.recorder import exchange_of
from client.transport.requests.prepared_request import PreparedRequest

NEVER: Final = 0
"""Before the first exchange."""
UNKNOWN: Final = math.inf
"""A write is pending, or its response was lost: the state of the customer is not known."""


@dataclass(eq=False, slots=True)
class PendingWrite:
    """A write under way: the number of the last write before it, and whether another one at the path overlaps it."""

    path: str
    before: float
    overlaps: bool


class WriteTracker:
    """The number of the last exchange that may have changed what is at a path; safe between threads.

    A rejection (4xx) changes nothing. Where writes overlapped, the path stays UNKNOWN until the next one that does
    not overlap.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: dict[str, float] = {}
        self._pending: defaultdict[str, set[PendingWrite]] = defaultdict(set)
        self._answered_at = 0.0

    @property
    def answered_at(self) -> float:
        """When the last response to a write of the run was received (monotonic); 0.0 before the first."""
        with self._lock:
            return self._answered_at

    def last(self, path: str) -> float:
        """The number of the last exchange that wrote to the path; NEVER or UNKNOWN where there is none."""
        with self._lock:
            return self._last.get(path, NEVER)

    def begin(self, path: str) -> PendingWrite:
        """A write to the path will be sent."""
        with self._lock:
            pending = self._pending[path]
            for other in pending:
                other.overlaps = True
            write = PendingWrite(path, self._last.get(path, NEVER), overlaps=bool(pending))
            pending.add(write)
            self._last[path] = UNKNOWN
            return write

    def end(self, write: PendingWrite, exchange: Exchange) -> None:
        """The response to the write was received; a write without one stays pending for good."""
        with self._lock:
            self._pending[write.path].discard(write)
            self._answered_at = max(self._answered_at, exchange.started + exchange.elapsed)
            if not write.overlaps:
                rejected = 400 <= exchange.status < 500
                self._last[write.path] = write.before if rejected else exchange.number

    def forget(self) -> None:
        """Forget every path, once nothing is expected of what was there."""
        with self._lock:
            self._last.clear()
            self._pending.clear()


@dataclass(frozen=True, eq=False)
class WriteTrackerTransport(httpx.BaseTransport):
    """Tracks every write that passes."""

    inner: httpx.BaseTransport
    writes: WriteTracker

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request."""
        prepared = PreparedRequest.of(request)
        if prepared.is_safe:
            return self.inner.handle_request(request)
        write = self.writes.begin(prepared.path)
        response = self.inner.handle_request(request)
        self.writes.end(write, exchange_of(response))
        return response
