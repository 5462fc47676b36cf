"""The connection of an open run to its tenant: the client, and the test API of each identity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import oracle
from client import Client, Exchange, preflight
from client.lifecycle.facts import Fact, completed, read_facts
from harness.api import Capabilities, KnownCustomers, TenantApi
from harness.checks.evidence import CURRENT
from harness.checks.invariants import check_invariants
from harness.coverage import CoverageCollector
from harness.data import TENANT
from harness.polling import Windows
from harness.requirements import probe_capabilities
from reporting import Delays


@dataclass
class Connection:
    """The client of a process of the run, and what it knows of the tenant.

    facts: what the preflight has read of the tenant's configuration; apis: the test API by identity, `client` and
    `other`, from the end of the preflight; collector: measures the coverage of the client's exchanges.
    """

    client: Client
    facts: Sequence[Fact] = ()
    apis: Mapping[str, TenantApi] = field(default_factory=dict)
    collector: CoverageCollector = field(default_factory=CoverageCollector)

    def __post_init__(self) -> None:
        self.client.recorder.subscribe(self.collector.observe)

    def preflight(self, *, reads_facts: bool) -> None:
        """Find out whether and how the tenant responds; TenantError if it cannot be tested.

        reads_facts: the configuration of the tenant replaces a tenant.toml.
        """
        client = self.client
        preflight(client)
        if reads_facts:
            self.facts = read_facts(client)
            tenant_config = completed(client.settings.tenant_config, self.facts)
            client.settings = client.settings.model_copy(update={"tenant_config": tenant_config})
        self._use_apis(probe_capabilities(create_apis(client, Capabilities())["client"]))

    def for_worker(self, number: int) -> "Connection":
        """The connection of a worker, a fork of this process: with a client of its own to the same tenant."""
        connection = Connection(self.client.for_worker(number))
        connection._use_apis(self.apis["client"].capabilities)
        return connection

    def forget_customers(self) -> None:
        """Expect nothing of any customer created so far, because all are deleted."""
        for api in self.apis.values():
            api.known.clear()

    def delays(self) -> Mapping[str, Delays]:
        """How long changes took to become visible, by the name of the consistency window."""
        return self.apis["client"].windows.delays() if self.apis else {}

    def _use_apis(self, capabilities: Capabilities) -> None:
        self.apis = create_apis(self.client, capabilities)
        TENANT.set(self.apis["client"])


def create_apis(client: Client, capabilities: Capabilities) -> dict[str, TenantApi]:
    """The test API by identity, `client` and `other`, of tenants with these capabilities.

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

    def create_api(identity: str, rules: oracle.Rules) -> TenantApi:
        known = KnownCustomers()

        def received(exchange: Exchange) -> None:
            if CURRENT.get(None) is not None:
                check_invariants(exchange, known)

        return TenantApi(
            client, identity, rules, windows, capabilities, known, received, config.safety.companies
        )

    unknown = oracle.Rules(synchronise=None, **observed)
    return {"client": create_api("client", rules), "other": create_api("other", unknown)}
