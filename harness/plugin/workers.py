"""`pytest -n 4`: the run stays in the controlling process, and workers ask their share of the questions through it.

The controller starts and meets the tenant, holds the one client, cleans up and reports. A worker makes requests
ready, judges the answers, and hands over what it found after each test, so that a crash loses no more than one.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from client import BudgetExceeded, Hub, Line, RelayedClient, services
from client import Run as TenantRun
from client.workers.controller import Service
from harness.plugin import interruption, ordering
from harness.plugin.options import Options
from harness.plugin.run import Run
from reporting import Delays
from reporting.model.delays import added
from reporting.model.findings import Finding
from spec import clauses, operations
from strategies import namespace

SHARE = "contract_run"
"""What a worker is told before it starts, by this name of xdist's `workerinput`."""
STRIDE = 1000
"""More than there can be workers: each numbers its ids and addresses in such steps, above the controller's."""


def conducts(config: pytest.Config) -> bool:
    """Whether this process shares the tests out to workers."""
    return config.getoption("dist", "no") != "no" and not config.option.collectonly and not works(config)


def works(config: pytest.Config) -> bool:
    """Whether this process is a worker."""
    return hasattr(config, "workerinput")


def run_of(config: pytest.Config, options: Options, environ: Mapping[str, str], run_id: str = "") -> Run:
    """The run as this process has it, under this id where one is given."""
    if works(config):
        return Worker(options, environ, config.workerinput)  # type: ignore[attr-defined]
    return (Conductor if conducts(config) else Run)(options, environ, run_id)


class Conductor(Run):
    """The run in the controlling process, which runs no test itself."""

    def __init__(self, options: Options, environ: Mapping[str, str], run_id: str = "") -> None:
        super().__init__(options, environ, run_id)
        self.hub = Hub()
        self._waited: Mapping[str, Delays] = {}

    def open(self) -> None:
        """Meet the tenant, and let the workers ask it."""
        super().open()
        ours: dict[str, Service] = {
            "met": self._met,
            "found": self._found,
            "waited": self._wait,
            "over": self._over,
            "end": self._end,
        }
        self.hub.serve({**services(self.client), **ours})

    @property
    def in_rounds(self) -> bool:
        """Workers ask each question once."""
        return False

    def has_work(self, _: pytest.Session) -> bool:
        """The workers know."""
        return True

    def delays(self) -> Mapping[str, Delays]:
        """How long changes took to show, as all workers saw them."""
        return added(super().delays(), self._waited)

    def _met(self) -> tuple[Any, bool]:
        return self.settings, self.tenant.custom_ids

    def _found(self, findings: list[Finding]) -> None:
        self.plugin.findings.add(findings)

    def _wait(self, delays: Mapping[str, Delays]) -> None:
        self._waited = added(self._waited, delays)

    def _over(self) -> bool:
        return bool(self.trouble or self.bound)

    def _end(self, trouble: str, bound: str) -> None:
        self.trouble, self.bound = self.trouble or trouble, self.bound or bound

    # -- hooks of pytest and xdist -------------------------------------------------------------------

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker whose share it is, and how to reach the client of the run."""
        node.workerinput[SHARE] = (self.id, self.hub.address, self.hub.key)
        node.workerinput["nightly_seed"] = self.options.seed

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Any:
        """Unless the command line asks for another distribution, what shares customers stays together."""
        if config.option.dist != "load":
            return None
        config.option.loadscopereorder = False
        scheduling = LoadScopeScheduling(config, log)
        scheduling._split_scope = ordering.group
        return scheduling

    def pytest_runtest_logstart(self) -> None:
        """The only place where the run is told to end while the workers are at work."""
        self.interruption.check()

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Let nobody ask any more; then as in any run.

        xdist calls the end after -x an interruption, and a run that could not open one without tests.
        """
        self.hub.close()
        if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and self.trouble:
            exitstatus = pytest.ExitCode.OK
        if exitstatus == pytest.ExitCode.INTERRUPTED and not self.interruption.asked:
            exitstatus = pytest.ExitCode.TESTS_FAILED
        super().pytest_sessionfinish(session, exitstatus)


class Worker(Run):
    """A worker's share of the run: it neither opens nor cleans up nor reports."""

    def __init__(self, options: Options, environ: Mapping[str, str], told: Mapping[str, Any]) -> None:
        super().__init__(options, environ, str(told[SHARE][0]))
        _, address, key = told[SHARE]
        self._line = Line(address, key)
        self._number = int(str(told["workerid"]).removeprefix("gw"))

    def configure(self) -> None:
        """Names of its own within the run; the settings come from the controller."""
        clauses(), operations()
        namespace.use(f"cct-{self.id}-", start=STRIDE + self._number, step=STRIDE)

    def open(self) -> None:
        """Wait until the controller has met the tenant."""
        self.settings, custom_ids = self._line.call("met")
        self._client = RelayedClient(self.settings, TenantRun(self.id, self.options.report_dir), self._line)
        self.meet(self._client)
        for tenant in self._tenants.values():
            tenant.custom_ids = custom_ids

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Ask nothing where the controller could not open the run."""
        if not session.items:
            return None
        interruption.ignore()
        try:
            self.open()
        except BudgetExceeded:
            return True
        return None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self) -> bool | None:  # type: ignore[override]
        """Leave out what is left once the run is over."""
        try:
            return True if self._line.call("over") else None
        except BudgetExceeded:
            return True

    def pytest_runtest_logfinish(self) -> None:
        """Hand over what the test has found, and say so where nothing more can be asked."""
        with suppress(BudgetExceeded):
            self._line.call("found", self.plugin.findings.taken())
            if self.plugin.out:
                self._line.call("end", f"The tenant stopped answering: {self.plugin.last_trouble}", "")
            elif self.plugin.reached is not None:
                self._line.call("end", "", str(self.plugin.reached))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:  # type: ignore[override]
        """Hand over the delays, and hang up."""
        with suppress(BudgetExceeded):
            self._line.call("waited", self.delays())
        self._line.close()
