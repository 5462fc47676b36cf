"""State machines as the examples of a test."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

import hypothesis
from hypothesis.stateful import RuleBasedStateMachine, get_state_machine_test

from harness.checks.evidence import current_record, steps_of
from harness.plugin.evidence.example_runner import ExampleRunner
from harness.plugin.evidence.hypothesis_internals import current_seed
from spec import Mismatch


class RunStateMachine(Protocol):
    """Runs programs of a state machine. Tests with the same machine pass their `part`: each draws other programs."""

    def __call__(
        self, machine: Callable[[], RuleBasedStateMachine], settings: hypothesis.settings, part: int = 0
    ) -> None: ...


def state_machine_runner(runner: ExampleRunner) -> RunStateMachine:
    """Runs a state machine as the examples of a test; a failure is that of the minimal program, with its steps."""

    def run(
        machine: Callable[[], RuleBasedStateMachine], settings: hypothesis.settings, part: int = 0
    ) -> None:
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
                failed[mismatch.clause] = replace(failed[mismatch.clause], program=steps_of(mismatch))
            raise

    return run
