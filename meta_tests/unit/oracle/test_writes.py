"""How each write changes the model of a customer."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
from meta_tests.support.oracle_samples import (
    EXPAND,
    PARTS,
    RULES,
    Tenant,
    customer_model,
    first_mismatch,
    shown_customer,
    write_bodies,
)
from oracle import Get, Rules, Upsert
from spec import ABSENT, clause

TITLES = {"title": "Dr", "firstName": "Ada", "company": "Engines"}


@given(write_bodies, write_bodies)
def test_every_promise_is_in_the_catalogue(body: dict[str, Any], change: dict[str, Any]) -> None:
    for rules in (RULES, Rules(synchronise=True)):
        model = oracle.upserted(None, body, id="one", rules=rules)
        generated = {
            **change,
            "customerNumber": "9",
            "businessModel": "B2B",
            "metadataCreatedAt": "x",
            "id": "z",
        }
        for after in (
            model,
            oracle.created({**body, **generated}, id="one", rules=rules),
            oracle.upserted(model, generated, id="one", rules=rules),
            oracle.patched(model, generated, rules=rules),
            oracle.patched(model, dict.fromkeys(PARTS), rules=rules),
        ):
            assert all(clause(promise) for promise in after.promises.values())
            assert after.promises.keys() == after.fields.keys() | {"id"}


@given(write_bodies, write_bodies)
def test_the_same_upsert_twice_equals_once(first: dict[str, Any], second: dict[str, Any]) -> None:
    once = oracle.upserted(oracle.upserted(None, first, id="one"), second, id="one")
    assert oracle.upserted(once, second, id="one") == once


@given(write_bodies, write_bodies, st.data())
def test_a_patch_equals_its_two_halves(
    body: dict[str, Any], change: dict[str, Any], data: st.DataObject
) -> None:
    names = data.draw(st.sets(st.sampled_from(sorted(change)))) if change else set()
    halves = [
        {name: value for name, value in change.items() if (name in names) is half} for half in (True, False)
    ]
    model = oracle.upserted(None, body, id="one", rules=RULES)
    whole = oracle.patched(model, change, rules=RULES)
    parts = oracle.patched(oracle.patched(model, halves[0], rules=RULES), halves[1], rules=RULES)
    assert parts.after(None) == whole.after(None)


@given(write_bodies, write_bodies, st.booleans())
def test_both_readings_of_an_upsert_are_permitted(
    first: dict[str, Any], second: dict[str, Any], resets: bool
) -> None:
    tenant = Tenant(resets=resets)
    tenant.answer(Upsert("one", first))
    model = oracle.upserted(None, first, id="one", rules=RULES)
    model = oracle.confirmed_by(model, tenant.answer(Get("one"))[1], expand=EXPAND)
    tenant.answer(Upsert("one", second))
    model = oracle.upserted(model, second, id="one", rules=RULES)
    assert oracle.first_mismatch(model, tenant.answer(Get("one"))[1], expand=EXPAND) is None


def test_a_company_may_be_assigned_after_get_has_shown_the_customer_without_it() -> None:
    company = {"b2b": {"companyRegistrationId": "HRB 1"}}
    before, after = (shown_customer(company, businessModel=each) for each in ("B2C", "B2B"))
    model = oracle.confirmed_by(customer_model(company), before)
    assert oracle.first_mismatch(model, after) is None
    assert oracle.change_mismatch(before, after) is None
    assert oracle.views_mismatch(before, after) is None
    assigned = oracle.confirmed_by(model, after)
    assert first_mismatch(assigned, before).path == "$.businessModel"


@pytest.mark.parametrize("configured", [True, False])
@pytest.mark.parametrize("before", [True, False])
def test_an_upsert_may_reset_a_flag_as_configured_for_creation_or_to_active(
    configured: bool, before: bool
) -> None:
    rules = Rules(active=configured)
    model = oracle.upserted(None, {"active": before}, id="one", rules=rules)
    model = oracle.upserted(model, {}, id="one", rules=rules)
    for shown in (True, False):
        mismatch = oracle.first_mismatch(model, shown_customer({}, active=shown))
        assert (mismatch is None) == (shown in {True, before, configured})


def test_a_patch_merges_or_replaces_what_is_nested() -> None:
    model = oracle.patched(customer_model({"mixins": {"a": 1}}, confirmed=True), {"mixins": {"b": 2}})
    for mixins in ({"b": 2}, {"a": 1, "b": 2}):
        assert oracle.first_mismatch(model, shown_customer({}, mixins=mixins), expand=EXPAND) is None
    found = first_mismatch(model, shown_customer({}, mixins={"a": 1}), expand=EXPAND)
    assert found.clause == "patch.mixins.round-trip"
    assert oracle.first_mismatch(model, shown_customer({}, mixins={"a": 1})) is None


def test_null_inside_a_patched_object_removes_the_member() -> None:
    model = oracle.patched(
        customer_model({"mixins": {"a": 1, "b": 2}}, confirmed=True), {"mixins": {"a": None}}
    )
    assert oracle.first_mismatch(model, shown_customer({}, mixins={"b": 2}), expand=EXPAND) is None
    assert (
        oracle.first_mismatch(model, shown_customer({}, mixins={"a": 1, "b": 2}), expand=EXPAND) is not None
    )


def test_an_unset_restriction_follows_the_site_where_the_tenant_synchronises() -> None:
    rules = Rules(restrictions=("DE",), sites=("main", "DE"), synchronise=True)
    synchronised = customer_model({"preferredSite": "DE"}, rules=rules)
    assert synchronised.fields["restriction"] == ("DE",)
    assert customer_model({}, rules=rules).fields["restriction"] == (ABSENT, "main")
    moved = oracle.patched(synchronised, {"preferredSite": "main"}, rules=rules)
    assert set(moved.fields["restriction"]) == {"DE", ABSENT, "main"}
    kept = oracle.patched(
        customer_model({"restriction": "DE"}, rules=rules), {"preferredSite": "main"}, rules=rules
    )
    assert kept.fields["restriction"] == ("DE",)


def test_null_in_a_patch_unsets_empties_or_keeps_but_never_unsets_the_email() -> None:
    model = customer_model({"title": "Dr", "contactEmail": "a@example.com"}, confirmed=True)
    after = oracle.patched(model, {"title": None, "contactEmail": None})
    assert after.fields["title"] == (ABSENT, "", "Dr")
    assert after.fields["contactEmail"] == ("a@example.com",)
    found = first_mismatch(after, shown_customer({}))
    assert found.clause == "patch.contactEmail.not-unset"


def test_an_empty_restriction_may_be_stored_or_unset_or_keep() -> None:
    """The contract does not state what a write with an empty restriction does."""
    model = customer_model({"restriction": "DE"}, confirmed=True)
    for after in (
        oracle.patched(model, {"restriction": ""}),
        oracle.upserted(model, {"restriction": ""}, id=model.id),
    ):
        assert set(after.fields["restriction"]) == {"", ABSENT, "DE"}


def test_a_null_restriction_unsets_in_a_patch_and_may_keep_in_an_upsert() -> None:
    model = customer_model({"restriction": "DE"}, confirmed=True)
    assert oracle.patched(model, {"restriction": None}).fields["restriction"] == (ABSENT,)
    replaced = oracle.upserted(model, {"restriction": None}, id=model.id)
    assert set(replaced.fields["restriction"]) == {ABSENT, "DE"}


def test_later_writes_are_modelled_with_the_rules_of_the_creation() -> None:
    rules = Rules(restrictions=("DE",), synchronise=True)
    model = oracle.created({"preferredSite": "DE"}, id="1", rules=rules)
    assert "main" in oracle.patched(model, {"preferredSite": "main"}).fields["restriction"]
    assert "main" in oracle.upserted(model, {"preferredSite": "main"}, id="1").fields["restriction"]


@pytest.mark.parametrize("shown_before", ["DE", None, "main"])
def test_a_restriction_that_an_upsert_leaves_out_may_follow_the_site_later(shown_before: str | None) -> None:
    rules = Rules(restrictions=("DE",), sites=("main", "DE"), synchronise=True)
    restricted = customer_model({"restriction": "DE"}, rules=rules)
    after = oracle.upserted(restricted, {"title": "Dr"}, id=restricted.id, rules=rules)
    seen = shown_customer({"title": "Dr"}, restriction=shown_before)
    assert oracle.first_mismatch(after, seen) is None
    moved = oracle.patched(oracle.confirmed_by(after, seen), {"preferredSite": "DE"}, rules=rules)
    for value in (shown_before, "DE"):
        assert oracle.first_mismatch(moved, {**seen, "preferredSite": "DE", "restriction": value}) is None


def test_a_tenant_of_unknown_configuration_may_synchronise() -> None:
    unset = customer_model({"preferredSite": "DE"}, rules=Rules(synchronise=None))
    for value in (None, "DE"):
        assert (
            oracle.first_mismatch(unset, shown_customer({"preferredSite": "DE"}, restriction=value)) is None
        )
    assert oracle.first_mismatch(unset, shown_customer({"preferredSite": "DE"}, restriction="AT")) is not None


def test_a_write_with_several_permitted_results_makes_a_model_ambiguous_until_it_is_confirmed() -> None:
    made = customer_model({"title": "Dr.", "type": "CONTACT"})
    assert not made.ambiguous
    assert not oracle.patched(made, {"title": "Prof."}).ambiguous, "a stale response shows another title"
    renewed = oracle.upserted(made, {"firstName": "Ada"}, id=made.id)
    assert renewed.ambiguous, "a stale response looks like an upsert that kept the title"
    assert oracle.patched(renewed, {"firstName": "Grace"}).ambiguous
    seen = {"id": made.id, "firstName": "Ada"}
    assert not oracle.confirmed_by(renewed, seen).ambiguous


def test_a_write_is_the_cause_until_a_response_confirms_the_model() -> None:
    made = customer_model(TITLES)
    assert made.cause is None
    written = oracle.upserted(made, {"title": "Mr"}, id="one")
    assert written.cause == oracle.written("upsert")
    assert oracle.patched(written, {}).cause == oracle.written("patch", names=False)
    assert oracle.patched(written, {"title": "Dr"}).cause == oracle.written("patch")
    assert oracle.confirmed_by(written, shown_customer(TITLES, title="Mr")).cause is None


def test_the_creating_operation_and_the_email_of_a_model() -> None:
    model = oracle.upserted(None, {"contactEmail": "a@example.com"}, id="one")
    assert (model.created_by, model.email) == ("upsert", "a@example.com")
    assert oracle.patched(model, {"id": "two"}).created_by == "upsert"
    assert oracle.patched(model, {"contactEmail": ""}).email == ""
