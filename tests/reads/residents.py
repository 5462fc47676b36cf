"""Customers with addresses as preconditions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import oracle
from harness import TenantApi, clause, create_customer
from harness.checks.assertions import assert_equal, assert_holds, assert_id, assert_status
from harness.checks.evidence import current_record
from strategies import addresses, namespace

Address = dict[str, Any]
RESIDENTS = "addresses"
"""The name under which the residents of several tests are shared."""


@dataclass(frozen=True)
class Resident:
    """A customer and its addresses as they were added, each with its id."""

    customer: oracle.CustomerModel
    addresses: tuple[Address, ...]

    @property
    def id(self) -> str:
        """The id of the customer."""
        return self.customer.id


def add_address(
    api: TenantApi, customer: oracle.CustomerModel, body: Address, others: Sequence[Address]
) -> Address:
    """An address as a precondition, beside the other addresses of the customer."""
    response = api.add_address(customer.id, body)
    with clause("addresses.add.created"):
        assert_status(response, 201)
        new_id = response.object.get("id")
        assert_id(response)
        is_own = new_id not in [each["id"] for each in others]
        assert_holds(is_own, "an id of no other address of the customer", response=response, path="$.id")
    if "id" in body:
        with clause("addresses.add.custom-id"):
            assert_equal(new_id, body["id"], path="$.id", response=response)
    return {**body, "id": new_id}


def create_resident(api: TenantApi, *bodies: Address) -> Resident:
    """A customer with these addresses; it was read before they were added, so that a cache could keep it."""
    customer = create_customer(api)
    api.get(customer.id, expand="addresses")
    added: list[Address] = []
    for body in bodies:
        added.append(add_address(api, customer, body, others=added))
    return Resident(customer, tuple(added))


def shared_residents(api: TenantApi) -> tuple[Resident, Resident]:
    """Two customers that several tests share: one with three addresses, the second of them the default, and another."""
    current_record().uses.add(RESIDENTS)
    if RESIDENTS not in api.known.shared:
        api.known.shared[RESIDENTS] = (
            create_resident(
                api,
                addresses.full(id=namespace.fresh_id(padding="Home"), isDefault=False),
                addresses.full(isDefault=True),
                addresses.plain(
                    tags=["SHIPPING"], streetNumber="12", extraLine1="c/o King", extraLine3="Tor 7"
                ),
            ),
            create_resident(api, addresses.plain(isDefault=True, companyName="Notes", contactPhone="0431")),
        )
    residents: tuple[Resident, Resident] = api.known.shared[RESIDENTS]
    return residents
