"""Races: requests leave together, and what would go wrong alone is no fault of concurrency."""

# ruff: noqa: ARG002 - a tenant takes every operation, whatever it looks at
import threading
from typing import Any

import pytest

from client import TransientError
from harness.concurrent import Starter, at_once, explained, glances, named, prepared, said
from harness.scenario import Scenario
from meta_tests.support.oracle_samples import Tenant
from meta_tests.support.scripted_tenant import asked
from oracle import Create, Event, Get, Operation, Patch, Upsert
from spec import Violation
from strategies import customers, namespace


@pytest.fixture(autouse=True)
def prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(namespace._namespace, "prefix", None)  # puts back what was there before
    namespace.use("cct-meta1-")


def titled(company: str) -> list[Operation]:
    """A customer, and a patch of it."""
    new_id = namespace.fresh_id()
    return [Upsert(new_id, customers.plain(company=company)), Patch(new_id, {"title": "Dr."})]


def broken() -> Violation:
    return Violation("patch.title.round-trip", expected="Dr.", actual="Mr.")


def test_runners_start_together() -> None:
    meeting = threading.Barrier(3)
    starter = Starter(asked(Tenant())[0])
    assert sorted(starter.together([lambda: meeting.wait(5)] * 3)) == [0, 1, 2]


def test_weather_in_one_lane_is_what_is_told() -> None:
    def lost() -> None:
        raise TransientError("the gateway answered 502.")

    starter = Starter(asked(Tenant())[0])
    with pytest.raises(TransientError):
        starter.together([lambda: None, lost])


def test_weather_before_the_start_holds_nobody_up() -> None:
    class Closed(Tenant):
        def answer(self, operation: Operation) -> tuple[int, Any]:
            raise TransientError("the gateway answered 502.")

    with pytest.raises(TransientError):
        Starter(asked(Closed())[0]).together([lambda: None] * 3)


def test_a_race_is_answered_in_the_order_of_its_operations() -> None:
    tenant, _ = asked(Tenant())
    bodies = [customers.plain(id=namespace.fresh_id()) for _ in range(4)]
    answers = Starter(tenant).race([Create(body) for body in bodies])
    assert [answer.json["id"] for answer in answers] == [body["id"] for body in bodies]


def test_what_goes_right_alone_is_the_fault_of_concurrency() -> None:
    tenant, _ = asked(Tenant())
    with pytest.raises(Violation) as violation, at_once("concurrency.patch", tenant, titled):
        raise broken()
    assert violation.value.clause.id == "concurrency.patch"
    assert violation.value.actual == "Mr."


def test_what_goes_wrong_alone_is_not() -> None:
    class Untitled(Tenant):
        def answer(self, operation: Operation) -> tuple[int, Any]:
            if isinstance(operation, Patch):
                return 200, ...
            return super().answer(operation)

    tenant, _ = asked(Untitled())
    with pytest.raises(Violation) as violation, at_once("concurrency.patch", tenant, titled):
        raise Violation("concurrency.patch", expected="Dr.", actual="Mr.")
    assert violation.value.clause.id == "patch.title.round-trip"


def test_glances_end_when_the_change_is_done() -> None:
    tenant, _ = asked(Tenant())
    customer, done = tenant.has(customers.plain(id=namespace.fresh_id())), threading.Event()
    assert len(glances(tenant.client, customer.id, done, 3)) == 3
    done.set()
    assert len(glances(tenant.client, customer.id, done, 3)) == 1


def test_a_history_without_an_order_is_told_as_a_timeline() -> None:
    course = Scenario(asked(Tenant())[0])
    patch = prepared(course, titled)[0]
    shown = course.tenant.get(named(patch)).json
    history = [
        Event(patch, 200, ..., 1.0, 2.0),
        Event(Get(named(patch)), 200, shown | {"title": "Dr."}, 3.0, 4.0),
        Event(Get(named(patch)), 200, shown, 5.0, 6.0),
    ]
    explained(course, history[:2])
    with pytest.raises(Violation) as violation:
        explained(course, history)
    assert violation.value.clause.id == "concurrency.linearizable"
    assert "|=" in violation.value.detail
    assert violation.value.detail.count(" -> 200") == 2


def test_a_create_names_its_customer_in_the_body() -> None:
    assert named(Create({"id": "one"})) == "one"
    assert named(Create(None)) == ""
    assert said(Get("one")) == {}
