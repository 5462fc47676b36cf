"""The guard: a request that could change what the run does not own is not sent."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

import httpx

from client.config.settings import Safety
from client.errors import GuardError
from client.json_values import members, text_member
from client.lifecycle.ledger import CustomerKey, Ledger
from client.transport.requests.paths import (
    SAFE_METHODS,
    Address,
    Kind,
    creates,
    has_dot_segments,
    interpretations,
    parse,
)
from client.transport.requests.prepared_request import NOTIFICATIONS, PreparedRequest, split_url

_HARMLESS: Final[Mapping[Kind, Collection[str]]] = {
    "collection": ("POST", "PUT", "PATCH"),  # PUT and PATCH are answered 405
    "search": ("POST",),
}
"""The methods that change no customer, by what they are sent to."""
_YES: Final = frozenset({"", "true", "1", "yes", "on", "t", "y"})
_RESERVED_DOMAINS: Final = ("example.com", "example.org", "example.net")
_RESERVED_ENDINGS: Final = (".example", ".test", ".invalid", ".localhost")
_SHADOWED: Final = frozenset({"search", "import"})  # operations of the collection, in the place of an id
COMPANY: Final = "companyRegistrationId"
_DELIMITERS: Final = r"\s\"'<>(),;:&="
# In text that is no JSON. It begins where a word begins, or a long text would be read once for each character.
_EMAIL: Final = re.compile(rf"(?<![^{_DELIMITERS}])[^{_DELIMITERS}]+@[\w.-]+")


class Guard:
    """Rejects writes to customers that do not belong to the run.

    A customer belongs to the run if its id begins with the prefix of the run (in any case), or if a response confirmed
    that this run created it. No body may contain an e-mail address that a person could own, nor, unless
    [safety] allows it, a company: the tenant may create the company, and no deletion of a customer removes it.
    """

    def __init__(self, ledger: Ledger, prefix: str, safety: Safety) -> None:
        self._ledger = ledger
        self._prefix = prefix.lower()
        self._safety = safety

    def check(self, method: str, path: str, query: str, body: Any) -> None:
        """GuardError, with one sentence, unless the request is harmless; `path` is below the API URL.

        `body` is the parsed body of the request, its bytes where they are no JSON, or None.
        """
        if method.upper() in SAFE_METHODS:
            return
        objection = next(self._objections(method.upper(), path, query, body), None)
        if objection is not None:
            raise GuardError(f"{method} {path} was not sent: {objection}.")

    def owns(self, tenant: str, id: str) -> bool:
        """Whether this run created or named the customer."""
        return id.lower().startswith(self._prefix) or self._ledger.contains(CustomerKey(tenant, id))

    def _objections(self, method: str, path: str, query: str, body: Any) -> Iterator[str]:
        """Why a write must not be sent, and the remedy; nothing if it is harmless."""
        first = parse(path)
        for address in {first, *interpretations(path)}:
            is_harmless = (
                address.kind == "elsewhere" and first.kind != "elsewhere" and not has_dot_segments(path)
            )
            if not is_harmless and not self._permits(method, address):
                yield f"it could write to {_name(address)}; write to customers of this run only"
        if creates(method, path):
            if not self._safety.allow_notifications and _causes_mail(query):
                yield (
                    f"{NOTIFICATIONS} is on; set allow_notifications = true in [safety] of tenant.toml to allow "
                    "e-mail"
                )
            id = text_member(body, "id") or ""
            if id.strip().lower() in _SHADOWED:
                yield (
                    f"no path would address a customer of the id {id!r}, which is the name of an operation; use "
                    "another id"
                )
        if method != "POST" or first.kind != "search":
            for email in _emails(body):
                if not is_reserved(email):
                    yield (
                        f"a person may receive mail at {email}; give customers addresses of example.com, "
                        "example.org or example.net only"
                    )
            if not permits_companies(self._safety.companies, body):
                yield (
                    f"its {COMPANY} may create a company that nothing deletes; set allow_companies = true, or "
                    "company, in [safety] of tenant.toml"
                )

    def _permits(self, method: str, address: Address) -> bool:
        """Whether a write of this method to this address changes no customer of others."""
        if address.kind == "item":
            return self.owns(address.tenant, address.id)
        return method in _HARMLESS.get(address.kind, ())


@dataclass(frozen=True, eq=False)
class GuardTransport(httpx.BaseTransport):
    """Has the guard check each request as it will be sent: its literal target and its body."""

    inner: httpx.BaseTransport
    guard: Guard
    api_url: str

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request; GuardError where it was not."""
        path, _, query = request.extensions["target"].decode("ascii").partition("?")
        base_path = split_url(self.api_url)[1]
        if path.startswith(f"{base_path}/"):
            path = path.removeprefix(base_path)
        self.guard.check(request.method, path, query, PreparedRequest.of(request).content)
        return self.inner.handle_request(request)


def _name(address: Address) -> str:
    names: dict[Kind, str] = {
        "collection": "all customers at once",
        "search": "the search as if it were a customer",
        "item": f"customer {address.id!r} of tenant {address.tenant!r}, which this run did not create",
        "elsewhere": "something else",
    }
    return names[address.kind]


def _causes_mail(query: str) -> bool:
    """Whether the query of a create has the tenant send e-mail, which it does by default."""
    values = [v.strip().lower() for k, v in parse_qsl(query, keep_blank_values=True) if k == NOTIFICATIONS]
    return not values or any(value in _YES for value in values)


def permits_companies(companies: Collection[str] | None, body: Any) -> bool:
    """Whether the body has no companyRegistrationId but null and those permitted; None permits every one.

    A body that is no JSON must not contain the name of the property at all.
    """
    if companies is None:
        return True
    if isinstance(body, bytes):
        return COMPANY.lower() not in body.replace(b"\0", b"").decode("utf-8", "replace").lower()
    found = (value for name, value in members(body) if name.lower().endswith(COMPANY.lower()))
    return all(value is None or value in companies for value in found)


def _emails(body: Any) -> Iterator[str]:
    """Every address that the body names: members named after e-mail at any depth, or any text that looks like one."""
    if isinstance(body, bytes):
        text = body.decode("utf-8", "replace")
        yield from _EMAIL.findall(text)
        yield from _EMAIL.findall(unquote(text))
        return
    yield from (value for name, value in members(body) if "mail" in name.lower() and isinstance(value, str))


def is_reserved(email: str) -> bool:
    """Whether no person can own the address: no domain at all, or a domain reserved by RFC 2606."""
    domain = email.rpartition("@")[2].rstrip(". ").lower()
    if "@" not in email or not domain:
        return True
    return domain.endswith(_RESERVED_ENDINGS) or any(
        domain == name or domain.endswith(f".{name}") for name in _RESERVED_DOMAINS
    )
