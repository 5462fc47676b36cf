"""Parallel writes with one metadata.version: one succeeds, where the tenant refuses stale versions at all."""

import pytest

import oracle
from client import Exchange
from harness import TenantApi, check_customer, clause, covering, create_customer, poll_get
from harness.concurrent import ConcurrentRunner
from harness.customers import body_for, patched, read_version, updated
from tests.histories.races import assert_one_succeeded

RIVALS = 4


@pytest.mark.parametrize(
    "operation",
    [pytest.param(each, marks=covering(f"concurrency.{each}-lock")) for each in ("upsert", "patch")],
)
def test_of_writes_with_one_version_one_succeeds(api: TenantApi, operation: str) -> None:
    customer, version = read_version(api, create_customer(api))
    *rivals, late = (versioned_write(operation, customer, f"rival {n}", version) for n in range(RIVALS + 1))

    responses = ConcurrentRunner(api).race(rivals)

    api.known.forget(customer.id)
    if sum(each.status < 300 for each in responses) > 1 and api.perform(late).status < 300:
        pytest.skip("Not checked: the tenant accepts stale versions.")
    with clause(f"concurrency.{operation}-lock", f"{RIVALS} at once"):
        winner = assert_one_succeeded(responses)
    customer = after(api, customer, winner)
    shown = poll_get(api, customer)
    with clause(f"concurrency.{operation}-lock", "the one that succeeded shows"):
        check_customer(api, shown, customer)


def versioned_write(
    operation: str, customer: oracle.CustomerModel, name: str, version: int
) -> oracle.Operation:
    """A write that changes the first name of the customer in this version."""
    parts = {"firstName": name, "metadata": {"version": version}}
    if operation == "patch":
        return oracle.Patch(customer.id, parts)
    return oracle.Upsert(customer.id, body_for(customer, **parts))


def after(api: TenantApi, customer: oracle.CustomerModel, response: Exchange) -> oracle.CustomerModel:
    """The customer after the write that succeeded."""
    is_patch = response.operation == "patch"
    return patched(response, customer) if is_patch else updated(api, response, customer)
