"""DELETE /customers/{customerNumber}: the customer is gone everywhere, for good, and no other customer with it."""

from typing import Any

import pytest
from hypothesis import given

import oracle
from client import Exchange
from harness import (
    MIXINS,
    RESULTS,
    TenantApi,
    check_customer,
    check_found_alone,
    check_not_found,
    check_unchanged,
    clause,
    create_customer,
    delete_customer,
    examples,
    operations,
    patch_customer,
    poll,
    poll_get,
    smoke,
)
from harness.checks.assertions import assert_not_listed, assert_rejected, assert_status
from harness.checks.customers import poll_until_gone
from harness.customers import similar_customers, skip_unless_custom_ids
from harness.data import create_bodies, edge_case_body
from strategies import identifiers, namespace, queries

Body = dict[str, Any]


@smoke
@pytest.mark.covers("delete.unknown.not-found")
@given(unknown=identifiers.unknown_ids())
@examples(3)
def test_an_unknown_customer_cannot_be_deleted(api: TenantApi, unknown: str) -> None:
    response = api.delete(unknown)

    with clause("delete.unknown.not-found"):
        assert_rejected(response, 404)


@pytest.mark.covers("delete.status.accepted", "delete.gone.get", "delete.twice.not-found")
@pytest.mark.parametrize(
    "flags", [pytest.param({}, id="as created", marks=smoke), {"active": False, "onHold": True}]
)
def test_a_deleted_customer_is_gone(api: TenantApi, flags: Body) -> None:
    """Of two customers with unusual values, one is neither active nor without a hold."""
    customer = create_customer(api, edge_case_body(api, "create", "empty" if flags else "hostile"))
    if flags:
        customer = patch_customer(api, customer, flags)

    delete_customer(api, customer)
    again = api.delete(customer.id)

    with clause("delete.twice.not-found"):
        assert_rejected(again, 404)
    check_not_found(poll_until_gone(api, customer.id), "delete.gone.get", customer)


@pytest.mark.parametrize("operation", operations(RESULTS, "deleted.vanishes"))
def test_a_deleted_customer_vanishes_from_results(api: TenantApi, operation: str) -> None:
    """By whatever it was found: each query finds it alone, if it still finds it."""
    word, mixin = namespace.fresh_word(), namespace.fresh_name()
    names: dict[str, Any] = {"firstName": f"{word}first", "lastName": f"{word}last", "company": word}
    customer = create_customer(api, **names, mixins={mixin: {"name": word}})
    check_found_alone(api, customer, f"{operation}.q.exact", operation)
    found_by = {"contactEmail": customer.email, "id": customer.id, **names, f"mixins.{mixin}.name": word}
    conditions = [queries.exact(*each) for each in found_by.items()]
    conditions.append(queries.all_of(f"customerNumber:{customer.id}", conditions[0]))

    delete_customer(api, customer)
    responses = [
        *(poll_deleted(api, operation, customer, q=q, **options_of(q)) for q in conditions),
        poll_deleted(api, operation, customer, sort="metadataCreatedAt:desc", page_size=30),
    ]

    with clause(f"{operation}.deleted.vanishes"):
        for response in responses:
            assert_status(response, 200)
            assert_not_listed(response, customer.id, [customer])


def options_of(q: str) -> dict[str, Any]:
    """Some of the queries also sort or expand, which may take another way through a tenant."""
    return {"contactEmail": {"sort": "firstName"}, "company": {"expand": MIXINS}}.get(q.partition(":")[0], {})


def poll_deleted(api: TenantApi, operation: str, customer: oracle.CustomerModel, **query: Any) -> Exchange:
    """A query, repeated until it does not find the deleted customer or the window of deletions has closed."""
    return poll(
        lambda: api.query(operation, **query),
        until=lambda found: customer.id not in found.ids,
        within=api.windows.listed_deletion,
    )


@pytest.mark.covers("delete.body.optional")
@pytest.mark.parametrize("body", [{}, {"body": {}}], ids=["without a body", "with an object"])
def test_a_delete_with_and_without_a_body(api: TenantApi, body: Body) -> None:
    customer = create_customer(api)

    response = api.delete(customer.id, **body)

    with clause("delete.body.optional", "an object" if body else "no body"):
        assert_status(response, 202)
    check_not_found(poll_until_gone(api, customer.id), "delete.gone.get", customer)


@pytest.mark.covers("delete.others.unchanged", at_least=2)
@given(first=create_bodies(), last=create_bodies())
@examples(2)
def test_a_delete_leaves_others_alone(api: TenantApi, first: Body, last: Body) -> None:
    """One of the others is the last that was created, with the same id in another case, and one the last patched."""
    patched, subject, similar = similar_customers(api, first)
    other_case = {"id": identifiers.case_swapped(subject.id)} if api.custom_ids else {}
    created_last = create_customer(api, {**last, **other_case})
    others = [similar, created_last, patch_customer(api, patched, {"company": "Others"})]
    others = [check_customer(api, poll_get(api, each), each) for each in others]

    delete_customer(api, subject)

    for other in others:
        check_unchanged(api, poll_get(api, other), other, "delete.others.unchanged")


@pytest.mark.covers("delete.no-revival.patch", "delete.gone.get")
def test_nothing_revives_a_deleted_customer(api: TenantApi) -> None:
    customer = delete_customer(api, create_customer(api, firstName="gone"))

    response = api.patch(customer.id, {"firstName": "back"})
    after_patch = poll_until_gone(api, customer.id)
    create_customer(api, firstName="another")
    after_create = poll_until_gone(api, customer.id)

    with clause("delete.no-revival.patch"):
        assert_rejected(response, 404)
        check_not_found(after_patch, "delete.no-revival.patch", customer)
    with clause("delete.gone.get", "after another create"):
        assert_status(after_create, 404)


@pytest.mark.covers("delete.id.case-sensitive")
def test_a_delete_finds_a_customer_only_in_the_case_of_its_id(api: TenantApi) -> None:
    skip_unless_custom_ids(api)
    customer = create_customer(api, id=namespace.fresh_id() + "-case")

    response = api.delete(identifiers.case_swapped(customer.id))

    with clause("delete.id.case-sensitive"):
        assert_rejected(response, 404)
        check_unchanged(api, poll_get(api, customer), customer, "delete.id.case-sensitive")


@pytest.mark.covers("delete.refused.changes-nothing")
def test_a_rejected_delete_deletes_no_customer(api: TenantApi) -> None:
    customer = create_customer(api)
    customer = check_customer(api, poll_get(api, customer), customer)

    response = api.as_("anonymous").delete(customer.id)

    with clause("delete.auth.token-required"):
        assert_rejected(response, 401)
    check_unchanged(api, poll_get(api, customer), customer, "delete.refused.changes-nothing", about="401")
