"""State machines as the examples of a test."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import hypothesis
from hypothesis.stateful import RuleBasedStateMachine, get_state_machine_test

from harness.checks.evidence import current_record
from harness.plugin.evidence.example_runner import ExampleRunner
from harness.plugin.evidence.hypothesis_internals import current_seed
from spec import Mismatch

RunStateMachine = Callable[..., None]
"""`run_state_machine` with the runner of the run: the fixture of this name."""


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
