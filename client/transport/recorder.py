"""Records what was exchanged: the last exchanges in full, all of them as counts."""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import httpx

from client.errors import TransportError
from client.exchange import Exchange, Headers
from client.redaction import Redactor
from client.transport.network import RECEIVED_HEADERS
from client.transport.requests.prepared_request import PreparedRequest

_EXTENSION: Final = "exchange"
_SENT: Final = "sent"

KEPT: Final = 200  # exchanges; a failure shows a dozen
KEPT_BYTES: Final = 64 * 1024 * 1024  # of their bodies together


class Recorder:
    """Numbers and keeps exchanges; safe between threads, bounded in memory."""

    def __init__(
        self, redactor: Redactor | None = None, *, kept: int = KEPT, kept_bytes: int = KEPT_BYTES
    ) -> None:
        self.redactor = redactor or Redactor()
        self._lock = threading.Lock()
        self._exchanges: deque[Exchange] = deque()
        self._kept, self._kept_bytes = kept, kept_bytes
        self._bytes = 0
        self._number = 0
        self._by_operation: Counter[str] = Counter()
        self._by_status: Counter[str] = Counter()
        self._subscribers: list[Callable[[Exchange], None]] = []

    def subscribe(self, subscriber: Callable[[Exchange], None]) -> None:
        """Call the subscriber, which must be safe between threads, with every exchange from now on."""
        self._subscribers.append(subscriber)

    def record(self, operation: str, make: Callable[[int], Exchange]) -> Exchange:
        """Give the exchange the next number, count it and keep it."""
        with self._lock:
            self._number += 1
            exchange = make(self._number)
            self._by_operation[operation] += 1
            self._by_status[str(exchange.status)] += 1
            self._exchanges.append(exchange)
            self._bytes += _size(exchange)
            while len(self._exchanges) > self._kept or (
                self._bytes > self._kept_bytes and len(self._exchanges) > 1
            ):
                self._bytes -= _size(self._exchanges.popleft())
        for subscriber in self._subscribers:
            subscriber(exchange)
        return exchange

    def record_unanswered(self, operation: str) -> None:
        """Count a request that was sent and got no response, under the status "none"."""
        with self._lock:
            self._by_operation[operation] += 1
            self._by_status["none"] += 1

    def mark(self) -> int:
        """A point in the sequence, for `since`."""
        with self._lock:
            return self._number

    def since(self, mark: int) -> tuple[Exchange, ...]:
        """The exchanges after the mark that are still kept, in the order of their responses."""
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


@dataclass(frozen=True, eq=False)
class RecorderTransport(httpx.BaseTransport):
    """Makes an exchange of each request that is sent and its response; `exchange_of` returns it."""

    inner: httpx.BaseTransport
    recorder: Recorder

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request once."""
        prepared = PreparedRequest.of(request)
        started = time.monotonic()
        try:
            response = self.inner.handle_request(request)
        except TransportError as error:
            if error.sent:
                self.recorder.record_unanswered(prepared.operation)
                request.extensions[_SENT] = True
            raise
        request.extensions[_SENT] = True
        elapsed = time.monotonic() - started
        response.extensions[_EXTENSION] = self.recorder.record(
            prepared.operation,
            lambda number: Exchange(
                number=number,
                operation=prepared.operation,
                identity=prepared.identity,
                method=prepared.method,
                url=prepared.url,
                path=prepared.path,
                request_headers=_text(request.headers.raw),
                request_body=prepared.body,
                status=response.status_code,
                response_headers=_text(response.extensions[RECEIVED_HEADERS]),
                response_body=response.content,
                started=started,
                elapsed=elapsed,
                redactor=self.recorder.redactor,
            ),
        )
        return response


def exchange_of(response: httpx.Response) -> Exchange:
    """The recorded exchange that this response belongs to."""
    exchange: Exchange = response.extensions[_EXTENSION]
    return exchange


def was_sent(request: httpx.Request) -> bool:
    """Whether the tenant may have seen the request, in any of the attempts that have ended."""
    return _SENT in request.extensions


def _text(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)


def _size(exchange: Exchange) -> int:
    return len(exchange.request_body or b"") + len(exchange.response_body)
