"""Which worker runs which test, what becomes of the results, and of the tests of a worker that was killed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import pytest

from harness.checks.evidence import Record
from harness.dataset import Dataset
from harness.plugin.execution import ordering, profiles
from harness.plugin.execution.interruption import raise_if_stopped
from harness.plugin.run import Run
from harness.plugin.workers.messages import Assignment, Result
from harness.plugin.workers.pool import Pool, WorkerProcess

ATTEMPTS: Final = 2
"""How often a test is run whose worker ends before its result."""
OUTCOMES: Final = ("skipped", "passed", "failed")
"""The outcomes of reports, worst last."""


class Distribution:
    """Hands out the tests of a session in batches, the longest first, and reports each result once.

    The tests that use the dataset wait until the first of them has created it. The final check runs at the end, in
    every worker, which has the customers that it created.
    """

    def __init__(self, run: Run, session: pytest.Session, pool: Pool, batches: list[tuple[int, ...]]) -> None:
        self._run, self._session, self._pool = run, session, pool
        self._items: Sequence[pytest.Item] = tuple(session.items)
        self._batches = batches
        self._final = tuple(n for n, item in enumerate(self._items) if ordering.is_final(item))
        self._attempts: Counter[int] = Counter()
        self._replacements = len(pool.workers)
        self._dataset: Dataset | None = None

    def run_tests(self) -> bool:
        """Run all tests; whether the run may go on. Exceptions as for pytest's own loop.

        Of the final check, the reports of the worst result are those of the test.
        """
        for result in self._results():
            self._report(result.test, result.reports)
        final = () if self._run.status.is_over else self._final
        for worker in self._pool.workers if final else ():
            worker.assign(self._assignment(final))
        self._replacements = 0
        results = [*self._results()]
        for test in () if self._run.status.error else final:
            if found := [each for each in results if each.test == test]:
                self._report(test, max(found, key=_severity).reports)
            else:
                self._report_lost(test)
        return not self._run.status.error

    def _results(self) -> Iterator[Result]:
        """The results of the tests that workers run, until all have run or a limit is reached."""
        while (self._batches or any(each.assigned for each in self._pool.workers)) and self._may_run():
            for worker in [each for each in self._pool.workers if not each.assigned]:
                self._assign_next(worker)
            for worker, message in self._pool.receive():
                if isinstance(message, Result):
                    self._store(worker, message)
                    yield message
                elif message is None:
                    self._recover(worker)

    def _may_run(self) -> bool:
        """Whether tests may still run: end the run where a limit is reached.

        KeyboardInterrupt after a signal, session.Failed for -x.
        """
        status = self._run.status
        self._run.interruption.check()
        raise_if_stopped(self._session)
        if not self._pool.workers:
            status.end("other", "The worker processes were killed; tests that had not run are not assessed.")
        if status.budget:
            self._batches.clear()
        return not status.error

    def _assign_next(self, worker: WorkerProcess) -> None:
        """Give an idle worker the first batch that can run now."""
        is_creating = self._dataset is None and any(
            self._uses_dataset(each.assigned) for each in self._pool.workers
        )
        for batch in self._batches:
            if not (is_creating and self._uses_dataset(batch)):
                self._batches.remove(batch)
                worker.assign(self._assignment(batch))
                return

    def _assignment(self, tests: tuple[int, ...]) -> Assignment:
        dataset = self._dataset if self._uses_dataset(tests) else None
        return Assignment(tests, self._run.evidence.known, dataset)

    def _uses_dataset(self, tests: Iterable[int]) -> bool:
        return any("dataset" in getattr(self._items[test], "fixturenames", ()) for test in tests)

    def _store(self, worker: WorkerProcess, result: Result) -> None:
        worker.assigned.remove(result.test)
        result.add_to(self._run)
        if result.changes_dataset:
            self._dataset = result.dataset

    def _recover(self, worker: WorkerProcess) -> None:
        """Have the tests of a killed worker run by another one; the test that ran, once more at most."""
        if worker.assigned and worker.assigned[0] not in self._final:
            running, *others = worker.assigned
            self._attempts[running] += 1
            if self._attempts[running] == ATTEMPTS:
                self._report_lost(running)
                self._batches[:0] = [tuple(others)] if others else []
            else:
                self._batches.insert(0, tuple(worker.assigned))
        if self._replacements:
            self._replacements -= 1
            self._pool.start()

    def _report(self, test: int, reports: Iterable[Mapping[str, Any]]) -> None:
        """Pass the reports of a test on, as if the test had run in this process."""
        item, hook = self._items[test], self._session.config.hook
        hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        for data in reports:
            report = hook.pytest_report_from_serializable(config=self._session.config, data=data)
            hook.pytest_runtest_logreport(report=report)
        hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)

    def _report_lost(self, test: int) -> None:
        """Report an error: each worker that ran the test was killed."""
        item, config = self._items[test], self._session.config
        sentence = f"Every worker process that ran {item.nodeid} was killed before the test had finished."
        self._run.status.lost = sentence
        self._run.evidence.findings.add(
            self._run.evidence.factory.findings(
                Record(item.nodeid, profiles.declared_clauses(item)), sentence
            )
        )
        report = pytest.TestReport(item.nodeid, item.location, {}, "failed", sentence, "setup")
        self._report(test, [config.hook.pytest_report_to_serializable(config=config, report=report)])


def _severity(result: Result) -> int:
    return max(OUTCOMES.index(report["outcome"]) for report in result.reports)
