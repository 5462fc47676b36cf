"""What a clause needs of the run before it can be asked, and why it may be missing."""

from dataclasses import replace

from client import Client, Exchange, Settings
from harness.polling import settled
from harness.tenant_under_test import TenantUnderTest
from spec import Violation
from strategies import customers, namespace

LONGEST_LIFE = 10.0
"""Seconds that a test waits for a token to expire."""

CUSTOM_ID_LENGTH = 24
"""A length that one reading of the published id pattern accepts and the literal one refuses."""


def unmet(need: str, settings: Settings | None, tenant: TenantUnderTest | None) -> str:
    """Why the need is not met, with what would change that; empty where it is met."""
    if settings is None or tenant is None:
        return ""
    environment, facts = settings.environment, settings.tenant_config.tenant
    missing = {
        "restrictions": (not facts.restrictions, "tenant.toml does not list the tenant's restrictions"),
        "restricted-client": (
            environment.restricted_client_id is None
            or not settings.tenant_config.restricted_client.restrictions,
            "there is no restricted client; set EMPORIX_RESTRICTED_CLIENT_ID and _SECRET, and its restrictions in "
            "tenant.toml",
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
        "shown-metadata": (
            not tenant.rules.shows_metadata,
            "the tenant shows no metadata.mixins, whoever wrote them",
        ),
        "active-on-creation": (
            facts.active_on_creation is None,
            "tenant.toml does not say active_on_creation",
        ),
        "on-hold-on-creation": (
            facts.on_hold_on_creation is None,
            "tenant.toml does not say on_hold_on_creation",
        ),
    }
    is_missing, reason = missing[need]
    return f"Not asked: {reason}." if is_missing else ""


def short_lived(client: Client) -> str:
    """The identity whose tokens expire within seconds; empty where there is none."""
    return next((each for each in ("client", "other") if client.tokens.life(each) <= LONGEST_LIFE), "")


def learn(tenant: TenantUnderTest) -> None:
    """What the run must know of the tenant before its first question, learned from a first customer."""
    client = tenant.client
    answer = client.create(customers.plain(id=namespace.fresh_id(length=CUSTOM_ID_LENGTH)))
    tenant.custom_ids = answer.status != 400
    if not tenant.custom_ids:
        answer = client.create(customers.plain())
    tenant.rules = replace(tenant.rules, shows_metadata=_shows_metadata(client, answer))


def _shows_metadata(client: Client, created: Exchange) -> bool:
    """Whether get shows metadata.mixins that patch or, if not, create wrote; yes where that cannot be told."""
    metadata = {"mixins": {namespace.fresh_name(): "https://example.com/schema.json"}}
    number = _id(created)
    if not number or client.patch(number, {"metadata": metadata}).status != 200 or _seen(client, number):
        return True
    number = _id(client.create(customers.plain(metadata=metadata)))
    return not number or _seen(client, number)


def _id(created: Exchange) -> str:
    return str(created.json.get("id") or "") if isinstance(created.json, dict) else ""


def _seen(client: Client, number: str) -> bool:
    """Whether get shows metadata.mixins of the customer within the window of reads."""

    def look() -> None:
        seen = client.get(number).json
        metadata = seen.get("metadata") if isinstance(seen, dict) else None
        if not (isinstance(metadata, dict) and metadata.get("mixins")):
            raise Violation("patch.metadata.round-trip", expected="metadata.mixins", actual="none")

    try:
        settled(client.settings.tenant_config.consistency.read, look)
    except Violation:
        return False
    return True
