"""What may be sent to somebody's tenant; everything else is refused before it leaves."""

import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

from client.errors import GuardError
from client.lifecycle.ledger import Ledger
from client.transport.paths import COLLECTION, ELSEWHERE, ITEM, SEARCH, Address, climbs, plain, readings

_READING: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_REFUSABLE: Final = frozenset({"PUT", "PATCH"})  # a collection has neither: the answer is 405
_YES: Final = frozenset({"", "true", "1", "yes", "on", "t", "y"})
_RESERVED: Final = (
    "example.com",
    "example.org",
    "example.net",
    ".example",
    ".test",
    ".invalid",
    ".localhost",
)
NOTIFICATIONS: Final = "sendPasswordResetNotifications"
_APART: Final = r"\s\"'<>(),;:&="
# In text that is no JSON. It begins where a word begins, or a long text would be read once for each character.
_ADDRESS: Final = re.compile(rf"(?<![^{_APART}])[^{_APART}]+@[\w.-]+")


class Guard:
    """Refuses writes to customers that the run neither created nor named for itself.

    An id counts as named by the run when it begins with the run's prefix, in any case of letters; a custom id
    too short for that is the run's own from the moment that its creation was answered. No customer is given an
    e-mail address at which a person could be reached.
    """

    def __init__(self, ledger: Ledger, prefix: str, *, allow_notifications: bool) -> None:
        self._ledger = ledger
        self._prefix = prefix.lower()
        self._allow_notifications = allow_notifications

    def check(self, method: str, path: str, query: str, body: Any) -> None:
        """GuardError, with one sentence, unless the request is harmless; `path` is below the API URL.

        `body` is the parsed body of the request, its bytes where they are no JSON, or None.
        """
        verb = method.upper()
        if verb in _READING:
            return
        first = plain(path)
        for address in {first, *readings(path)}:
            harmless = address.kind == ELSEWHERE and first.kind != ELSEWHERE and not climbs(path)
            if not harmless:
                self._check_address(verb, address, path)
        if creates(verb, path):
            self._check_notifications(query)
        if verb != "POST" or first.kind != SEARCH:
            self._check_addresses(verb, path, body)

    def owns(self, tenant: str, id: str) -> bool:
        """Whether this run created or named the customer."""
        return id.lower().startswith(self._prefix) or self._ledger.knows(tenant, id)

    def _check_address(self, verb: str, address: Address, path: str) -> None:
        match address.kind:
            case "collection" if verb == "POST" or verb in _REFUSABLE:
                return
            case "search" if verb == "POST":
                return
            case "item" if address.tenant is not None and address.id is not None:
                if self.owns(address.tenant, address.id):
                    return
                raise GuardError(
                    f"{verb} {path} was not sent: this run did not create customer {address.id!r} "
                    f"of tenant {address.tenant!r}; write to customers of this run only."
                )
        what = {COLLECTION: "all customers at once", SEARCH: "the search as if it were a customer"}
        raise GuardError(
            f"{verb} {path} was not sent: it could write to {what.get(address.kind, 'something else')}; "
            "write to customers of this run only."
        )

    def _check_notifications(self, query: str) -> None:
        if self._allow_notifications:
            return
        values = [
            v.strip().lower() for k, v in parse_qsl(query, keep_blank_values=True) if k == NOTIFICATIONS
        ]
        if not values or any(value in _YES for value in values):
            raise GuardError(
                f"{NOTIFICATIONS} was to be on: no request was sent; "
                "set allow_notifications = true in [safety] of tenant.toml to allow e-mail."
            )

    @staticmethod
    def _check_addresses(verb: str, path: str, body: Any) -> None:
        for email in _emails(body):
            if not is_reserved(email):
                raise GuardError(
                    f"{verb} {path} was not sent: somebody may read mail at {email}; "
                    "give customers addresses of example.com, example.org or example.net only."
                )


def creates(verb: str, path: str) -> bool:
    """Whether some server could read the request as one that makes a customer."""
    kind = {"POST": COLLECTION, "PUT": ITEM}.get(verb.upper())
    return kind is not None and any(address.kind == kind for address in {plain(path), *readings(path)})


def _emails(body: Any) -> Iterator[str]:
    """Every address that the body names: members named after e-mail at any depth, or whatever looks like one."""
    if isinstance(body, bytes):
        text = body.decode("utf-8", "replace")
        yield from _ADDRESS.findall(text)
        yield from _ADDRESS.findall(unquote(text))
        return
    pending = [body]
    while pending:
        part = pending.pop()
        if isinstance(part, dict):
            yield from (v for k, v in part.items() if "mail" in k.lower() and isinstance(v, str))
            pending.extend(part.values())
        elif isinstance(part, list):
            pending.extend(part)


def is_reserved(email: str) -> bool:
    """Whether no person can own the address: no domain at all, or a domain reserved by RFC 2606."""
    domain = email.rpartition("@")[2].rstrip(". ").lower()
    if "@" not in email or not domain:
        return True
    return domain.endswith(_RESERVED[3:]) or any(
        domain == name or domain.endswith(f".{name}") for name in _RESERVED[:3]
    )
