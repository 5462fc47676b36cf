"""The addresses of deleted customers: a tenant that keeps them is requested to delete them one by one."""

from contextlib import suppress
from dataclasses import dataclass

from client.client import Client
from client.errors import TenantError
from client.lifecycle.ledger import CustomerKey


@dataclass(frozen=True, slots=True, order=True)
class AddressKey:
    """An address by its customer and id."""

    customer: CustomerKey
    id: str


def delete_addresses(client: Client, customer: CustomerKey) -> tuple[AddressKey, ...]:
    """Delete the addresses that the tenant still returns of a deleted customer; those that remain.

    If the tenant cannot be reached, they are those in the ledger.
    """
    known = client.ledger.addresses().get(customer, frozenset())
    remaining = set(known)
    with suppress(TenantError):
        remaining = _find_addresses(client, customer)
        for id in sorted(remaining):
            client.as_(client.requests.identity_for(customer.tenant)).remove_address(
                customer.id, id, tenant=customer.tenant, operation="cleanup", retries="always"
            )
        remaining = _find_addresses(client, customer) if remaining else remaining
    return tuple(AddressKey(customer, id) for id in sorted(remaining))


def _find_addresses(client: Client, customer: CustomerKey) -> set[str]:
    """The ids of the addresses that the tenant returns of the customer; none if it does not know the customer."""
    exchange = client.as_(client.requests.identity_for(customer.tenant)).list_addresses(
        customer.id, tenant=customer.tenant, operation="cleanup"
    )
    found = exchange.objects if exchange.status == 200 else []
    return {each["id"] for each in found if isinstance(each.get("id"), str)}
