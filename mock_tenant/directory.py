"""Who may ask: clients with their secrets, and the tokens they were given."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from mock_tenant.configuration import Configuration
from mock_tenant.constants import MANAGE_SCOPE, READ_SCOPE, RESTRICTED

TENANT = "mockstore"
OTHER_TENANT = "otherstore"
TOKEN_LIFE = 14399.0
SHORT_LIFE = 4.0


@dataclass(frozen=True, slots=True)
class Client:
    """A client of one tenant: its secret, the scopes it may have, and the seconds its tokens live."""

    id: str
    secret: str
    tenant: str
    scopes: tuple[str, ...]
    token_life: float = TOKEN_LIFE


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token stands for: its client, its scopes, and when it ends on the monotonic clock."""

    client: Client
    scopes: frozenset[str]
    ends: float

    def restrictions(self, scope: str) -> frozenset[str] | None:
        """The restrictions to which this scope is limited; None where it is not."""
        start = scope + RESTRICTED
        limits = frozenset(held.removeprefix(start) for held in self.scopes if held.startswith(start))
        return None if scope in self.scopes else limits or None


def clients(configuration: Configuration) -> Mapping[str, Client]:
    """The client of the main tenant, the restricted one if configured, and the second tenant's, by id.

    The second tenant's tokens live a few seconds only, so that expiry can be seen.
    """
    everything = (READ_SCOPE, MANAGE_SCOPE)
    known = [
        Client("mock-client", _secret(), TENANT, everything),
        Client("mock-other-client", _secret(), OTHER_TENANT, everything, SHORT_LIFE),
    ]
    if configuration.client_restrictions:
        limited = tuple(
            scope + RESTRICTED + restriction
            for scope in everything
            for restriction in configuration.client_restrictions
        )
        known.append(Client("mock-restricted-client", _secret(), TENANT, limited))
    return {client.id: client for client in known}


def environment(known: Mapping[str, Client], api_url: str) -> dict[str, str]:
    """The environment variables with which a client of this API reaches the mock."""
    main, other = known["mock-client"], known["mock-other-client"]
    variables = {
        "EMPORIX_API_URL": api_url,
        "EMPORIX_TENANT": main.tenant,
        "EMPORIX_CLIENT_ID": main.id,
        "EMPORIX_CLIENT_SECRET": main.secret,
        "EMPORIX_OTHER_TENANT": other.tenant,
        "EMPORIX_OTHER_CLIENT_ID": other.id,
        "EMPORIX_OTHER_CLIENT_SECRET": other.secret,
    }
    if restricted := known.get("mock-restricted-client"):
        variables["EMPORIX_RESTRICTED_CLIENT_ID"] = restricted.id
        variables["EMPORIX_RESTRICTED_CLIENT_SECRET"] = restricted.secret
    return variables


def _secret() -> str:
    return secrets.token_urlsafe(24)
