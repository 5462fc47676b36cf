"""Runs a test or a state machine example by example: evidence, transient errors, limits, and how far to shrink."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, NoReturn, Protocol

import hypothesis
import pytest
from hypothesis.control import current_build_context
from hypothesis.stateful import RuleBasedStateMachine, get_state_machine_test

from client import BudgetExceeded, Exchange, ServiceUnavailable, TransientError
from harness.api import TenantApi
from harness.checks.evidence import Record, current_record
from harness.checks.known_failures import Key, PollsEndedEarly
from harness.plugin.evidence.hypothesis_internals import current_seed
from harness.transient_errors import retry_test
from reporting import key
from spec import Mismatch

Body = Callable[..., object]
RunStateMachine = Callable[..., None]
"""`run_state_machine` with the runner of the run: the fixture of this name."""


class RunInterface(Protocol):
    """What collects evidence needs of the run; `Run` has it, and meta tests replace it."""

    @property
    def api(self) -> TenantApi:
        """The tenant under test."""

    def missing(self, need: str) -> str:
        """Why a need of a clause (`spec.Clause.needs`) is not met; empty where it is."""

    def exchanges(self, since: int) -> tuple[Exchange, ...]:
        """The recorded exchanges after a position, oldest first."""

    def check_interruption(self) -> None:
        """KeyboardInterrupt after a signal."""

    def mark(self) -> int:
        """The position of the recorder now."""

    def redacted(self, text: str) -> str:
        """The text without the secrets of the run."""


@dataclass
class ExampleRunner:
    """Makes each call of a test's body an example of its record.

    last_transient and exceeded: the last transient error, and the limit that ended a test.
    """

    run: RunInterface
    last_transient: TransientError | None = None
    exceeded: BudgetExceeded | None = None

    @property
    def is_unavailable(self) -> bool:
        """Whether the tenant does not answer any more."""
        return isinstance(self.last_transient, ServiceUnavailable)

    @property
    def is_over(self) -> bool:
        """Whether no more examples can run."""
        return self.is_unavailable or self.exceeded is not None

    def as_examples(self, test: Body, record: Record, *, only_minimal: bool = False) -> Body:
        """The body of a property; Hypothesis draws again what a transient error or an early end of a poll interrupts.

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
            generates = not only_minimal and calls <= hypothesis.settings().max_examples
            shrinks = bool(failures) and not generates and not final
            if shrinks and not record.known.may_shrink(failures):
                _abandon_example()
            start = self.run.mark()
            try:
                with self._example(record, minimal=final or not only_minimal):
                    return test(*args, **kwargs)
            except ServiceUnavailable as error:
                pytest.skip(str(error))  # the only exception that ends a property at once
            except (TransientError, PollsEndedEarly):
                _abandon_example()
            except Mismatch as mismatch:
                failures.add(key(mismatch.clause, mismatch))
                raise
            finally:
                if shrinks:
                    record.known.budget -= self.run.mark() - start

        return run

    def as_example(self, test: Body, record: Record) -> Body:
        """A test without examples of its own, repeated when the network fails or a poll has ended early."""

        @wraps(test)
        @retry_test
        def run(*args: object, **kwargs: object) -> object:
            with self._example(record):
                return test(*args, **kwargs)

        return run

    @contextmanager
    def _example(self, record: Record, *, minimal: bool = True) -> Iterator[None]:
        """One example of the record, in which the network may fail; minimal as for a record.

        The end of the budget skips the rest of the test; what it has checked counts.
        """
        self.run.check_interruption()
        try:
            with record.example(self.run.mark(), minimal=minimal):
                yield
        except TransientError as error:
            record.transient_errors.append(self.run.redacted(str(error)))
            self.last_transient = error
            raise
        except BudgetExceeded as error:
            self.exceeded = error
            pytest.skip(str(error))


def run_state_machine(
    runner: ExampleRunner,
    machine: Callable[[], RuleBasedStateMachine],
    settings: hypothesis.settings,
    part: int = 0,
) -> None:
    """Run a state machine as the examples of a test; a failure is that of the minimal program, with its steps.

    Tests with the same machine pass their `part`: each draws other programs.
    """
    program: Any = get_state_machine_test(machine, settings=settings)  # type: ignore[arg-type]
    if part:
        program = hypothesis.seed(f"{current_seed()} {part}")(program)
    record = current_record()
    handle = program.hypothesis
    handle.inner_test = runner.as_examples(handle.inner_test, record, only_minimal=True)
    try:
        program()
    except Mismatch as mismatch:
        failed = record.total.failed
        if mismatch.clause in failed:
            steps = "\n".join(getattr(mismatch, "__notes__", ()))  # Hypothesis adds them to the exception
            failed[mismatch.clause] = replace(failed[mismatch.clause], program=steps)
        raise


def _abandon_example() -> NoReturn:
    """End the example as one that ran out of data, from which Hypothesis concludes nothing.

    After a rejected example, Hypothesis would report an inconsistency when the same draws are accepted later.
    """
    current_build_context().data.mark_overrun()
    raise AssertionError("an example continues after its end")
