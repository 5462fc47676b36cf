"""When each customer was last written to, so that nobody expects of it what may have changed since."""

import math
import threading
from typing import Final

from tenant.exchange import Exchange

NEVER: Final = 0
"""Before the first exchange."""
UNKNOWN: Final = math.inf
"""A write is on its way, or its answer was lost: nobody knows what is there now."""


class Writes:
    """The number of the last exchange that may have changed what lies at a path; safe between threads.

    A refusal (4xx) changes nothing. Where writes overlapped and one was refused, the path stays UNKNOWN.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: dict[str, float] = {}

    def last(self, path: str) -> float:
        """The number of the last exchange that wrote to the path; NEVER or UNKNOWN where there is none."""
        with self._lock:
            return self._last.get(path, NEVER)

    def leaving(self, path: str) -> float:
        """A write to the path is about to be sent; what `last` said before."""
        with self._lock:
            before = self._last.get(path, NEVER)
            self._last[path] = UNKNOWN
            return before

    def answered(self, path: str, before: float, exchange: Exchange) -> None:
        """The write was answered; `before` is what `leaving` returned."""
        with self._lock:
            self._last[path] = before if 400 <= exchange.status < 500 else exchange.number
