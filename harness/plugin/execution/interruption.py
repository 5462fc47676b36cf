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
    """The first signal ends the run before the next example, a second one at once, and SIGINT also the clean-up.

    A KeyboardInterrupt raised wherever a signal arrives could end pytest within a hook, without clean-up. So there is
    one at most before the clean-up: a signal that arrives while pytest handles it is only counted.
    """

    signals: int = 0
    _is_raised: bool = False

    @property
    def is_urgent(self) -> bool:
        """Whether a second signal was received."""
        return self.signals > 1

    @contextmanager
    def handled(self) -> Iterator[None]:
        """Handle the signals within this context."""
        former = {number: signal.signal(number, self._receive) for number in SIGNALS}
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)

    def check(self) -> None:
        """KeyboardInterrupt if a signal was received."""
        if self.signals:
            self._is_raised = True
            raise KeyboardInterrupt

    @contextmanager
    def in_clean_up(self) -> Iterator[None]:
        """Within this context, SIGINT raises KeyboardInterrupt at once; after it, no signal has an effect."""
        ignore()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)

    def _receive(self, _number: int, _frame: FrameType | None) -> None:
        self.signals += 1
        if self.is_urgent and not self._is_raised:
            self.check()


def raise_if_stopped(session: pytest.Session) -> None:
    """Session.Failed or Session.Interrupted where pytest is to run no more tests, as with -x."""
    if session.shouldfail:
        raise session.Failed(session.shouldfail)
    if session.shouldstop:
        raise session.Interrupted(session.shouldstop)


def ignore() -> None:
    """Ignore the signals: in a worker, whose controller handles them, since Ctrl-C sends them to all processes."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
