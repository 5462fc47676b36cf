"""What a tenant remembers: its customers, their addresses, and the ids of the deleted."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, eq=False)
class Customer:
    """One customer at one moment: a write replaces the whole record, so whoever holds one holds a snapshot.

    `values` holds what clients wrote and the defaults, by property; `memo` what was derived from them.
    """

    id: str
    number: str
    created_at: str
    values: Mapping[str, Any]
    version: int = 1
    password: Any = None
    memo: dict[str, Any] = field(default_factory=dict)

    def having(self, values: Mapping[str, Any]) -> "Customer":
        """The next version with these values; the very same customer if nothing changes."""
        if same(dict(values), dict(self.values)):
            return self
        return replace(self, values=dict(values), version=self.version + 1, memo={})

    def remade(self, **changes: Any) -> "Customer":
        """The same version with other parts, and nothing derived yet."""
        return replace(self, memo={}, **changes)

    @property
    def email(self) -> str | None:
        """The contact address, if there is one."""
        address = self.values.get("contactEmail")
        return address if isinstance(address, str) and address else None


def same(left: Any, right: Any) -> bool:
    """Whether two JSON values are equal, true never being 1."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[name], right[name]) for name in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


@dataclass(eq=False)
class Tenant:
    """One tenant's customers in the order of their creation, with the addresses and the deleted ids."""

    name: str
    customers: dict[str, Customer] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)

    def put(self, customer: Customer) -> None:
        """Stores a customer under its id, and its address."""
        before = self.customers.get(customer.id)
        if before is not None and before.email != customer.email:
            self._forget_address(before)
        self.customers[customer.id] = customer
        if customer.email is not None:
            self.addresses[customer.email] = customer.id

    def remove(self, customer_id: str) -> None:
        """Forgets a customer, frees the address, and remembers the id as deleted."""
        customer = self.customers.pop(customer_id, None)
        if customer is not None:
            self._forget_address(customer)
            self.deleted.add(customer_id)

    def _forget_address(self, customer: Customer) -> None:
        if customer.email is not None and self.addresses.get(customer.email) == customer.id:
            del self.addresses[customer.email]
