"""A response compared with the model of a customer, or with another response."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
from meta_tests.support.oracle_samples import (
    EXPAND,
    PARTS,
    Tenant,
    create_bodies,
    customer_model,
    first_mismatch,
    shown_customer,
)
from oracle import Cause, Comparison, Create, CustomerModel, Get
from spec import ABSENT, OneOf, Rule, clause, show

TITLES = {"title": "Dr", "firstName": "Ada", "company": "Engines"}


def compared(model: CustomerModel, seen: Any, **how: Any) -> dict[str, Comparison]:
    """The comparisons by property; parameters of `comparisons`."""
    return {each.property: each for each in oracle.comparisons(model, seen, **how)}


@given(create_bodies, st.booleans())
def test_a_right_response_matches(body: dict[str, Any], nulls: bool) -> None:
    tenant = Tenant(nulls=nulls)
    tenant.answer(Create({**body, "id": "one"}))
    seen = tenant.answer(Get("one"))[1]
    assert customer_model(body).matches(seen, expand=EXPAND)
    assert oracle.confirmed_by(customer_model(body), seen, expand=EXPAND).matches(seen, expand=EXPAND)


@given(create_bodies, st.sampled_from(sorted(PARTS)), st.booleans())
def test_one_wrong_property_is_exactly_that_path(body: dict[str, Any], name: str, confirmed: bool) -> None:
    wrong = {
        "b2b": {"companyRegistrationId": "?"},
        "mixins": {"other": 1},
        "metadata": {"mixins": {"other": 1}},
    }
    seen = shown_customer(body, **{name: wrong.get(name, "wrong value here")})
    model = customer_model(body, confirmed=confirmed)
    found = [each for each in oracle.comparisons(model, seen, expand=EXPAND) if each.mismatch]
    assert [each.property for each in found] == [name]
    assert found[0].mismatch is not None
    assert found[0].mismatch.path.startswith(f"$.{name}")
    assert found[0].mismatch.clause == found[0].clause
    assert clause(found[0].clause).operation == ("get" if confirmed else "create")
    assert not model.matches(seen, expand=EXPAND)


def test_a_generated_property_that_a_list_leaves_out_is_not_confirmed() -> None:
    seen = {name: value for name, value in shown_customer({}).items() if name != "metadataCreatedAt"}
    model = oracle.confirmed_by(customer_model({}), seen)
    assert oracle.first_mismatch(model, shown_customer({})) is None


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        (oracle.written("patch"), "patch.fields.only-named"),
        (oracle.written("patch", names=False), "patch.empty.changes-nothing"),
        (oracle.elsewhere("delete"), "delete.others.unchanged"),
        (oracle.rejected("upsert"), "upsert.refused.changes-nothing"),
        (oracle.duplicated(), "create.duplicate.keeps-existing"),
        ("create.duplicate.keeps-existing", "create.duplicate.keeps-existing"),
        (None, "get.changes-nothing"),
    ],
)
def test_a_confirmed_value_that_changes_violates_the_clause_of_the_cause(
    since: Cause | str | None, expected: str
) -> None:
    model = oracle.patched(customer_model(TITLES, confirmed=True), {"lastName": "King"})
    seen = shown_customer(TITLES, lastName="King", title="Mr")
    for found in (
        first_mismatch(model.after(since), seen),
        first_mismatch(model.after(None), seen, since=since),
    ):
        assert (found.path, found.clause) == ("$.title", expected)
        assert clause(expected)
    assert first_mismatch(model, seen).clause == "patch.fields.only-named"


def test_a_default_that_a_patch_applies_and_a_generated_property_that_it_changes_have_clauses_of_their_own() -> (
    None
):
    model = oracle.patched(customer_model({"preferredSite": "DE"}, confirmed=True), {"title": "Dr"})
    since = oracle.written("patch")
    site = first_mismatch(model, shown_customer({}, title="Dr", preferredSite="main"), since=since)
    moved = shown_customer({"preferredSite": "DE"}, title="Dr", metadataCreatedAt="2027-01-01T00:00:00Z")
    assert site.clause == "patch.defaults.not-applied"
    date = first_mismatch(model, moved, since=since)
    assert date.clause == "patch.metadataCreatedAt.generated"


@pytest.mark.parametrize(
    ("body", "change", "expected"),
    [
        ({}, {"preferredLanguage": "xx"}, "create.preferredLanguage.default"),
        ({}, {"restriction": "DE"}, "create.restriction.unset"),
        ({"restriction": "DE"}, {"restriction": None}, "create.restriction.round-trip"),
        ({}, {"customerNumber": "2"}, "create.id.becomes-customer-number"),
        ({"businessModel": "B2B"}, {"businessModel": "B2B"}, "create.businessModel.generated"),
        ({}, {"businessModel": "B2B"}, "get.businessModel.unassigned"),
        ({"metadataCreatedAt": "2001"}, {"metadataCreatedAt": "2001"}, "create.metadataCreatedAt.generated"),
        ({}, {"id": None}, "get.id.present"),
        ({}, {"id": "ONE"}, "create.id.custom"),
        ({"title": "Zo\u00eb"}, {"title": "Zoe\u0308"}, "create.title.round-trip"),
        ({"title": " x "}, {"title": "x"}, "create.title.round-trip"),
    ],
)
def test_a_wrong_first_value_violates_the_clause_of_the_write(
    body: dict[str, Any], change: dict[str, Any], expected: str
) -> None:
    found = first_mismatch(customer_model(body), {**shown_customer({}), **body, **change})
    assert found.clause == expected


def test_what_the_contract_does_not_determine_is_not_compared() -> None:
    extras: dict[str, Any] = {
        "email": "", "accounts": [], "addresses": [{}], "defaultAddress": {}, "lastLogin": None,
        "metadata": {"version": 7}, "mixins": {"x": 1}, "b2b": {"legalEntities": []}, "shoeSize": 9,
        "type": "CUSTOMER", "active": False,
    }  # fmt: skip
    assert oracle.first_mismatch(customer_model({}), shown_customer({}, **extras)) is None
    assert oracle.first_mismatch(customer_model({}), shown_customer({}, businessModel=None)) is None


def test_a_right_response_is_evidence_for_the_write_of_what_was_written_and_shown() -> None:
    body = {"title": "Dr", "mixins": {"a": 1}}
    model = customer_model(body)

    def evidence(model: CustomerModel, seen: Any, **how: Any) -> set[str]:
        found = oracle.comparisons(model, seen, **how)
        return {each.clause for each in found if each.conclusive and not each.mismatch}

    proved = evidence(model, shown_customer(body))
    assert {"create.title.round-trip", "create.preferredSite.default", "create.restriction.unset"} < proved
    assert not {"create.firstName.round-trip", "create.active.on-creation"} & proved
    assert "create.mixins.round-trip" not in proved
    assert "create.mixins.round-trip" in evidence(model, shown_customer(body), expand=EXPAND)
    assert "create.title.round-trip" not in evidence(model, shown_customer({}))
    assert evidence(oracle.confirmed_by(model, shown_customer(body)), shown_customer(body)) == {
        "get.changes-nothing"
    }


def test_a_kept_value_is_evidence_for_the_clause_of_its_likely_failure() -> None:
    body = {"title": "Dr", "preferredLanguage": "de_DE", "mixins": {"a": 1}}
    confirmed = customer_model(body, confirmed=True)
    found = compared(oracle.patched(confirmed, {"firstName": "Ada"}), shown_customer(body, firstName="Ada"))
    assert found["firstName"].clause == "patch.firstName.round-trip"
    assert found["preferredLanguage"].clause == "patch.defaults.not-applied"
    assert found["preferredSite"].clause == "patch.fields.only-named"
    assert found["id"].clause == "patch.id.fixed"
    assert all(each.conclusive and not each.mismatch for each in found.values())
    assert compared(confirmed, shown_customer(body), expand=EXPAND)["mixins"].clause == "get.expand.mixin"
    without = customer_model({}, confirmed=True)
    assert compared(without, shown_customer({}), expand=EXPAND)["mixins"].clause == "get.changes-nothing"


@pytest.mark.parametrize("seen", [ABSENT, None, [], "one", 1])
def test_a_response_that_is_not_an_object_is_one_mismatch_of_the_schema(seen: Any) -> None:
    model = customer_model({})
    assert [each.clause for each in oracle.comparisons(model, seen, read="search")] == [
        "search.schema.customer"
    ]
    assert not model.matches(seen)
    assert oracle.confirmed_by(model, seen) is model


def test_a_mismatch_has_the_permitted_values_and_the_model() -> None:
    model = customer_model({"metadataCreatedAt": "2001"})
    unset = first_mismatch(
        oracle.patched(customer_model({"title": "Dr"}), {"title": None}), shown_customer({}, title="Mr")
    )
    assert (unset.expected, unset.actual) == (OneOf((ABSENT, "", "Dr")), "Mr")
    fixed = first_mismatch(model, shown_customer({}, metadataCreatedAt="2001"))
    assert fixed.expected == Rule('any value other than "2001"')
    assert fixed.customers == (model,)
    assert first_mismatch(customer_model({"title": "Dr"}), shown_customer({})).actual is ABSENT


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"title": "Mr"}, "$.title"),
        ({"firstName": None}, "$.firstName"),
        ({"b2b": {"companyRegistrationId": "HRB 1"}}, "$.b2b.companyRegistrationId"),
        ({"b2b": {"legalEntities": [1]}}, None),
        ({"metadata": {"mixins": {"a": 1}}}, "$.metadata.mixins"),
        ({"accounts": [{"id": "b"}]}, "$.accounts"),
        ({"id": "two"}, "$.id"),
        ({"metadata": {"version": 8}, "lastLogin": "now", "company": None, "b2b": {}}, None),
    ],
)
def test_an_unchanged_customer_is_the_same_in_both_responses(
    change: dict[str, Any], path: str | None
) -> None:
    before = {
        "id": "one",
        "title": "Dr",
        "firstName": "Ada",
        "metadata": {"version": 7},
        "accounts": [{"id": "a"}],
    }
    found = oracle.change_mismatch(before, {**before, **change})
    assert (found and (found.path, found.clause)) == (path and (path, ""))
    assert oracle.change_mismatch(before, {**before, **change}, exclude=tuple(change)) is None


def test_a_confirmation_narrows_open_values_and_generated_properties_are_fixed() -> None:
    model = oracle.created({}, id="7")
    seen = {**shown_customer({}), "id": "7", "customerNumber": "00007", "active": False}
    after = oracle.confirmed_by(model, seen)
    assert after.fields["active"] == (False,)
    assert after.fields["customerNumber"] == ("00007",)
    assert "mixins" not in after.confirmed
    assert oracle.first_mismatch(after, {**seen, "metadataCreatedAt": "2026-01-01T00:00:00.000Z"}) is None
    found = first_mismatch(after, {**seen, "customerNumber": "8"}, since=oracle.written("upsert"))
    assert found.clause == "upsert.customerNumber.generated"


@pytest.mark.parametrize(("one", "other"), [(True, 1), (0, False), ("1", 1), ([1], [1, 2]), (None, 0)])
def test_json_equality_distinguishes_types(one: Any, other: Any) -> None:
    assert not oracle.same(one, other)
    assert not oracle.same({"a": one}, {"a": other})


def test_json_equality_joins_what_json_joins() -> None:
    assert oracle.same({"a": 1, "b": None}, {"a": 1.0})


def test_a_mismatch_shows_invisible_characters() -> None:
    found = first_mismatch(customer_model({"title": "Zo\u00eb"}), shown_customer({}, title="Zoe\u0308"))
    assert found.texts()[0] == '"Zo\u00eb" (3 characters, NFC)'
    assert found.texts()[1] == '"Zoe\\u0308" (4 characters, NFD); differs at index 2: U+0065 for U+00EB'
    assert show("a\u200b\t") == '"a\\u200b\\u0009"'
    long = first_mismatch(customer_model({"title": "x" * 5000}), shown_customer({}, title="x" * 4999 + "y"))
    assert len(long.texts()[1]) < 250
    assert "differs at index 4999" in long.texts()[1]
