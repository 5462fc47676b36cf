"""The drivers of a run: one for the tenant under test, one for the second tenant."""

from dataclasses import replace

import oracle
from client import Client, Exchange
from harness.api import Capabilities, KnownCustomers, TenantApi
from harness.checks.evidence import CURRENT
from harness.checks.invariants import check_invariants
from harness.polling import Windows


def connect(client: Client, capabilities: Capabilities) -> dict[str, TenantApi]:
    """The drivers by identity, `client` and `other`, of tenants with these capabilities.

    Every response that a test receives is checked by the invariants.
    """
    facts, consistency = client.settings.tenant_config.tenant, client.settings.tenant_config.consistency
    rules = oracle.Rules(
        restrictions=facts.restrictions,
        sites=facts.sites or ("main",),
        synchronise=facts.sync_restrictions_with_sites,
        recreate=facts.recreate_deleted,
        active=facts.active_on_creation,
        on_hold=facts.on_hold_on_creation,
    )
    windows = Windows.of(
        consistency.read, consistency.index, consistency.deleted_read, lambda: client.writes.answered_at
    )
    return {
        "client": _driver(client, rules, windows, capabilities, "client"),
        "other": _driver(client, oracle.Rules(synchronise=None), windows, capabilities, "other"),
    }


def _driver(
    client: Client, rules: oracle.Rules, windows: Windows, capabilities: Capabilities, identity: str
) -> TenantApi:
    known = KnownCustomers()
    rules = replace(rules, shows_metadata=capabilities.shows_metadata, free_mixins=capabilities.free_mixins)

    def received(exchange: Exchange) -> None:
        if CURRENT.get(None) is not None:
            check_invariants(exchange, known)

    companies = client.settings.tenant_config.safety.companies
    return TenantApi(client, identity, rules, windows, capabilities, known, received, companies)
