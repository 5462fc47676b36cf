"""Waiting for a change to show, within the window that contract.toml allows."""

import time
from collections.abc import Callable
from typing import TypeVar

from spec import Violation

Seen = TypeVar("Seen")

FIRST_PAUSE, LONGEST_PAUSE = 0.02, 0.4
"""Seconds between two looks at a tenant that shows changes late."""


def settled(window: float, check: Callable[[], Seen]) -> Seen:
    """What `check` returns once it raises no Violation; the last Violation when `window` seconds have passed.

    With a window of 0 there is one look. Otherwise the last look begins after the window has ended, so that
    a tenant that needs all of it is not accused.
    """
    deadline = time.monotonic() + window
    pause = FIRST_PAUSE
    while True:
        last_look = time.monotonic() >= deadline
        try:
            return check()
        except Violation:
            if last_look:
                raise
        time.sleep(min(pause, max(deadline - time.monotonic(), 0.001)))
        pause = min(pause * 2, LONGEST_PAUSE)
