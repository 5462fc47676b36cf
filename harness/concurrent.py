"""Requests that are sent at the same time, over connections that are open already."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from threading import Barrier, Event
from typing import TypeVar

import oracle
from client import Exchange
from client.parallel import map_parallel
from harness.api import TenantApi
from strategies import namespace

Result = TypeVar("Result")
IDLE = 1.5
"""Seconds after which a server may have closed idle connections.

They are opened again before requests are sent together.
"""
START_TIMEOUT = 60.0
"""Seconds within which all threads are ready."""
FIRST_PAUSE, LONGEST_PAUSE = 0.002, 0.064
"""Seconds between two reads of a customer while it is being changed."""


@dataclass
class ConcurrentRunner:
    """Sends requests at the same time. Threads return responses; the thread of the test passes them to the invariants.

    A write whose response is lost is not repeated, since the tenant may have executed it: TransientError.
    """

    api: TenantApi
    used_at: float = float("-inf")

    def race(self, operations: Sequence[oracle.Operation]) -> list[Exchange]:
        """The responses to operations sent together, in their order."""
        return self.run_together([partial(self.perform, each) for each in operations])

    def run_threads(self, threads: Sequence[Sequence[oracle.Operation]]) -> list[oracle.Event]:
        """The history of several threads, each of which sends its operations one after another."""

        def run(operations: Sequence[oracle.Operation]) -> list[tuple[oracle.Operation, Exchange]]:
            return [(each, self.perform(each)) for each in operations]

        histories = self.run_together([partial(run, operations) for operations in threads if operations])
        return [event(operation, response) for history in histories for operation, response in history]

    def perform(self, operation: oracle.Operation) -> Exchange:
        """Send an operation once, from any thread; the invariants do not see the response yet."""
        options = {} if isinstance(operation, oracle.Get) else {"retries": "never"}
        return replace(self.api, received=lambda _: None).perform(operation, **options)

    def reads_during(
        self, customer_id: str, done: Event, most: int
    ) -> list[tuple[oracle.Operation, Exchange]]:
        """Reads of a customer, with growing pauses, until another thread is done."""
        read, pause = oracle.Get(customer_id), FIRST_PAUSE
        seen: list[tuple[oracle.Operation, Exchange]] = []
        for _ in range(most):
            seen.append((read, self.perform(read)))
            if done.wait(pause):
                break
            pause = min(pause * 2, LONGEST_PAUSE)
        return seen

    def run_together(self, runners: Sequence[Callable[[], Result]]) -> list[Result]:
        """What each runner returns; all start at the same time, over connections that are open."""
        if not runners:
            return []
        if time.monotonic() - self.used_at > IDLE:
            warm_up = oracle.Get(namespace.fresh_id())
            run_at_once([partial(self.perform, warm_up)] * len(runners))
        results = run_at_once(runners)
        self.used_at = time.monotonic()
        self._check_invariants(results)
        return results

    def _check_invariants(self, results: Sequence[object]) -> None:
        for result in results:
            if isinstance(result, Exchange):
                self.api.received(result)
            elif isinstance(result, list | tuple):
                self._check_invariants(result)


def run_at_once(runners: Sequence[Callable[[], Result]]) -> list[Result]:
    """What each runner returns, which starts when all have a thread of their own; the first error is raised."""
    barrier = Barrier(len(runners))

    def run(runner: Callable[[], Result]) -> Result:
        barrier.wait(START_TIMEOUT)
        return runner()

    return map_parallel(run, runners, len(runners))


def event(operation: oracle.Operation, response: Exchange) -> oracle.Event:
    """One operation of a history, with the times of its request and of its response."""
    ended = response.started + response.elapsed
    return oracle.Event(operation, response.status, response.json, response.started, ended)
