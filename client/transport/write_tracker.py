"""When each customer was last written to, so that nobody expects of it what may have changed since."""

import math
import threading
from collections import Counter
from dataclasses import dataclass
from typing import Final

from client.exchange import Exchange

NEVER: Final = 0
"""Before the first exchange."""
UNKNOWN: Final = math.inf
"""A write is on its way, or its answer was lost: nobody knows what is there now."""


@dataclass(frozen=True, slots=True)
class PendingWrite:
    """A write under way: what `last` said before, its turn at the path, and whether it was the only one."""

    path: str
    before: float
    turn: int
    alone: bool


class Writes:
    """The number of the last exchange that may have changed what lies at a path; safe between threads.

    A refusal (4xx) changes nothing. Where writes overlapped, the path stays UNKNOWN until the next one alone.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: dict[str, float] = {}
        self._turns: Counter[str] = Counter()
        self._under_way: Counter[str] = Counter()
        self._answered_at = 0.0

    @property
    def answered_at(self) -> float:
        """When the last write of the run was answered (monotonic); 0.0 before the first."""
        with self._lock:
            return self._answered_at

    def last(self, path: str) -> float:
        """The number of the last exchange that wrote to the path; NEVER or UNKNOWN where there is none."""
        with self._lock:
            return self._last.get(path, NEVER)

    def leaving(self, path: str) -> PendingWrite:
        """A write to the path is about to be sent."""
        with self._lock:
            before, alone = self._last.get(path, NEVER), self._under_way[path] == 0
            self._last[path] = UNKNOWN
            self._turns[path] += 1
            self._under_way[path] += 1
            return PendingWrite(path, before, self._turns[path], alone)

    def answered(self, departure: PendingWrite, exchange: Exchange) -> None:
        """The write was answered; one that never is stays under way for good."""
        path = departure.path
        with self._lock:
            self._under_way[path] -= 1
            self._note(exchange)
            if departure.alone and self._turns[path] == departure.turn:
                refused = 400 <= exchange.status < 500
                self._last[path] = departure.before if refused else exchange.number

    def forget(self) -> None:
        """Forget every path, now that nothing is expected of what was there."""
        with self._lock:
            self._last.clear()
            self._turns.clear()
            self._under_way.clear()

    def note(self, exchange: Exchange) -> None:
        """Of this write only the time counts."""
        with self._lock:
            self._note(exchange)

    def _note(self, exchange: Exchange) -> None:
        self._answered_at = max(self._answered_at, exchange.started + exchange.elapsed)
