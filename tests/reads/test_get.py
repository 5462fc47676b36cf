"""GET /customers/{customerNumber}: what it shows, and what it does not find."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
from harness import (
    MIXINS,
    TenantApi,
    check_customer,
    check_not_found,
    clause,
    create_customer,
    examples,
    poll_get,
    shared_customer,
    smoke,
)
from harness.checks.assertions import (
    assert_accounts,
    assert_holds,
    assert_member,
    assert_no_mismatch,
    assert_rejected,
    assert_status,
)
from harness.customers import full_body
from harness.data import create_bodies
from strategies import identifiers, queries
from tests.reads.steps import expand_reading

Body = dict[str, Any]
EVERYTHING = f"addresses,accounts,{MIXINS}"


@smoke
@pytest.mark.covers("get.status.ok", "get.schema.customer", "get.id.present")
@pytest.mark.covers("get.businessModel.enum", "get.metadataCreatedAt.format", "get.lastLogin.never")
@given(initial=create_bodies())
@examples(2)
def test_a_customer_is_shown_as_published(api: TenantApi, initial: Body) -> None:
    """The invariants check the schema of every response."""
    customer = create_customer(api, initial)

    response = poll_get(api, customer, expand=EVERYTHING)

    check_customer(api, response, customer)
    with clause("get.status.ok"):
        assert_status(response, 200)


@smoke
@pytest.mark.covers("get.unknown.not-found")
@given(unknown=identifiers.unknown_ids())
@examples(4)
def test_an_unknown_customer_is_not_found(api: TenantApi, unknown: str) -> None:
    check_not_found(api.get(unknown))


@pytest.mark.covers("get.unknown.not-found")
@pytest.mark.parametrize(
    "name",
    [
        "its e-mail address",
        "its id and a space",
        "its id and an extension",
        "its id with an underscore in it",
    ],
)
def test_a_customer_is_found_by_its_id_alone(api: TenantApi, name: str) -> None:
    """An underscore is a pattern of SQL that matches any character; some frameworks take an extension for a format."""
    customer = shared_customer(api)
    numbers = {
        "its e-mail address": customer.email,
        "its id and a space": f"{customer.id} ",
        "its id and an extension": f"{customer.id}.json",
        "its id with an underscore in it": customer.id[:-1] + ("x" if customer.id.endswith("_") else "_"),
    }

    response = api.get(numbers[name])

    with clause("get.unknown.not-found", name):
        assert_rejected(response, 400, 404)


@pytest.mark.covers("get.changes-nothing", at_least=2)
@given(initial=create_bodies())
@examples(2)
def test_a_get_changes_nothing(api: TenantApi, initial: Body) -> None:
    customer = create_customer(api, initial)
    before = poll_get(api, customer)
    check_customer(api, before, customer)
    api.windows.read.sleep_until_closed()

    expanded = api.get(customer.id, expand=EVERYTHING)
    after = api.get(customer.id, expand=MIXINS)

    with clause("get.status.ok"):
        assert_status(expanded, 200)
        assert_status(after, 200)
    with clause("get.changes-nothing"):
        assert_no_mismatch(oracle.change_mismatch(before.json, after.json), after)


@pytest.mark.covers("get.expand.order")
@given(attributes=st.permutations(queries.EXPANDS))
@examples(1)
def test_the_order_of_expand_is_irrelevant(api: TenantApi, attributes: list[str]) -> None:
    """Each attribute takes each place."""
    customer = create_customer(api, full_body(api))
    order, *other_orders = queries.rotations(attributes)
    first = poll_get(api, customer, expand=order)
    api.windows.read.sleep_until_closed()

    others = [api.get(customer.id, expand=order) for order in other_orders]

    with clause("get.expand.order"):
        for other in (first, *others):
            assert_status(other, 200)
            assert_no_mismatch(oracle.change_mismatch(first.json, other.json), other)


@pytest.mark.covers("get.expand.mixin", "get.expand.on-request", "get.changes-nothing")
def test_mixins_are_shown_on_request(api: TenantApi) -> None:
    body = full_body(api)
    customer = create_customer(api, body)

    without = poll_get(api, customer, expand=None)
    api.windows.read.sleep_until_closed()
    expanded = api.get(customer.id, expand=MIXINS)
    again = api.get(customer.id)

    with clause("get.status.ok"):
        for response in (without, expanded, again):
            assert_status(response, 200)
    with clause("get.expand.mixin"):
        assert_member(expanded, "mixins", body["mixins"])
    with clause("get.expand.on-request"):
        assert_holds(not without.object.get("mixins"), "no mixins", response=without, path="$.mixins")
    with clause("get.changes-nothing"):
        assert_no_mismatch(oracle.change_mismatch(without.json, again.json), again)


@pytest.mark.covers("get.expand.accounts", "get.accounts.shape")
def test_accounts_on_request(api: TenantApi) -> None:
    other, customer = shared_customer(api), create_customer(api)

    without = poll_get(api, customer, expand=None)
    expanded = poll_get(api, customer, expand="accounts")

    with clause("get.status.ok"):
        assert_status(without, 200)
        assert_status(expanded, 200)
    with clause("get.accounts.shape"):
        assert_accounts(expanded.object, "$", expanded)
        ids = oracle.account_ids(expanded.object)
        own = other.email not in ids
        assert_holds(own, "accounts of this customer alone", response=expanded, path="$.accounts", actual=ids)
    with clause("get.expand.accounts") as scope:
        scope.observe(expand_reading(expanded.object.get("accounts"), without.object.get("accounts")))


@pytest.mark.covers("get.expand.unknown")
def test_an_unknown_expand_attribute(api: TenantApi) -> None:
    response = poll_get(api, create_customer(api), expand="shoes")

    with clause("get.status.ok"):
        assert_status(response, 200, 400)
    with clause("get.expand.unknown") as scope:
        scope.observe("ignored" if response.status == 200 else "rejected")


@pytest.mark.covers("get.businessModel.unassigned")
def test_a_customer_of_no_company_is_b2c(api: TenantApi) -> None:
    response = poll_get(api, create_customer(api))

    with clause("get.status.ok"):
        assert_status(response, 200)
    if response.object.get("businessModel") is None:
        pytest.skip("Not checked: the tenant does not show businessModel.")
    with clause("get.businessModel.unassigned"):
        assert_member(response, "businessModel", "B2C")
