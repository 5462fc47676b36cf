"""The stored data of a tenant: its customers, their e-mail addresses, and the ids of deleted customers."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, eq=False)
class Customer:
    """An immutable snapshot of one customer: every write stores a new object.

    `values` holds what clients wrote and the default values, by property; `addresses` those of the customer, in the
    order in which they were added; `cache` holds what was derived from them.
    """

    id: str
    number: str
    created_at: str
    values: Mapping[str, Any]
    version: int = 1
    password: Any = None
    addresses: tuple[Mapping[str, Any], ...] = ()
    cache: dict[str, Any] = field(default_factory=dict)

    def with_values(self, values: Mapping[str, Any]) -> "Customer":
        """The next version with these values; the same object if nothing changes."""
        if json_equal(dict(values), dict(self.values)):
            return self
        return self.replace(values=dict(values), version=self.version + 1)

    def replace(self, **changes: Any) -> "Customer":
        """A copy with some fields changed and an empty cache."""
        return replace(self, cache={}, **changes)

    @property
    def email(self) -> str | None:
        """The contactEmail; None if it is absent or empty."""
        email = self.values.get("contactEmail")
        return email if isinstance(email, str) and email else None


def json_equal(left: Any, right: Any) -> bool:
    """Whether two JSON values are equal; unlike in Python, true is not equal to 1."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(json_equal(left[name], right[name]) for name in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(json_equal, left, right))
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


@dataclass(eq=False)
class Tenant:
    """The customers of one tenant in the order of their creation; `emails` maps each e-mail address to an id."""

    name: str
    customers: dict[str, Customer] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    deleted_ids: set[str] = field(default_factory=set)
    write_lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def put(self, customer: Customer) -> None:
        """Stores a customer under its id and registers its e-mail address."""
        before = self.customers.get(customer.id)
        if before is not None and before.email != customer.email:
            self._free_email(before)
        self.customers[customer.id] = customer
        if customer.email is not None:
            self.emails[customer.email] = customer.id

    def remove(self, customer_id: str) -> None:
        """Removes a customer, frees its e-mail address, and records its id as deleted."""
        customer = self.customers.pop(customer_id, None)
        if customer is not None:
            self._free_email(customer)
            self.deleted_ids.add(customer_id)

    def _free_email(self, customer: Customer) -> None:
        if customer.email is not None and self.emails.get(customer.email) == customer.id:
            del self.emails[customer.email]
