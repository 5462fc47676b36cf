"""The guard: a request that could change what the run does not own is not sent."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

import httpx

from client.config.settings import Safety
from client.errors import GuardError
from client.lifecycle.ledger import Ledger
from client.transport.requests.paths import (
    COLLECTION,
    ELSEWHERE,
    SAFE_METHODS,
    SEARCH,
    Address,
    creates,
    has_dot_segments,
    interpretations,
    parse,
)
from client.transport.requests.prepared_request import NOTIFICATIONS, PreparedRequest, split_url

_REJECTED_ON_COLLECTION: Final = frozenset({"PUT", "PATCH"})  # a collection has neither: the answer is 405
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
        method = method.upper()
        if method in SAFE_METHODS:
            return
        first = parse(path)
        for address in {first, *interpretations(path)}:
            harmless = address.kind == ELSEWHERE and first.kind != ELSEWHERE and not has_dot_segments(path)
            if not harmless:
                self._check_address(method, address, path)
        if creates(method, path):
            self._check_notifications(query)
            self._check_id(method, path, body)
        if method != "POST" or first.kind != SEARCH:
            self._check_emails(method, path, body)
            self._check_companies(method, path, body)

    def owns(self, tenant: str, id: str) -> bool:
        """Whether this run created or named the customer."""
        return id.lower().startswith(self._prefix) or self._ledger.contains(tenant, id)

    def _check_address(self, method: str, address: Address, path: str) -> None:
        match address.kind:
            case "collection" if method == "POST" or method in _REJECTED_ON_COLLECTION:
                return
            case "search" if method == "POST":
                return
            case "item" if address.tenant is not None and address.id is not None:
                if self.owns(address.tenant, address.id):
                    return
                raise GuardError(
                    f"{method} {path} was not sent: this run did not create customer {address.id!r} "
                    f"of tenant {address.tenant!r}; write to customers of this run only."
                )
        what = {COLLECTION: "all customers at once", SEARCH: "the search as if it were a customer"}
        raise GuardError(
            f"{method} {path} was not sent: it could write to {what.get(address.kind, 'something else')}; "
            "write to customers of this run only."
        )

    def _check_notifications(self, query: str) -> None:
        if self._safety.allow_notifications:
            return
        values = [
            v.strip().lower() for k, v in parse_qsl(query, keep_blank_values=True) if k == NOTIFICATIONS
        ]
        if not values or any(value in _YES for value in values):
            raise GuardError(
                f"the request was not sent: {NOTIFICATIONS} is on; "
                "set allow_notifications = true in [safety] of tenant.toml to allow e-mail."
            )

    @staticmethod
    def _check_id(method: str, path: str, body: Any) -> None:
        id = body.get("id") if isinstance(body, dict) else None
        if isinstance(id, str) and id.strip().lower() in _SHADOWED:
            raise GuardError(
                f"{method} {path} was not sent: no path would address a customer of the id {id!r}, which is the name "
                "of an operation; use another id."
            )

    def _check_companies(self, method: str, path: str, body: Any) -> None:
        if not permits_companies(self._safety.companies, body):
            raise GuardError(
                f"{method} {path} was not sent: its {COMPANY} may create a company that nothing deletes; set "
                "allow_companies = true, or company, in [safety] of tenant.toml."
            )

    @staticmethod
    def _check_emails(method: str, path: str, body: Any) -> None:
        for email in _emails(body):
            if not is_reserved(email):
                raise GuardError(
                    f"{method} {path} was not sent: a person may receive mail at {email}; "
                    "give customers addresses of example.com, example.org or example.net only."
                )


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


def permits_companies(companies: Collection[str] | None, body: Any) -> bool:
    """Whether the body has no companyRegistrationId but null and those permitted; None permits every one.

    A body that is no JSON must not contain the name of the property at all.
    """
    if companies is None:
        return True
    if isinstance(body, bytes):
        return COMPANY.lower() not in body.replace(b"\0", b"").decode("utf-8", "replace").lower()
    found = (value for name, value in _members(body) if name.lower().endswith(COMPANY.lower()))
    return all(value is None or value in companies for value in found)


def _emails(body: Any) -> Iterator[str]:
    """Every address that the body names: members named after e-mail at any depth, or any text that looks like one."""
    if isinstance(body, bytes):
        text = body.decode("utf-8", "replace")
        yield from _EMAIL.findall(text)
        yield from _EMAIL.findall(unquote(text))
        return
    yield from (value for name, value in _members(body) if "mail" in name.lower() and isinstance(value, str))


def _members(body: Any) -> Iterator[tuple[str, Any]]:
    """Every member of every object in the body, at any depth."""
    pending = [body]
    while pending:
        part = pending.pop()
        if isinstance(part, dict):
            yield from part.items()
            pending.extend(part.values())
        elif isinstance(part, list):
            pending.extend(part)


def is_reserved(email: str) -> bool:
    """Whether no person can own the address: no domain at all, or a domain reserved by RFC 2606."""
    domain = email.rpartition("@")[2].rstrip(". ").lower()
    if "@" not in email or not domain:
        return True
    return domain.endswith(_RESERVED_ENDINGS) or any(
        domain == name or domain.endswith(f".{name}") for name in _RESERVED_DOMAINS
    )
