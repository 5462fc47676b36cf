"""Runs the tests in workers where that is faster; otherwise pytest's own loop runs them."""

import sys
from dataclasses import dataclass
from functools import partial

import pytest

from harness.plugin.execution import ordering
from harness.plugin.run import Run
from harness.plugin.workers.choice import choose
from harness.plugin.workers.distribution import Distribution
from harness.plugin.workers.pool import Pool
from harness.plugin.workers.worker import run_worker


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
        run.workers_part = lambda: pool.part
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
                pool.end(at_once=not may_go_on)
            finally:
                pool.kill()
                self.run.client.ledger.absorb_workers()
