"""A customer that a test made: where it lives and what the oracle expects of it."""

from dataclasses import dataclass, field
from typing import Any

import oracle


@dataclass
class Customer:
    """One customer of this run; `record` is what the oracle expects the tenant to say of it now."""

    id: str
    record: oracle.CustomerModel
    body: dict[str, Any] = field(default_factory=dict)
    shown: dict[str, Any] = field(default_factory=dict)
    deleted: bool = False
    since: oracle.Cause | None = None
    """The accepted write after which get has not shown the customer yet."""
    confirmed: int = 0
    """The number of the exchange in which get last showed the customer just as expected; 0: none did."""

    @property
    def email(self) -> str:
        """The address that the customer was given; empty where it was given none."""
        return str(self.body.get("contactEmail", ""))

    def __repr__(self) -> str:
        return f"Customer({self.id!r})"
