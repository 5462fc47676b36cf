"""Monotonic reads: a change that was visible once stays visible in get, list and search."""

import time
from functools import partial

import pytest

import oracle
from client import Exchange
from harness import (
    RESULTS,
    TenantApi,
    check_customer,
    clause,
    create_customer,
    customers_with,
    delete_customer,
    patch_customer,
    poll_get,
    poll_query,
    profile,
)
from harness.checks.assertions import (
    assert_equal,
    assert_no_mismatch,
    assert_not_listed,
    assert_same_customers,
    assert_status,
)
from harness.checks.customers import PAGE
from harness.plugin.execution.profiles import NIGHTLY
from spec import ABSENT, Kind, Mismatch
from strategies import namespace

READS = ("get", *RESULTS)


@pytest.mark.covers(*(f"{operation}.flicker" for operation in READS), at_least=4)
def test_a_visible_change_stays_visible(api: TenantApi) -> None:
    name = namespace.fresh_word()
    customer = patch_customer(api, create_customer(api), {"firstName": name})
    changed = time.monotonic()
    shown = poll_get(api, customer)
    customer = check_customer(api, shown, customer)
    for operation in RESULTS:
        listed = poll_query(
            api, operation, f"contactEmail:{customer.email}", until=partial(agrees, customer, shown)
        )
        with clause(f"{operation}.agrees-with-get"):
            assert_status(listed, 200)
            assert_same_customers(listed, [customer])
            assert_no_mismatch(
                oracle.views_mismatch(shown.object, listed.customers[0], read=operation), listed
            )

    for operation in READS:
        # Within the window, replicas that are not up to date may still respond in turn.
        (api.windows.read if operation == "get" else api.windows.index).sleep_until_closed(changed)
        check_stable(api, customer, operation, name, reads(3))


def agrees(customer: oracle.CustomerModel, shown: Exchange, listed: Exchange) -> bool:
    """Whether a result has the customer alone, as get has shown it."""
    return listed.ids == [customer.id] and (
        oracle.views_mismatch(shown.object, listed.customers[0], read=listed.operation) is None
    )


@pytest.mark.covers(*(f"{operation}.flicker" for operation in READS), at_least=2)
def test_a_visible_deletion_stays_visible(api: TenantApi) -> None:
    customer = delete_customer(api, create_customer(api))
    deleted = time.monotonic()
    for operation in RESULTS:
        q = f"contactEmail:{customer.email}"
        gone = poll_query(api, operation, q, until=lambda found: customer.id not in found.ids, deleted=True)
        with clause(f"{operation}.deleted.vanishes"):
            assert_status(gone, 200)
            assert_not_listed(gone, customer.id)

    for operation in READS:
        for window in (
            api.windows.read,
            api.windows.deletion,
            *([] if operation == "get" else [api.windows.index]),
        ):
            window.sleep_until_closed(deleted)
        check_stable(api, customer, operation, None, reads(2))


def reads(gate: int) -> int:
    """The number of reads after the window has closed."""
    return gate * 4 if profile() == NIGHTLY else gate


def check_stable(
    api: TenantApi, customer: oracle.CustomerModel, operation: str, name: str | None, times: int
) -> None:
    """Each of several reads shows the first name, or no customer where that is None."""
    for _ in range(times):
        response = read(api, customer, operation)
        with clause(f"{operation}.status.ok"):
            assert_status(response, 200, *((404,) if operation == "get" else ()))
        with clause(f"{operation}.flicker", "a change" if name else "a deletion"):
            assert_first_name(response, customer, name)


def assert_first_name(response: Exchange, customer: oracle.CustomerModel, name: str | None) -> None:
    """The response shows the customer with this first name, or does not show it where that is None."""
    found = [response.object] if response.operation == "get" else customers_with(response, [customer.id])
    exists = response.status == 200 and bool(found)
    if exists != (name is not None):
        expected = [customer.id] if name else []
        actual = [customer.id] if exists else []
        raise Mismatch(Kind.CUSTOMERS, expected=expected, actual=actual, exchange=response)
    if exists:
        assert_equal(found[0].get("firstName", ABSENT), name, path="$.firstName", response=response)


def read(api: TenantApi, customer: oracle.CustomerModel, operation: str) -> Exchange:
    """One read without polling."""
    if operation == "get":
        return api.get(customer.id)
    return api.query(operation, f"contactEmail:{customer.email}", **PAGE)
