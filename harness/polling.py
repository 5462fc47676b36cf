"""Waiting for a change to show, within the window that tenant.toml allows, and timing how long it took."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from reporting import Delays
from spec import Violation

Seen = TypeVar("Seen")

FIRST_PAUSE, LONGEST_PAUSE = 0.02, 0.4
"""Seconds between two looks at a tenant that shows changes late."""


class Window(float):
    """Seconds within which a change of one kind must be visible; `gauge` notes how long it really took."""

    gauge: "Gauge | None" = None

    @classmethod
    def of(cls, seconds: float, gauge: "Gauge") -> "Window":
        """The window of these seconds whose delays this gauge notes."""
        window = cls(seconds)
        window.gauge = gauge
        return window


@dataclass
class Gauge:
    """Notes how long changes of one kind took to show; `written` is when the last write was answered (monotonic).

    A change that the first look showed took no time that anybody could tell. `told` hears of each, in seconds.
    """

    written: Callable[[], float]
    told: Callable[[float], None] = lambda _: None
    seen: Counter[float] = field(default_factory=Counter)

    def at_once(self) -> None:
        """The first look showed the change."""
        self._took(0.0)

    def late(self, looked: float, first: float) -> None:
        """The look that began at this moment showed the change, and none since the first one did."""
        self._took(Delays.rounded(max(looked - (self.written() or first), 0.0)))

    def _took(self, seconds: float) -> None:
        self.seen[seconds] += 1
        self.told(seconds)


@dataclass(frozen=True)
class Windows:
    """Seconds within which a change must be visible."""

    read: float
    index: float
    deletion: float

    @classmethod
    def timed(
        cls,
        read: float,
        index: float,
        deletion: float,
        written: Callable[[], float],
        told: Callable[[float], None] = lambda _: None,
    ) -> "Windows":
        """Windows that note how long changes take to show; `written` and `told` as for `Gauge`."""
        return cls(*(Window.of(seconds, Gauge(written, told)) for seconds in (read, index, deletion)))

    def delays(self) -> Mapping[str, Delays]:
        """How long changes took to show, by the name of the window."""
        windows = {"read": self.read, "index": self.index, "deletion": self.deletion}
        gauges = {name: getattr(window, "gauge", None) for name, window in windows.items()}
        return {name: Delays(dict(gauge.seen)) for name, gauge in gauges.items() if gauge is not None}


def settled(window: float, check: Callable[[], Seen]) -> Seen:
    """What `check` returns once it raises no Violation; the last Violation when `window` seconds have passed.

    With a window of 0 there is one look. Otherwise the last look begins after the window has ended, so that
    a tenant that needs all of it is not accused; the Violation says what was last seen, and after how long.
    """
    gauge = getattr(window, "gauge", None)
    first = time.monotonic()
    deadline = first + window
    pause = FIRST_PAUSE
    late = False
    while True:
        looked = time.monotonic()
        try:
            seen = check()
        except Violation as violation:
            if looked >= deadline:
                broken = violation.diagnosed() if violation.diagnosed else violation
                raise (_still(broken, window) if window else broken) from None
        else:
            if gauge is not None and late:
                gauge.late(looked, first)
            elif gauge is not None:
                gauge.at_once()
            return seen
        late = True
        time.sleep(min(pause, max(deadline - time.monotonic(), 0.001)))
        pause = min(pause * 2, LONGEST_PAUSE)


def let_close(window: float, since: float) -> None:
    """Wait until the window that opened at this monotonic moment has closed."""
    if (left := since + window - time.monotonic()) > 0:
        time.sleep(left)


def let_views_follow(window: float) -> None:
    """Wait until this window has closed since the last write, so that what is seen then is how things are."""
    gauge = getattr(window, "gauge", None)
    if window and gauge is not None:
        let_close(window, gauge.written())


def _still(violation: Violation, window: float) -> Violation:
    """The same violation, told as what was seen last."""
    return Violation(
        violation.clause.id,
        expected=violation.expected,
        actual=f"{violation.actual} (last seen; the window of {window:g} s had closed)",
        detail=violation.detail,
    )
