"""POST /customers: creates a customer as its body describes it, or rejects the request and creates none."""

import re
from typing import Any

import pytest
from hypothesis import given

import oracle
from harness import (
    TenantApi,
    check_customer,
    check_not_found,
    check_unchanged,
    clause,
    create_customer,
    created,
    examples,
    only_nightly,
    patch_customer,
    poll_get,
    round_trips,
    smoke,
    update_customer,
    upsert_customer,
)
from harness.checks.assertions import (
    assert_equal,
    assert_holds,
    assert_member,
    assert_rejected,
)
from harness.customers import restricted_site
from harness.data import create_bodies, edge_case_body
from spec import ABSENT, status_mismatch
from strategies import customers, namespace
from strategies.customers.properties import mixed_case_email

Body = dict[str, Any]
DEFAULTS = ("preferredLanguage", "preferredCurrency", "preferredSite")
NEVER_SENT = ("title", "firstName", "middleName", "lastName", "contactPhone", "company", "photoUrl")
ID_FORMATS = {
    "uuid": re.compile("[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE),
    "digits": re.compile("[0-9]+"),
    "letters and digits": re.compile("[0-9a-z]+", re.IGNORECASE),
}


@pytest.mark.covers("create.status.created", "create.answer.id", "create.visible.get", *round_trips("create"))
@pytest.mark.parametrize("name", [pytest.param("hostile", marks=smoke), *customers.EDGE_CASES[1:]])
def test_what_create_wrote_is_read_back(api: TenantApi, name: str) -> None:
    customer = create_customer(api, edge_case_body(api, "create", name))

    check_customer(api, poll_get(api, customer), customer)


@pytest.mark.covers("create.status.created", *round_trips("create"))
@given(body=create_bodies())
@examples(6)
def test_any_valid_body_is_read_back(api: TenantApi, body: Body) -> None:
    customer = create_customer(api, body)

    check_customer(api, poll_get(api, customer), customer)


# -- defaults and generated properties ----------------------------------------------------------------------------


@pytest.mark.covers(*(f"create.{name}.default" for name in DEFAULTS), "create.properties.optional")
@pytest.mark.covers("create.restriction.unset", "create.active.on-creation", "create.onHold.on-creation")
@pytest.mark.covers("create.id.generated", "create.id.generated-lower-case", "create.id.customer-number")
@pytest.mark.covers("create.id.format", "get.absent.form")
@pytest.mark.parametrize("left_out", [pytest.param("everything", marks=smoke), *DEFAULTS])
def test_what_create_leaves_out_gets_its_default(api: TenantApi, left_out: str) -> None:
    """One property with a default is sent alone, because a default must not follow from another property."""
    response = api.create(sparse_body(api, left_out))

    with clause("create.properties.optional", left_out), clause("create.id.generated"):
        assert_accepted_without_id(api, response)
        customer = created(api, response)
    with clause("create.id.generated-lower-case"):
        assert_equal(customer.id, customer.id.lower(), path="$.id", response=response)
    shown = poll_get(api, customer)
    check_customer(api, shown, customer)
    with clause("create.id.customer-number"):
        assert_member(shown, "customerNumber", customer.id)
    with clause("create.id.format") as scope:
        scope.observe(id_format(customer.id))
    with clause("get.absent.form") as scope:
        scope.observe(form_of_absence([shown.object.get(name, ABSENT) for name in NEVER_SENT]))


def id_format(customer_id: str) -> str:
    """The reading for a generated id."""
    formats = (name for name, pattern in ID_FORMATS.items() if pattern.fullmatch(customer_id))
    return next(formats, "other format")


def form_of_absence(values: list[object]) -> str:
    """The reading for the values of texts that the customer does not have."""
    if all(value is ABSENT for value in values):
        return "left out"
    return "null" if all(value is None for value in values) else "other form"


def sparse_body(api: TenantApi, left_out: str) -> Body:
    """An empty body, or an e-mail address and one property that is not its default; the language has a restriction."""
    listed = api.rules.restrictions or (None,)
    sent: dict[str, Body] = {
        "everything": {},
        "preferredSite": {"preferredSite": restricted_site(api)},
        "preferredCurrency": {"preferredCurrency": "EUR"},
        "preferredLanguage": {"preferredLanguage": "de_DE", "restriction": listed[-1]},
    }
    return sent[left_out] | ({} if left_out == "everything" else {"contactEmail": namespace.fresh_email()})


def assert_accepted_without_id(api: TenantApi, response: Any) -> None:
    """Accepted; a rejection violates the clause of the id if the same body with an id is accepted."""
    if response.status == 400:
        with_id = api.create(response.sent | {"id": namespace.fresh_id()})
        owner = "create.id.generated" if with_id.status == 201 else "create.properties.optional"
        raise status_mismatch(400, 201, exchange=response).owned_by(owner)


@pytest.mark.covers("create.metadataCreatedAt.now")
def test_a_new_customer_was_created_now(api: TenantApi) -> None:
    """Compared with the clock of the tenant, by the header Date."""
    response = api.create(customers.plain())
    shown = poll_get(api, created(api, response)).object
    now = oracle.http_date(response.header("Date"))
    if now is None or not shown.get("metadataCreatedAt"):
        pytest.skip("Not checked: the tenant does not show both its time and metadataCreatedAt.")

    with clause("create.metadataCreatedAt.now"):
        is_now = oracle.is_about(shown["metadataCreatedAt"], now, seconds=120)
        actual = shown["metadataCreatedAt"]
        rule = f"about {now:%Y-%m-%dT%H:%M:%SZ}"
        assert_holds(is_now, rule, response=response, path="$.metadataCreatedAt", actual=actual)


@pytest.mark.covers("create.active.ignored")
def test_flags_in_create(api: TenantApi) -> None:
    """The flags sent are the opposite of those that a new customer has."""
    flags = {"active": api.rules.active is False, "onHold": not api.rules.on_hold}
    response = api.create(customers.plain(**flags))
    reading = "rejected"
    if response.status != 400:
        customer = created(api, response)
        shown = poll_get(api, customer, expand=None).object
        reading = "applied" if any(shown.get(name) is flag for name, flag in flags.items()) else "ignored"

    with clause("create.active.ignored") as scope:
        scope.observe(reading)


# -- conflicts and other customers --------------------------------------------------------------------------------


@smoke
@pytest.mark.covers("create.id.unique", "create.duplicate.keeps-existing")
@given(rival=create_bodies(without=("id",)))
@examples(2)
def test_a_taken_id_is_rejected_and_its_owner_unchanged(api: TenantApi, rival: Body) -> None:
    owner = create_customer(api, id=namespace.fresh_id(), firstName="owner")
    owner = check_customer(api, poll_get(api, owner), owner)

    response = api.create(rival | {"id": owner.id})

    with clause("create.id.unique"):
        assert_rejected(response, 409)
    check_unchanged(api, poll_get(api, owner), owner, "create.duplicate.keeps-existing")


@pytest.mark.covers("create.email.unique", "create.duplicate.keeps-existing")
@pytest.mark.parametrize("taken_by", ["create", "upsert", "patch"])
@given(rival=create_bodies(without=("contactEmail",)))
@examples(1)
def test_a_taken_email_is_rejected_and_its_owner_unchanged(
    api: TenantApi, taken_by: str, rival: Body
) -> None:
    """The owner is in another state each time: as created, on hold, or not active; its address has capitals or not."""
    create = upsert_customer if taken_by == "upsert" and api.custom_ids else create_customer
    owner = create(api, customers.plain(firstName="owner"))
    if taken_by == "upsert":
        owner = update_customer(api, owner, customers.plain(contactEmail=mixed_case_email(), onHold=True))
    elif taken_by == "patch":
        owner = patch_customer(api, owner, {"contactEmail": namespace.fresh_email(), "active": False})
    owner = check_customer(api, poll_get(api, owner), owner)

    response = api.create(rival | {"contactEmail": owner.email})

    with clause("create.email.unique"):
        assert_rejected(response, 409)
    check_unchanged(api, poll_get(api, owner), owner, "create.duplicate.keeps-existing")
    if "id" in rival:
        check_not_found(api.get(rival["id"]), "create.refused.changes-nothing")


@pytest.mark.covers("create.others.unchanged", at_least=2)
@given(first=create_bodies(), second=create_bodies())
@examples(2)
def test_creating_leaves_others_alone(api: TenantApi, first: Body, second: Body) -> None:
    other = create_customer(api, first)
    other = check_customer(api, poll_get(api, other), other)

    create_customer(api, second)

    check_unchanged(api, poll_get(api, other), other, "create.others.unchanged")


@only_nightly
@pytest.mark.covers("create.status.created", at_least=3)
def test_a_burst_of_creates_is_complete(api: TenantApi) -> None:
    made = [create_customer(api, firstName=f"number {position}") for position in range(4)]

    for customer in made:
        check_customer(api, poll_get(api, customer), customer)
