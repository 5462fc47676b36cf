"""What was exchanged: the last exchanges in full, all of them as counts."""

import threading
from collections import Counter, deque
from collections.abc import Callable
from typing import Final

from client.exchange import Exchange

KEPT: Final = 1000  # exchanges
KEPT_BYTES: Final = 64 * 1024 * 1024  # of their bodies together


class Recorder:
    """Numbers and keeps exchanges; safe between threads, bounded in memory."""

    def __init__(self, kept: int = KEPT, kept_bytes: int = KEPT_BYTES) -> None:
        self._lock = threading.Lock()
        self._exchanges: deque[Exchange] = deque()
        self._kept, self._kept_bytes = kept, kept_bytes
        self._bytes = 0
        self._number = 0
        self._by_operation: Counter[str] = Counter()
        self._by_status: Counter[str] = Counter()
        self._watchers: list[Callable[[Exchange], None]] = []

    def watch(self, watcher: Callable[[Exchange], None]) -> None:
        """Show every exchange from now on to the watcher, which must be safe between threads."""
        self._watchers.append(watcher)

    def record(self, operation: str, make: Callable[[int], Exchange]) -> Exchange:
        """Give the exchange the next number, count it and keep it."""
        with self._lock:
            self._number += 1
            exchange = make(self._number)
            self._keep(operation, exchange)
        for watcher in self._watchers:
            watcher(exchange)
        return exchange

    def keep(self, exchange: Exchange) -> None:
        """Count and keep an exchange that has its number already."""
        with self._lock:
            self._number = max(self._number, exchange.number)
            self._keep(exchange.operation, exchange)

    def record_unanswered(self, operation: str) -> None:
        """Count a request that left but was never answered, under the status "none"."""
        with self._lock:
            self._by_operation[operation] += 1
            self._by_status["none"] += 1

    def mark(self) -> int:
        """A point in the sequence, for `since`."""
        with self._lock:
            return self._number

    def since(self, mark: int) -> tuple[Exchange, ...]:
        """The exchanges after the mark that are still kept, in order of their answers."""
        with self._lock:
            return tuple(exchange for exchange in self._exchanges if exchange.number > mark)

    def requests(self) -> dict[str, object]:
        """`{total, by_operation, by_status}` of everything sent so far."""
        with self._lock:
            return {
                "total": self._by_operation.total(),
                "by_operation": dict(sorted(self._by_operation.items())),
                "by_status": dict(sorted(self._by_status.items())),
            }

    @property
    def total(self) -> int:
        """How many requests were sent."""
        with self._lock:
            return self._by_operation.total()

    def _keep(self, operation: str, exchange: Exchange) -> None:
        self._by_operation[operation] += 1
        self._by_status[str(exchange.status)] += 1
        self._exchanges.append(exchange)
        self._bytes += _size(exchange)
        while len(self._exchanges) > 1 and self._too_much():
            self._bytes -= _size(self._exchanges.popleft())

    def _too_much(self) -> bool:
        return len(self._exchanges) > self._kept or self._bytes > self._kept_bytes


def _size(exchange: Exchange) -> int:
    return len(exchange.request_body or b"") + len(exchange.response_body)
