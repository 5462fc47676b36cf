"""The configuration of a tenant as its own services return it, as keys of tenant.toml.

Two services are read: the configuration service, whose scope an API key need not have, and the site service. What
cannot be read is no error: the key keeps its default.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from client.client import Client
from client.config.settings import TenantConfig
from client.errors import ContractError, TokenError, TransientError
from client.exchange import ABSENT, Exchange
from client.json_values import parsed
from client.transport.authentication import CONFIGURATION, READ
from client.transport.requests.paths import segment

KEYS: Final[Mapping[str, str]] = {
    "restrictions": "restrictions",
    "sync_restrictions_with_sites": "enableSyncBetweenRestrictionsAndSiteCodes",
    "recreate_deleted": "enableRecreationOfDeletedCustomer",
    "active_on_creation": "customerActiveOnCreation",
    "on_hold_on_creation": "customerOnHoldOnCreation",
}
"""The keys of the configuration service by those of [tenant]."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A key of tenant.toml with its value and its origin; without a value (None), why it is unknown and what to do."""

    table: str
    key: str
    value: Any
    origin: str


def read_facts(client: Client) -> tuple[Fact, ...]:
    """Read both services, and what the token of the restricted client grants.

    Sends at most 2 requests, and those for a token with the scope of the configuration service.
    """
    facts = [*_configuration(client), _sites(client)]
    return (*facts, _client_restrictions(client)) if "restricted" in client.identities() else tuple(facts)


def completed(config: TenantConfig, facts: Iterable[Fact]) -> TenantConfig:
    """The configuration with the values of the facts."""
    tables = config.model_dump()
    for fact in facts:
        if fact.value is not None:
            tables[fact.table][fact.key] = fact.value
    return TenantConfig.model_validate(tables)


def _configuration(client: Client) -> list[Fact]:
    identity = "configuration" if "configuration" in client.identities() else "client"
    response = _get(client, "configuration", "configurations", identity, keys=",".join(KEYS.values()))
    entries = response if isinstance(response, str) else _entries(response)
    if isinstance(entries, str):
        return [Fact("tenant", key, None, entries) for key in KEYS]
    return [_fact(key, name, entries) for key, name in KEYS.items()]


def _entries(response: Exchange) -> Mapping[str, Any] | str:
    """The values by key; a sentence where the response has none."""
    if response.status in (401, 403):
        return f"the API key lacks the scope {CONFIGURATION}; add the scope, or write the value"
    if response.status != 200 or not isinstance(response.json, list):
        return f"the configuration service answers {response.status} and no list of keys; write the value"
    return {str(entry.get("key")): _decoded(entry.get("value")) for entry in response.objects}


def _fact(key: str, name: str, entries: Mapping[str, Any]) -> Fact:
    if name not in entries:
        return Fact(
            "tenant", key, None, f"the configuration of the tenant has no key {name}; write the value"
        )
    value, is_list = entries[name], key == "restrictions"
    if is_list and value == []:
        return Fact("tenant", key, None, f"the list {name} of the configuration is empty")
    if not (_is_names(value) if is_list else isinstance(value, bool)):
        return Fact(
            "tenant", key, None, f"the key {name} of the configuration has another type; write the value"
        )
    return Fact("tenant", key, value, f"configuration service, key {name}")


def _sites(client: Client) -> Fact:
    response = _get(client, "site", "sites", "client")
    if isinstance(response, str):
        return Fact("tenant", "sites", None, response)
    codes = [site.get("code") for site in response.objects if site.get("active") is not False]
    if response.status != 200 or not codes or not _is_names(codes):
        reason = f"the site service answers {response.status} and no list of site codes; write the codes"
        return Fact("tenant", "sites", None, reason)
    return Fact("tenant", "sites", codes, "site service")


def _client_restrictions(client: Client) -> Fact:
    prefix = f"{READ}--"
    scopes = (client.tokens.current("restricted").scope or "").split()
    found = [scope.removeprefix(prefix) for scope in scopes if scope.startswith(prefix)]
    if not _is_names(found) or not found:
        reason = f"the token of EMPORIX_RESTRICTED_CLIENT_ID has no scope {prefix}…; write the restrictions"
        return Fact("restricted_client", "restrictions", None, reason)
    return Fact("restricted_client", "restrictions", found, "scopes of the restricted client's token")


def _get(client: Client, service: str, resource: str, identity: str, **params: str) -> Exchange | str:
    """The response to one attempt; a sentence where there is none."""
    path = f"/{service}/{segment(client.settings.tenant)}/{resource}"
    try:
        return client.send("GET", path, operation=service, identity=identity, params=params, retries="never")
    except (TokenError, ContractError):
        return f"the API key gets no token with the scope {CONFIGURATION}; add the scope, or write the value"
    except TransientError:
        return f"the {service} service does not answer; write the value"


def _decoded(value: Any) -> Any:
    """A value of the configuration service, which may be JSON in a string."""
    if not isinstance(value, str):
        return value
    decoded = parsed(value)
    return value if decoded is ABSENT else decoded


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) and name for name in value)
