"""A request of the customer API as it will be sent, and what it may create."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Final, Literal
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import httpx

from client.exchange import ABSENT, Absent
from client.json_values import parsed, text_member
from client.lifecycle.ledger import CustomerKey
from client.transport.requests.paths import (
    SAFE_METHODS,
    Address,
    creates,
    literal,
    parse,
)

Params = Mapping[str, Any] | Iterable[tuple[str, Any]]
Retries = Literal["if_idempotent", "always", "never"]

NOTIFICATIONS: Final = "sendPasswordResetNotifications"
_EXTENSION: Final = "prepared"
_KINDS: Final = {
    ("POST", "collection"): "create",
    ("PUT", "item"): "upsert",
    ("PATCH", "item"): "patch",
    ("DELETE", "item"): "delete",
}


@dataclass(frozen=True)
class PreparedRequest:
    """`path` and `query` as they will be sent, below `base`; `authorization` ABSENT is the identity's token."""

    method: str
    base: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes | None
    operation: str
    identity: str
    authorization: str | Absent | None = ABSENT
    retries: Retries = "if_idempotent"

    @classmethod
    def of(cls, request: httpx.Request) -> "PreparedRequest":
        """The prepared request that became this httpx request."""
        prepared: PreparedRequest = request.extensions[_EXTENSION]
        return prepared

    def to_httpx(self) -> httpx.Request:
        """The request for the transports; the extension "target" holds the literal request target."""
        origin, base_path = split_url(self.base)
        headers = dict(self.headers)
        if isinstance(self.authorization, str):
            headers = {name: value for name, value in headers.items() if name.lower() != "authorization"}
            headers["Authorization"] = self.authorization
        return httpx.Request(
            self.method,
            _parsed_url(origin),
            headers=[(name.encode("latin-1", "replace"), _header_bytes(v)) for name, v in headers.items()],
            content=self.body,
            extensions={"target": f"{base_path}{self.target}".encode("ascii"), _EXTENSION: self},
        )

    @property
    def name(self) -> str:
        """The request in a sentence."""
        return f"{self.method} {self.operation}"

    @property
    def target(self) -> str:
        """Path and query, below `base`."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def url(self) -> str:
        """The whole URL, as text."""
        return self.base + self.target

    @cached_property
    def body_json(self) -> Any:
        """The parsed body; ABSENT where it is no JSON."""
        return ABSENT if self.body is None else parsed(self.body)

    @property
    def content(self) -> Any:
        """The parsed body, or its bytes where they are no JSON; None where there is no body."""
        return self.body if self.body_json is ABSENT else self.body_json

    @cached_property
    def address(self) -> Address:
        """What the path addresses in its ordinary interpretation."""
        return parse(self.path)

    @cached_property
    def is_safe(self) -> bool:
        """Whether the method is safe (RFC 9110 section 9.2.1); a search is safe although its method is POST."""
        method = self.method.upper()
        return method in SAFE_METHODS or (method == "POST" and self.address.kind == "search")

    @property
    def may_act_twice(self) -> bool:
        """Whether a repetition has no effect of its own, or one that the caller accepts."""
        return self.is_safe or self.retries == "always"

    @cached_property
    def kind(self) -> str:
        """The write as the contract names it: create, upsert, patch, delete, or "other", such as an address."""
        return (
            "other" if self.address.below else _KINDS.get((self.method.upper(), self.address.kind), "other")
        )

    @property
    def adds_address(self) -> bool:
        """Whether the request adds an address to a customer."""
        return self.method.upper() == "POST" and self.address.below == ("addresses",)

    @property
    def intended_id(self) -> str | None:
        """The id that the request would create: of the path, or of a create body."""
        return text_member(self.body_json, "id") if self.kind == "create" else self.address.id or None

    @property
    def customer(self) -> CustomerKey:
        """The customer that the path addresses; its id is empty where it addresses none."""
        return CustomerKey(self.address.tenant, self.address.id)

    @property
    def intended_email(self) -> str | None:
        """The contactEmail that the body names."""
        return text_member(self.body_json, "contactEmail")


def without_notifications(method: str, path: str, query: str) -> str:
    """The query with sendPasswordResetNotifications=false where a create or upsert does not name it."""
    if not creates(method, path):
        return query
    if any(name == NOTIFICATIONS for name, _ in parse_qsl(query, keep_blank_values=True)):
        return query
    return f"{query}&{NOTIFICATIONS}=false" if query else f"{NOTIFICATIONS}=false"


def encoded_query(params: Params) -> str:
    """Parameters as a query, percent-encoded as UTF-8; a list repeats its name, booleans are lower case."""
    pairs = params.items() if isinstance(params, Mapping) else params
    fields = [
        (name, _text(one))
        for name, value in pairs
        for one in (value if isinstance(value, list | tuple) else [value])
    ]
    return urlencode(fields, quote_via=quote, safe="", errors="surrogatepass")


def encoded_json(value: Any) -> bytes:
    """The value as JSON in UTF-8; text with lone surrogates, which UTF-8 cannot hold, is escaped instead."""
    try:
        return json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value).encode("ascii")


def split_path(path: str | bytes) -> tuple[str, str]:
    """(path, query) of a request target, as it can stand in a request line."""
    before, _, query = literal(path).partition("?")
    return before, query


@cache
def split_url(url: str) -> tuple[str, str]:
    """(origin, path) of a URL, the path exactly as written and without a slash at its end."""
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    return origin, url[len(origin) :].rstrip("/")


@cache
def _parsed_url(origin: str) -> httpx.URL:
    return httpx.URL(origin)


def _header_bytes(value: str) -> bytes:
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogatepass")


def _text(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value
