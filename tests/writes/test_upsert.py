"""PUT /customers/{customerNumber}: creates or updates a customer, and never duplicates one."""

from typing import Any

import pytest
from hypothesis import given

import oracle
from harness import (
    MERGE_PATCH,
    MIXINS,
    TenantApi,
    check_customer,
    check_not_found,
    check_unchanged,
    clause,
    create_customer,
    delete_customer,
    examples,
    poll_get,
    poll_query,
    round_trips,
    smoke,
    update_customer,
    updated,
    upsert_customer,
    upserted,
)
from harness.checks.assertions import (
    assert_member,
    assert_no_mismatch,
    assert_rejected,
    assert_same_customers,
    assert_status,
    assert_status_class_is_not,
)
from harness.checks.customers import poll_until_gone
from harness.customers import full_body, restricted_site, similar_customers, skip_if_literal
from harness.data import create_bodies, edge_case_body, upsert_bodies
from strategies import customers, identifiers, namespace
from tests.writes.steps import MERGED

Body = dict[str, Any]


@pytest.mark.covers(
    "upsert.create.status", "upsert.create.answer-id", "upsert.create.same-id", *round_trips("upsert")
)
@pytest.mark.parametrize("name", [pytest.param("hostile", marks=smoke), *customers.EDGE_CASES[1:]])
def test_an_upsert_creates_an_unknown_customer(api: TenantApi, name: str) -> None:
    customer = upsert_customer(api, edge_case_body(api, "upsert", name))

    check_customer(api, poll_get(api, customer), customer)


@pytest.mark.covers("upsert.update.status", "upsert.update.no-body", *round_trips("upsert"))
def test_an_upsert_updates_a_customer(api: TenantApi) -> None:
    """One customer, first a plain one, receives one text after another: no part of an earlier one may remain."""
    customer = create_customer(api)
    for name in customers.EDGE_CASES:
        customer = update_customer(api, customer, edge_case_body(api, "upsert", name))
        customer = check_customer(api, poll_get(api, customer), customer)


@pytest.mark.covers("upsert.create.status", "upsert.update.status", *round_trips("upsert"))
@given(new_id=identifiers.unknown_ids(), initial=upsert_bodies(), body=upsert_bodies())
@examples(4)
def test_any_valid_body_is_upserted(api: TenantApi, new_id: str, initial: Body, body: Body) -> None:
    customer = upserted(api, api.upsert(new_id, initial), new_id)
    customer = check_customer(api, poll_get(api, customer), customer)

    customer = update_customer(api, customer, body)
    check_customer(api, poll_get(api, customer), customer)


@pytest.mark.covers(
    *(f"upsert.{name}.default" for name in ("preferredLanguage", "preferredCurrency", "preferredSite")),
    *("upsert.restriction.unset", "upsert.active.on-creation", "upsert.onHold.on-creation"),
)
@pytest.mark.parametrize("name", ["restriction", "preferredSite"])
def test_what_a_creating_upsert_leaves_out_gets_its_default(api: TenantApi, name: str) -> None:
    """One property is sent alone, because a default must not follow from another property."""
    listed = api.rules.restrictions or (None,)
    sent = {"restriction": listed[-1], "preferredSite": restricted_site(api)}[name]
    customer = upsert_customer(api, {"contactEmail": namespace.fresh_email(), name: sent})

    shown = poll_get(api, customer)

    check_customer(api, shown, customer)
    for flag, configured in (("active", api.rules.active), ("onHold", api.rules.on_hold)):
        if configured is not None:
            with clause(f"upsert.{flag}.on-creation"):
                assert_member(shown, flag, configured)


@pytest.mark.covers("upsert.update.omitted")
def test_what_an_upsert_leaves_out(api: TenantApi) -> None:
    customer = create_customer(api, firstName="kept?", lastName="Before")
    customer = update_customer(api, customer, {"contactEmail": customer.email, "lastName": "After"})

    shown = poll_get(api, customer)

    check_customer(api, shown, customer)
    with clause("upsert.update.omitted") as scope:
        scope.observe("kept" if shown.object.get("firstName") == "kept?" else "reset")


@pytest.mark.covers("upsert.twice.equals-once", "upsert.no-duplicate", at_least=2)
@given(drawn=upsert_bodies(without=("company",)))
@examples(2)
def test_an_upsert_twice_equals_once(api: TenantApi, drawn: Body) -> None:
    word = namespace.fresh_word()
    body = full_body(api) | drawn | {"company": word}
    customer = upsert_customer(api, body)
    once = poll_get(api, customer, expand=f"accounts,{MIXINS}")
    customer = check_customer(api, once, customer)

    for _ in ("after the create", "after an update"):
        customer = update_customer(api, customer, body)
        twice = poll_get(api, customer, expand=f"accounts,{MIXINS}")
        with clause("upsert.twice.equals-once"):
            assert_status(twice, 200)
            assert_no_mismatch(oracle.change_mismatch(once.json, twice.json), twice)
    check_alone_in_company(api, customer, word)


def check_alone_in_company(api: TenantApi, customer: oracle.CustomerModel, word: str) -> None:
    """Search finds the customer once, and no other customer of its company."""
    found = poll_query(api, "search", f"company:{word}", until=lambda found: found.ids == [customer.id])
    with clause("upsert.no-duplicate" if found.ids else "search.q.exact"):
        assert_status(found, 200)
        assert_same_customers(found, [customer])


@pytest.mark.covers("upsert.email.unique", "upsert.refused.changes-nothing")
def test_an_upsert_cannot_take_the_email_of_another_customer(api: TenantApi) -> None:
    owner, rival = create_customer(api, firstName="owner"), create_customer(api, firstName="rival")
    owner, rival = (check_customer(api, poll_get(api, each), each) for each in (owner, rival))
    new_id = namespace.fresh_id()

    update = api.upsert(rival.id, customers.plain(contactEmail=owner.email))
    creation = api.upsert(new_id, customers.plain(contactEmail=owner.email))

    with clause("upsert.email.unique", "update"):
        assert_rejected(update, 409)
    for customer in (owner, rival):
        check_unchanged(api, poll_get(api, customer), customer, "upsert.refused.changes-nothing")
    skip_if_literal(api, creation)
    with clause("upsert.email.unique", "create"):
        assert_rejected(creation, 409)
    check_not_found(api.get(new_id), "upsert.refused.changes-nothing")


@pytest.mark.covers("upsert.deleted-id.as-configured")
def test_an_upsert_of_a_deleted_id(api: TenantApi) -> None:
    former = delete_customer(api, create_customer(api, full_body(api)))

    response = api.upsert(former.id, customers.plain(lastName="successor"))

    if not api.rules.recreate:
        with clause("upsert.deleted-id.as-configured"):
            assert_status_class_is_not(response, 2)
            check_not_found(poll_until_gone(api, former.id), "upsert.deleted-id.as-configured", former)
        return
    skip_if_literal(api, response)
    with clause("upsert.deleted-id.as-configured"):
        assert_status(response, 201)
        successor = upserted(api, response, former.id)
        check_unchanged(api, poll_get(api, successor), successor, "upsert.deleted-id.as-configured")


@pytest.mark.covers("upsert.merge-patch")
def test_merge_patch_creates_a_customer(api: TenantApi) -> None:
    new_id = namespace.fresh_id()

    response = api.upsert(new_id, full_body(api) | {"firstName": MERGED}, headers=MERGE_PATCH)

    skip_if_literal(api, response)
    with clause("upsert.merge-patch", "creating"):
        assert_status(response, 201)
        customer = upserted(api, response, new_id)
        check_merged(api, customer)


@pytest.mark.covers("upsert.merge-patch")
def test_merge_patch_updates_a_customer(api: TenantApi) -> None:
    customer = create_customer(api, firstName="before")
    body = full_body(api) | {"firstName": MERGED, "contactEmail": customer.email}

    response = api.upsert(customer.id, body, headers=MERGE_PATCH)

    with clause("upsert.merge-patch", "updating"):
        assert_status(response, 204)
        customer = updated(api, response, customer)
        check_merged(api, customer)


def check_merged(api: TenantApi, customer: oracle.CustomerModel) -> None:
    """Get shows what a merge patch has written."""
    shown = poll_get(api, customer)
    with clause("upsert.merge-patch"):
        assert_member(shown, "firstName", MERGED)
    check_unchanged(api, shown, customer, "upsert.merge-patch")


@pytest.mark.covers("upsert.others.unchanged", at_least=2)
@given(initial=create_bodies(), update=upsert_bodies(), creation=upsert_bodies())
@examples(2)
def test_an_upsert_leaves_others_alone(api: TenantApi, initial: Body, update: Body, creation: Body) -> None:
    """The id of the customer that an upsert creates begins with the id of another one, where ids can be chosen."""
    before, subject, similar = similar_customers(api, initial)
    others = [check_customer(api, poll_get(api, each), each) for each in (before, similar)]
    new_id = f"{similar.id}-3" if api.custom_ids else namespace.fresh_id()

    update_customer(api, subject, update)
    upserted(api, api.upsert(new_id, creation), new_id)

    for other in others:
        check_unchanged(api, poll_get(api, other), other, "upsert.others.unchanged")


@pytest.mark.covers("upsert.create.same-id")
def test_the_id_of_the_path_counts(api: TenantApi) -> None:
    """The published body of an upsert has no id."""
    new_id, other_id = namespace.fresh_id(), namespace.fresh_id()

    response = api.upsert(new_id, customers.plain(id=other_id))

    with clause("upsert.create.same-id", "another id in the body"):
        if response.status != 400:
            customer = upserted(api, response, new_id)
            check_customer(api, poll_get(api, customer), customer)
        check_not_found(api.get(other_id), "upsert.create.same-id")


@pytest.mark.covers("upsert.create.same-id")
def test_an_upsert_keeps_the_case_of_the_id(api: TenantApi) -> None:
    lower = namespace.fresh_id() + "-put"
    upper = identifiers.case_swapped(lower)
    first = upserted(api, api.upsert(lower, customers.plain(firstName="lower")), lower)

    response = api.upsert(upper, customers.plain(firstName="upper"))

    with clause("upsert.create.same-id", "in another case"):
        assert_status(response, 201)
        second = upserted(api, response, upper)
        check_unchanged(api, poll_get(api, first), first, "upsert.create.same-id")
    check_customer(api, poll_get(api, second), second)
