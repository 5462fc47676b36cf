"""Runs the tests in as many workers as make the run faster, unless -n sets their number.

Without workers, pytest's own loop runs the tests.
"""

import math
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from statistics import quantiles
from typing import Final

import pytest

from client import TenantError
from harness.plugin.execution import ordering
from harness.plugin.run import Run
from harness.plugin.workers.distribution import Distribution
from harness.plugin.workers.pool import Pool
from harness.plugin.workers.worker import run_worker

MAX_WORKERS: Final = 16
"""What a run chooses at most; -n may name more."""
FAST: Final = 0.005
"""Seconds: a tenant that answers within so many keeps the processor busy without workers."""
PER_WORKER: Final = 0.0025
"""Seconds of latency for which one more worker is worthwhile: about the processor time of a request."""


@dataclass(eq=False)
class Workers:
    """The process of a run: it forks workers, hands out tests, reports results, and prints the verdicts."""

    run: Run

    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Run the tests in workers, after `Lifecycle` has opened the run; None if this process is to run them."""
        run = self.run
        if not run.is_open:
            return None
        batches = ordering.batches(session.items)
        choice = choose(run, len(batches))
        if run.is_live:
            sys.stdout.write(f"  {choice}\n")
        if not choice.number:
            return None
        pool = Pool(partial(run_worker, run, session))
        run.totals_of_workers = lambda: pool.totals
        for _ in range(choice.number):
            pool.start()
        self._run_tests(Distribution(run, session, pool, batches), pool)
        return True

    def _run_tests(self, distribution: Distribution, pool: Pool) -> None:
        """Run all tests, and end the workers whatever happens."""
        may_go_on = False
        try:
            may_go_on = distribution.run_tests()
        finally:
            try:
                pool.end(at_once=not may_go_on, is_urgent=lambda: self.run.interruption.is_urgent)
            finally:
                pool.kill()
                self.run.client.ledger.absorb_workers()


@dataclass(frozen=True)
class Choice:
    """The number of workers, 0 for none, and why."""

    number: int
    reason: str

    def __str__(self) -> str:
        return f"It uses {self.number or 'no'} workers, because {self.reason}."


def choose(run: Run, batches: int) -> Choice:
    """The number of workers of an open run whose tests can be divided into so many batches."""
    requested = run.options.workers
    if not hasattr(os, "fork"):
        return Choice(0, "this platform cannot fork a process")
    if requested is not None:
        chosen = Choice(requested, f"-n {requested} sets their number")
    elif run.repeats_until_budget:
        chosen = Choice(0, "it repeats its tests in rounds")
    else:
        chosen = _by_tenant(run)
    if chosen.number == 1:
        return Choice(0, "one worker is not faster than none")
    if batches == 1:
        return Choice(0, "its tests run one after the other")
    return Choice(min(chosen.number, batches), chosen.reason)


def _by_tenant(run: Run) -> Choice:
    """By the latency of the preflight, and where changes become visible late, because then tests mostly wait."""
    # The first quartile: a busy machine delays the others.
    latency, *_ = quantiles((each.elapsed for each in run.exchanges(0)), n=4)
    is_fast = latency < FAST or not run.is_live
    number = 0 if is_fast else min(math.ceil(latency / PER_WORKER), MAX_WORKERS)
    reason = f"the tenant answers within {latency * 1000:.0f} ms"
    if number < MAX_WORKERS and _is_late(run):
        number, reason = MAX_WORKERS, "the tenant shows changes late"
    rate = run.tenant_config.rate_limit.requests_per_second
    if rate and number > (useful := math.ceil(rate * latency) + 1):
        number, reason = useful, f"{reason} and [rate_limit] admits {rate:g} requests per second"
    return Choice(number, reason)


def _is_late(run: Run) -> bool:
    """Whether reads may be stale by configuration, or list does not show yet what the preflight has created."""
    windows = run.api.windows
    created = run.client.ledger.outstanding()
    if windows.read or not windows.index or not created:
        return bool(windows.read)
    with suppress(TenantError):
        response = run.api.list(f"id:{created[0].id}", page_number=1, page_size=1, operation="preflight")
        return response.status == 200 and created[0].id not in response.ids
    return False
