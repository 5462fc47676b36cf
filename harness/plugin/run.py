"""One run of the suite: whom it asks, what it leaves behind, and the report at its end."""

import secrets
import sys
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from client import (
    Client,
    ConfigurationError,
    Leftovers,
    Settings,
    TenantError,
    clean_up,
    load_settings,
    load_tenant_config,
    names_a_tenant,
)
from client import Run as TenantRun
from client.config.environment import read_environment
from client.config.settings import Safety, TenantConfig
from client.lifecycle.preflight import preflight
from client.lifecycle.progress import shown
from harness import connect, requirements
from harness.exchange_utils import told
from harness.plugin import banner, finalize, profiles
from harness.plugin.evidence_plugin import ContractPlugin
from harness.plugin.interruption import Interruption
from harness.plugin.mock_process import Embedded, EmbeddedTenant
from harness.plugin.options import Options
from harness.tenant_under_test import TenantUnderTest
from reporting import Delays, Deviations, Report, ReportError, Requests, accept, remember, write
from reporting.coverage import Meter
from reporting.files import prepare
from reporting.formats import github
from reporting.formats.allure_environment import write_facts
from reporting.verdicts.deviations import Mode
from spec import clauses, operations
from strategies import namespace

INTERRUPTED = "The run was interrupted, and what it had not asked yet is not assessed."
ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
MOCK_CONFIGURATION = Path(__file__).parents[2] / "mock_tenant" / "tenant.toml"
SEQUENCE = 12
"""Exchanges of an example that a failure shows, the last ones."""


class Run:
    """One run: opens before the first test, cleans up and reports after the last, whatever happened."""

    def __init__(self, options: Options, environ: Mapping[str, str], run_id: str = "") -> None:
        self.options = options
        self.environ = environ
        self.id = run_id or "".join(secrets.choice(ALPHABET) for _ in range(5))
        self.started = time.monotonic()
        self.started_at = datetime.now(UTC)
        self.deviations = Deviations()
        self.accepted = ""
        self.plugin: ContractPlugin
        self.settings: Settings | None = None
        self.tenant_config = TenantConfig()
        self.embed: Callable[[Path, Sequence[str]], Embedded] = EmbeddedTenant.start
        self.writers: Sequence[Callable[[Report, Path], Path]] = (remember, write)
        self.embedded: Embedded | None = None
        self.leftovers: Leftovers | None = None
        self.report: Report | None = None
        self.page: Path | None = None
        self.trouble = ""
        self.bound = ""
        self.spent = ""
        self.misused = False
        self.interruption = Interruption()
        self.meter: Meter | None = None
        self._client: Client | None = None
        self._tenants: dict[str, TenantUnderTest] = {}

    # -- the tenant ----------------------------------------------------------------------------------

    @property
    def client(self) -> Client:
        """The one client of the run."""
        if self._client is None:
            raise RuntimeError("the run is not open")
        return self._client

    @property
    def is_open(self) -> bool:
        """Whether there is a client."""
        return self._client is not None

    @property
    def tenant(self) -> TenantUnderTest:
        """The tenant under test, asked as the client with all scopes."""
        return self._tenants["client"]

    @property
    def other(self) -> TenantUnderTest:
        """The second tenant, asked as its own client."""
        return self._tenants["other"]

    def configure(self) -> None:
        """Read the contract and the settings, and see that a report can be written; nothing is sent.

        With no EMPORIX_TENANT, the settings are those of the embedded tenant. SpecificationError,
        ConfigurationError and ReportError say what to mend.
        """
        clauses(), operations()
        mood: Mode = "accepting" if self.options.accepts_deviations else "judging"
        self.deviations = Deviations.of(self.options.deviations, self.started_at, mood)
        namespace.use(f"cct-{self.id}-")
        if names_a_tenant(self.environ):
            if self.options.mock_arguments:
                raise ConfigurationError(
                    "--mock-defect and --mock-variation are for the embedded tenant, but EMPORIX_TENANT "
                    "names a live one; leave them out or unset EMPORIX_TENANT."
                )
            self.settings = load_settings(self.options.configuration, self.environ)
        elif self.options.configuration is not None:
            self.tenant_config = load_tenant_config(self.options.configuration)
        if not self.options.only_collects:
            prepare(self.options.report_dir)

    def open(self) -> None:
        """Start the embedded tenant if there is no other, see that the tenant answers, and meet it."""
        if self.settings is None:
            configuration = self.options.configuration or MOCK_CONFIGURATION
            self.embedded = self.embed(configuration, self.options.mock_arguments)
            self.settings = Settings(
                environment=read_environment({**self.environ, **self.embedded.environ}),
                tenant_config=TenantConfig.model_validate(
                    {**self.embedded.tenant_config, "safety": self.tenant_config.safety}
                ),
            )
        self._client = Client(self.settings, TenantRun(self.id, self.options.report_dir))
        self.meter = Meter()
        self._client.recorder.watch(self.meter.observe)
        preflight(self._client)
        self.meet(self._client)
        requirements.learn(self.tenant)

    def meet(self, client: Client) -> None:
        """The tenants under test, asked through this client."""
        self._tenants = connect.met(
            client, lambda: self.plugin.trial(), lambda delay: self.plugin.waited(delay)
        )

    @property
    def in_rounds(self) -> bool:
        """Whether the run goes on until a bound is reached."""
        return profiles.in_rounds(self.safety)

    @property
    def safety(self) -> Safety:
        """The bounds of the run, as far as they are known."""
        return (self.settings or self).tenant_config.safety

    def forget(self) -> None:
        """Expect nothing more of any customer made so far, because all of them are deleted."""
        for tenant in self._tenants.values():
            tenant.known.clear()
            tenant.shared.clear()
            tenant.private.secrets.clear()

    def unmet(self, need: str) -> str:
        """Why a need of a clause is not met by this run; empty where it is."""
        return requirements.unmet(need, self.settings, self._tenants.get("client"))

    def has_work(self, session: pytest.Session) -> bool:
        """Whether there is anything to ask."""
        return bool(session.items)

    def delays(self) -> Mapping[str, Delays]:
        """How long changes took to show, by the name of the window."""
        return self.tenant.windows.delays() if self._tenants else {}

    def exchanges(self) -> tuple[dict[str, Any], ...]:
        """The exchanges of the running example, redacted."""
        if self._client is None:
            return ()
        recorded = self._client.recorder.since(self.plugin.mark)
        return tuple(told(exchange) for exchange in recorded[-SEQUENCE:])

    def position(self) -> int:
        """Where the recorder stands at the start of an example, for the exchanges that follow."""
        self.interruption.check()
        return self._client.recorder.mark() if self._client is not None else 0

    def requests(self) -> Requests:
        """How much was asked."""
        sent: dict[str, Any] = self._client.recorder.requests() if self._client is not None else {}
        return Requests(**sent)

    def redacted(self, text: str) -> str:
        """The text without the secrets of the run."""
        return self._client.redactor.text(text) if self._client is not None else text

    # -- hooks of pytest -----------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Open the run, unless there is nothing to run; a run that cannot open asks nothing."""
        if self.options.only_collects or session.testsfailed or not self.has_work(session):
            return None
        self.interruption.listen()
        if self.settings is not None:
            self._say(*banner.plan(self.settings, self.id, self.options.report_dir, rounds=self.in_rounds))
        try:
            self.open()
        except TenantError as error:
            self.trouble, self.misused = str(error), isinstance(error, ConfigurationError)
            return True
        return None

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """End the run early when it is told to, or when the tenant is gone."""
        self.interruption.check()
        result = yield
        if self.plugin.out:
            self.trouble = f"The tenant stopped answering: {self.plugin.last_trouble}"
            item.session.items.clear()
        elif self.plugin.reached is not None and not self.plugin.again:
            self.bound = str(self.plugin.reached)
            item.session.items.clear()
        return result

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Let no secret into what pytest tells of a failure, whichever report it goes to."""
        report = yield
        if report.longrepr is not None:
            shown = report.longreprtext
            if (clean := self.redacted(shown)) != shown:
                report.longrepr = clean
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Clean up, write the report, and let the gate decide the exit code."""
        if self.options.only_collects or (self._client is None and not self.trouble):
            return
        if exitstatus == pytest.ExitCode.INTERRUPTED:
            self.trouble = self.trouble or INTERRUPTED
        if self._client is not None:
            self._clean_up()
        self.report = finalize.report(self)
        for write_down in self.writers:
            try:
                self.page = write_down(self.report, self.options.report_dir)
            except ReportError as error:
                self.trouble = str(error)
        if self.options.accepts_deviations:
            self._accept(self.report)
        if results := getattr(session.config.option, "allure_report_dir", None):
            write_facts(self.report, Path(results), self.environ)
        self.trouble = github.summarise(self.report, self.environ) or self.trouble
        if exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            session.exitstatus = finalize.exit_status(self, self.report)
        self._close()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(self) -> Generator[None, None, None]:
        """Tell what failed, after all that pytest tells, and end in one line that a person can act on."""
        yield
        if self.report is None:
            return
        finalize.tell(self, self.report, Console())
        if commands := list(github.annotations(self.report, self.environ)):
            self._say(*commands)

    @staticmethod
    def _say(*lines: str) -> None:
        """Whole lines, whatever else is on the terminal."""
        sys.stdout.write("\n" + "".join(f"{line}\n" for line in lines))
        sys.stdout.flush()

    def _clean_up(self) -> None:
        """Delete what the run made; who interrupts even this is told how to do it later."""
        self.interruption.let_clean_up()
        try:
            self.leftovers = clean_up(self.client, shown(sys.stdout))
        except KeyboardInterrupt:
            told = banner.undoing(self.id, self.options.report_dir)
            self.trouble = f"The clean-up was interrupted; delete what is left: {told}"
            self.leftovers = Leftovers.by_ledger(self.client.ledger)

    def _accept(self, report: Report) -> None:
        try:
            self.accepted = accept(report, self.options.deviations)
        except ReportError as error:
            self.trouble = str(error)

    def _close(self) -> None:
        if self._client is not None:
            self._client.close()
        if self.embedded is not None:
            self.embedded.stop()
        self.interruption.restore()
