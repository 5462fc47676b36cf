"""Programs of the state machine: clean tenants pass, a fault of three steps is told as a small program."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import hypothesis
import pytest
from hypothesis.internal.conjecture import engine
from hypothesis.stateful import get_state_machine_test

from client import BudgetExceeded, ServiceUnavailable, TransientError
from harness.plugin import ordering
from harness.plugin.evidence_plugin import ContractPlugin
from harness.test_record import TestRecord
from meta_tests.support.oracle_samples import Tenant
from meta_tests.support.scripted_tenant import asked
from oracle import Operation, Patch
from spec import Violation
from strategies import namespace
from tests.access import test_tokens
from tests.histories.test_workflows import Workflow


@pytest.fixture(autouse=True)
def prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(namespace._namespace, "prefix", None)  # puts back what was there before
    namespace.use("cct-meta1-")


class ThirdPatchIsLost(Tenant):
    """Every third patch of a customer is answered 200 and forgotten."""

    def answer(self, operation: Operation) -> tuple[int, Any]:
        counts: Counter[str] = self.__dict__.setdefault("counts", Counter())
        if isinstance(operation, Patch) and operation.id in self.customers and operation.body:
            counts[operation.id] += 1
            if counts[operation.id] == 3:
                return 200, ...
        return super().answer(operation)


def plugged(trial: TestRecord, position: Callable[[], int]) -> ContractPlugin:
    """The plugin at work on a trial."""
    plugin = ContractPlugin(
        needs=lambda _: "",
        exchanges=lambda: (),
        position=position,
        trouble=TransientError,
        outage=ServiceUnavailable,
        limit=BudgetExceeded,
        strict=False,
        replay=str,
    )
    plugin.current = trial
    return plugin


def run(scripted: type[Tenant], trial_of: list[TestRecord], **settings: Any) -> None:
    """Run programs, each of them on a tenant of its own."""
    tenant, trial = asked(scripted())
    trial_of.append(trial)
    recorders = [tenant.client.recorder]

    def machine() -> Workflow:
        fresh, _ = asked(scripted())
        fresh.witness = tenant.witness
        recorders.append(fresh.client.recorder)
        return Workflow(fresh)

    common = {"deadline": None, "database": None, "derandomize": True, "report_multiple_bugs": False}
    chosen = hypothesis.settings(suppress_health_check=list(hypothesis.HealthCheck), **common, **settings)
    program: Any = get_state_machine_test(machine, settings=chosen)  # type: ignore[arg-type]
    program.hypothesis.inner_test = plugged(trial, lambda: sum(each.total for each in recorders)).discarding(
        program.hypothesis.inner_test, only_minimal=True
    )
    program()


@pytest.mark.parametrize("resets", [False, True])
@pytest.mark.parametrize("nulls", [False, True])
def test_clean_tenants_pass(resets: bool, nulls: bool) -> None:
    class Clean(Tenant):
        def __init__(self) -> None:
            super().__init__(resets=resets, nulls=nulls)

    trials: list[TestRecord] = []
    run(Clean, trials, max_examples=6, stateful_step_count=15)
    assert not trials[0].failures
    assert "patch.others.unchanged" in trials[0].credits


def test_a_fault_of_three_steps_is_told_as_a_small_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "MAX_SHRINKING_SECONDS", 3)
    trials: list[TestRecord] = []
    with pytest.raises(Violation) as violation:
        run(ThirdPatchIsLost, trials, max_examples=60, stateful_step_count=25)
    assert violation.value.clause.id.startswith("patch.")
    program = "\n".join(violation.value.__notes__)
    assert "state = Workflow()" in program
    assert sum(program.count(f"state.{rule}(") for rule in ("patch", "patch_the_address", "move")) <= 4
    assert list(trials[0].failures) == [violation.value.clause.id]


def test_weather_discards_the_example_and_no_more() -> None:
    """A program that shares its first steps with one that met no weather must not confuse Hypothesis."""
    answered = 0

    class Stormy(Tenant):
        def answer(self, operation: Operation) -> tuple[int, Any]:
            nonlocal answered
            answered += 1
            if answered % 37 == 0:
                raise TransientError("the gateway answered 502.")
            return super().answer(operation)

    trials: list[TestRecord] = []
    run(Stormy, trials, max_examples=8, stateful_step_count=10)
    assert trials[0].trouble
    assert not trials[0].failures


def test_what_looks_back_comes_last() -> None:
    names = ["test_final_state", "test_workflows", "test_get", "test_new", "test_tokens"]
    places = sorted(names, key=lambda name: ordering._place(ordering.TESTS / f"{name}.py", "test_x"))
    aged = ordering._place(ordering.TESTS / "test_tokens.py", ordering.AGED)
    assert aged == ordering._place(ordering.TESTS / "test_final_state.py", "test_x")
    assert f"{test_tokens.test_a_token_opens_until_it_expires.__name__}[expired]" == ordering.AGED
    assert places == ["test_tokens", "test_get", "test_new", "test_workflows", "test_final_state"]
