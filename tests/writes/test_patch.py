"""PATCH /customers/{customerNumber}: changes what it names, and nothing else anywhere."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
from harness import (
    JSON,
    MERGE_PATCH,
    MIXINS,
    TenantApi,
    check_customer,
    check_not_found,
    check_unchanged,
    clause,
    covering,
    create_customer,
    examples,
    patch_customer,
    poll_get,
    round_trips,
    smoke,
    update_customer,
)
from harness.checks.assertions import (
    assert_equal,
    assert_member,
    assert_no_mismatch,
    assert_no_server_error,
    assert_rejected,
    assert_status,
)
from harness.checks.customers import check_nothing_written
from harness.customers import full_body, similar_customers, skip_unless_custom_ids
from harness.data import create_bodies, edge_case_body, patch_bodies, permitted, upsert_bodies
from strategies import customers, identifiers, namespace
from tests.writes.steps import CHANGES

EXPANSIONS = (MIXINS, f"accounts,{MIXINS}", None)
"""What each get of a customer shows in turn: a tenant may cache one representation and not another."""


def check_defaults_kept(
    before: oracle.CustomerModel, change: dict[str, object], shown: dict[str, object]
) -> None:
    """Properties that have a default and that the patch does not name keep their values."""
    with clause("patch.defaults.not-applied"):
        for name in oracle.DEFAULTS.keys() - change.keys():
            assert_equal(shown.get(name), before.definite(name), path=f"$.{name}")


@smoke
@pytest.mark.covers(
    "patch.status.ok", "patch.fields.only-named", "patch.defaults.not-applied", *round_trips("patch")
)
@given(initial=create_bodies(), change=patch_bodies())
@examples(4)
def test_a_patch_changes_what_it_names_and_nothing_else(
    api: TenantApi, initial: dict[str, object], change: dict[str, object]
) -> None:
    customer = create_customer(api, initial)
    customer = check_customer(api, poll_get(api, customer), customer)

    expected = patch_customer(api, customer, change)
    shown = poll_get(api, expected)

    check_customer(api, shown, expected)
    check_defaults_kept(customer, change, shown.object)


@pytest.mark.covers("patch.status.ok", *round_trips("patch"))
def test_what_a_patch_wrote_is_read_back(api: TenantApi) -> None:
    """One customer, first a plain one, receives one text after another: no part of an earlier one may remain."""
    customer = create_customer(api)
    for name in customers.EDGE_CASES:
        customer = patch_customer(api, customer, edge_case_body(api, "patch", name))
        customer = check_customer(api, poll_get(api, customer), customer)


@pytest.mark.covers("patch.fields.only-named", "patch.defaults.not-applied", at_least=10)
@pytest.mark.covers(*round_trips("patch"))
def test_each_property_can_be_patched_alone(api: TenantApi) -> None:
    """A full customer has no property at its default, so that a reset shows; the patches add up."""
    customer = create_customer(api, full_body(api))
    for expand in EXPANSIONS:
        customer = check_customer(api, poll_get(api, customer, expand=expand), customer)
    for turn, (name, value) in enumerate(single_changes(api).items()):
        expected = patch_customer(api, customer, {name: value})
        shown = poll_get(api, expected, expand=EXPANSIONS[turn % len(EXPANSIONS)])

        check_defaults_kept(customer, {name: value}, shown.object)
        customer = check_customer(api, shown, expected)


def single_changes(api: TenantApi) -> dict[str, object]:
    """A change of every property: flags first, and the site, which becomes the default, after what could reset it."""
    name = namespace.fresh_name()
    restrictions = api.rules.restrictions
    return {
        **{flag: CHANGES[flag] for flag in ("onHold", "active")},
        **({"restriction": restrictions[-1]} if restrictions else {}),
        **permitted(api, CHANGES),
        "preferredSite": api.rules.sites[0],
        "mixins": {name: {"points": 8}},
        "metadata": {"mixins": {name: "https://example.com/other.json"}},
        "contactEmail": namespace.fresh_email(),
    }


@pytest.mark.covers("patch.unknown.not-found")
@given(unknown=identifiers.unknown_ids())
@examples(3)
def test_an_unknown_customer_cannot_be_patched(api: TenantApi, unknown: str) -> None:
    response = api.patch(unknown, {"firstName": "Ada"})

    with clause("patch.unknown.not-found"):
        assert_status(response, 404)
    check_not_found(api.get(unknown), "patch.unknown.not-found")


@pytest.mark.covers("patch.empty.changes-nothing")
def test_an_empty_patch_changes_nothing(api: TenantApi) -> None:
    customer = create_customer(api, full_body(api))
    customer = check_customer(api, poll_get(api, customer), customer)

    response = api.patch(customer.id, {})
    shown = poll_get(api, customer)

    with clause("patch.empty.changes-nothing", str(response.status)):
        assert_status(response, 200, 400)
        check_unchanged(api, shown, customer, "patch.empty.changes-nothing")


@pytest.mark.parametrize(
    ("clause_id", "change", "headers"),
    [
        pytest.param(clause_id, change, headers, id=name, marks=covering(clause_id))
        for name, clause_id, change, headers in (
            ("null", "patch.contactEmail.not-unset", {"contactEmail": None, "title": "Prof."}, JSON),
            ("null in a merge patch", "patch.contactEmail.not-unset", {"contactEmail": None}, MERGE_PATCH),
            ("empty", "patch.contactEmail.not-emptied", {"contactEmail": ""}, JSON),
        )
    ],
)
def test_the_email_cannot_be_unset(
    api: TenantApi, clause_id: str, change: dict[str, object], headers: dict[str, str]
) -> None:
    """A tenant that supports no merge patch fails another clause."""
    customer = create_customer(api, full_body(api))

    response = api.patch(customer.id, change, headers=headers)
    shown = poll_get(api, customer)

    with clause(clause_id):
        assert_status(response, 200, 400, 415)
        assert_status(shown, 200)
        assert_member(shown, "contactEmail", customer.email)


@pytest.mark.covers("patch.email.conflict", "patch.refused.changes-nothing")
def test_a_patch_to_a_taken_email(api: TenantApi) -> None:
    owner, rival = create_customer(api, firstName="owner"), create_customer(api, firstName="rival")
    owner, rival = (check_customer(api, poll_get(api, each), each) for each in (owner, rival))

    response = api.patch(rival.id, {"title": "Dr.", "contactEmail": owner.email, "lastName": "Hopper"})

    with clause("patch.robust.no-5xx"):
        assert_no_server_error(response)
    check_unchanged(api, poll_get(api, owner), owner, "patch.others.unchanged")
    check_nothing_written(api, response, rival)
    with clause("patch.email.conflict") as scope:
        scope.observe("accepted" if response.status == 200 else "rejected")


@pytest.mark.covers("patch.others.unchanged", at_least=2)
@given(bodies=st.tuples(create_bodies(), create_bodies()), change=patch_bodies())
@examples(2)
def test_a_patch_leaves_others_alone(
    api: TenantApi, bodies: tuple[dict[str, object], dict[str, object]], change: dict[str, object]
) -> None:
    """Two of the others have mixins of the same names; the id of the third is a prefix of the id in the path."""
    mixin = namespace.fresh_name()
    before, subject, similar = similar_customers(api, bodies[0], mixins={mixin: {"shared": True}})
    others = [before, similar, create_customer(api, bodies[1] | {"id": subject.id[:-1]})]
    others = [check_customer(api, poll_get(api, each), each) for each in others]

    patch_customer(api, subject, change | {"mixins": {mixin: {"own": True}}})

    for other in others:
        check_unchanged(api, poll_get(api, other), other, "patch.others.unchanged")


@pytest.mark.covers("patch.twice.equals-once", at_least=2)
@given(drawn=patch_bodies())
@examples(2)
def test_a_patch_twice_equals_once(api: TenantApi, drawn: dict[str, object]) -> None:
    change = {**permitted(api, CHANGES), "contactEmail": namespace.fresh_email(), **drawn}
    customer = patch_customer(api, create_customer(api, full_body(api)), change)
    once = poll_get(api, customer)
    customer = check_customer(api, once, customer)

    twice = poll_get(api, patch_customer(api, customer, change))

    with clause("patch.twice.equals-once"):
        assert_status(twice, 200)
        assert_no_mismatch(oracle.change_mismatch(once.json, twice.json), twice)


@pytest.mark.covers("patch.split.equals-whole", at_least=2)
@given(
    body=create_bodies(without=("id", "contactEmail")),
    drawn=patch_bodies(without=("contactEmail", "mixins", "metadata")),
    order=st.randoms(use_true_random=False),
)
@examples(2)
def test_a_patch_equals_its_two_halves(
    api: TenantApi, body: dict[str, object], drawn: dict[str, object], order: Random
) -> None:
    change = {**permitted(api, CHANGES), **drawn}
    names = sorted(change)
    order.shuffle(names)
    whole = create_customer(api, body | {"contactEmail": namespace.fresh_email()})
    halved = create_customer(api, body | {"contactEmail": namespace.fresh_email()})

    whole = patch_customer(api, whole, change)
    for half in (names[::2], names[1::2]):
        halved = patch_customer(api, halved, {name: change[name] for name in half})
    one, other = poll_get(api, whole), poll_get(api, halved)

    check_customer(api, one, whole)
    check_customer(api, other, halved)
    with clause("patch.split.equals-whole"):
        own = ("id", "email", "contactEmail", "accounts", *oracle.GENERATED)
        assert_no_mismatch(oracle.change_mismatch(one.json, other.json, exclude=own), other)


@pytest.mark.covers("patch.id.case-sensitive")
def test_a_patch_finds_a_customer_only_in_the_case_of_its_id(api: TenantApi) -> None:
    skip_unless_custom_ids(api)
    customer = create_customer(api, id=namespace.fresh_id() + "-case", firstName="lower")
    customer = check_customer(api, poll_get(api, customer), customer)

    response = api.patch(identifiers.case_swapped(customer.id), {"firstName": "changed"})

    with clause("patch.id.case-sensitive"):
        assert_rejected(response, 404)
    check_unchanged(api, poll_get(api, customer), customer, "patch.id.case-sensitive")


@pytest.mark.covers("patch.fields.only-named", at_least=3)
@given(first=patch_bodies(), body=upsert_bodies(without=("contactEmail",)), last=patch_bodies())
@examples(2)
def test_patches_in_a_row_add_up(
    api: TenantApi,
    first: dict[str, object],
    body: dict[str, object],
    last: dict[str, object],
) -> None:
    """A later patch does not bring back what an earlier one or an upsert has replaced."""
    customer = create_customer(api, full_body(api))
    customer = check_customer(api, poll_get(api, customer), customer)
    customer = patch_customer(api, customer, first)
    customer = check_customer(api, poll_get(api, customer), customer)
    customer = update_customer(api, customer, {**body, "contactEmail": customer.email})
    customer = check_customer(api, poll_get(api, customer), customer)
    customer = patch_customer(api, customer, last)
    check_customer(api, poll_get(api, customer), customer)
