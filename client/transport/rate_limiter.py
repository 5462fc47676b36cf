"""How many requests are sent in a second: one rate for all threads, lowered when the tenant answers 429."""

import threading
import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import httpx

from client.errors import TransientError
from client.transport.recorder import exchange_of

GATEWAY_ERRORS: Final = frozenset({502, 503, 504})  # of a gateway; 500 and 501 are responses of the tenant
LONGEST_PAUSE: Final = 300.0  # seconds; a longer Retry-After is not obeyed but ends the request
_SLOWER: Final = 0.8  # factor after a 429
_PERIOD: Final = 2.0  # seconds
_FIRST_STEP, _LARGEST_STEP = (
    0.05,
    0.25,
)  # share by which periods without a 429 raise the rate, doubling each time
_SLOWEST: Final = 0.5  # requests a second
_FIRST: Final = 10.0  # requests a second that the first 429 leaves at least; a few requests show no limit
_UNLIMITED: Final = 1000.0  # requests a second; above, the tenant sets the rate by how fast it responds
_FIRST_BACKOFF, _LONGEST_BACKOFF = 0.25, 4.0  # seconds for which a 429 without Retry-After pauses all threads


class RateLimiter:
    """Admits requests one after the other; safe between threads.

    `requests_per_second` 0 is no limit of its own. A 429 pauses all threads, for Retry-After or with exponential
    backoff, and lowers the rate below that of the last second; each period without one raises it again.
    """

    def __init__(self, requests_per_second: float = 0.0) -> None:
        self._maximum = requests_per_second or None
        self._rate = self._maximum
        self._condition = threading.Condition()
        self._sent: deque[float] = deque()
        self._next = self._paused_until = 0.0
        self._changed = self._rejected = -_PERIOD  # monotonic times: of the rate, of the last 429
        self._backoff = 0.0
        self._step = _FIRST_STEP

    @property
    def rate(self) -> float | None:
        """Requests a second at present; None without a limit."""
        with self._condition:
            return self._rate

    def acquire(self) -> None:
        """Wait until the next request may be sent."""
        with self._condition:
            self._speed_up()
            while (wait := max(self._next, self._paused_until) - time.monotonic()) > 0:
                self._condition.wait(wait)
            now = time.monotonic()
            if self._rate is not None:
                self._next = max(self._next, now) + 1 / self._rate
            self._sent.append(now)
            while self._sent[0] < now - 1:
                self._sent.popleft()

    def on_429(self, retry_after: float | None) -> None:
        """A request was rejected as one too many (RFC 6585 section 4); `retry_after` in seconds where known.

        TransientError as for `pause`.
        """
        if retry_after is not None:
            self.pause(retry_after)
        with self._condition:
            now = time.monotonic()
            if retry_after is None and now >= self._paused_until:  # else it was sent before the pause
                again = now - self._rejected < _PERIOD + self._backoff
                self._backoff = min(2 * self._backoff, _LONGEST_BACKOFF) if again else _FIRST_BACKOFF
                self._paused_until = now + self._backoff
            self._rejected = now
            if now - self._changed >= 1:
                self._changed, self._step = now, _FIRST_STEP
                observed = max(sum(moment >= now - 1 for moment in self._sent) - 1.0, _FIRST)
                self._rate = max(_SLOWEST, _SLOWER * min(observed, self._rate or observed))
                self._next = max(self._next, now + 1 / self._rate)

    def pause(self, seconds: float) -> None:
        """Send nothing for so many seconds; TransientError where that is longer than LONGEST_PAUSE."""
        if seconds > LONGEST_PAUSE:
            raise TransientError(
                f"the tenant demands a pause of {seconds:.0f} s, longer than {LONGEST_PAUSE:.0f} s."
            )
        with self._condition:
            self._paused_until = max(self._paused_until, time.monotonic() + seconds)

    def _speed_up(self) -> None:
        now = time.monotonic()
        if self._rate is None or self._rate == self._maximum or now - self._changed < _PERIOD:
            return
        self._changed = now
        self._rate *= 1 + self._step
        self._step = min(2 * self._step, _LARGEST_STEP)
        if self._maximum is not None:
            self._rate = min(self._rate, self._maximum)
        elif self._rate > _UNLIMITED:
            self._rate = None


@dataclass(frozen=True, eq=False)
class RateLimiterTransport(httpx.BaseTransport):
    """Has each request wait for the rate limiter, and passes on to it what the tenant demands."""

    inner: httpx.BaseTransport
    limiter: RateLimiter

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request at its time."""
        self.limiter.acquire()
        response = self.inner.handle_request(request)
        exchange = exchange_of(response)
        pause = retry_after(exchange.header("Retry-After"), exchange.header("Date"))
        if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            self.limiter.on_429(pause)
        elif response.status_code in GATEWAY_ERRORS and pause is not None:
            self.limiter.pause(pause)
        return response


def retry_after(value: str | None, date: str | None = None) -> float | None:
    """The seconds of a Retry-After header (RFC 9110 section 10.2.3); None where it is absent or malformed.

    A date is measured against the response's own Date where it has one, so that the clocks need not agree.
    """
    if value is None:
        return None
    text = value.strip()
    if text.replace(".", "", 1).isdecimal() and text.isascii():
        return float(text)
    moment = _moment(text)
    if moment is None:
        return None
    reference = _moment(date) or datetime.now(UTC)
    return max(0.0, (moment - reference).total_seconds())


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
