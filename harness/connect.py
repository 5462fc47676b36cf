"""Meeting a tenant: what is known of it before the first question, and what its answers will be judged by."""

from collections.abc import Callable

import oracle
from client import Client
from harness.operations import Witness
from harness.polling import Windows
from harness.tenant_under_test import TenantUnderTest


def met(
    client: Client, trial: Callable[[], Witness], waited: Callable[[float], None]
) -> dict[str, TenantUnderTest]:
    """The tenant under test and the second tenant, by the identity that asks each.

    `trial` is the running test's, `waited` hears how many seconds a change took to show.
    """
    facts, windows = client.settings.tenant_config.tenant, client.settings.tenant_config.consistency
    rules = oracle.Rules(
        restrictions=facts.restrictions,
        sites=facts.sites or ("main",),
        synchronise=facts.sync_restrictions_with_sites,
        recreate=facts.recreate_deleted,
        active=facts.active_on_creation,
        on_hold=facts.on_hold_on_creation,
    )
    waiting = Windows.timed(
        windows.read, windows.index, windows.deletion, lambda: client.writes.answered_at, waited
    )
    return {
        "client": TenantUnderTest(client, rules, waiting, trial, "client"),
        "other": TenantUnderTest(client, oracle.Rules(synchronise=None), waiting, trial, "other"),
    }
