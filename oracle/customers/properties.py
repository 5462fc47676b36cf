"""The properties of a customer, and which part of each is compared."""

from collections.abc import Mapping
from typing import Final

from oracle.json_values import Json, present
from spec import ABSENT, Absent

DEFAULTS: Final[Mapping[str, str]] = {
    "preferredLanguage": "en_US",
    "preferredCurrency": "USD",
    "preferredSite": "main",
}
"""The values of a new customer where the body has none. Source: Creating a customer, body."""

FLAGS: Final = ("active", "onHold")
NESTED: Final[Mapping[str, str]] = {"b2b": ".companyRegistrationId", "mixins": "", "metadata": ".mixins"}
"""The object properties, and the path from each to the part that a client writes."""

TEXTS: Final = (
    "title",
    "firstName",
    "middleName",
    "lastName",
    "contactPhone",
    "company",
    "preferredLanguage",
    "preferredCurrency",
    "preferredSite",
    "type",
    "photoUrl",
    "restriction",
    "contactEmail",
)
WRITABLE: Final = (*TEXTS, *FLAGS, *NESTED)
GENERATED: Final = ("customerNumber", "metadataCreatedAt", "businessModel")
TYPES: Final = ("CUSTOMER", "CONTACT")
MIXINS: Final = "mixin:*"
"""The expand attribute for mixins."""


def compared_part(name: str, value: Json | Absent) -> Json | Absent:
    """The part of a property that is compared; null and empty objects are ABSENT.

    Of b2b that is companyRegistrationId (responses add legalEntities), of metadata mixins (version may rise).
    """
    if isinstance(value, dict) and name == "b2b":
        return present(value.get("companyRegistrationId"))
    if isinstance(value, dict) and name == "metadata":
        value = value.get("mixins")
    if value == {} and name in NESTED:
        return ABSENT
    return present(value)


def path_of(name: str) -> str:
    """The JSON path of the compared part of a property."""
    return f"$.{name}{NESTED.get(name, '')}"
