"""State machines: a conforming tenant passes, and a fault that needs three steps is shown as a small program."""

from collections import Counter
from collections.abc import Callable
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, Phase, core, settings

from client import TransientError
from harness.checks.evidence import Record
from harness.plugin.evidence.evidence_plugin import EvidencePlugin
from harness.plugin.evidence.example_runner import run_state_machine
from meta_tests.support.oracle_samples import Tenant
from meta_tests.support.scripted_tenant import scripted_api
from oracle import Operation, Patch
from spec import ABSENT, Mismatch
from tests.histories.test_workflows import CustomerLifecycle


class ThirdPatchIsLost(Tenant):
    """The third patch of a customer that names no address succeeds and changes nothing."""

    def answer(self, operation: Operation) -> tuple[int, Any]:
        counts: Counter[str] = self.__dict__.setdefault("counts", Counter())
        body = getattr(operation, "body", None) or {}
        if isinstance(operation, Patch) and operation.id in self.customers and body.keys() - {"contactEmail"}:
            counts[operation.id] += 1
            if counts[operation.id] == 3:
                return 200, ABSENT
        return super().answer(operation)


def run(plugin: EvidencePlugin, make_tenant: Callable[[], Tenant], part: int = 0, **options: Any) -> None:
    """Run programs, each of them against a tenant of its own."""

    def machine() -> CustomerLifecycle:
        api, client = scripted_api(make_tenant())
        client.recorder = plugin.run.api.client.recorder
        return CustomerLifecycle(api)

    common = {"deadline": None, "database": None, "derandomize": True, "report_multiple_bugs": False}
    chosen = settings(suppress_health_check=list(HealthCheck), **cast(Any, common), **options)
    run_state_machine(plugin.runner, machine, chosen, part)


@pytest.mark.parametrize("resets", [False, True])
@pytest.mark.parametrize("nulls", [False, True])
def test_conforming_tenants_pass(plugin: EvidencePlugin, record: Record, resets: bool, nulls: bool) -> None:
    run(plugin, lambda: Tenant(resets=resets, nulls=nulls), max_examples=6, stateful_step_count=15)
    assert not record.failed
    assert "patch.others.unchanged" in record.total.passed


def test_parts_draw_different_programs_and_a_seed_the_same(
    plugin: EvidencePlugin, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    def operations(seed: int, part: int) -> tuple[str, ...]:
        names: list[str] = []

        class Recorded(Tenant):
            def answer(self, operation: Operation) -> tuple[int, Any]:
                names.append(type(operation).__name__)
                return super().answer(operation)

        monkeypatch.setattr(core, "global_force_seed", seed)
        run(plugin, Recorded, part, max_examples=3, stateful_step_count=10)
        return tuple(names)

    assert operations(0, 1) == operations(0, 1)
    assert len({operations(*each) for each in ((0, 0), (0, 1), (0, 2), (1, 1))}) == 4
    assert not record.failed


def test_fault_of_three_steps_is_shown_as_a_small_program(plugin: EvidencePlugin, record: Record) -> None:
    phases = (Phase.generate, Phase.shrink)
    with pytest.raises(Mismatch) as raised:
        run(plugin, ThirdPatchIsLost, max_examples=200, stateful_step_count=10, phases=phases)
    failed = record.failed[raised.value.clause]
    assert raised.value.clause.startswith("patch.")
    assert "state = CustomerLifecycle()" in failed.program
    patches = ("patch", "patch_repeatedly", "patch_email", "change_site")
    assert sum(failed.program.count(f"state.{rule}(") for rule in patches) <= 4
    assert list(record.failed) == [raised.value.clause]


def test_transient_error_ends_only_its_example(plugin: EvidencePlugin, record: Record) -> None:
    """A program may begin with the same steps as one that a transient error has ended."""
    count = 0

    class Unreliable(Tenant):
        def answer(self, operation: Operation) -> tuple[int, Any]:
            nonlocal count
            count += 1
            if count % 37 == 0:
                raise TransientError("the gateway answered 502.")
            return super().answer(operation)

    run(plugin, Unreliable, max_examples=8, stateful_step_count=10)
    assert record.transient_errors
    assert not record.failed
