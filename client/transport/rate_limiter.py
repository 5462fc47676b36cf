"""How fast the suite may ask: one pace for all threads, slowed by what the tenant answers."""

import threading
import time
from collections import deque
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from client.errors import TransientError

LONGEST_PAUSE: Final = 300.0  # seconds; a tenant that asks for more is not worth waiting for
_WINDOW: Final = 1.0  # seconds over which the own rate is observed
_SLOWER: Final = 0.8  # of the rate that the tenant granted
_FASTER: Final = 1.25  # after each calm period
_NEAR: Final = 0.95  # of the rate once granted, up to which it is approached at that speed
_CAREFUL: Final = 1.03  # after each calm period from there on
_BEYOND: Final = 1.2  # times the rate once granted: it must have been raised
_CALM: Final = 2.0  # seconds without a refusal
_FIRST_HOLD, _LONGEST_HOLD = 0.25, 4.0  # seconds that all wait after a refusal that does not say how long
_SLOWEST: Final = 0.5  # requests a second
_FIRST: Final = 10.0  # requests a second that a first refusal leaves at least; few requests tell little
_UNLIMITED: Final = 1000.0  # requests a second; above, the tenant sets the pace by answering


class RateLimiter:
    """Hands out departure times; safe between threads.

    `requests_per_second` 0 is no limit of our own. A refusal with Retry-After stops all threads until
    then; any refusal lowers the rate below the one that the tenant granted in the last second, and calm
    raises it again, slowly where it was refused before.
    """

    def __init__(self, requests_per_second: float = 0.0) -> None:
        self._ceiling = requests_per_second or None
        self._rate = self._ceiling
        self._condition = threading.Condition()
        self._next = 0.0
        self._paused_until = 0.0
        self._changed = 0.0
        self._departures: deque[float] = deque()
        self._refusals: deque[float] = deque(maxlen=1000)
        self._granted: float | None = None
        self._hold = 0.0

    @property
    def rate(self) -> float | None:
        """Requests a second at present; None without a limit."""
        with self._condition:
            return self._rate

    def depart(self) -> None:
        """Wait until the next request may leave."""
        with self._condition:
            self._recover()
            while (wait := max(self._next, self._paused_until) - time.monotonic()) > 0:
                self._condition.wait(wait)
            now = time.monotonic()
            if self._rate is not None:
                self._next = max(self._next, now) + 1 / self._rate
            self._departures.append(now)
            while self._departures and self._departures[0] < now - _WINDOW:
                self._departures.popleft()

    def refused(self, retry_after: float | None) -> None:
        """A request was refused as one too many (RFC 6585); `retry_after` in seconds where the answer has it.

        TransientError as for `pause`.
        """
        if retry_after is not None:
            self.pause(retry_after)
        with self._condition:
            now = time.monotonic()
            if retry_after is None:
                self._hold_back(now)
            self._refusals.append(now)
            if now - self._changed >= _WINDOW or self._changed == 0.0:
                departed, refused = (
                    sum(moment >= now - _WINDOW for moment in moments)
                    for moments in (self._departures, self._refusals)
                )
                granted = max((departed - refused) / _WINDOW, _FIRST)
                self._granted = granted if self._rate is None else min(self._rate, granted)
                self._rate = max(_SLOWEST, _SLOWER * self._granted)
                self._changed = now
                self._next = max(self._next, now + 1 / self._rate)

    def pause(self, seconds: float) -> None:
        """Nobody departs for so many seconds; TransientError where that is longer than anybody would wait."""
        if seconds > LONGEST_PAUSE:
            raise TransientError(
                f"the tenant asks to wait {seconds:.0f} s, longer than {LONGEST_PAUSE:.0f} s."
            )
        with self._condition:
            self._paused_until = max(self._paused_until, time.monotonic() + seconds)

    def _recover(self) -> None:
        if self._rate is None or self._changed == 0.0:
            return
        now = time.monotonic()
        if now - self._changed >= _CALM:
            self._changed = now
            self._rate = self._faster(self._rate)
            if self._ceiling is not None:
                self._rate = min(self._rate, self._ceiling)
            elif self._rate > _UNLIMITED:
                self._rate = None

    def _hold_back(self, now: float) -> None:
        """Let all wait: a moment, and twice as long each time that the first to go is refused again."""
        if now < self._paused_until:
            return  # it had left before the others were held back
        again = self._refusals and now - self._refusals[-1] < _CALM + self._hold
        self._hold = min(2 * self._hold, _LONGEST_HOLD) if again else _FIRST_HOLD
        self._paused_until = now + self._hold

    def _faster(self, rate: float) -> float:
        """The rate after a calm period."""
        if self._granted is not None and rate > _BEYOND * self._granted:
            self._granted = None
        if self._granted is None:
            return rate * _FASTER
        return max(min(rate * _FASTER, _NEAR * self._granted), rate * _CAREFUL)


def retry_after(value: str | None, date: str | None = None) -> float | None:
    """The seconds that Retry-After asks for (RFC 9110 section 10.2.3); None where it says nothing usable.

    A date is measured against the answer's own Date where it has one, so that the clocks need not agree.
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
