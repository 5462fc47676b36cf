"""What is known of one customer, and how an answer differs from it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
from meta_tests.support.oracle_samples import PARTS, RULES, Tenant, create_bodies, write_bodies
from oracle import ABSENT, Create, CustomerModel, Get, Rules, Upsert
from spec import clause

ALL = frozenset({"mixin:*"})
TITLES = {"title": "Dr", "firstName": "Ada", "company": "Engines"}


def shown(body: dict[str, Any], **changes: Any) -> dict[str, Any]:
    tenant = Tenant()
    tenant.answer(Create({**body, "id": "one"}))
    return {**tenant.answer(Get("one"))[1], **changes}


def known(body: dict[str, Any], *, confirmed: bool = False, rules: Rules = RULES) -> CustomerModel:
    record = oracle.created({**body, "id": "one"}, id="one", rules=rules)
    return oracle.learned(record, shown(body), expand=ALL) if confirmed else record


@given(create_bodies, st.booleans())
def test_a_right_answer_is_no_difference(body: dict[str, Any], nulls: bool) -> None:
    tenant = Tenant(nulls=nulls)
    tenant.answer(Create({**body, "id": "one"}))
    seen = tenant.answer(Get("one"))[1]
    assert oracle.difference(known(body), seen, expand=ALL) is None
    assert oracle.difference(oracle.learned(known(body), seen, expand=ALL), seen, expand=ALL) is None


@given(create_bodies, st.sampled_from(sorted(PARTS)), st.booleans())
def test_one_wrong_property_is_exactly_that_path(body: dict[str, Any], name: str, confirmed: bool) -> None:
    wrong = {
        "b2b": {"companyRegistrationId": "?"},
        "mixins": {"other": 1},
        "metadata": {"mixins": {"other": 1}},
    }
    seen = shown(body, **{name: wrong.get(name, "wrong value here")})
    found = list(oracle.differences(known(body, confirmed=confirmed), seen, expand=ALL))
    assert [difference.property for difference in found] == [name]
    assert found[0].path.startswith(f"$.{name}")
    assert clause(found[0].clause).operation == ("get" if confirmed else "create")


@given(write_bodies, write_bodies)
def test_every_promise_is_in_the_catalogue(body: dict[str, Any], change: dict[str, Any]) -> None:
    for rules in (RULES, Rules(synchronise=True)):
        record = oracle.upserted(None, body, id="one", rules=rules)
        smuggled = {
            **change,
            "customerNumber": "9",
            "businessModel": "B2B",
            "metadataCreatedAt": "x",
            "id": "z",
        }
        for after in (
            record,
            oracle.created({**body, **smuggled}, id="one", rules=rules),
            oracle.upserted(record, smuggled, id="one", rules=rules),
            oracle.patched(record, smuggled, rules=rules),
            oracle.patched(record, dict.fromkeys(PARTS), rules=rules),
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
    record = oracle.upserted(None, body, id="one", rules=RULES)
    whole = oracle.patched(record, change, rules=RULES)
    assert oracle.patched(oracle.patched(record, halves[0], rules=RULES), halves[1], rules=RULES) == whole


@given(write_bodies, write_bodies, st.booleans())
def test_both_readings_of_an_upsert_are_accepted(
    first: dict[str, Any], second: dict[str, Any], resets: bool
) -> None:
    tenant = Tenant(resets=resets)
    tenant.answer(Upsert("one", first))
    record = oracle.upserted(None, first, id="one", rules=RULES)
    record = oracle.learned(record, tenant.answer(Get("one"))[1], expand=ALL)
    tenant.answer(Upsert("one", second))
    record = oracle.upserted(record, second, id="one", rules=RULES)
    assert oracle.difference(record, tenant.answer(Get("one"))[1], expand=ALL) is None


def test_a_patch_merges_or_replaces_what_is_nested() -> None:
    record = oracle.patched(known({"mixins": {"a": 1}}, confirmed=True), {"mixins": {"b": 2}})
    for mixins in ({"b": 2}, {"a": 1, "b": 2}):
        assert oracle.difference(record, shown({}, mixins=mixins), expand=ALL) is None
    found = oracle.difference(record, shown({}, mixins={"a": 1}), expand=ALL)
    assert found is not None
    assert found.clause == "patch.mixins.round-trip"
    assert oracle.difference(record, shown({}, mixins={"a": 1})) is None


def test_null_inside_a_patched_object_removes_the_member() -> None:
    record = oracle.patched(known({"mixins": {"a": 1, "b": 2}}, confirmed=True), {"mixins": {"a": None}})
    assert oracle.difference(record, shown({}, mixins={"b": 2}), expand=ALL) is None
    assert oracle.difference(record, shown({}, mixins={"a": 1, "b": 2}), expand=ALL) is not None


def test_a_generated_field_that_a_list_leaves_out_may_still_come() -> None:
    seen = {name: value for name, value in shown({}).items() if name != "metadataCreatedAt"}
    record = oracle.learned(known({}), seen)
    assert oracle.difference(record, shown({})) is None


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        (oracle.written("patch"), "patch.fields.only-named"),
        (oracle.written("patch", names=False), "patch.empty.changes-nothing"),
        (oracle.elsewhere("delete"), "delete.others.unchanged"),
        (oracle.refused("upsert"), "upsert.refused.changes-nothing"),
        (oracle.duplicated(), "create.duplicate.keeps-existing"),
        (oracle.looked("search"), "search.changes-nothing"),
        (oracle.viewed("list"), "list.agrees-with-get"),
        (oracle.foreign("create"), "isolation.writes"),
        ("create.duplicate.keeps-existing", "create.duplicate.keeps-existing"),
        ("patch.fields.only-named", "patch.fields.only-named"),
        ("", "get.changes-nothing"),
        (None, "get.changes-nothing"),
    ],
)
def test_a_value_seen_right_and_now_wrong_blames_what_ran_since(
    since: oracle.Cause | str | None, expected: str
) -> None:
    record = oracle.patched(known(TITLES, confirmed=True), {"lastName": "King"})
    seen = shown(TITLES, lastName="King", title="Mr")
    found = oracle.difference(record, seen, since=since)
    assert found is not None
    assert (found.path, found.clause) == ("$.title", expected)
    assert found.violation().clause == clause(expected)


def test_a_default_that_patch_applies_and_a_generated_field_that_it_moves_are_named() -> None:
    record = oracle.patched(known({"preferredSite": "DE"}, confirmed=True), {"title": "Dr"})
    since = oracle.written("patch")
    site = oracle.difference(record, shown({}, title="Dr", preferredSite="main"), since=since)
    moved = shown({"preferredSite": "DE"}, title="Dr", metadataCreatedAt="2027-01-01T00:00:00Z")
    assert site is not None
    assert site.clause == "patch.defaults.not-applied"
    date = oracle.difference(record, moved, since=since)
    assert date is not None
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
def test_a_wrong_first_value_blames_the_write(
    body: dict[str, Any], change: dict[str, Any], expected: str
) -> None:
    found = oracle.difference(known(body), {**shown({}), **body, **change})
    assert found is not None
    assert found.clause == expected


def test_what_the_contract_leaves_open_is_no_difference() -> None:
    extras = {
        "email": "", "accounts": [], "addresses": [{}], "defaultAddress": {}, "lastLogin": None,
        "metadata": {"version": 7}, "mixins": {"x": 1}, "b2b": {"legalEntities": []}, "shoeSize": 9,
        "type": "CUSTOMER", "active": False,
    }  # fmt: skip
    assert oracle.difference(known({}), shown({}, **extras)) is None
    assert oracle.difference(known({}), shown({}, businessModel=None)) is None


def test_an_unset_restriction_follows_the_site_where_the_tenant_synchronises() -> None:
    rules = Rules(restrictions=("DE",), sites=("main", "DE"), synchronise=True)
    synchronised = known({"preferredSite": "DE"}, rules=rules)
    assert synchronised.fields["restriction"] == ("DE",)
    assert known({}, rules=rules).fields["restriction"] == (ABSENT, "main")
    moved = oracle.patched(synchronised, {"preferredSite": "main"}, rules=rules)
    assert set(moved.fields["restriction"]) == {"DE", ABSENT, "main"}
    kept = oracle.patched(known({"restriction": "DE"}, rules=rules), {"preferredSite": "main"}, rules=rules)
    assert kept.fields["restriction"] == ("DE",)


def test_null_in_a_patch_unsets_or_keeps_but_never_unsets_the_email() -> None:
    record = known({"title": "Dr", "contactEmail": "a@example.com"}, confirmed=True)
    after = oracle.patched(record, {"title": None, "contactEmail": None})
    assert after.fields["title"] == (ABSENT, "Dr")
    assert after.fields["contactEmail"] == ("a@example.com",)
    found = oracle.difference(after, shown({}))
    assert found is not None
    assert found.clause == "patch.contactEmail.not-unset"


def test_a_null_restriction_unsets_in_a_patch_and_may_keep_in_an_upsert() -> None:
    record = known({"restriction": "DE"}, confirmed=True)
    assert oracle.patched(record, {"restriction": None}).fields["restriction"] == (ABSENT,)
    replaced = oracle.upserted(record, {"restriction": None}, id=record.id)
    assert set(replaced.fields["restriction"]) == {ABSENT, "DE"}


def test_what_an_answer_proves_is_what_was_written_and_shown() -> None:
    body = {"title": "Dr", "mixins": {"a": 1}}
    record = known(body)
    proven = oracle.assessed(record, shown(body))
    assert {"create.title.round-trip", "create.preferredSite.default", "create.restriction.unset"} < set(
        proven
    )
    assert not {"create.firstName.round-trip", "create.mixins.round-trip", "create.active.on-creation"} & set(
        proven
    )
    assert "create.mixins.round-trip" in oracle.assessed(record, shown(body), expand=ALL)
    assert oracle.assessed(oracle.learned(record, shown(body)), shown(body)) == ()
    assert "create.title.round-trip" not in oracle.assessed(record, shown({}))


def test_later_writes_follow_the_rules_a_customer_was_made_under() -> None:
    rules = Rules(restrictions=("DE",), synchronise=True)
    record = oracle.created({"preferredSite": "DE"}, id="1", rules=rules)
    assert "main" in oracle.patched(record, {"preferredSite": "main"}).fields["restriction"]
    assert "main" in oracle.upserted(record, {"preferredSite": "main"}, id="1").fields["restriction"]


def test_learning_narrows_and_generated_fields_stay() -> None:
    record = oracle.created({}, id="7")
    seen = {**shown({}), "id": "7", "customerNumber": "00007", "active": False}
    after = oracle.learned(record, seen)
    assert after.fields["active"] == (False,)
    assert after.fields["customerNumber"] == ("00007",)
    assert "mixins" not in after.confirmed
    assert oracle.difference(after, {**seen, "metadataCreatedAt": "2026-01-01T00:00:00.000Z"}) is None
    found = oracle.difference(after, {**seen, "customerNumber": "8"}, since=oracle.written("upsert"))
    assert found is not None
    assert found.clause == "upsert.customerNumber.generated"


@pytest.mark.parametrize("shown_before", ["DE", None, "main"])
def test_a_restriction_that_an_upsert_leaves_out_may_follow_the_site_later(shown_before: str | None) -> None:
    rules = Rules(restrictions=("DE",), sites=("main", "DE"), synchronise=True)
    restricted = known({"restriction": "DE"}, rules=rules)
    after = oracle.upserted(restricted, {"title": "Dr"}, id=restricted.id, rules=rules)
    seen = shown({"title": "Dr"}, restriction=shown_before)
    assert oracle.difference(after, seen) is None
    moved = oracle.patched(oracle.learned(after, seen), {"preferredSite": "DE"}, rules=rules)
    for value in (shown_before, "DE"):
        assert oracle.difference(moved, {**seen, "preferredSite": "DE", "restriction": value}) is None


def test_a_tenant_of_unknown_configuration_may_synchronise() -> None:
    unset = known({"preferredSite": "DE"}, rules=Rules(synchronise=None))
    for value in (None, "DE"):
        assert oracle.difference(unset, shown({"preferredSite": "DE"}, restriction=value)) is None
    assert oracle.difference(unset, shown({"preferredSite": "DE"}, restriction="AT")) is not None


@pytest.mark.parametrize(("one", "other"), [(True, 1), (0, False), ("1", 1), ([1], [1, 2]), (None, 0)])
def test_json_equality_tells_types_apart(one: Any, other: Any) -> None:
    assert not oracle.same(one, other)
    assert not oracle.same({"a": one}, {"a": other})


def test_json_equality_joins_what_json_joins() -> None:
    assert oracle.same({"a": 1, "b": None}, {"a": 1.0})


def test_texts_show_what_cannot_be_seen() -> None:
    found = oracle.difference(known({"title": "Zo\u00eb"}), shown({}, title="Zoe\u0308"))
    assert found is not None
    assert found.expected == '"Zo\u00eb" (3 characters, NFC)'
    assert found.actual == '"Zoe\\u0308" (4 characters, NFD); differs at index 2: U+0065 for U+00EB'
    assert oracle.show("a\u200b\t") == '"a\\u200b\\u0009"'
    long = oracle.difference(known({"title": "x" * 5000}), shown({}, title="x" * 4999 + "y"))
    assert long is not None
    assert len(long.actual) < 250
    assert "differs at index 4999" in long.actual


def test_a_write_that_leaves_open_what_it_kept_unsettles_a_record_until_it_is_seen() -> None:
    made = known({"title": "Dr.", "type": "CONTACT"})
    assert not made.unsettled
    assert not oracle.patched(made, {"title": "Prof."}).unsettled, "a stale view shows another title"
    renewed = oracle.upserted(made, {"firstName": "Ada"}, id=made.id)
    assert renewed.unsettled, "a view of before may pass for one that kept the title"
    assert oracle.patched(renewed, {"firstName": "Grace"}).unsettled
    seen = {"id": made.id, "firstName": "Ada"}
    assert not oracle.learned(renewed, seen).unsettled
