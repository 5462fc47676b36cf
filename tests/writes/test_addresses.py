"""Writes of customers and their addresses: patch and upsert keep them, a deletion removes them."""

import pytest

import oracle
from harness import TenantApi, clause, delete_customer, patch_customer, poll, update_customer
from harness.addresses import Resident, create_resident, shared_residents
from harness.checks.assertions import assert_equal, assert_status
from strategies import addresses, customers


@pytest.mark.covers("patch.addresses.kept", "upsert.addresses.kept")
def test_writes_of_a_customer_keep_its_addresses(api: TenantApi) -> None:
    _, resident = shared_residents(api)
    body = customers.plain(contactEmail=resident.customer.email)
    check_none_missing(api, resident, "get.addresses.on-request")

    patched = patch_customer(api, resident.customer, body)
    check_none_missing(api, resident, "patch.addresses.kept")
    update_customer(api, patched, body)
    check_none_missing(api, resident, "upsert.addresses.kept")


def check_none_missing(api: TenantApi, resident: Resident, clause_id: str) -> None:
    """Get shows every address of the customer when the window of reads has closed."""
    api.windows.read.sleep_until_closed()
    response = api.get(resident.id, expand="addresses")
    with clause("get.status.ok"):
        assert_status(response, 200)
    with clause(clause_id):
        shown = oracle.address_names(oracle.addresses_of(response.object))
        missing = [name for name in oracle.address_names(resident.addresses) if name not in shown]
        assert_equal(missing, [], path="$.addresses", response=response)


@pytest.mark.covers("delete.addresses.gone")
def test_a_deletion_removes_the_addresses(api: TenantApi) -> None:
    resident = create_resident(api, addresses.plain(isDefault=True))

    delete_customer(api, resident.customer)
    response = poll(
        lambda: api.list_addresses(resident.id),
        until=lambda found: not oracle.addresses_of({"addresses": found.json}),
        within=api.windows.deletion,
    )

    with clause("delete.addresses.gone"):
        assert_status(response, 404, 200)
        found = oracle.address_names(oracle.addresses_of({"addresses": response.json}))
        assert_equal(found, [], path="$[*].contactName", response=response)
