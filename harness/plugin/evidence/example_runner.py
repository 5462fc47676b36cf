"""Runs the body of a test example by example: evidence, transient errors, limits, and how far failures are shrunk."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import NoReturn, Protocol

import pytest
from hypothesis import settings
from hypothesis.control import current_build_context

from client import BudgetExceeded, Exchange, ServiceUnavailable, TransientError
from harness.api import TenantApi
from harness.checks.evidence import Record
from harness.checks.known_failures import Key, KnownFailures, PollsEndedEarly
from reporting import key
from spec import Mismatch

Body = Callable[..., object]
ATTEMPTS = 8
"""How often a test without examples of its own is repeated when the network fails."""


class RunInterface(Protocol):
    """What collects evidence needs of the run; `Run` has it, and meta tests replace it."""

    @property
    def api(self) -> TenantApi:
        """The tenant under test."""

    def missing(self, need: str) -> str:
        """Why a need of a clause (`spec.Clause.needs`) is not met; empty where it is."""

    def exchanges(self, since: int) -> tuple[Exchange, ...]:
        """The recorded exchanges after a position, oldest first."""

    def position(self) -> int:
        """The position of the recorder now."""


@dataclass
class ExampleRunner:
    """Makes each call of a test's body an example of its record.

    redacted: removes the secrets of the run from a text; start: the position of the recorder at the start of the
    running example; last_transient and exceeded: the last transient error, and the limit that ended a test.
    """

    run: RunInterface
    known: KnownFailures
    redacted: Callable[[str], str]
    start: int = 0
    last_transient: TransientError | None = None
    exceeded: BudgetExceeded | None = None

    def exchanges(self) -> tuple[Exchange, ...]:
        """The exchanges of the running example."""
        return self.run.exchanges(self.start)

    def as_examples(self, test: Body, record: Record, *, only_minimal: bool = False) -> Body:
        """The body of a property; Hypothesis draws again what a transient error or an early end of a poll spoils.

        A test that runs a state machine passes the machine's inner test; only_minimal keeps only the failures of
        the minimal program. Examples after those that the profile asks for serve shrinking.
        """
        calls = 0
        failures: set[Key] = set()

        @wraps(test)
        def run(*args: object, **kwargs: object) -> object:
            nonlocal calls
            calls += 1
            final = current_build_context().is_final
            generates = calls <= (settings().max_examples if settings().report_multiple_bugs else 0)
            shrinks = bool(failures) and not generates and not final
            if shrinks and not self.known.may_shrink(failures):
                _abandon_example()
            self.start = self.run.position()
            try:
                with record.example(minimal=final or not only_minimal):
                    return test(*args, **kwargs)
            except TransientError as error:
                self._note(error, record)
                if isinstance(error, ServiceUnavailable):
                    pytest.skip(str(error))  # the only exception that ends a property at once
                _abandon_example()
            except PollsEndedEarly:
                _abandon_example()
            except BudgetExceeded as error:
                self._end(error)
            except Mismatch as mismatch:
                failures.add(key(mismatch.clause, mismatch))
                raise
            finally:
                if shrinks:
                    self.known.budget -= self.run.position() - self.start

        return run

    def as_example(self, test: Body, record: Record) -> Body:
        """A test without examples of its own, repeated when the network fails or a poll has ended early."""

        @wraps(test)
        def run(*args: object, **kwargs: object) -> object:
            for attempt in range(1, ATTEMPTS + 1):
                self.start = self.run.position()
                try:
                    with record.example():
                        return test(*args, **kwargs)
                except TransientError as error:
                    self._note(error, record)
                    if attempt == ATTEMPTS or isinstance(error, ServiceUnavailable):
                        raise
                except PollsEndedEarly:
                    continue
                except BudgetExceeded as error:
                    self._end(error)
            return None

        return run

    def _end(self, error: BudgetExceeded) -> NoReturn:
        """End the test here; what it has checked counts."""
        self.exceeded = error
        pytest.skip(str(error))

    def _note(self, error: TransientError, record: Record) -> None:
        record.transient_errors.append(self.redacted(str(error)))
        self.last_transient = error


def _abandon_example() -> NoReturn:
    """End the example as one that ran out of data, from which Hypothesis concludes nothing.

    After a rejected example, Hypothesis would report an inconsistency when the same draws are accepted later.
    """
    current_build_context().data.mark_overrun()
    raise AssertionError("an example continues after its end")
