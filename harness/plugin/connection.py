"""The connection of a run to its tenant: settings, client, and the tenants under test."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from client import (
    Client,
    ConfigurationError,
    Settings,
    load_settings,
    load_tenant_config,
    names_a_tenant,
    preflight,
)
from client import Run as ClientRun
from client.config.settings import TenantConfig, read_settings
from client.lifecycle.facts import Fact, completed, read_facts
from harness.api import Capabilities, TenantApi
from harness.connect import connect
from harness.coverage.collector import CoverageCollector
from harness.data import TENANT
from harness.plugin.mock_process import MOCK_CONFIGURATION, MockTenant
from harness.plugin.options import Options
from harness.requirements import probe_capabilities
from reporting import Coverage, Delays

StartMock = Callable[[Path, Sequence[str]], MockTenant]
"""Starts a mock tenant with this configuration and these arguments of its command line."""


class Connection:
    """A tenant, live or mock: configured at the start, opened before the first test, closed after the last."""

    def __init__(self, options: Options, environ: Mapping[str, str]) -> None:
        self._options = options
        self._environ = environ
        self._mock: MockTenant | None = None
        self._collector: CoverageCollector | None = None
        self.settings: Settings | None = None
        self.tenant_config = TenantConfig()
        self.facts: Sequence[Fact] = ()
        self.client: Client | None = None
        self._inherited: Client | None = None
        self.capabilities = Capabilities()
        self.tenants: dict[str, TenantApi] = {}

    def configure(self) -> None:
        """Read the settings of a live tenant, or tenant.toml for the mock; ConfigurationError names the remedy."""
        if names_a_tenant(self._environ):
            if self._options.mock_arguments:
                raise ConfigurationError(
                    "--mock-defect and --mock-variation are for the mock tenant, but EMPORIX_TENANT names a live "
                    "one; remove the options or unset EMPORIX_TENANT."
                )
            self.settings = load_settings(self._options.configuration, self._environ)
            self.tenant_config = self.settings.tenant_config
        elif self._options.configuration is not None:
            self.tenant_config = load_tenant_config(self._options.configuration)

    @property
    def reads_facts(self) -> bool:
        """Whether the run reads the configuration of the tenant, because no tenant.toml describes the live tenant."""
        return names_a_tenant(self._environ) and self._options.configuration is None

    def open(self, run_id: str, start_mock: StartMock) -> None:
        """Start the mock if there is no live tenant, and find out whether and how the tenant responds.

        TenantError if it cannot be tested.
        """
        if self.settings is None:
            configuration = self._options.configuration or MOCK_CONFIGURATION
            self._mock = start_mock(configuration, self._options.mock_arguments)
            tables = dict(self._mock.tenant_config)
            if self._options.configuration is not None:
                tables["safety"] = self.tenant_config.safety
            self.settings = read_settings(
                {**self._environ, **self._mock.environ}, TenantConfig.model_validate(tables)
            )
        client = Client(self.settings, ClientRun(run_id, self._options.report_dir))
        self._collect(client)
        preflight(client)
        if self.reads_facts:
            self.facts = read_facts(client)
            tenant_config = completed(self.settings.tenant_config, self.facts)
            self.settings = self.settings.model_copy(update={"tenant_config": tenant_config})
            client.settings = self.settings
        self.tenant_config = self.settings.tenant_config
        self.capabilities = probe_capabilities(connect(client, Capabilities())["client"])
        self._connect(client)

    def use_own_client(self, number: int) -> None:
        """In a worker, a fork of the process of the run: send all requests through a client of its own."""
        assert self.client is not None
        self._inherited = self.client  # open until the worker ends, and so is the lock of its ledger
        client = self.client.for_worker(number)
        self._collect(client)
        self._connect(client)

    def _collect(self, client: Client) -> None:
        self.client, self._collector = client, CoverageCollector()
        client.recorder.subscribe(self._collector.observe)

    def _connect(self, client: Client) -> None:
        self.tenants = connect(client, self.capabilities)
        TENANT.set(self.tenants["client"])

    def forget_customers(self) -> None:
        """Expect nothing of any customer created so far, because all are deleted."""
        for tenant in self.tenants.values():
            tenant.known.clear()

    def coverage(self) -> Coverage:
        """What the requests and responses covered of the specification."""
        return self._collector.coverage() if self._collector is not None else {}

    def delays(self) -> Mapping[str, Delays]:
        """How long changes took to become visible, by the name of the consistency window."""
        return self.tenants["client"].windows.delays() if self.tenants else {}

    def close(self) -> None:
        """Close the client and end the mock."""
        if self.client is not None:
            self.client.close()
        if self._mock is not None:
            self._mock.stop()
