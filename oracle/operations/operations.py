"""The operations on one customer, as data."""

from dataclasses import dataclass
from typing import ClassVar

from oracle.json_values import Body


@dataclass(frozen=True)
class Create:
    """POST with a body; None: no body."""

    body: Body | None
    name: ClassVar[str] = "create"


@dataclass(frozen=True)
class Get:
    """GET of a customer with the attributes to expand."""

    id: str
    expand: frozenset[str] = frozenset()
    name: ClassVar[str] = "get"


@dataclass(frozen=True)
class Upsert:
    """PUT of a customer with a body; None: no body."""

    id: str
    body: Body | None
    name: ClassVar[str] = "upsert"


@dataclass(frozen=True)
class Patch:
    """PATCH of a customer with a body; None: no body."""

    id: str
    body: Body | None
    name: ClassVar[str] = "patch"


@dataclass(frozen=True)
class Delete:
    """DELETE of a customer."""

    id: str
    name: ClassVar[str] = "delete"


Operation = Create | Get | Upsert | Patch | Delete
