"""What a clause needs of the tenant and the run, and the capabilities of a tenant that the preflight finds out."""

from typing import Final

from client import Client, Exchange
from harness.api import Capabilities, TenantApi
from harness.polling import poll
from strategies import addresses, customers, namespace

MAX_TOKEN_LIFETIME: Final = 10.0
"""Seconds that a test waits for a token to expire."""
CUSTOM_ID_LENGTH: Final = 24
"""Allowed by one interpretation of the published id pattern, rejected by the literal one (one character)."""


def probe_capabilities(api: TenantApi) -> Capabilities:
    """Find out the capabilities of the tenant with at most two customers."""
    response = api.create(customers.plain(id=namespace.fresh_id(length=CUSTOM_ID_LENGTH)))
    custom_ids = response.status != 400
    if not custom_ids:
        response = api.create(customers.plain())
    customer_id = _id(response)
    shows_metadata, free_mixins = _mixins(api, customer_id)
    has_scope = not customer_id or api.add_address(customer_id, addresses.plain()).status != 403
    return Capabilities(custom_ids, shows_metadata, free_mixins, addresses=has_scope)


def unmet(need: str, api: TenantApi) -> str:
    """Why the need (`spec.Clause.needs`) is not met, and the remedy; empty if it is met."""
    settings, config = api.settings, api.settings.tenant_config
    needs: dict[str, tuple[object, str]] = {
        "restrictions": (
            config.tenant.restrictions,
            "neither tenant.toml nor the tenant lists the restrictions",
        ),
        "restricted-client": (
            settings.restricted_client_id and config.restricted_client.restrictions,
            "there is no restricted client; set EMPORIX_RESTRICTED_CLIENT_ID and _SECRET, and its restrictions in "
            "tenant.toml",
        ),
        "second-tenant": (
            settings.other_tenant,
            "there is no second tenant; set EMPORIX_OTHER_TENANT, EMPORIX_OTHER_CLIENT_ID and _SECRET",
        ),
        "client-credentials": (
            settings.client_id,
            "a static EMPORIX_ACCESS_TOKEN has no other scopes; set EMPORIX_CLIENT_ID and _SECRET",
        ),
        "short-lived-tokens": (short_lived(api.client), "no token of this run expires within seconds"),
        "custom-ids": (api.custom_ids, "the tenant reads the id pattern literally: one character"),
        "addresses": (
            api.capabilities.addresses,
            "the client may not add addresses to customers (403); give its API key the scope that they need",
        ),
        "companies": (
            api.companies != (),
            "[safety] of tenant.toml permits no companyRegistrationId, which may create a company; set "
            "allow_companies = true, or company to one that exists",
        ),
        "free-mixins": (api.rules.free_mixins, "the tenant accepts only mixins whose schema it knows"),
        "shown-metadata": (api.rules.shows_metadata, "the tenant shows no metadata.mixins"),
        "active-on-creation": (
            config.tenant.active_on_creation is not None,
            "neither tenant.toml nor the tenant says active_on_creation",
        ),
        "on-hold-on-creation": (
            config.tenant.on_hold_on_creation is not None,
            "neither tenant.toml nor the tenant says on_hold_on_creation",
        ),
    }
    is_met, reason = needs[need]
    return "" if is_met else f"Not checked: {reason}."


def short_lived(client: Client) -> str:
    """The identity whose tokens expire within MAX_TOKEN_LIFETIME; empty if there is none."""
    candidates = [each for each in ("client", "other") if each in client.identities()]
    return next(
        (each for each in candidates if client.tokens.current(each).lifetime <= MAX_TOKEN_LIFETIME), ""
    )


def _mixins(api: TenantApi, customer_id: str) -> tuple[bool, bool]:
    """Whether get shows metadata.mixins, and whether mixins of an unknown schema are accepted.

    Only what neither patch nor create can do is missing; what is not known is taken to work, so that it is tested.
    """
    name = namespace.fresh_name()
    described = {
        "mixins": {name: {"points": 1}},
        "metadata": {"mixins": {name: "https://example.com/schema.json"}},
    }
    status = api.patch(customer_id, described).status if customer_id else 0
    if status == 200 and _is_shown(api, customer_id):
        return True, True
    if status not in (200, 400):
        return True, True
    created = api.create(customers.plain(**described))
    shown = not _id(created) or _is_shown(api, _id(created))
    return status == 400 or shown, status == 200 or created.status != 400


def _id(created: Exchange) -> str:
    """The id in a response to create; empty without a string, which the tests of create report."""
    customer_id = created.object.get("id")
    return customer_id if isinstance(customer_id, str) else ""


def _is_shown(api: TenantApi, customer_id: str) -> bool:
    """Whether get shows metadata.mixins of the customer within the window of reads."""

    def shown(response: Exchange) -> bool:
        metadata = response.object.get("metadata")
        return isinstance(metadata, dict) and bool(metadata.get("mixins"))

    return shown(poll(lambda: api.get(customer_id), until=shown, within=api.windows.read))
