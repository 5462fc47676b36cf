"""A check that is repeated until it holds."""

import math
import time
from collections.abc import Callable
from typing import Final

_FIRST_PAUSE: Final = 0.02


def poll(condition: Callable[[], bool], window: float, *, longest_pause: float) -> float:
    """Repeat a check, in pauses that double; the last one starts when the window (seconds) has closed.

    Returns the seconds after which the check that held was started, which is 0 for the first; infinity if none held.
    """
    started, elapsed, pause = time.monotonic(), 0.0, _FIRST_PAUSE
    while not condition():
        if elapsed >= window:
            return math.inf
        time.sleep(min(pause, window - elapsed))
        pause = min(2 * pause, longest_pause)
        elapsed = time.monotonic() - started
    return elapsed
