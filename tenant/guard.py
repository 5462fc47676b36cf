"""What may be sent to somebody's tenant; everything else is refused before it leaves."""

from typing import Any, Final
from urllib.parse import parse_qsl

from tenant.address import COLLECTION, ELSEWHERE, ITEM, SEARCH, Address, climbs, plain, readings
from tenant.errors import GuardError
from tenant.ledger import Ledger

_READING: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_REFUSABLE: Final = frozenset({"PUT", "PATCH"})  # a collection has neither: the answer is 405
_NO: Final = frozenset({"false", "0", "no", "off"})
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


class Guard:
    """Refuses writes to customers that the run neither created nor named for itself.

    An id counts as named by the run when it begins with the run's prefix, in any case of letters; a custom id
    too short for that is the run's own from the moment that its creation was answered.
    """

    def __init__(self, ledger: Ledger, prefix: str, *, allow_notifications: bool) -> None:
        self._ledger = ledger
        self._prefix = prefix.lower()
        self._allow_notifications = allow_notifications

    def check(self, method: str, path: str, query: str, body: Any) -> None:
        """GuardError, with one sentence, unless the request is harmless; `path` is below the API URL.

        `body` is the parsed body of the request or ABSENT.
        """
        verb = method.upper()
        if verb in _READING:
            return
        first = plain(path)
        for address in {first, *readings(path)}:
            harmless = address.kind == ELSEWHERE and first.kind != ELSEWHERE and not climbs(path)
            if not harmless:
                self._check_address(verb, address, path)
        if self._creates(verb, first):
            self._check_notifications(query, body)

    def owns(self, tenant: str, id: str) -> bool:
        """Whether this run created or named the customer."""
        return id.lower().startswith(self._prefix) or self._ledger.knows(tenant, id)

    @staticmethod
    def _creates(verb: str, address: Address) -> bool:
        return (verb == "POST" and address.kind == COLLECTION) or (verb == "PUT" and address.kind == ITEM)

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

    def _check_notifications(self, query: str, body: Any) -> None:
        if self._allow_notifications:
            return
        values = [
            v.strip().lower() for k, v in parse_qsl(query, keep_blank_values=True) if k == NOTIFICATIONS
        ]
        if not values or any(value in _YES for value in values):
            raise GuardError(
                f"{NOTIFICATIONS} was to be on: no request was sent; "
                "set allow_notifications = true in [safety] of contract.toml to allow e-mail."
            )
        email = body.get("contactEmail") if isinstance(body, dict) else None
        if not _NO.issuperset(values) and isinstance(email, str) and not is_reserved(email):
            raise GuardError(
                f"no request was sent: with {NOTIFICATIONS}={values[0]} it could send e-mail to a person."
            )


def is_reserved(email: str) -> bool:
    """Whether no person can own the address: no domain at all, or a domain reserved by RFC 2606."""
    domain = email.rpartition("@")[2].rstrip(". ").lower()
    if "@" not in email:
        return True
    return domain.endswith(_RESERVED[3:]) or any(
        domain == name or domain.endswith(f".{name}") for name in _RESERVED[:3]
    )
