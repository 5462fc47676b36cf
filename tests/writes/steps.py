"""Steps that several modules of this folder share."""

from typing import Any, Final

import oracle
from client import Exchange
from harness import TenantApi, created, patched, updated
from harness.customers import body_for

MERGED: Final = "Łucja 山田"
"""A first name beyond Latin-1: a server may decode a body of another media type differently."""
CHANGES: Final[dict[str, Any]] = {
    "title": "Prof.",
    "firstName": "Grace",
    "middleName": "Brewster",
    "lastName": "Hopper",
    "contactPhone": "+1 212 555 0100",
    "company": "Eckert-Mauchly",
    "preferredLanguage": "fr_FR",
    "preferredCurrency": "CHF",
    "type": "CUSTOMER",
    "photoUrl": "https://example.com/grace.png",
    "active": False,
    "onHold": True,
    "b2b": {"companyRegistrationId": "HRB 1906"},
}
"""One change of most properties, to a value that no other customer of the tests has."""


def body_with(operation: str, subject: oracle.CustomerModel | None, parts: dict[str, Any]) -> dict[str, Any]:
    """The parts alone for a patch, else a small valid body with them."""
    return parts if operation == "patch" else body_for(subject, **parts)


def customer_after(
    api: TenantApi, operation: str, subject: oracle.CustomerModel | None, response: Exchange
) -> oracle.CustomerModel:
    """The customer after a write that must have succeeded."""
    if subject is None:
        return created(api, response)
    return updated(api, response, subject) if operation == "upsert" else patched(response, subject)
