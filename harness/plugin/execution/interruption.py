"""SIGINT (Ctrl-C), SIGTERM and SIGHUP: the run ends after the current example, and cleans up."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Final

import pytest

SIGNALS: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


@dataclass
class Interruption:
    """The first signal ends the run before the next example, a second one at once.

    A KeyboardInterrupt raised wherever a signal arrives could end pytest within a hook, without clean-up.
    """

    requested: bool = False

    @contextmanager
    def handled(self) -> Iterator[None]:
        """Handle the signals within this context."""
        former = {number: signal.signal(number, self._request) for number in SIGNALS}
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)

    def check(self) -> None:
        """KeyboardInterrupt if a signal was received."""
        if self.requested:
            raise KeyboardInterrupt

    def protect_clean_up(self) -> None:
        """Ignore all signals but SIGINT, which ends the clean-up at once."""
        for number in SIGNALS:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_IGN)

    def _request(self, _number: int, _frame: FrameType | None) -> None:
        self.check()
        self.requested = True


def raise_if_stopped(session: pytest.Session) -> None:
    """Session.Failed or Session.Interrupted where pytest is to run no more tests, as with -x."""
    if session.shouldfail:
        raise session.Failed(session.shouldfail)
    if session.shouldstop:
        raise session.Interrupted(session.shouldstop)


def ignore() -> None:
    """Ignore the signals in a worker: the controller handles them, and Ctrl-C sends them to all processes."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
