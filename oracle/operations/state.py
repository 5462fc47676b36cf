"""The operations on one customer, as data, and the state of a tenant, as far as the writes of this run determine it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

from oracle.customers.model import CustomerModel
from oracle.customers.properties import compared_part
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


@dataclass(frozen=True)
class ModelState:
    """The customers of a tenant, and the deleted ones.

    customers: by id; deleted: the ids of deleted customers; pending_deletion: customers whose deletion was accepted
    and may not be visible yet; freed_emails: e-mails that a customer had and none definitely has, so that the
    contract does not determine whether they are available.
    """

    customers: Mapping[str, CustomerModel] = field(default_factory=dict)
    deleted: frozenset[str] = frozenset()
    pending_deletion: Mapping[str, CustomerModel] = field(default_factory=dict)
    freed_emails: frozenset[str] = frozenset()

    def with_customer(self, customer: CustomerModel) -> "ModelState":
        """The state with this customer in place of the one with the same id, if there is one."""
        before = self.customers.get(customer.id)
        freed = _emails(before) - _emails(customer) if before else frozenset()
        return replace(
            self.confirmed_gone(customer.id),
            customers={**self.customers, customer.id: customer},
            deleted=self.deleted - {customer.id},
            freed_emails=self.freed_emails | freed,
        )

    def without_customer(self, id: str, *, pending: bool = False) -> "ModelState":
        """The state after the customer is deleted; pending: the deletion may not be visible yet."""
        deleted = self.customers[id]
        after = replace(
            self,
            customers=_without(self.customers, id),
            deleted=self.deleted | {id},
            freed_emails=self.freed_emails | _emails(deleted),
        )
        return after.with_pending_deletion(deleted) if pending else after

    def confirmed_gone(self, id: str) -> "ModelState":
        """The state in which the deletion of this customer is not pending: a response has shown it."""
        return replace(self, pending_deletion=_without(self.pending_deletion, id))

    def with_pending_deletion(self, customer: CustomerModel) -> "ModelState":
        """The state with this model of a customer whose deletion is pending."""
        return replace(self, pending_deletion={**self.pending_deletion, customer.id: customer})

    def email_taken(self, email: str | None, *, by: str | None = None) -> bool | None:
        """Whether a customer other than `by` has the e-mail; None where the contract does not determine it.

        Not determined: the same address in another case, an address that a customer had or may have.
        """
        if not email:
            return False
        others = [customer for id, customer in self.customers.items() if id != by]
        if any(customer.email == email for customer in others):
            return True
        possible = self.freed_emails.union(*map(_emails, others))
        return None if email.casefold() in {other.casefold() for other in possible} else False

    def exists_in_other_case(self, id: str) -> bool:
        """Whether a customer exists whose id differs from this one in case alone."""
        return id not in self.customers and id.casefold() in {other.casefold() for other in self.customers}

    def fingerprint(self) -> str:
        """A text that is equal for two states that no response can distinguish."""
        return json.dumps(
            [
                {id: _comparable(customer) for id, customer in sorted(self.customers.items())},
                {id: _comparable(customer) for id, customer in sorted(self.pending_deletion.items())},
                sorted(self.deleted),
                sorted(self.freed_emails),
            ],
            sort_keys=True,
        )


def _without(customers: Mapping[str, CustomerModel], id: str) -> dict[str, CustomerModel]:
    return {key: customer for key, customer in customers.items() if key != id}


def _emails(customer: CustomerModel) -> frozenset[str]:
    values = customer.fields["contactEmail"]
    return frozenset(value for value in values if isinstance(value, str) and value)


def _comparable(customer: CustomerModel) -> dict[str, list[str]]:
    return {
        name: sorted(json.dumps(compared_part(name, value), sort_keys=True, default=repr) for value in values)
        for name, values in customer.fields.items()
    }
