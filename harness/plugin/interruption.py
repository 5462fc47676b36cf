"""Ctrl-C, SIGTERM and SIGHUP: a run that is told to end does so where nothing is half done, and cleans up."""

import signal
from types import FrameType
from typing import Any, Final

ENDING: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""Somebody at the keyboard, a CI system, a terminal that was closed (which Windows does not tell)."""


class Interruption:
    """The first signal ends the run at the next example, a second one at once.

    Raised wherever a signal happens to arrive, KeyboardInterrupt could end pytest itself in the middle of a
    hook, and what the run made would stay.
    """

    def __init__(self) -> None:
        self._asked = False
        self._before: dict[signal.Signals, Any] = {}

    def listen(self) -> None:
        """Take the signals over."""
        for number in ENDING:
            self._before[number] = signal.signal(number, self._ask)

    def check(self) -> None:
        """KeyboardInterrupt, if the run was told to end."""
        if self._asked:
            raise KeyboardInterrupt

    @property
    def asked(self) -> bool:
        """Whether the run was told to end."""
        return self._asked

    def let_clean_up(self) -> None:
        """From now on all but Ctrl-C is ignored, since the run ends anyway; Ctrl-C ends the clean-up."""
        for number in self._before:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_IGN)

    def restore(self) -> None:
        """Give the signals back to whoever had them."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before.clear()

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        if self._asked:
            raise KeyboardInterrupt
        self._asked = True


def ignore() -> None:
    """Leave it to another process what to do about the signals, which Ctrl-C sends to all of them."""
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)
