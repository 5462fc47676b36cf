"""Addresses: get, list and search return those of a customer on request; writes keep them, a deletion removes them."""

from collections.abc import Mapping
from typing import Any

import pytest

import oracle
from client import Exchange
from harness import (
    MIXINS,
    RESULTS,
    TenantApi,
    clause,
    delete_customer,
    operations,
    patch_customer,
    poll,
    poll_query,
    shared_customer,
    update_customer,
)
from harness.checks.assertions import (
    assert_equal,
    assert_holds,
    assert_no_mismatch,
    assert_rejected,
    assert_same_customers,
    assert_status,
)
from harness.checks.customers import check_count
from strategies import addresses, customers, namespace
from tests.reads.residents import Resident, create_resident, shared_residents
from tests.reads.steps import expand_reading

ASPECTS = ("addresses.on-request", "addresses.only-own", "addresses.values")
DEFAULTS = ("defaultAddress.agrees", "defaultAddress.returned")
CUSTOM_ID = 0
"""The position of the address with a custom id."""


def shows(shown: Mapping[str, Any], resident: Resident) -> bool:
    """Whether a customer shows exactly the addresses that were added to it."""
    return oracle.address_names(oracle.addresses_of(shown)) == oracle.address_names(resident.addresses)


def check_addresses(response: Exchange, shown: Mapping[str, Any], resident: Resident) -> None:
    """The customer shows its addresses, no others, each as it was added, and the default one."""
    operation, found = response.operation, oracle.addresses_of(shown)
    expected, actual = oracle.address_names(resident.addresses), oracle.address_names(found)
    with clause(f"{operation}.addresses.on-request"):
        missing = [name for name in expected if name not in actual]
        assert_equal(missing, [], path="$.addresses", response=response)
    with clause(f"{operation}.addresses.only-own"):
        others = [name for name in actual if name not in expected]
        assert_equal(others, [], path="$.addresses", response=response)
        assert_equal(len(actual), len(expected), path="$.addresses", response=response)
    with clause(f"{operation}.addresses.values"):
        by_name = {each["contactName"]: each for each in found}
        for position, added in enumerate(resident.addresses):
            path = f"$.addresses[{position}]"
            assert_no_mismatch(oracle.address_mismatch(added, by_name[added["contactName"]], path), response)
    with clause(f"{operation}.defaultAddress.returned"):
        is_shown = isinstance(shown.get("defaultAddress"), dict)
        assert_holds(is_shown, "the default address", response=response, path="$.defaultAddress")
    if is_shown:
        with clause(f"{operation}.defaultAddress.agrees"):
            assert_no_mismatch(oracle.default_address_mismatch(resident.addresses, shown), response)


@pytest.mark.covers(*(f"get.{each}" for each in (*ASPECTS, *DEFAULTS)))
@pytest.mark.covers("get.expand.addresses", "addresses.add.created")
def test_get_returns_the_addresses_of_the_customer(api: TenantApi) -> None:
    resident, _ = shared_residents(api)

    expanded = poll(
        lambda: api.get(resident.id, expand=f"addresses,{MIXINS}"),
        until=lambda response: shows(response.object, resident),
        within=api.windows.read,
    )
    api.windows.read.sleep_until_closed()
    without = api.get(resident.id)

    with clause("get.status.ok"):
        assert_status(expanded, 200)
        assert_status(without, 200)
    with clause("get.expand.addresses") as scope:
        scope.observe(
            expand_reading(
                bool(oracle.addresses_of(expanded.object)), bool(oracle.addresses_of(without.object))
            )
        )
    check_addresses(expanded, expanded.object, resident)


@pytest.mark.covers("get.addresses.only-own", "get.defaultAddress.agrees")
def test_a_customer_without_addresses_has_none(api: TenantApi) -> None:
    customer = shared_customer(api)

    api.windows.read.sleep_until_closed()
    response = api.get(customer.id, expand="addresses")

    with clause("get.status.ok"):
        assert_status(response, 200)
    with clause("get.addresses.only-own"):
        assert_equal(
            oracle.address_names(oracle.addresses_of(response.object)),
            [],
            path="$.addresses",
            response=response,
        )
    with clause("get.defaultAddress.agrees"):
        assert_no_mismatch(oracle.default_address_mismatch((), response.object), response)


@pytest.mark.parametrize(
    "operation", operations(RESULTS, *ASPECTS, *DEFAULTS, "expand.addresses", "count.header")
)
def test_results_return_the_addresses_of_each_customer(api: TenantApi, operation: str) -> None:
    residents = {each.id: each for each in shared_residents(api)}

    def are_shown(response: Exchange) -> bool:
        found = {str(each.get("id")): each for each in response.customers}
        return found.keys() == residents.keys() and all(shows(found[key], residents[key]) for key in found)

    q = f"id:({','.join(residents)})"
    response = poll_query(api, operation, q, until=are_shown, expand="addresses", page_size=len(residents))

    with clause(f"{operation}.status.ok"):
        assert_status(response, 200)
    with clause(f"{operation}.q.any-of"):
        assert_same_customers(response, [each.customer for each in residents.values()])
    check_count(response, len(residents))
    with clause(f"{operation}.expand.addresses") as scope:
        returned = any(oracle.addresses_of(each) for each in response.customers)
        scope.observe("returned on request" if returned else "not returned")
    for shown in response.customers:
        check_addresses(response, shown, residents[shown["id"]])


@pytest.mark.covers("addresses.list.complete", "addresses.add.duplicate")
def test_an_id_is_of_one_address_of_the_customer(api: TenantApi) -> None:
    resident, _ = shared_residents(api)
    used = resident.addresses[CUSTOM_ID]["id"]

    response = api.add_address(resident.id, addresses.plain(id=used))
    listed = poll(
        lambda: api.list_addresses(resident.id),
        until=lambda found: shows({"addresses": found.json}, resident),
        within=api.windows.read,
    )

    with clause("addresses.add.duplicate"):
        assert_rejected(response, 409)
    if response.status < 400:  # a SHOULD clause, whose failure does not end the test
        return
    with clause("addresses.list.complete"):
        assert_status(listed, 200)
        shown = oracle.addresses_of({"addresses": listed.json})
        assert_equal(
            oracle.address_names(shown),
            oracle.address_names(resident.addresses),
            path="$[*].contactName",
            response=listed,
        )


@pytest.mark.covers("patch.addresses.kept", "upsert.addresses.kept")
def test_writes_of_a_customer_keep_its_addresses(api: TenantApi) -> None:
    """A body with addresses may be rejected, or the addresses in it ignored."""
    _, resident = shared_residents(api)
    body = customers.plain(contactEmail=resident.customer.email, company="Engines", contactPhone="+49 30 123")
    before = get_addresses(api, resident)
    check_addresses(before, before.object, resident)

    api.patch(resident.id, body | {"addresses": []})
    patched = patch_customer(api, resident.customer, body)
    check_kept(get_addresses(api, resident), resident, "patch.addresses.kept")
    api.upsert(resident.id, body | {"addresses": []})
    update_customer(api, patched, body)
    check_kept(get_addresses(api, resident), resident, "upsert.addresses.kept")


def get_addresses(api: TenantApi, resident: Resident) -> Exchange:
    """GET of the customer with its addresses, when the window of reads has closed."""
    api.windows.read.sleep_until_closed()
    response = api.get(resident.id, expand="addresses")
    with clause("get.status.ok"):
        assert_status(response, 200)
    return response


def check_kept(response: Exchange, resident: Resident, clause_id: str) -> None:
    """Get shows every address of the customer as it was added."""
    shown = {each.get("contactName"): each for each in oracle.addresses_of(response.object)}
    with clause(clause_id):
        missing = [name for name in oracle.address_names(resident.addresses) if name not in shown]
        assert_equal(missing, [], path="$.addresses", response=response)
        for position, added in enumerate(resident.addresses):
            mismatch = oracle.address_mismatch(added, shown[added["contactName"]], f"$.addresses[{position}]")
            assert_no_mismatch(mismatch, response)


@pytest.mark.covers("addresses.add.created", "addresses.add.custom-id", "delete.addresses.gone")
def test_a_deletion_removes_the_addresses(api: TenantApi) -> None:
    resident = create_resident(api, addresses.plain(id=namespace.fresh_id(padding="Home"), isDefault=True))

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
