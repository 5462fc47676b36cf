"""A request made ready: its target, headers and body as they will leave, and what they may create."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from urllib.parse import parse_qsl, quote

from client.exchange import ABSENT, Absent, parsed
from client.transport.guard import NOTIFICATIONS, creates
from client.transport.paths import COLLECTION, ITEM, SEARCH, Address, literal, plain

Params = Mapping[str, Any] | Iterable[tuple[str, Any]]
Retries = Literal["checked", "always", "never"]
READING: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


@dataclass(frozen=True, slots=True)
class PreparedRequest:
    """`path` and `query` as they will leave, below `base`; `authorization` ABSENT: the identity's token."""

    method: str
    base: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes | None
    operation: str
    identity: str
    authorization: str | Absent | None
    retries: Retries = "checked"
    body_json: Any = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "body_json", ABSENT if self.body is None else parsed(self.body))

    @property
    def address(self) -> Address:
        """What the path addresses in its ordinary reading."""
        return plain(self.path)

    @property
    def content(self) -> Any:
        """The parsed body, or its bytes where they are no JSON; None where there is none."""
        return self.body if self.body_json is ABSENT else self.body_json

    @property
    def target(self) -> str:
        """Path and query."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def reads(self) -> bool:
        """Whether the request changes nothing (RFC 9110 section 9.2.1); search reads by POST."""
        method = self.method.upper()
        return method in READING or (method == "POST" and self.address.kind == SEARCH)

    @property
    def kind(self) -> str:
        """The write as the contract names it: create, upsert, patch, delete, or "other"."""
        names = {
            ("POST", COLLECTION): "create",
            ("PUT", ITEM): "upsert",
            ("PATCH", ITEM): "patch",
            ("DELETE", ITEM): "delete",
        }
        return names.get((self.method.upper(), self.address.kind), "other")

    @property
    def intended_id(self) -> str | None:
        """The id that the request would create: of the path, or of a create body."""
        if self.kind != "create":
            return self.address.id
        return _string(self.body_json, "id")

    @property
    def intended_email(self) -> str | None:
        """The contactEmail that the body names."""
        return _string(self.body_json, "contactEmail")


def silenced(method: str, path: str, query: str) -> str:
    """The query with sendPasswordResetNotifications=false where a create or upsert does not name it."""
    if not creates(method, path):
        return query
    if any(name == NOTIFICATIONS for name, _ in parse_qsl(query, keep_blank_values=True)):
        return query
    return f"{query}&{NOTIFICATIONS}=false" if query else f"{NOTIFICATIONS}=false"


def encoded_query(params: Params) -> str:
    """Parameters as a query, percent-encoded as UTF-8; a list repeats its name, booleans are lower case."""
    pairs = params.items() if isinstance(params, Mapping) else params
    fields = []
    for name, value in pairs:
        for one in value if isinstance(value, list | tuple) else [value]:
            fields.append(f"{_encoded(name)}={_encoded(one)}")
    return "&".join(fields)


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


def _encoded(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    raw = value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
    return quote(raw, safe="")


def _string(body: Any, name: str) -> str | None:
    value = body.get(name) if isinstance(body, dict) else None
    return value if isinstance(value, str) else None
