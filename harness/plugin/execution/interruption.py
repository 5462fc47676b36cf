"""SIGINT (Ctrl-C), SIGTERM and SIGHUP: the run ends after the current example, and cleans up."""

import signal
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, Final

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
    handlers: dict[signal.Signals, Any] = field(default_factory=dict)

    def install(self) -> None:
        """Handle the signals."""
        for number in SIGNALS:
            self.handlers[number] = signal.signal(number, self._request)

    def check(self) -> None:
        """KeyboardInterrupt if a signal was received."""
        if self.requested:
            raise KeyboardInterrupt

    def protect_clean_up(self) -> None:
        """Ignore all signals but SIGINT, which ends the clean-up at once."""
        for number in self.handlers:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_IGN)

    def restore(self) -> None:
        """Restore the former handlers."""
        for number, handler in self.handlers.items():
            signal.signal(number, handler)
        self.handlers.clear()

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
