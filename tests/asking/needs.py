"""What a clause needs of the run before it can be asked, and why it may be missing."""

from strategies import customers, namespace
from tenant import Client, Settings
from tests.asking.under_test import TenantUnderTest

LONGEST_LIFE = 10.0
"""Seconds that a test waits for a token to expire."""

CUSTOM_ID_LENGTH = 24
"""A length that one reading of the published id pattern accepts and the literal one refuses."""


def unmet(need: str, settings: Settings | None, tenant: TenantUnderTest | None) -> str:
    """Why the need is not met, with what would change that; empty where it is met."""
    if settings is None or tenant is None:
        return ""
    environment, facts = settings.environment, settings.contract.tenant
    missing = {
        "restrictions": (not facts.restrictions, "contract.toml does not list the tenant's restrictions"),
        "restricted-client": (
            environment.restricted_client_id is None or not settings.contract.restricted_client.restrictions,
            "there is no restricted client; set EMPORIX_RESTRICTED_CLIENT_ID and _SECRET, and its restrictions in "
            "contract.toml",
        ),
        "second-tenant": (
            environment.other_tenant is None,
            "there is no second tenant; set EMPORIX_OTHER_TENANT, EMPORIX_OTHER_CLIENT_ID and _SECRET",
        ),
        "client-credentials": (
            environment.client_id is None,
            "a static EMPORIX_ACCESS_TOKEN asks for no token of other scopes; set EMPORIX_CLIENT_ID and _SECRET",
        ),
        "short-lived-tokens": (
            not short_lived(tenant.client),
            "no token of this run expires within seconds",
        ),
        "custom-ids": (not tenant.custom_ids, "the tenant reads the id pattern literally: one character"),
        "active-on-creation": (
            facts.active_on_creation is None,
            "contract.toml does not say active_on_creation",
        ),
        "on-hold-on-creation": (
            facts.on_hold_on_creation is None,
            "contract.toml does not say on_hold_on_creation",
        ),
    }
    is_missing, reason = missing[need]
    return f"Not asked: {reason}." if is_missing else ""


def short_lived(client: Client) -> str:
    """The identity whose tokens expire within seconds; empty where there is none."""
    return next((each for each in ("client", "other") if client.tokens.life(each) <= LONGEST_LIFE), "")


def custom_ids_accepted(client: Client) -> bool:
    """Whether the tenant takes ids of more than one character, or reads the published pattern literally."""
    body = customers.plain(id=namespace.fresh_id(length=CUSTOM_ID_LENGTH))
    return client.create(body).status != 400
