"""Requests that leave together, what they prove, and whether the same would have gone wrong one by one."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from threading import Barrier, Event
from typing import Any, TypeVar

import oracle
from client import Client, Exchange
from harness.answers import Answer
from harness.scenario import Scenario
from harness.tenant_under_test import TenantUnderTest
from spec import Violation
from strategies import namespace

Result = TypeVar("Result")
Operations = Callable[[str], Sequence[oracle.Operation]]
"""The operations of a race, made anew for each company word: new ids, new addresses, else the same."""

IDLE = 1.5
"""Seconds after which open connections may have been closed, and are opened again before a race."""
FIRST_GLANCE, LONGEST_GLANCE = 0.002, 0.064
"""Seconds between two looks at a customer while it is being changed."""


@dataclass
class Starter:
    """Lets requests go at one moment, over connections that are open already."""

    tenant: TenantUnderTest
    raced_at: float = float("-inf")

    def race(self, operations: Sequence[oracle.Operation]) -> list[Answer]:
        """The answers to operations sent together, in their order, each judged by what holds of every answer.

        TransientError where an answer was lost: nobody knows then what the tenant did.
        """
        runners = [partial(performed, self.tenant.client, each) for each in operations]
        return [judged(self.tenant, exchange) for exchange in self.together(runners)]

    def lanes(self, lanes: Sequence[Sequence[oracle.Operation]]) -> list[oracle.Event]:
        """The history of several lanes of operations, each lane one after another on a thread of its own."""

        def run(lane: Sequence[oracle.Operation]) -> list[oracle.Event]:
            return [event(each, performed(self.tenant.client, each)) for each in lane]

        runners = [partial(run, lane) for lane in lanes if lane]
        return [each for lane in (self.together(runners) if runners else []) for each in lane]

    def together(self, runners: Sequence[Callable[[], Result]]) -> list[Result]:
        """What each runner returns; all start at one moment, each on a thread of its own."""
        barrier = Barrier(len(runners))
        cold = time.monotonic() - self.raced_at > IDLE
        unknown = namespace.fresh_id()

        def run(runner: Callable[[], Result]) -> Result:
            try:
                if cold:
                    self.tenant.client.get(unknown)
            except BaseException:
                barrier.abort()
                raise
            barrier.wait(60)
            return runner()

        with ThreadPoolExecutor(len(runners)) as threads:
            running = [threads.submit(run, runner) for runner in runners]
        self.raced_at = time.monotonic()
        failed = [future.exception() for future in running if future.exception() is not None]
        # A runner that never started because another met weather has nothing to say of its own.
        for error in sorted(failed, key=lambda each: type(each).__name__ == "BrokenBarrierError"):
            if error is not None:
                raise error
        return [future.result() for future in running]


def performed(client: Client, operation: oracle.Operation) -> Exchange:
    """Send the operation once; a write whose answer is lost is not repeated, for it may have happened."""
    match operation:
        case oracle.Create(body):
            return client.create(dict(body or {}), retries="never")
        case oracle.Upsert(customer_id, body):
            return client.upsert(customer_id, dict(body or {}), retries="never")
        case oracle.Patch(customer_id, body):
            return client.patch(customer_id, dict(body or {}), retries="never")
        case oracle.Delete(customer_id):
            return client.delete(customer_id, retries="never")
        case oracle.Get(customer_id):
            return client.get(customer_id)


def judged(tenant: TenantUnderTest, exchange: Exchange) -> Answer:
    """The answer, judged by what holds of every answer."""
    return tenant.asked(lambda: exchange)


def event(operation: oracle.Operation, exchange: Exchange) -> oracle.Event:
    """One operation of a history, with the times of its call and of its answer."""
    ended = exchange.started + exchange.elapsed
    return oracle.Event(operation, exchange.status, exchange.json, exchange.started, ended)


def glances(client: Client, customer_id: str, done: Event, most: int) -> list[oracle.Event]:
    """Looks at a customer, ever further apart, until something else is done."""
    seen, pause = [], FIRST_GLANCE
    for _ in range(most):
        look = oracle.Get(customer_id)
        seen.append(event(look, performed(client, look)))
        if done.wait(pause):
            break
        pause = min(pause * 2, LONGEST_GLANCE)
    return seen


def named(operation: oracle.Operation) -> str:
    """The id that the operation names, in its path or in its body; empty where it names none."""
    return str(getattr(operation, "id", "") or said(operation).get("id", ""))


def said(operation: oracle.Operation) -> Mapping[str, Any]:
    """The body of the operation; empty where it has none."""
    return getattr(operation, "body", None) or {}


def prepared(course: Scenario, operations: Operations) -> list[oracle.Operation]:
    """Do and see the first of the operations, which makes the customer; the others are the race."""
    first, *race = operations(course.company)
    step = course.does(first)
    course.tenant.unless_literal(step.status)
    course.sees(step.subject)
    return race


def explained(course: Scenario, history: Sequence[oracle.Event]) -> None:
    """Demand an order of the events that explains every answer."""
    rules, lag = course.rules, course.lag
    if oracle.linearizable(history, course.world, rules, deletion_may_lag=lag) is None:
        smallest = oracle.smallest_bad(history, course.world, rules, deletion_may_lag=lag)
        raise Violation(
            "concurrency.linearizable",
            expected="an order of the operations that explains every answer",
            actual=f"{len(smallest)} answers that no order explains",
            detail="\n" + oracle.timeline(smallest),
        )


@contextmanager
def at_once(clause: str, tenant: TenantUnderTest, operations: Operations) -> Iterator[None]:
    """Lay what goes wrong inside to the clause, unless the same operations go wrong one after another too.

    Then it is no fault of concurrency, and the clause that the single operation breaks is told.
    """
    try:
        yield
    except Violation as violation:
        one_by_one(tenant, operations)
        if violation.clause.id == clause or violation.clause.id.endswith("no-5xx"):
            raise
        told = {"expected": violation.expected, "actual": violation.actual, "detail": violation.detail}
        raise Violation(clause, **told) from None


def one_by_one(tenant: TenantUnderTest, operations: Operations) -> None:
    """Send the operations one after another to customers of their own, and judge every step."""
    course = Scenario(tenant)
    for operation in operations(course.company):
        if isinstance(operation, oracle.Get):
            course.sees(operation.id)
            continue
        step = course.does(operation)
        if step.subject:
            course.sees(step.subject)
    course.sees_the_world()
