"""`pytest -n 4`: workers send their requests through the client of the controller, so a run has one client and ledger.

The controller opens the run, cleans up and reports. A worker builds requests, checks responses, and sends its findings
to the controller after each test, so that a crash loses the findings of one test at most.
"""

from collections.abc import Generator
from contextlib import suppress
from typing import Any, Final

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from client import BudgetExceeded, ControllerConnection, ControllerServer, WorkerClient, services
from client import Run as ClientRun
from client.workers.controller import Service
from harness.plugin.execution import interruption, ordering
from harness.plugin.options import is_worker
from harness.plugin.run import Run

INPUT: Final = "contract_run"
"""The key of xdist's `workerinput` for the run id and the address and key of the controller."""


def run_id_of_worker(config: pytest.Config) -> str:
    """The id of the run that this worker is part of; empty if this process is no worker."""
    return str(config.workerinput[INPUT][0]) if is_worker(config) else ""  # type: ignore[attr-defined]


class Controller:
    """Serves the workers in the controlling process, which runs no tests itself."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._server = ControllerServer()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self) -> None:
        """Serve the workers, after `Lifecycle` has opened the run."""
        run = self._run
        if not run.is_open:
            return
        ours: dict[str, Service] = {
            "connection": lambda: (run.connection.settings, run.connection.capabilities),
            "add_findings": run.plugin.findings.add,
            "add_delays": run.add_delays,
            "is_over": lambda: run.status.is_over,
            "end": run.status.end,
        }
        self._server.serve({**services(run.client), **ours})

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Give a worker what it needs to join the run."""
        node.workerinput[INPUT] = (self._run.id, self._server.address, self._server.key)
        node.workerinput["nightly_seed"] = self._run.options.seed

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Any:
        """Keep tests that share customers in one worker, unless the command line names another distribution.

        With `--dist loadgroup` node ids would end in the name of the group, in all reports.
        """
        if config.option.dist != "load":
            return None
        config.option.loadscopereorder = False
        scheduling = LoadScopeScheduling(config, log)
        scheduling._split_scope = ordering.group
        return scheduling

    def pytest_runtest_logstart(self) -> None:
        """End the run after a signal; no other hook runs here while workers run tests."""
        self._run.interruption.check()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, None, None]:
        """Serve no more requests, and correct the exit code before `Lifecycle` reads it.

        xdist reports -x as an interruption, and a run that could not be opened as one without tests.
        """
        self._server.close()
        status = session.exitstatus
        if status == pytest.ExitCode.NO_TESTS_COLLECTED and self._run.status.error:
            session.exitstatus = pytest.ExitCode.OK
        if status == pytest.ExitCode.INTERRUPTED and not self._run.interruption.requested:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        yield


class Worker:
    """Runs the tests that this process receives, and sends the results to the controller."""

    def __init__(self, run: Run, config: pytest.Config) -> None:
        _, address, key = config.workerinput[INPUT]  # type: ignore[attr-defined]
        self._run = run
        self._controller = ControllerConnection(address, key)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Wait until the controller has opened the run; if it cannot, no test runs."""
        if not session.items:
            return None
        interruption.ignore()
        run = self._run
        try:
            settings, capabilities = self._controller.call("connection")
        except BudgetExceeded:
            return True
        client = WorkerClient(settings, ClientRun(run.id, run.options.report_dir), self._controller)
        run.connection.use(client, capabilities)
        return None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self) -> bool | None:
        """Skip the remaining tests when the run is over."""
        try:
            return True if self._controller.call("is_over") else None
        except BudgetExceeded:
            return True

    def pytest_runtest_logfinish(self) -> None:
        """Send the findings of the test, and why no more tests can run if that is so."""
        with suppress(BudgetExceeded):
            self._controller.call("add_findings", self._run.plugin.findings.drain())
            status = self._run.update_status()
            if status.is_over:
                self._controller.call("end", status.reason, status.error, status.budget)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Send the delays and close the connections to the controller."""
        with suppress(BudgetExceeded):
            self._controller.call("add_delays", self._run.delays())
        self._controller.close()
