"""How many requests are sent in a second: one rate for all workers and threads, lowered when the tenant answers 429."""

import time
from ctypes import Structure, c_double
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from multiprocessing.sharedctypes import RawValue
from typing import Final

import httpx

from client.errors import TransientError
from client.locks import SharedLock
from client.transport.recorder import exchange_of

GATEWAY_ERRORS: Final = frozenset({502, 503, 504})  # of a gateway; 500 and 501 are responses of the tenant
LONGEST_PAUSE: Final = 300.0  # seconds; a longer Retry-After is not obeyed but ends the request
_SLOWER: Final = 0.8  # factor after a 429
_PERIOD: Final = 2.0  # seconds
_FIRST_STEP: Final = 0.05  # share by which a period without a 429 raises the rate, doubling each time
_LARGEST_STEP: Final = 0.25
_SLOWEST: Final = 0.5  # requests a second
_LOWEST_OBSERVED: Final = 10.0  # requests a second from which a 429 lowers the rate; fewer show no limit
_RARE: Final = 20  # requests since the last 429 after which another one may have another cause than the rate
_UNLIMITED: Final = 1000.0  # requests a second; above, the tenant sets the rate by how fast it responds
_FIRST_BACKOFF, _LONGEST_BACKOFF = 0.25, 4.0  # seconds for which a 429 without Retry-After pauses all threads


class _State(Structure):
    """Times are monotonic, rates are requests a second; a rate of 0 is no limit.

    next_at, paused_until: no request is sent before either. changed_at: when the rate changed; step: the share by which
    it is raised next. backoff: the seconds of the last pause after a 429 without Retry-After. proven: the most requests
    that were sent in a second without a 429.
    """

    _fields_ = tuple(
        (name, c_double)
        for name in (
            *("rate", "step", "changed_at", "next_at", "paused_until", "backoff"),
            *("last_429_at", "sent_since_429", "proven"),
            *("second_began_at", "sent_this_second", "sent_last_second"),
        )
    )


class RateLimiter:
    """Admits requests one after the other; safe between threads and between worker processes.

    `requests_per_second` 0 is no limit of its own. A 429 pauses all threads of all workers, for Retry-After or with
    exponential backoff, and lowers the rate below that of the last second; each period without such a 429 raises it
    again. A rare 429 does not lower it if an earlier second has proven the rate or the tenant demands no pause: the
    rate is not its cause.
    """

    def __init__(self, requests_per_second: float = 0.0) -> None:
        self._maximum = requests_per_second
        self._lock = SharedLock()
        self._state = RawValue(_State)  # which later forks of this process share
        self._state.rate, self._state.step = requests_per_second, _FIRST_STEP
        self._state.changed_at = self._state.last_429_at = -_PERIOD

    @property
    def rate(self) -> float | None:
        """Requests a second at present; None without a limit."""
        return self._state.rate or None

    def acquire(self) -> None:
        """Wait until the next request may be sent."""
        while (wait := self._admit()) > 0:
            time.sleep(wait)

    def on_429(self, retry_after: float | None) -> None:
        """A request was rejected as one too many (RFC 6585 section 4); `retry_after` in seconds where known.

        TransientError as for `pause`.
        """
        if retry_after is not None:
            self.pause(retry_after)
        state = self._state
        with self._lock:
            now = time.monotonic()
            if retry_after is None and now >= state.paused_until:  # else it was sent before the pause
                self._back_off(now)
            self._slow_down(now, pauses=bool(retry_after))
            state.last_429_at, state.sent_since_429 = now, 0

    def pause(self, seconds: float) -> None:
        """Send nothing for so many seconds; TransientError where that is longer than LONGEST_PAUSE."""
        if seconds > LONGEST_PAUSE:
            raise TransientError(
                f"the tenant demands a pause of {seconds:.0f} s, longer than {LONGEST_PAUSE:.0f} s."
            )
        with self._lock:
            self._state.paused_until = max(self._state.paused_until, time.monotonic() + seconds)

    def _back_off(self, now: float) -> None:
        """Pause all threads after a 429 without Retry-After, longer if the last one was received just before it."""
        state = self._state
        again = state.sent_since_429 < _RARE and now - state.last_429_at < _PERIOD + state.backoff
        state.backoff = min(2 * state.backoff, _LONGEST_BACKOFF) if again else _FIRST_BACKOFF
        state.paused_until = now + state.backoff

    def _slow_down(self, now: float, *, pauses: bool) -> None:
        """Lower the rate below that of the last second, unless the rate is not the cause of the 429."""
        state = self._state
        observed = self._sent_in_last_second(now) - 1.0
        is_unrelated = state.sent_since_429 >= _RARE and (not pauses or observed <= state.proven)
        if is_unrelated or now - state.changed_at < 1:
            return
        state.changed_at, state.step = now, _FIRST_STEP
        observed = max(observed, _LOWEST_OBSERVED)
        state.rate = max(_SLOWEST, _SLOWER * min(observed, state.rate or observed))
        state.next_at = max(state.next_at, now + 1 / state.rate)

    def _admit(self) -> float:
        """The seconds to wait before another attempt; 0.0 if the request may be sent now, which is counted."""
        state = self._state
        with self._lock:
            self._speed_up()
            now = time.monotonic()
            wait: float = max(state.next_at, state.paused_until) - now
            if wait > 0:
                return wait
            if state.rate:
                state.next_at = max(state.next_at, now) + 1 / state.rate
            self._begin_second(now)
            state.sent_this_second += 1
            state.sent_since_429 += 1
            return 0.0

    def _begin_second(self, now: float) -> None:
        """Count the requests of another second where the last one is over, and keep how many that one has proven."""
        state = self._state
        passed = now - state.second_began_at
        if passed < 1:
            return
        follows = passed < 2
        if follows and state.last_429_at < state.second_began_at:
            state.proven = max(state.proven, state.sent_this_second)
        state.sent_last_second = state.sent_this_second if follows else 0
        state.second_began_at, state.sent_this_second = now, 0

    def _sent_in_last_second(self, now: float) -> float:
        """How many requests were sent in the last second, those of the second before in proportion."""
        state = self._state
        passed = now - state.second_began_at
        return float(state.sent_this_second + state.sent_last_second * (1 - passed)) if passed < 1 else 0.0

    def _speed_up(self) -> None:
        state, now = self._state, time.monotonic()
        if state.rate in (0, self._maximum) or now - state.changed_at < _PERIOD:
            return
        state.changed_at = now
        state.rate *= 1 + state.step
        state.step = min(2 * state.step, _LARGEST_STEP)
        if self._maximum:
            state.rate = min(state.rate, self._maximum)
        elif state.rate > _UNLIMITED:
            state.rate = 0


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
    text = (value or "").strip()
    if text.replace(".", "", 1).isdecimal() and text.isascii():
        return float(text)
    moment = _moment(text)
    if moment is None:
        return None
    reference = _moment(date or "") or datetime.now(UTC)
    return max(0.0, (moment - reference).total_seconds())


def _moment(text: str) -> datetime | None:
    """The time of an HTTP date; None for anything else."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
