"""The connection of a run to its tenant: settings, client, and the tenants under test."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import oracle
from client import (
    Client,
    ConfigurationError,
    Exchange,
    Settings,
    load_settings,
    load_tenant_config,
    names_a_tenant,
    preflight,
)
from client import Run as ClientRun
from client.config.settings import TenantConfig, read_settings
from client.lifecycle.facts import Fact, completed, read_facts
from harness.api import Capabilities, KnownCustomers, TenantApi
from harness.checks.evidence import CURRENT
from harness.checks.invariants import check_invariants
from harness.coverage.collector import CoverageCollector
from harness.data import TENANT
from harness.plugin.mock_process import MOCK_CONFIGURATION, EmbeddedTenant
from harness.plugin.options import Options
from harness.polling import Windows
from harness.requirements import probe_capabilities
from reporting import Coverage, Delays


@dataclass(repr=False)  # the environment has secrets
class Connection:
    """A tenant, live or mock: configured at the start, opened before the first test, closed after the last.

    start_mock: starts a mock tenant with this configuration and these arguments of its command line; inherited: in a
    worker, the client of the run.
    """

    options: Options
    environ: Mapping[str, str]
    start_mock: Callable[[Path, Sequence[str]], EmbeddedTenant] = EmbeddedTenant.start
    mock: EmbeddedTenant | None = None
    collector: CoverageCollector | None = None
    settings: Settings | None = None
    tenant_config: TenantConfig = field(default_factory=TenantConfig)
    facts: Sequence[Fact] = ()
    client: Client | None = None
    inherited: Client | None = None
    capabilities: Capabilities = field(default_factory=Capabilities)
    tenants: dict[str, TenantApi] = field(default_factory=dict)

    def configure(self) -> None:
        """Read the settings of a live tenant, or tenant.toml for the mock; ConfigurationError names the remedy."""
        if names_a_tenant(self.environ):
            if self.options.mock_arguments:
                raise ConfigurationError(
                    "--mock-defect and --mock-variation are for the mock tenant, but EMPORIX_TENANT names a live "
                    "one; remove the options or unset EMPORIX_TENANT."
                )
            self.settings = load_settings(self.options.configuration, self.environ)
            self.tenant_config = self.settings.tenant_config
        elif self.options.configuration is not None:
            self.tenant_config = load_tenant_config(self.options.configuration)

    @property
    def reads_facts(self) -> bool:
        """Whether the run reads the configuration of the tenant, because no tenant.toml describes the live tenant."""
        return names_a_tenant(self.environ) and self.options.configuration is None

    def open(self, run_id: str) -> None:
        """Start the mock if there is no live tenant, and find out whether and how the tenant responds.

        TenantError if it cannot be tested.
        """
        if self.settings is None:
            configuration = self.options.configuration or MOCK_CONFIGURATION
            self.mock = self.start_mock(configuration, self.options.mock_arguments)
            tables = dict(self.mock.tenant_config)
            if self.options.configuration is not None:
                tables["safety"] = self.tenant_config.safety
            self.settings = read_settings(
                {**self.environ, **self.mock.environ}, TenantConfig.model_validate(tables)
            )
        client = Client(self.settings, ClientRun(run_id, self.options.report_dir))
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
        self.inherited = self.client  # open until the worker ends, and so is the lock of its ledger
        client = self.client.for_worker(number)
        self._collect(client)
        self._connect(client)

    def _collect(self, client: Client) -> None:
        self.client, self.collector = client, CoverageCollector()
        client.recorder.subscribe(self.collector.observe)

    def _connect(self, client: Client) -> None:
        self.tenants = connect(client, self.capabilities)
        TENANT.set(self.tenants["client"])

    def forget_customers(self) -> None:
        """Expect nothing of any customer created so far, because all are deleted."""
        for tenant in self.tenants.values():
            tenant.known.clear()

    def coverage(self) -> Coverage:
        """What the requests and responses covered of the specification."""
        return self.collector.coverage() if self.collector is not None else {}

    def delays(self) -> Mapping[str, Delays]:
        """How long changes took to become visible, by the name of the consistency window."""
        return self.tenants["client"].windows.delays() if self.tenants else {}

    def close(self) -> None:
        """Close the client and end the mock."""
        if self.client is not None:
            self.client.close()
        if self.mock is not None:
            self.mock.stop()


def connect(client: Client, capabilities: Capabilities) -> dict[str, TenantApi]:
    """The drivers by identity, `client` and `other`, of tenants with these capabilities.

    Every response that a test receives is checked by the invariants.
    """
    config = client.settings.tenant_config
    observed: dict[str, Any] = {
        "shows_metadata": capabilities.shows_metadata,
        "free_mixins": capabilities.free_mixins,
    }
    rules = oracle.Rules(
        restrictions=config.tenant.restrictions,
        sites=config.tenant.sites or ("main",),
        synchronise=config.tenant.sync_restrictions_with_sites,
        recreate=config.tenant.recreate_deleted,
        active=config.tenant.active_on_creation,
        on_hold=config.tenant.on_hold_on_creation,
        **observed,
    )
    windows = Windows.of(
        config.consistency.read,
        config.consistency.index,
        config.consistency.deleted_read,
        lambda: client.writes.answered_at,
    )

    def driver(identity: str, rules: oracle.Rules) -> TenantApi:
        known = KnownCustomers()

        def received(exchange: Exchange) -> None:
            if CURRENT.get(None) is not None:
                check_invariants(exchange, known)

        companies = config.safety.companies
        return TenantApi(client, identity, rules, windows, capabilities, known, received, companies)

    unknown = oracle.Rules(synchronise=None, **observed)
    return {"client": driver("client", rules), "other": driver("other", unknown)}
