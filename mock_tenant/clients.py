"""The OAuth clients of the tenants, and the grants behind the tokens that were issued to them."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from mock_tenant.configuration import Configuration
from mock_tenant.constants import CONFIGURATION_SCOPE, MANAGE_SCOPE, READ_SCOPE, RESTRICTED

TENANT = "mockstore"
OTHER_TENANT = "otherstore"
TOKEN_LIFETIME = 14399.0
SHORT_TOKEN_LIFETIME = 4.0


@dataclass(frozen=True, slots=True)
class Client:
    """A client of one tenant: its secret, the scopes it may be granted, and the lifetime of its tokens in seconds."""

    id: str
    secret: str
    tenant: str
    scopes: tuple[str, ...]
    token_lifetime: float = TOKEN_LIFETIME


@dataclass(frozen=True, slots=True)
class Grant:
    """The grant behind a token: its client, its scopes, and its expiry on the monotonic clock."""

    client: Client
    scopes: frozenset[str]
    expires_at: float

    def restrictions(self, scope: str) -> frozenset[str] | None:
        """The restrictions to which this scope is limited; None if it is not limited."""
        prefix = scope + RESTRICTED
        limits = frozenset(held.removeprefix(prefix) for held in self.scopes if held.startswith(prefix))
        return None if scope in self.scopes else limits or None


def registered_clients(configuration: Configuration) -> Mapping[str, Client]:
    """By id: the client of the main tenant, the restricted client if configured, and the second tenant's client.

    The tokens of the second tenant's client expire after a few seconds, so that a run can observe expiry.
    """
    scopes = (READ_SCOPE, MANAGE_SCOPE)
    clients = [
        Client("mock-client", _secret(), TENANT, (*scopes, CONFIGURATION_SCOPE)),
        Client("mock-other-client", _secret(), OTHER_TENANT, scopes, SHORT_TOKEN_LIFETIME),
    ]
    if configuration.client_restrictions:
        limited = tuple(
            scope + RESTRICTED + restriction
            for scope in scopes
            for restriction in configuration.client_restrictions
        )
        clients.append(Client("mock-restricted-client", _secret(), TENANT, limited))
    return {client.id: client for client in clients}


def environment(clients: Mapping[str, Client], api_url: str) -> dict[str, str]:
    """The environment variables with which a client of this API reaches the mock."""
    main, other = clients["mock-client"], clients["mock-other-client"]
    variables = {
        "EMPORIX_API_URL": api_url,
        "EMPORIX_TENANT": main.tenant,
        "EMPORIX_CLIENT_ID": main.id,
        "EMPORIX_CLIENT_SECRET": main.secret,
        "EMPORIX_OTHER_TENANT": other.tenant,
        "EMPORIX_OTHER_CLIENT_ID": other.id,
        "EMPORIX_OTHER_CLIENT_SECRET": other.secret,
    }
    if restricted := clients.get("mock-restricted-client"):
        variables["EMPORIX_RESTRICTED_CLIENT_ID"] = restricted.id
        variables["EMPORIX_RESTRICTED_CLIENT_SECRET"] = restricted.secret
    return variables


def _secret() -> str:
    return secrets.token_urlsafe(24)
