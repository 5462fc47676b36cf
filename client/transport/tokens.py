"""Access tokens by client credentials (RFC 6749 section 4.4): asked once, shared, renewed in time."""

import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from client.config.settings import Settings
from client.errors import ServiceUnavailable, TokenError
from client.exchange import Exchange
from client.redaction.redactor import Redactor

READ: Final = "customer.customer_read"
MANAGE: Final = "customer.customer_manage"
IDENTITIES: Final = ("client", "reader", "writer", "restricted", "other", "anonymous")
_UNSTATED_LIFE: Final = 3600.0  # seconds, where the answer states none
_REFUSALS: Final = 3  # that a client which had a token takes for an answer
_LARGEST_SKEW: Final = 30.0  # seconds before expiry at which a token is renewed


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who asks for a token, and for what scope."""

    client_id: str
    client_secret: str
    scope: str
    variables: str

    def form(self) -> dict[str, str]:
        """The form fields of the token request."""
        return {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "scope": self.scope,
        }


@dataclass(frozen=True, slots=True)
class Token:
    """A token and what was said of it: `life` in seconds, `renew_at` monotonic, `scope` None if not said."""

    value: str
    scope: str | None
    life: float
    renew_at: float


class TokenProvider:
    """The token of each identity; safe between threads, one request for all who wait."""

    def __init__(
        self, settings: Settings, redactor: Redactor, ask: Callable[[Mapping[str, str]], Exchange]
    ) -> None:
        self._ask = ask
        self._redactor = redactor
        self._credentials = credentials(settings)
        static = settings.environment.access_token
        self._static = static.get_secret_value() if static is not None else None
        self._locks = {identity: threading.Lock() for identity in IDENTITIES}
        self._tokens: dict[str, Token] = {}

    def identities(self) -> frozenset[str]:
        """Who can ask with these settings; "anonymous" always can."""
        static = {"client"} if self._static is not None else set()
        return frozenset({"anonymous", *self._credentials, *static})

    @property
    def given(self) -> bool:
        """Whether the client's token was issued elsewhere, and so cannot be renewed."""
        return self._static is not None

    def get(self, identity: str) -> str | None:
        """The token of an identity, None for anonymous; TokenError where none is given."""
        if identity == "anonymous":
            return None
        if identity == "client" and self._static is not None:
            return self._static
        return self.current(identity).value

    def scope(self, identity: str) -> str | None:
        """The scope that the token answer granted; None where it says nothing."""
        return self.current(identity).scope if identity in self._credentials else None

    def life(self, identity: str) -> float:
        """Seconds that a token of this identity lives; infinite where it is not ours to renew."""
        return self.current(identity).life if identity in self._credentials else math.inf

    def form(self, identity: str) -> dict[str, str]:
        """The form fields with which this identity asks for a token; ValueError where it asks for none."""
        if identity not in self._credentials:
            raise ValueError(f"there is no client for the identity {identity!r}; see Client.identities().")
        return self._credentials[identity].form()

    def renew(self, identity: str, stale: str) -> str | None:
        """Another token than `stale`, asked for unless somebody else did; None where there can be none."""
        if identity not in self._credentials:
            return None
        with self._locks[identity]:
            token = self._tokens.get(identity)
            if token is None or token.value == stale:
                token = self._tokens[identity] = self._request(identity)
            return token.value if token.value != stale else None

    def current(self, identity: str) -> Token:
        """The token of an identity, with what was said of it; TokenError where none is given."""
        if identity not in self._credentials:
            raise ValueError(f"there is no client for the identity {identity!r}; see Client.identities().")
        with self._locks[identity]:
            token = self._tokens.get(identity)
            if token is None or time.monotonic() >= token.renew_at:
                token = self._tokens[identity] = self._request(identity)
            return token

    def _request(self, identity: str) -> Token:
        held = self._credentials[identity]
        given_before = identity in self._tokens
        for _ in range(_REFUSALS if given_before else 1):
            asked = time.monotonic()
            exchange = self._ask(held.form())
            answer = exchange.json if isinstance(exchange.json, dict) else {}
            value = answer.get("access_token")
            if exchange.status // 100 == 2 and isinstance(value, str) and value:
                break
        else:
            code = answer.get("error")
            sentence = f"the token endpoint answered {exchange.status} and gave no token to {held.variables}."
            if identity == "client" and given_before:
                raise ServiceUnavailable(f"{sentence} It gave one before.")
            raise TokenError(sentence, status=exchange.status, code=code if isinstance(code, str) else None)
        self._redactor.know(value)
        scope = answer.get("scope")
        life = _life(answer.get("expires_in"))
        return Token(
            value=value,
            scope=scope if isinstance(scope, str) else None,
            life=life,
            renew_at=asked + life - min(_LARGEST_SKEW, 0.2 * life),
        )


def credentials(settings: Settings) -> dict[str, Credentials]:
    """The identities that ask for a token of their own, each with the scope it asks for."""
    env = settings.environment
    found: dict[str, Credentials] = {}

    def add(identity: str, id: str, secret: str, variables: str, *scope: str) -> None:
        found[identity] = Credentials(id, secret, " ".join(scope), variables)

    tenant = f"tenant={env.tenant}"
    if env.client_id and env.client_secret:
        own = (env.client_id, env.client_secret.get_secret_value(), "EMPORIX_CLIENT_ID")
        add("client", *own, tenant, READ, MANAGE)
        add("reader", *own, tenant, READ)
        add("writer", *own, tenant, MANAGE)
    if env.restricted_client_id and env.restricted_client_secret:
        secret = env.restricted_client_secret.get_secret_value()
        # No customer scope is named: the server grants what this client holds, restrictions included.
        add("restricted", env.restricted_client_id, secret, "EMPORIX_RESTRICTED_CLIENT_ID", tenant)
    if env.other_tenant and env.other_client_id and env.other_client_secret:
        secret = env.other_client_secret.get_secret_value()
        scope = (f"tenant={env.other_tenant}", READ, MANAGE)
        add("other", env.other_client_id, secret, "EMPORIX_OTHER_CLIENT_ID", *scope)
    return found


def _life(expires_in: object) -> float:
    try:
        life = float(expires_in)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return _UNSTATED_LIFE
    return life if 0 < life < float("inf") else _UNSTATED_LIFE


def sent_token(exchange: Exchange) -> str:
    """The token that a request carried, "" where it carried none."""
    for name, value in exchange.request_headers:
        if name.lower() == "authorization":
            return value.removeprefix("Bearer ")
    return ""
