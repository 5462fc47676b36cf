"""Access tokens by client credentials (RFC 6749 section 4.4): requested once, shared, refreshed in time."""

import math
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from client.config.settings import Settings
from client.errors import ContractError, ServiceUnavailable, TokenError
from client.exchange import Exchange
from client.redaction.redactor import Redactor
from client.transport.recorder import exchange_of
from client.transport.requests.request_builder import RequestBuilder
from client.transport.retry import RetryPolicy

READ: Final = "customer.customer_read"
MANAGE: Final = "customer.customer_manage"
CONFIGURATION: Final = "configuration.configuration_view"
IDENTITIES: Final = ("client", "reader", "writer", "configuration", "restricted", "other", "anonymous")
_DEFAULT_LIFETIME: Final = 3600.0  # seconds, where the response states none
_REJECTIONS: Final = 3  # in a row, after which a client that had a token is taken to have lost its key
_LARGEST_SKEW: Final = 30.0  # seconds before expiry at which a token is refreshed


@dataclass(frozen=True, slots=True)
class Credentials:
    """A client of the token endpoint, the scope that it requests, and the variable that configures it."""

    client_id: str
    client_secret: str
    scope: str
    variable: str

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
    """A token: `lifetime` in seconds, `refresh_at` monotonic, `scope` None where the response names none."""

    value: str
    scope: str | None
    lifetime: float
    refresh_at: float

    @classmethod
    def issued(cls, answer: Mapping[str, Any], requested_at: float) -> "Token | None":
        """The token in a response of RFC 6749 section 5.1; None where there is none."""
        value, scope = answer.get("access_token"), answer.get("scope")
        if not isinstance(value, str) or not value:
            return None
        lifetime = _lifetime(answer.get("expires_in"))
        refresh_at = requested_at + lifetime - min(_LARGEST_SKEW, 0.2 * lifetime)
        return cls(value, scope if isinstance(scope, str) else None, lifetime, refresh_at)


class TokenProvider:
    """The token of each identity; safe between threads, with one request for all that wait."""

    def __init__(
        self,
        requests: RequestBuilder,
        unauthenticated: httpx.BaseTransport,
        redactor: Redactor,
        policy: RetryPolicy,
    ) -> None:
        self._requests = requests
        self._unauthenticated = unauthenticated
        self._redactor = redactor
        self._policy = policy
        settings = requests.settings
        self._credentials = credentials(settings)
        static = settings.access_token
        self._static = static.get_secret_value() if static is not None else None
        self._locks = {identity: threading.Lock() for identity in IDENTITIES}
        self._tokens: dict[str, Token] = {}

    def inherit(self, other: "TokenProvider") -> None:
        """Use the tokens of another provider until they expire or are rejected."""
        self._tokens.update(other._tokens)
        for token in other._tokens.values():
            self._redactor.know(token.value)

    def identities(self) -> frozenset[str]:
        """The identities that these settings configure; "anonymous" is always one."""
        static = {"client"} if self._static is not None else set()
        return frozenset({"anonymous", *self._credentials, *static})

    def request(self, form: Mapping[str, str]) -> Exchange:
        """Send these form fields to the token URL, as operation "token"."""
        self._redactor.know(form.get("client_secret", ""))  # a wrong secret may resemble the right one
        prepared = self._requests.token(form)
        exchange = exchange_of(self._unauthenticated.handle_request(prepared.to_httpx()))
        answer = exchange.json if isinstance(exchange.json, dict) else {}
        for name in ("access_token", "refresh_token", "id_token"):
            if isinstance(answer.get(name), str):
                self._redactor.know(answer[name])
        return exchange

    @property
    def is_static(self) -> bool:
        """Whether the client's token was issued elsewhere, and so cannot be refreshed."""
        return self._static is not None

    def get(self, identity: str) -> str | None:
        """The token of an identity, None for anonymous; TokenError where none is issued."""
        if identity == "anonymous":
            return None
        if identity == "client" and self._static is not None:
            return self._static
        return self.current(identity).value

    def scope(self, identity: str) -> str | None:
        """The scope that the token endpoint granted; None where its response names none."""
        return self.current(identity).scope if identity in self._credentials else None

    def lifetime(self, identity: str) -> float:
        """Seconds for which a token of this identity is valid; infinite where the suite cannot refresh it."""
        return self.current(identity).lifetime if identity in self._credentials else math.inf

    def form(self, identity: str) -> dict[str, str]:
        """The form fields with which this identity requests a token; ValueError where it requests none."""
        return self._credentials_of(identity).form()

    def refresh(self, identity: str, *, rejected: str) -> str | None:
        """Another token than the rejected one, requested if that is still the current one; None if there is none."""
        if identity not in self._credentials:
            return None
        with self._locks[identity]:
            token = self._tokens.get(identity)
            if token is None or token.value == rejected:
                token = self._tokens[identity] = self._issue(identity)
            return token.value if token.value != rejected else None

    def current(self, identity: str) -> Token:
        """The token of an identity, with its properties; TokenError where none is issued."""
        self._credentials_of(identity)
        with self._locks[identity]:
            token = self._tokens.get(identity)
            if token is None or time.monotonic() >= token.refresh_at:
                token = self._tokens[identity] = self._issue(identity)
            return token

    def _credentials_of(self, identity: str) -> Credentials:
        if identity not in self._credentials:
            raise ValueError(f"there is no client for the identity {identity!r}; see Client.identities().")
        return self._credentials[identity]

    def _issue(self, identity: str) -> Token:
        """A new token; 5xx is waited for, as the token endpoint is not what is assessed."""
        credentials = self._credentials[identity]
        had_token = identity in self._tokens
        rejections, waits = 0, self._policy.waits()
        while True:
            requested_at = time.monotonic()
            exchange = self.request(credentials.form())
            answer = exchange.json if isinstance(exchange.json, dict) else {}
            token = Token.issued(answer, requested_at) if 200 <= exchange.status < 300 else None
            if token is not None:
                return token
            if exchange.status >= 500 and (wait := next(waits, None)) is not None:
                time.sleep(wait)
                continue
            rejections += 1
            if not had_token or rejections == _REJECTIONS:
                break
        if 200 <= exchange.status < 300:
            raise ContractError(
                "token.request.client-credentials",
                exchange,
                expected="a JSON object with the string access_token",
                actual=f"{exchange.status} without that string",
            )
        code = answer.get("error")
        sentence = (
            f"the token endpoint answered {exchange.status} and gave no token to {credentials.variable}."
        )
        if identity == "client" and had_token:
            raise ServiceUnavailable(f"{sentence} It gave one before.")
        raise TokenError(sentence, status=exchange.status, code=code if isinstance(code, str) else None)


def credentials(settings: Settings) -> dict[str, Credentials]:
    """The identities that request a token of their own, each with the scope that it requests."""
    env = settings
    found: dict[str, Credentials] = {}

    def add(identity: str, id: str, secret: str, variable: str, *scope: str) -> None:
        found[identity] = Credentials(id, secret, " ".join(scope), variable)

    tenant = f"tenant={env.tenant}"
    if env.client_id and env.client_secret:
        own = (env.client_id, env.client_secret.get_secret_value(), "EMPORIX_CLIENT_ID")
        add("client", *own, tenant, READ, MANAGE)
        add("reader", *own, tenant, READ)
        add("writer", *own, tenant, MANAGE)
        add("configuration", *own, tenant, CONFIGURATION)
    if env.restricted_client_id and env.restricted_client_secret:
        secret = env.restricted_client_secret.get_secret_value()
        # No customer scope is named: the server grants what this client holds, restrictions included.
        add("restricted", env.restricted_client_id, secret, "EMPORIX_RESTRICTED_CLIENT_ID", tenant)
    if env.other_tenant and env.other_client_id and env.other_client_secret:
        secret = env.other_client_secret.get_secret_value()
        scope = (f"tenant={env.other_tenant}", READ, MANAGE)
        add("other", env.other_client_id, secret, "EMPORIX_OTHER_CLIENT_ID", *scope)
    return found


def _lifetime(expires_in: object) -> float:
    try:
        lifetime = float(expires_in)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return _DEFAULT_LIFETIME
    return lifetime if 0 < lifetime < math.inf else _DEFAULT_LIFETIME
