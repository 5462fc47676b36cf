"""Ids of customers: custom and generated ones, their characters, their case, and ids of deleted customers."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import (
    TenantApi,
    check_customer,
    check_not_found,
    check_unchanged,
    clause,
    create_customer,
    created,
    delete_customer,
    examples,
    poll_get,
)
from harness.checks.assertions import assert_holds, assert_member, assert_status, assert_status_class_is_not
from harness.checks.customers import poll_until_gone
from harness.customers import LITERAL_PATTERN, full_body, skip_unless_custom_ids
from spec import Mismatch, status_mismatch
from strategies import customers, identifiers, namespace


@pytest.mark.covers("create.id.custom", "create.id.becomes-customer-number")
@pytest.mark.covers("create.id.length-accepted", "create.id.characters-accepted")
@given(custom_id=identifiers.custom_ids())
@examples(7)
def test_a_custom_id_is_kept_exactly(api: TenantApi, custom_id: str) -> None:
    response = api.create(customers.plain(id=custom_id))
    with (
        clause("create.id.length-accepted", f"{len(custom_id)} characters"),
        clause("create.id.characters-accepted"),
    ):
        if response.status == 400:
            raise rejected_id(api, custom_id, response)
        assert_status(response, 201, 409)
    customer = created(api, response)

    shown = poll_get(api, customer)

    with clause("create.id.custom"):
        assert_status(shown, 200)
        assert_member(shown, "id", custom_id)
    with clause("create.id.becomes-customer-number"):
        assert_member(shown, "customerNumber", custom_id)
    check_customer(api, shown, customer)


def rejected_id(api: TenantApi, custom_id: str, response: Any) -> Mismatch:
    """The mismatch of the clause about lengths if a plain id of this length is rejected, too, else about characters."""
    plain = api.create(customers.plain(id=namespace.fresh_id(length=max(len(custom_id), 20))))
    aspect = "length" if plain.status == 400 else "characters"
    return status_mismatch(400, 201, exchange=response).owned_by(f"create.id.{aspect}-accepted")


@pytest.mark.covers("create.id.characters-accepted", "create.status.created")
def test_an_id_may_have_every_kind_of_character(api: TenantApi) -> None:
    """A tenant that rejects all of these reads the pattern literally, as one character; the contract permits that.

    The e-mail addresses are almost equal: a tenant that takes two for one responds with 409.
    """
    pairs = zip(identifiers.character_kind_cases(), namespace.similar_emails(), strict=True)
    responses = {
        case.name: api.create(customers.plain(id=case.value, contactEmail=email)) for case, email in pairs
    }
    if all(response.status == 400 for response in responses.values()):
        pytest.skip(LITERAL_PATTERN)

    for name, response in responses.items():
        with clause("create.id.characters-accepted", name):
            assert_holds(response.status != 400, "an accepted id", response=response, actual=response.status)
    made = [created(api, response) for response in responses.values()]
    for customer in made[-2:]:  # the most unusual ones
        check_unchanged(api, poll_get(api, customer), customer, "create.id.custom")
    check_not_found(api.get(made[-1].id.lstrip("0")))


@pytest.mark.covers("create.id.pattern-reading", "create.id.length-accepted")
@given(short_id=st.sampled_from([1, 2]).flatmap(identifiers.short_ids))
@examples(3)
def test_short_ids_are_accepted(api: TenantApi, short_id: str) -> None:
    """Another customer may have so short an id, or have had it: a conflict shows that the id is acceptable."""
    response = api.create(customers.plain(id=short_id))

    if api.custom_ids or len(short_id) == 1:
        with clause("create.id.length-accepted", f"{len(short_id)} characters"):
            assert_status(response, 201, 409)
    if response.status == 201:
        created(api, response)
    with clause("create.id.pattern-reading") as scope:
        scope.observe("1 to 66 characters" if api.custom_ids else "exactly one character")


@pytest.mark.covers("create.id.case-sensitive", "get.id.case-sensitive")
def test_ids_that_differ_in_case_alone_are_two_customers(api: TenantApi) -> None:
    skip_unless_custom_ids(api)
    lower = namespace.fresh_id() + "-case"
    upper = identifiers.case_swapped(lower)
    first = create_customer(api, id=lower, firstName="lower")
    first = check_customer(api, poll_get(api, first), first)

    unknown = api.get(upper)
    response = api.create(customers.plain(id=upper, firstName="upper"))

    check_not_found(unknown, "get.id.case-sensitive", first)
    with clause("create.id.case-sensitive"):
        assert_status(response, 201)
        second = created(api, response)
        check_unchanged(api, poll_get(api, first), first, "create.id.case-sensitive")
    check_customer(api, poll_get(api, second), second)


@pytest.mark.covers("create.deleted-id.as-configured")
def test_the_id_of_a_deleted_customer(api: TenantApi) -> None:
    former = delete_customer(api, create_customer(api, full_body(api) | {"id": namespace.fresh_id()}))

    response = api.create(customers.plain(id=former.id, lastName="successor"))

    if not api.rules.recreate:
        again = api.create(customers.plain(id=former.id, lastName="successor"))
        with clause("create.deleted-id.as-configured"):
            assert_status_class_is_not(response, 2)
            assert_status_class_is_not(again, 2)
            check_not_found(poll_until_gone(api, former.id), "create.deleted-id.as-configured", former)
        return
    if response.status == 400:
        skip_unless_custom_ids(api)  # ids that the tenant generates need not meet its own pattern
    with clause("create.deleted-id.as-configured"):
        assert_status(response, 201)
        successor = created(api, response)
        check_unchanged(api, poll_get(api, successor), successor, "create.deleted-id.as-configured")
