"""Requests at the same time, and failures that the same requests show one after another, too."""

import threading
from dataclasses import replace
from typing import Any

import pytest

from client import TransientError
from harness.checks.evidence import Record, clause
from harness.concurrent import ConcurrentRunner
from meta_tests.support import faulty_tenants as faulty
from meta_tests.support.oracle_samples import Tenant
from meta_tests.support.scripted_tenant import exchange, scripted_api
from oracle import Create, Event, Get, Operation, Patch, Upsert
from spec import ABSENT, Kind, Mismatch, Rule
from strategies import customers, namespace
from tests.histories.races import linearizability_mismatch, prepare_race, race_clause
from tests.histories.scenario import Scenario

pytestmark = pytest.mark.usefixtures("record")


class PatchIsLost(Tenant):
    """A patch succeeds and changes nothing."""

    def answer(self, operation: Operation) -> tuple[int, Any]:
        return (200, ABSENT) if isinstance(operation, Patch) else super().answer(operation)


def patch_title(company: str) -> list[Operation]:
    """An upsert that creates a customer, and a patch of it."""
    new_id = namespace.fresh_id()
    return [Upsert(new_id, customers.plain(company=company)), Patch(new_id, {"title": "Dr."})]


def title_mismatch() -> Mismatch:
    return Mismatch(Kind.VALUE, expected="Dr.", actual="Mr.", path="$.title")


def test_runners_start_together() -> None:
    barrier = threading.Barrier(3)
    runner = ConcurrentRunner(scripted_api()[0])
    assert sorted(runner.run_together([lambda: barrier.wait(5)] * 3)) == [0, 1, 2]


def test_error_of_one_thread_is_raised() -> None:
    def fail() -> None:
        raise TransientError("the gateway answered 502.")

    runner = ConcurrentRunner(scripted_api()[0])
    with pytest.raises(TransientError):
        runner.run_together([lambda: None, fail])


def test_error_before_the_start_does_not_block_the_others() -> None:
    with pytest.raises(TransientError):
        ConcurrentRunner(scripted_api(faulty.Unreachable())[0]).run_together([lambda: None] * 3)


def test_responses_of_a_race_are_in_the_order_of_its_operations() -> None:
    bodies = [customers.plain(id=namespace.fresh_id()) for _ in range(4)]
    responses = ConcurrentRunner(scripted_api()[0]).race([Create(body) for body in bodies])
    assert [response.json["id"] for response in responses] == [body["id"] for body in bodies]


def test_invariants_see_the_responses_of_threads_in_the_thread_of_the_test() -> None:
    seen: list[tuple[threading.Thread, int]] = []
    api = replace(
        scripted_api()[0], received=lambda each: seen.append((threading.current_thread(), each.status))
    )
    ConcurrentRunner(api).run_threads([[Create(customers.plain()), Get("unknown")], [Get("unknown")]])
    assert sorted(status for _, status in seen) == [201, 404, 404]
    assert {thread for thread, _ in seen} == {threading.current_thread()}


def test_reads_end_when_the_change_is_done() -> None:
    runner, done = ConcurrentRunner(scripted_api()[0]), threading.Event()
    assert len(runner.reads_during("unknown", done, 3)) == 3
    done.set()
    assert len(runner.reads_during("unknown", done, 3)) == 1


def test_what_succeeds_one_by_one_fails_the_clause_of_the_race(record: Record) -> None:
    api, _ = scripted_api()
    with pytest.raises(Mismatch) as raised, race_clause("concurrency.patch", api, patch_title):
        raise title_mismatch()
    assert raised.value.clause == "concurrency.patch"
    assert raised.value.actual == "Mr."
    assert record.failed.keys() == {"concurrency.patch"}


def test_what_fails_one_by_one_fails_the_clause_of_the_operation(record: Record) -> None:
    api, _ = scripted_api(PatchIsLost())
    with pytest.raises(Mismatch) as raised, race_clause("concurrency.patch", api, patch_title):
        raise title_mismatch()
    assert raised.value.clause == "patch.title.round-trip"
    assert record.failed.keys() == {"patch.title.round-trip"}


def test_inner_scope_of_a_race_fails_the_clause_of_the_race(record: Record) -> None:
    api, _ = scripted_api()
    with (
        pytest.raises(Mismatch),
        race_clause("concurrency.patch", api, patch_title),
        clause("patch.status.ok"),
    ):
        raise title_mismatch()
    assert record.failed.keys() == {"concurrency.patch"}


def test_server_error_in_a_race_keeps_its_clause(record: Record) -> None:
    api, _ = scripted_api()
    error = Mismatch(Kind.STATUS, expected=200, actual=500, exchange=exchange("patch", 500))
    with pytest.raises(Mismatch), race_clause("concurrency.patch", api, patch_title):
        raise error.owned_by("patch.robust.no-5xx")
    assert record.failed.keys() == {"patch.robust.no-5xx"}


def test_history_that_no_order_explains_is_shown_as_a_timeline() -> None:
    scenario = Scenario(scripted_api()[0])
    patch = prepare_race(scenario, patch_title)[0]
    assert isinstance(patch, Patch)
    shown = scenario.api.get(patch.id).object
    history = [
        Event(patch, 200, ABSENT, 1.0, 2.0),
        Event(Get(patch.id), 200, shown | {"title": "Dr."}, 3.0, 4.0),
        Event(Get(patch.id), 200, shown, 5.0, 6.0),
    ]
    assert linearizability_mismatch(scenario, history[:2]) is None
    mismatch = linearizability_mismatch(scenario, history)
    assert mismatch is not None
    assert isinstance(mismatch.actual, Rule)
    assert "|=" in mismatch.actual.text
    assert mismatch.actual.text.count(" -> 200") == 2
