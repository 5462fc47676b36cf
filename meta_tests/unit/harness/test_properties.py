"""Properties under the evidence plugin: what is shrunk, what is evidence, and how many requests shrinking sends."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from client import TransientError
from harness.checks.evidence import Record, clause, current_record
from harness.plugin.evidence.evidence_plugin import EvidencePlugin
from meta_tests.unit.harness.checks.test_evidence import SHOULD, STATUS, TITLE, fail
from reporting import key
from spec import Mismatch


def run_property(plugin: EvidencePlugin, check: Callable[[int], None], **options: Any) -> None:
    """Run a check as a property of an integer, as the plugin runs properties of the tenant."""

    @settings(database=None, derandomize=True, deadline=None, **options)
    @given(st.integers(0, 1000))
    def test(number: int) -> None:
        check(number)

    handle: Any = test.hypothesis  # type: ignore[attr-defined]
    handle.inner_test = plugin.runner.as_examples(handle.inner_test, current_record())
    test()


def test_clauses_that_fail_in_one_property_are_shrunk_apart(plugin: EvidencePlugin, record: Record) -> None:
    def check(number: int) -> None:
        if number > 500:
            fail(TITLE, number)
        if number > 10:
            fail(STATUS, number)

    with pytest.raises(ExceptionGroup) as raised:
        run_property(plugin, check, max_examples=200)
    assert {type(each).__name__ for each in raised.value.exceptions} == {"Mismatch"}
    minimal = {name: failed.mismatch.actual for name, failed in record.failed.items()}
    assert minimal == {STATUS: 11, TITLE: 501}


def test_failing_should_is_shrunk(plugin: EvidencePlugin, record: Record) -> None:
    def check(number: int) -> None:
        if number > 10:
            fail(SHOULD, number)
        with clause(STATUS):
            pass

    with pytest.raises(Mismatch):
        run_property(plugin, check)
    assert record.failed[SHOULD].mismatch.actual == 11


def test_rejected_examples_of_a_property_are_no_evidence(plugin: EvidencePlugin, record: Record) -> None:
    kept = []

    def check(number: int) -> None:
        with clause(STATUS):
            pass
        assume(number % 2)
        kept.append(number)

    run_property(plugin, check, max_examples=20)
    assert record.total.passed == {STATUS: len(kept)}
    assert record.examples > len(kept)


def test_transient_error_replaces_its_example(plugin: EvidencePlugin, record: Record) -> None:
    numbers = []

    def check(number: int) -> None:
        numbers.append(number)
        if len(numbers) == 3:
            raise TransientError("the gateway answered 502.")
        with clause(STATUS):
            pass

    run_property(plugin, check, max_examples=10)
    assert record.total.passed[STATUS] == 10
    assert record.transient_errors == ["the gateway answered 502."]


def test_known_mismatch_is_not_shrunk_again(plugin: EvidencePlugin) -> None:
    executed = []

    def check(number: int) -> None:
        executed.append(number)
        if number > 10:
            fail(STATUS)

    counts = []
    for _ in range(2):
        executed.clear()
        with pytest.raises(Mismatch) as raised:
            run_property(plugin, check, max_examples=10)
        counts.append(len(executed))
        plugin.known.violated[key(STATUS, raised.value)] = STATUS
    assert counts[0] > counts[1]
    assert counts[1] <= 11, "the examples of the profile and the replay"


def test_second_kind_of_failure_is_reported_beside_a_known_one(
    plugin: EvidencePlugin, record: Record
) -> None:
    """A known failure ends the search for smaller examples, not the one for other failures."""
    plugin.known.violated[STATUS, "a number instead of a number"] = STATUS

    def check(number: int) -> None:
        if number % 2:
            fail(TITLE, number)
        fail(STATUS, number)

    with pytest.raises(ExceptionGroup):
        run_property(plugin, check, max_examples=20)
    assert record.failed.keys() == {STATUS, TITLE}


def test_shrinking_sends_a_limited_number_of_requests(plugin: EvidencePlugin) -> None:
    def check(number: int) -> None:
        for _ in range(100):
            plugin.run.api.get("unknown")
        if number > 10:
            fail(STATUS, number)

    budget = plugin.known.budget
    with pytest.raises(Mismatch):
        run_property(plugin, check, max_examples=10, phases=[Phase.generate, Phase.shrink])
    of_profile_and_replay = 11 * 100
    sent = plugin.run.api.client.recorder.mark()
    assert plugin.known.budget <= 0
    assert sent < of_profile_and_replay + budget + 100
