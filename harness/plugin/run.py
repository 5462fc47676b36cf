"""The context of a contract run, which its plugins share."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from client import Client, ConfigurationError, Exchange, Settings, load_tenant_config, names_a_tenant
from client import Run as ClientRun
from client.config.settings import TenantConfig, read_settings
from harness import requirements
from harness.api import TenantApi
from harness.plugin.connection import Connection
from harness.plugin.evidence.evidence_plugin import EvidencePlugin
from harness.plugin.execution import profiles
from harness.plugin.execution.interruption import Interruption
from harness.plugin.mock_process import MOCK_CONFIGURATION, EmbeddedTenant
from harness.plugin.options import Options
from harness.plugin.status import Status, Totals
from reporting import Deviations, Report, Requests, append_history, write
from reporting.files import prepare
from spec import clauses, operations
from spec.clauses import hint_for_unknown
from strategies import namespace


class Run:
    """The context of one run: `evidence` collects the results of its tests, `writers` write its report.

    start_mock: starts a mock tenant with a tenant.toml and further arguments of its command line; closing: what ends
    with the run; `cleans_up`: whether it deletes its customers at the end, False only where its tenant ends with it.
    """

    evidence: EvidencePlugin

    def __init__(self, options: Options, environ: Mapping[str, str], run_id: str) -> None:
        self.id = run_id
        self.options = options
        self.environ = environ
        self.started_at = datetime.now(UTC)
        self.started = time.monotonic()
        self.status = Status()
        self.interruption = Interruption()
        self.start_mock: Callable[[Path, Sequence[str]], EmbeddedTenant] = EmbeddedTenant.start
        self.closing = ExitStack()
        self.deviations = Deviations()
        self.totals_of_workers: Callable[[], Totals] = Totals
        self.cleans_up = True
        self.writers: Sequence[Callable[[Report, Path], Path]] = (append_history, write)
        self._connection: Connection | None = None
        self._settings: Settings | None = None
        self._tenant_config = TenantConfig()

    def configure(self) -> None:
        """Read the specification, the deviations and the settings, and prepare the report folder; sends nothing.

        SpecificationError, ConfigurationError and ReportError name the remedy.
        """
        clauses(), operations()
        for name in self.options.clauses:
            if name not in clauses():
                raise ConfigurationError(f"--clause={name} names no clause; {hint_for_unknown(name)}")
        self.deviations = Deviations.of(
            self.options.deviations, self.started_at, self.options.accepts_deviations
        )
        namespace.use(ClientRun(self.id, self.options.report_dir).prefix)
        if self.is_live and self.options.mock_arguments:
            raise ConfigurationError(
                "--mock-defect and --mock-variation are for the mock tenant, but EMPORIX_TENANT names a live one; "
                "remove the options or unset EMPORIX_TENANT."
            )
        if self.options.configuration is not None:
            self._tenant_config = load_tenant_config(self.options.configuration)
        if self.is_live:
            self._settings = read_settings(self.environ, self._tenant_config)
        if not self.options.only_collects:
            prepare(self.options.report_dir)

    def open(self) -> None:
        """Start the mock if there is no live tenant, and find out whether and how the tenant responds.

        TenantError if it cannot be tested.
        """
        if self._settings is None:
            self._settings = self._start_mock()
        client = Client(self._settings, ClientRun(self.id, self.options.report_dir))
        self.closing.callback(client.close)
        self._connection = Connection(client)
        self._connection.preflight(reads_facts=self.reads_facts)

    def use_own_client(self, number: int) -> None:
        """In a worker, a fork of the process of the run: send all requests through a client of its own.

        `closing` keeps the client of the run open until the worker ends, and so the lock of its ledger.
        """
        self._connection = self.connection.for_worker(number)

    def _start_mock(self) -> Settings:
        """Start the mock tenant, with [safety] of the tenant.toml of the run; its settings."""
        mock = self.start_mock(self.options.configuration or MOCK_CONFIGURATION, self.options.mock_arguments)
        self.closing.callback(mock.stop)
        tables = dict(mock.tenant_config)
        if self.options.configuration is not None:
            tables["safety"] = self._tenant_config.safety
        return read_settings({**self.environ, **mock.environ}, TenantConfig.model_validate(tables))

    def update_status(self) -> Status:
        """The status after a test: whether the tenant can still be reached, and the first round has a budget left."""
        runner = self.evidence.runner
        if runner.is_unavailable:
            self.status.end("network", f"The tenant stopped answering: {runner.last_transient}")
        elif runner.exceeded is not None and not self.evidence.repeating:
            self.status.end("budget", budget=str(runner.exceeded))
        return self.status

    @property
    def is_live(self) -> bool:
        """Whether the tenant is a live one, whose owner reads the plan of the run."""
        return names_a_tenant(self.environ)

    @property
    def reads_facts(self) -> bool:
        """Whether the run reads the configuration of the tenant, because no tenant.toml describes the live tenant."""
        return self.is_live and self.options.configuration is None

    @property
    def settings(self) -> Settings | None:
        """The settings of the tenant; None for the mock before it is started."""
        return self.client.settings if self.is_open else self._settings

    @property
    def tenant_config(self) -> TenantConfig:
        """The configuration of the tenant, as far as it is known."""
        settings = self.settings
        return self._tenant_config if settings is None else settings.tenant_config

    @property
    def is_open(self) -> bool:
        """Whether there is a connection to the tenant."""
        return self._connection is not None

    @property
    def connection(self) -> Connection:
        """The connection to the tenant; RuntimeError before the run is open."""
        if self._connection is None:
            raise RuntimeError("the run is not open")
        return self._connection

    @property
    def client(self) -> Client:
        """The client of the run."""
        return self.connection.client

    @property
    def api(self) -> TenantApi:
        """The tenant under test, with the client that has all scopes."""
        return self.connection.apis["client"]

    @property
    def repeats_until_budget(self) -> bool:
        """Whether the run repeats its tests until a limit is reached; workers run each test once."""
        safety = self.tenant_config.safety
        has_limit = safety.max_requests is not None or safety.max_seconds is not None
        return profiles.profile() == profiles.NIGHTLY and has_limit and (self.options.workers or 0) < 2

    def missing(self, need: str) -> str:
        """Why a need of a clause is not met; empty if it is met."""
        return requirements.unmet(need, self.api)

    def check_interruption(self) -> None:
        """KeyboardInterrupt after a signal."""
        self.interruption.check()

    def mark(self) -> int:
        """The position of the recorder now."""
        return self.client.recorder.mark()

    def exchanges(self, since: int) -> tuple[Exchange, ...]:
        """The exchanges since this position of the recorder, oldest first."""
        return self.client.recorder.since(since)

    def totals(self) -> Totals:
        """What this process and its workers have done so far; coverage only of workers that have ended."""
        own = Totals(examples=self.evidence.examples)
        if self.is_open:
            sent: dict[str, Any] = self.client.recorder.requests()
            own += Totals(Requests(**sent), self.connection.delays())
        return own + self.totals_of_workers()

    def totals_with_coverage(self) -> Totals:
        """The totals with the coverage of this process, which takes longer to measure."""
        covered = self.connection.collector.coverage() if self.is_open else {}
        return self.totals() + Totals(coverage=covered)

    def redacted(self, text: str) -> str:
        """The text without the secrets of the run."""
        return self.client.redactor.text(text)
