"""Access tokens by client credentials (RFC 6749 section 4.4), and the transport that sends them (RFC 6750)."""

import math
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import httpx
from pydantic import SecretStr

from client.config.settings import Settings
from client.errors import ContractError, ServiceUnavailable, TokenError
from client.exchange import ABSENT, Exchange
from client.json_values import text_member
from client.redaction import Redactor
from client.transport.recorder import exchange_of
from client.transport.requests.prepared_request import PreparedRequest
from client.transport.requests.request_builder import RequestBuilder
from client.transport.retry import RetryPolicy

READ: Final = "customer.customer_read"
MANAGE: Final = "customer.customer_manage"
CONFIGURATION: Final = "configuration.configuration_view"
_VARIABLES: Final = {"restricted": "EMPORIX_RESTRICTED_CLIENT_ID", "other": "EMPORIX_OTHER_CLIENT_ID"}
"""What configures the client of an identity; EMPORIX_CLIENT_ID the others."""
_DEFAULT_LIFETIME: Final = 3600.0  # seconds, where the response states none
_REJECTIONS: Final = 3  # in a row, after which a client that had a token is taken to have lost its key
_LARGEST_SKEW: Final = 30.0  # seconds before expiry at which a token is refreshed


_Client = tuple[str | None, SecretStr | None, str | None]
"""Id, secret and tenant of a client of the token endpoint, each None where it is not configured."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token: `lifetime` in seconds, `refresh_at` monotonic, `scope` None where the response names none."""

    value: str
    scope: str | None
    lifetime: float
    refresh_at: float

    @classmethod
    def issued(cls, exchange: Exchange) -> "Token | None":
        """The token in a response of RFC 6749 section 5.1; None where there is none."""
        value = text_member(exchange.json, "access_token")
        if value is None or not 200 <= exchange.status < 300:
            return None
        lifetime = _lifetime(exchange.object.get("expires_in"))
        refresh_at = exchange.started + lifetime - min(_LARGEST_SKEW, 0.2 * lifetime)
        return cls(value, text_member(exchange.json, "scope"), lifetime, refresh_at)


class TokenProvider:
    """The token of each identity, refreshed in time; safe between threads, with one request for all that wait."""

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
        self._forms = token_forms(requests.settings)
        self._lock = threading.Lock()
        self._tokens: dict[str, Token] = {}
        static = requests.settings.access_token
        if static is not None:
            self._tokens["client"] = Token(static.get_secret_value(), None, math.inf, math.inf)

    def inherit(self, other: "TokenProvider") -> None:
        """Use the tokens of another provider until they expire or are rejected."""
        self._tokens.update(other._tokens)
        for token in other._tokens.values():
            self._redactor.know(token.value)

    def identities(self) -> frozenset[str]:
        """The identities that these settings configure; "anonymous" is always one."""
        return frozenset({"anonymous", *self._forms, *self._tokens})

    def request(self, form: Mapping[str, str]) -> Exchange:
        """Send these form fields to the token URL, as operation "token"."""
        self._redactor.know(form.get("client_secret", ""))  # a wrong secret may resemble the right one
        prepared = self._requests.token(form)
        exchange = exchange_of(self._unauthenticated.handle_request(prepared.to_httpx()))
        for name in ("access_token", "refresh_token", "id_token"):
            self._redactor.know(text_member(exchange.json, name) or "")
        return exchange

    def get(self, identity: str) -> str | None:
        """The token of an identity, None for anonymous; TokenError where none is issued."""
        return None if identity == "anonymous" else self.current(identity).value

    def form(self, identity: str) -> dict[str, str]:
        """The form fields with which this identity requests a token; ValueError where it requests none."""
        if identity not in self._forms:
            raise ValueError(f"there is no client for the identity {identity!r}; see Client.identities().")
        return self._forms[identity]

    def refresh(self, identity: str, *, rejected: str) -> str | None:
        """Another token than the rejected one, requested if that is still the current one; None if there is none.

        ServiceUnavailable if the rejected one is EMPORIX_ACCESS_TOKEN and no operation accepts it.
        """
        if identity not in self._forms:
            self._require_accepted(rejected)
            return None
        with self._lock:
            token = self._tokens[identity]
            if token.value == rejected:
                token = self._tokens[identity] = self._issue(identity)
            return token.value if token.value != rejected else None

    def current(self, identity: str) -> Token:
        """The token of an identity, with its properties; TokenError where none is issued."""
        with self._lock:
            token = self._tokens.get(identity)
            if token is None or time.monotonic() >= token.refresh_at:
                token = self._tokens[identity] = self._issue(identity)
            return token

    def _issue(self, identity: str) -> Token:
        """A new token; 5xx is waited for, as the token endpoint is not what is assessed."""
        form, had_token = self.form(identity), identity in self._tokens
        waits = self._policy.waits()
        rejections = 0
        while rejections < (_REJECTIONS if had_token else 1):
            exchange = self.request(form)
            token = Token.issued(exchange)
            if token is not None:
                return token
            wait = next(waits, None) if exchange.status >= 500 else None
            if wait is None:
                rejections += 1
            else:
                time.sleep(wait)
        error = _rejection(identity, exchange)
        if identity == "client" and had_token and isinstance(error, TokenError):
            raise ServiceUnavailable(f"{error} It gave one before.")
        raise error

    def _require_accepted(self, token: str) -> None:
        """ServiceUnavailable where EMPORIX_ACCESS_TOKEN is rejected by list and by search."""
        for method in ("GET", "POST"):
            look = self._requests.look(method=method, authorization=f"Bearer {token}")
            response = self._unauthenticated.handle_request(look.to_httpx())
            if response.status_code != httpx.codes.UNAUTHORIZED:
                return
        raise ServiceUnavailable(
            "EMPORIX_ACCESS_TOKEN is not accepted any more; it has expired or was revoked. Set a new one, or "
            "EMPORIX_CLIENT_ID and _SECRET, with which the suite renews its tokens itself."
        )


@dataclass(frozen=True, eq=False)
class AuthTransport(httpx.BaseTransport):
    """Sends the token of the request's identity; a request with an explicit authorization is sent as it is.

    A 401 has the token refreshed, unless another thread did so already, and the request sent again. Where it is still
    answered 401, the next 401 to the same operation is taken as the tenant's response.
    """

    inner: httpx.BaseTransport
    tokens: TokenProvider
    confirmed: set[tuple[str, str, str]] = field(default_factory=set)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request once, or again with another token; errors as for TokenProvider."""
        prepared = PreparedRequest.of(request)
        token = self.tokens.get(prepared.identity) if prepared.authorization is ABSENT else None
        if token is None:
            return self.inner.handle_request(request)
        operation = (prepared.identity, prepared.address.tenant, prepared.operation)
        response = self._send(request, token)
        if response.status_code != httpx.codes.UNAUTHORIZED:
            self.confirmed.discard(operation)
        elif operation not in self.confirmed:
            another = self.tokens.refresh(prepared.identity, rejected=token)
            if another is not None:
                response = self._send(request, another)
            if response.status_code == httpx.codes.UNAUTHORIZED:
                self.confirmed.add(operation)
        return response

    def _send(self, request: httpx.Request, token: str) -> httpx.Response:
        request.headers["Authorization"] = f"Bearer {token}"
        return self.inner.handle_request(request)


def token_forms(settings: Settings) -> dict[str, dict[str, str]]:
    """The form fields of the token request of each identity that requests a token of its own."""
    own: _Client = (settings.client_id, settings.client_secret, settings.tenant)
    restricted: _Client = (settings.restricted_client_id, settings.restricted_client_secret, settings.tenant)
    other: _Client = (settings.other_client_id, settings.other_client_secret, settings.other_tenant)
    clients: dict[str, tuple[_Client, list[str]]] = {
        "client": (own, [READ, MANAGE]),
        "reader": (own, [READ]),
        "writer": (own, [MANAGE]),
        "configuration": (own, [CONFIGURATION]),
        "restricted": (restricted, []),  # the server grants what this client holds, restrictions included
        "other": (other, [READ, MANAGE]),
    }
    return {
        identity: {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": secret.get_secret_value(),
            "scope": " ".join([f"tenant={tenant}", *scopes]),
        }
        for identity, ((client_id, secret, tenant), scopes) in clients.items()
        if client_id and secret
    }


def _rejection(identity: str, exchange: Exchange) -> ContractError | TokenError:
    """The error for a token response without a token."""
    if 200 <= exchange.status < 300:
        return ContractError(
            "token.request.client-credentials",
            exchange,
            expected="a JSON object with the string access_token",
            actual=f"{exchange.status} without that string",
        )
    variable = _VARIABLES.get(identity, "EMPORIX_CLIENT_ID")
    sentence = f"the token endpoint answered {exchange.status} and gave no token to {variable}."
    return TokenError(sentence, exchange.status, text_member(exchange.json, "error"))


def _lifetime(expires_in: object) -> float:
    try:
        lifetime = float(expires_in)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return _DEFAULT_LIFETIME
    return lifetime if 0 < lifetime < math.inf else _DEFAULT_LIFETIME
