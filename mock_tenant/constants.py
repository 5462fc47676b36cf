"""The constants of the customer API: operations, properties, scopes, bounds and default values."""

import re
from collections.abc import Mapping
from typing import Final

OPERATIONS: Final = ("list", "create", "search", "get", "upsert", "patch", "delete")
LIST_OPERATIONS: Final = ("list", "search")
READ_OPERATIONS: Final = ("get", *LIST_OPERATIONS)
BODY_OPERATIONS: Final = ("create", "upsert", "patch")
WRITE_OPERATIONS: Final = (*BODY_OPERATIONS, "delete")
CREATING_OPERATIONS: Final = ("create", "upsert")
UPDATE_OPERATIONS: Final = ("upsert", "patch")

READ_SCOPE: Final = "customer.customer_read"
MANAGE_SCOPE: Final = "customer.customer_manage"
CONFIGURATION_SCOPE: Final = "configuration.configuration_view"
OWN: Final = "_own"
"""The suffix of a scope that covers the caller's own company."""
RESTRICTED: Final = "--"
"""Separates a scope from the restriction to which it is limited."""

STRINGS: Final = (
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
BOOLEANS: Final = ("active", "onHold")
OBJECTS: Final = ("b2b", "mixins", "metadata")
GENERATED: Final = ("customerNumber", "metadataCreatedAt", "businessModel")

PROPERTIES: Final[Mapping[str, tuple[str, ...]]] = {
    "create": (*STRINGS, "id", "password", *OBJECTS),
    "upsert": (*STRINGS, *BOOLEANS, *OBJECTS),
    "patch": (*STRINGS, *BOOLEANS, *OBJECTS),
}
PRIMARY: Final = frozenset(STRINGS) - {"contactEmail"}
"""The primary data, which an upsert replaces as a whole; contactEmail is kept if it is left out."""
NOT_STORED: Final = frozenset({"id", "password"})
ON_REQUEST: Final = ("mixins", "accounts", "addresses")
"""The properties that are returned only if `expand` names them."""
RESPONSE_PROPERTIES: Final = frozenset(
    {
        "email",
        "lastLogin",
        *GENERATED,
        *ON_REQUEST,
        *(name for names in PROPERTIES.values() for name in names),
    }
)
"""Everything that the body of a request or of a response may have."""

DEFAULTS: Final[Mapping[str, str]] = {
    "preferredLanguage": "en_US",
    "preferredCurrency": "USD",
    "preferredSite": "main",
}
LENGTH_BOUNDS: Final[Mapping[str, tuple[int, int]]] = {"preferredCurrency": (3, 3), "id": (1, 66)}
TYPES: Final = frozenset({"CUSTOMER", "CONTACT", ""})

TENANT_NAME: Final = re.compile(r"[a-z][a-z0-9]+")
TENANT_LENGTHS: Final = (3, 16)
ID_CHARACTERS: Final = re.compile(r"[a-zA-Z0-9_-]*")

PAGE_SIZE: Final = 60
MAX_PAGING_NUMBER: Final = 10**15

JSON_TYPE: Final = "application/json"
MERGE_PATCH_TYPE: Final = "application/merge-patch+json"

COLLECTION_METHODS: Final[Mapping[str, str]] = {"GET": "list", "POST": "create"}
SEARCH_METHODS: Final[Mapping[str, str]] = {"POST": "search"}
DESCRIPTIONS: Final[Mapping[tuple[str, str], str]] = {
    ("configuration", "configurations"): "configurations",
    ("site", "sites"): "sites",
}
"""The operations of the sibling services that describe a tenant, by the segments around its name."""
ITEM_METHODS: Final[Mapping[str, str]] = {"GET": "get", "PUT": "upsert", "PATCH": "patch", "DELETE": "delete"}


ADDRESSES_METHODS: Final[Mapping[str, str]] = {"GET": "listAddresses", "POST": "addAddress"}
ADDRESS_METHODS: Final[Mapping[str, str]] = {"GET": "getAddress", "DELETE": "removeAddress"}
ADDRESS_READS: Final = frozenset({"listAddresses", "getAddress"})
ADDRESS_OPERATIONS: Final = frozenset({*ADDRESSES_METHODS.values(), *ADDRESS_METHODS.values()})
ADDRESS_STRINGS: Final = (
    *("contactName", "companyName", "street", "streetNumber", "streetAppendix", "extraLine1", "extraLine2"),
    *("extraLine3", "extraLine4", "zipCode", "city", "country", "state", "contactPhone"),
)


class Absent:
    """The type of ABSENT, the value of an absent property; null is a different value."""

    def __repr__(self) -> str:
        return "absent"


ABSENT: Final = Absent()
