"""A worker: a fork of the process of a run, with a client and a ledger of its own, that runs the tests it receives."""

import os
import random
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from typing import Any, Final

import pytest

from client import delete_outstanding
from harness.api import DATASET
from harness.dataset import Dataset
from harness.plugin.execution import interruption
from harness.plugin.run import Run
from harness.plugin.status import Totals
from harness.plugin.workers.messages import Assignment, Result
from harness.plugin.workers.pool import WorkerState
from strategies import namespace

PRINTING_PLUGINS: Final = ("terminalreporter", "contract-Progress")
"""What prints results, which only the process of the run does."""
STRIDE: Final = 1000
"""Worker w numbers its ids and addresses STRIDE + w, 2 * STRIDE + w, …; there are fewer workers."""


@dataclass(kw_only=True)
class WorkerInterruption(interruption.Interruption):
    """Ends a worker when its run requests it or was killed; each check is a heartbeat."""

    state: WorkerState
    parent: int

    def check(self) -> None:
        """KeyboardInterrupt if the worker must end."""
        self.state.heartbeat_at = time.monotonic()
        if self.state.must_end or os.getppid() != self.parent:
            raise KeyboardInterrupt


@dataclass(eq=False)
class Worker:
    """A plugin of pytest that collects the reports of the running test, and the loop that runs tests."""

    run: Run
    session: pytest.Session
    items: tuple[pytest.Item, ...]
    connection: "Connection[Any, Any]"
    reports: list[dict[str, Any]] = field(default_factory=list)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the report for the result of the test."""
        config = self.session.config
        self.reports.append(config.hook.pytest_report_to_serializable(config=config, report=report))

    def work(self) -> None:
        """Run the tests that arrive, until None does, the run ends, or its process was killed."""
        with suppress(EOFError, OSError, KeyboardInterrupt):
            while (assignment := self.connection.recv()) is not None:
                assignment.adopt_failures(self.run)
                for test, following in zip(assignment.tests, (*assignment.tests[1:], None), strict=True):
                    self._run_test(test, following, assignment)

    def finish(self) -> None:
        """Delete what this worker has created, and send what it has done."""
        delete_outstanding(self.run.client)
        with suppress(OSError):
            self.connection.send(self.run.totals_with_coverage())

    def _run_test(self, test: int, following: int | None, assignment: Assignment) -> None:
        run, item, known = self.run, self.items[test], self.run.evidence.known
        budget = known.budget
        self.reports.clear()
        assignment.use_dataset(run)
        # Without a following test, the session is what pytest keeps: a fixture of a module or a package ends.
        item.ihook.pytest_runtest_protocol(
            item=item, nextitem=self.session if following is None else self.items[following]
        )
        shared = run.api.known.shared.get(DATASET)
        dataset = shared if isinstance(shared, Dataset) else None
        result = Result(
            test=test,
            reports=tuple(self.reports),
            findings=tuple(run.evidence.findings.drain()),
            status=run.status,
            totals=run.totals(),
            known=known,
            spent=budget - known.budget,
            changes_dataset=dataset != assignment.dataset,
            dataset=None if dataset is None else replace(dataset, complete={}),
        )
        self.connection.send(result)


def run_worker(
    run: Run,
    session: pytest.Session,
    connection: "Connection[Any, Any]",
    inherited: Iterable["Connection[Any, Any]"],
    state: WorkerState,
    number: int,
) -> None:
    """In a fork: run tests, and delete what they created."""
    for each in inherited:  # otherwise a worker would not see the end of the pipe of a killed run
        each.close()
    interruption.ignore()
    random.seed()  # otherwise all workers would wait equally long before they repeat a request
    run.interruption = WorkerInterruption(state=state, parent=os.getppid())
    _separate_output(session.config)
    namespace.use(namespace.prefix(), start=STRIDE + number, step=STRIDE)
    run.use_own_client(number)
    run.totals_of_workers, run.evidence.examples = Totals, 0
    run.evidence.findings.drain()  # those of the run, where this worker replaces another
    worker = Worker(run, session, tuple(session.items), connection)
    session.config.pluginmanager.register(worker)
    worker.work()
    worker.finish()


def _separate_output(config: pytest.Config) -> None:
    """Capture output in files of this process, and print nothing."""
    plugins = config.pluginmanager
    capture: Any = plugins.getplugin("capturemanager")
    capture.stop_global_capturing()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    capture.start_global_capturing()
    capture.suspend_global_capture()
    for name in PRINTING_PLUGINS:
        if plugins.hasplugin(name):
            plugins.unregister(name=name)
