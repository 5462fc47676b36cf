"""The words of the customer API: operations, properties, scopes, bounds and defaults."""

import re
from collections.abc import Mapping
from typing import Any, Final

OPERATIONS: Final = ("list", "create", "search", "get", "upsert", "patch", "delete")
READING: Final = frozenset({"list", "search", "get"})
WRITING: Final = ("create", "upsert", "patch")
LISTING: Final = ("list", "search")

READ_SCOPE: Final = "customer.customer_read"
MANAGE_SCOPE: Final = "customer.customer_manage"
OWN: Final = "_own"
RESTRICTED: Final = "--"

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
FLAGS: Final = ("active", "onHold")
OBJECTS: Final = ("b2b", "mixins", "metadata")
GENERATED: Final = ("customerNumber", "metadataCreatedAt", "businessModel")

PROPERTIES: Final[Mapping[str, tuple[str, ...]]] = {
    "create": (*TEXTS, "id", "password", *OBJECTS),
    "upsert": (*TEXTS, *FLAGS, *OBJECTS),
    "patch": (*TEXTS, *FLAGS, *OBJECTS),
}
# The primary data that an upsert replaces as a whole; the address is never lost by leaving it out.
PRIMARY: Final = frozenset(TEXTS) - {"contactEmail"}
NOT_STORED: Final = frozenset({"id", "password"})
ON_REQUEST: Final = ("mixins", "accounts", "addresses")

DEFAULTS: Final[Mapping[str, str]] = {
    "preferredLanguage": "en_US",
    "preferredCurrency": "USD",
    "preferredSite": "main",
}
BOUNDS: Final[Mapping[str, tuple[int, int]]] = {"preferredCurrency": (3, 3), "id": (1, 66)}
TYPES: Final = frozenset({"CUSTOMER", "CONTACT", ""})

TENANT_NAME: Final = re.compile(r"[a-z][a-z0-9]+")
TENANT_LENGTHS: Final = (3, 16)
ID_CHARACTERS: Final = re.compile(r"[a-zA-Z0-9_-]*")

PAGE_SIZE: Final = 60
LARGEST_NUMBER: Final = 10**15

JSON_TYPE: Final = "application/json"
MERGE_PATCH_TYPE: Final = "application/merge-patch+json"

COLLECTION_METHODS: Final[Mapping[str, str]] = {"GET": "list", "POST": "create"}
SEARCH_METHODS: Final[Mapping[str, str]] = {"POST": "search"}
ITEM_METHODS: Final[Mapping[str, str]] = {"GET": "get", "PUT": "upsert", "PATCH": "patch", "DELETE": "delete"}


class Absent:
    """The value of a property that is not there; null is a value of its own."""

    def __repr__(self) -> str:
        return "absent"


ABSENT: Final = Absent()

Json = Any
