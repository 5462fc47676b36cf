"""The configuration of a tenant as its own services return it, as keys of tenant.toml.

Two services are read: the configuration service, whose scope an API key need not have, and the site service. What
cannot be read is no error: the key keeps its default.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from pydantic import ValidationError

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


class _Unreadable(Exception):
    """A service returns no values: the reason, and what to do."""


def read_facts(client: Client) -> tuple[Fact, ...]:
    """Read both services, and what the token of the restricted client grants.

    Sends at most 2 requests, and those for a token with the scope of the configuration service.
    """
    facts = [*_read(KEYS, partial(_configuration, client)), *_read(["sites"], partial(_sites, client))]
    if "restricted" in client.identities():
        facts.append(_client_restrictions(client))
    return tuple(facts)


def completed(config: TenantConfig, facts: Iterable[Fact]) -> TenantConfig:
    """The configuration with the values of the facts."""
    tables = config.model_dump()
    for fact in facts:
        if fact.value is not None:
            tables[fact.table][fact.key] = fact.value
    return TenantConfig.model_validate(tables)


def _read(keys: Iterable[str], read: Callable[[], Iterable[Fact]]) -> Iterable[Fact]:
    """The facts about these keys of [tenant] that a service returns; facts without values where it returns none."""
    try:
        return read()
    except _Unreadable as reason:
        return [Fact("tenant", key, None, str(reason)) for key in keys]


def _configuration(client: Client) -> list[Fact]:
    identity = "configuration" if "configuration" in client.identities() else "client"
    response = _get(client, "configuration", "configurations", identity, keys=",".join(KEYS.values()))
    if response.status in (401, 403):
        raise _Unreadable(f"the API key lacks the scope {CONFIGURATION}; add the scope, or write the value")
    if response.status != 200 or not isinstance(response.json, list):
        raise _Unreadable(
            f"the configuration service answers {response.status} and no list of keys; write the value"
        )
    entries = {str(entry.get("key")): _decoded(entry.get("value")) for entry in response.objects}
    return [_configured(key, name, entries) for key, name in KEYS.items()]


def _configured(key: str, name: str, entries: Mapping[str, Any]) -> Fact:
    value = entries.get(name)
    reason = f"the key {name} of the configuration has another type; write the value"
    if name not in entries:
        reason = f"the configuration of the tenant has no key {name}; write the value"
    elif key == "restrictions" and value == []:
        reason = f"the list {name} of the configuration is empty"
    return _fact("tenant", key, value, f"configuration service, key {name}", reason)


def _sites(client: Client) -> list[Fact]:
    response = _get(client, "site", "sites", "client")
    codes = [site.get("code") for site in response.objects if site.get("active") is not False]
    reason = f"the site service answers {response.status} and no list of site codes; write the codes"
    return [_fact("tenant", "sites", codes if response.status == 200 else [], "site service", reason)]


def _client_restrictions(client: Client) -> Fact:
    prefix = f"{READ}--"
    scopes = (client.tokens.current("restricted").scope or "").split()
    granted = [scope.removeprefix(prefix) for scope in scopes if scope.startswith(prefix)]
    origin = "scopes of the restricted client's token"
    reason = f"the token of EMPORIX_RESTRICTED_CLIENT_ID has no scope {prefix}…; write the restrictions"
    return _fact("restricted_client", "restrictions", granted, origin, reason)


def _fact(table: str, key: str, value: Any, origin: str, reason: str) -> Fact:
    """The value and its origin; if it is empty or tenant.toml cannot have it, no value and the reason."""
    try:
        TenantConfig.model_validate({table: {key: value}})
    except ValidationError:
        value = None
    return Fact(table, key, None, reason) if value in (None, []) else Fact(table, key, value, origin)


def _get(client: Client, service: str, resource: str, identity: str, **params: str) -> Exchange:
    """The response to one attempt."""
    path = f"/{service}/{segment(client.settings.tenant)}/{resource}"
    try:
        return client.send("GET", path, operation=service, identity=identity, params=params, retries="never")
    except (TokenError, ContractError):
        raise _Unreadable(
            f"the API key gets no token with the scope {CONFIGURATION}; add the scope, or write the value"
        ) from None
    except TransientError:
        raise _Unreadable(f"the {service} service does not answer; write the value") from None


def _decoded(value: Any) -> Any:
    """A value of the configuration service, which may be JSON in a string."""
    decoded = parsed(value) if isinstance(value, str) else ABSENT
    return value if decoded is ABSENT else decoded
