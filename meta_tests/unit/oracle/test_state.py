"""Which responses are permitted, and which clause any other response violates."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
from meta_tests.support.oracle_samples import RULES, Tenant, json_values, operations
from oracle import Create, Delete, Get, ModelState, Operation, Patch, Rules, Upsert
from spec import ABSENT, Mismatch, OneOf, clause

MAIL = {"contactEmail": "a@example.com"}


def state_after(*steps: Operation, rules: Rules = RULES, lag: bool = False) -> ModelState:
    """The state after these operations of a conforming tenant."""
    tenant, state = Tenant(), ModelState()
    for step in steps:
        state = oracle.judge(state, step, *tenant.answer(step), rules, deletion_may_lag=lag).state
    return state


ONE = Create({"id": "one", **MAIL})
GONE = (ONE, Delete("one"))


@given(st.lists(operations(), max_size=8), st.booleans(), st.booleans())
def test_every_response_of_a_conforming_tenant_is_permitted(
    steps: list[Operation], resets: bool, nulls: bool
) -> None:
    tenant, now = Tenant(resets, nulls), ModelState()
    for step in steps:
        judgement = oracle.judge(now, step, *tenant.answer(step), RULES)
        assert judgement.mismatch is None
        now = judgement.state
    assert now.customers.keys() == tenant.customers.keys()
    assert now.deleted == tenant.deleted
    shown = [tenant.answer(Get(id))[1] for id in tenant.customers]
    assert oracle.listing_mismatch(now, shown, expand={"mixin:*"}) is None


@given(st.lists(operations(), max_size=4), operations())
def test_every_permitted_response_has_a_clause_and_a_rejection_changes_nothing(
    steps: list[Operation], last: Operation
) -> None:
    now = state_after(*steps)
    for rules in (RULES, Rules(), Rules(recreate=True, synchronise=True)):
        permitted = oracle.permitted_responses(now, last, rules)
        assert permitted
        assert all(clause(response.clause) for response in permitted)
        assert all(response.state == now for response in permitted if response.rejected)


@pytest.mark.parametrize(
    ("before", "operation", "status", "body", "expected"),
    [
        ((), Create(MAIL), 200, {"id": "x"}, "create.status.created"),
        ((), Create(MAIL), 500, {}, "create.robust.no-5xx"),
        ((), Create(MAIL), 201, {}, "create.answer.id"),
        ((), Create(MAIL), 201, ABSENT, "create.answer.id"),
        ((), Create({"id": "Ab"}), 201, {"id": "ab"}, "create.id.custom"),
        ((), Create({}), 201, {"id": "X1"}, "create.id.generated-lower-case"),
        ((ONE,), Create({}), 201, {"id": "one"}, "create.id.generated-unique"),
        (GONE, Create({}), 201, {"id": "one"}, "create.id.generated-unique"),
        ((ONE,), Create({"id": "one"}), 201, {"id": "one"}, "create.id.unique"),
        ((ONE,), Create({"id": "ONE"}), 409, {}, "create.id.case-sensitive"),
        ((ONE,), Create(MAIL), 201, {"id": "x"}, "create.email.unique"),
        (GONE, Create({"id": "one"}), 201, {"id": "one"}, "create.deleted-id.as-configured"),
        ((), Create({"restriction": "FR"}), 201, {"id": "x"}, "create.restriction.unlisted"),
        ((), Create({"restriction": "de"}), 201, {"id": "x"}, "create.restriction.case"),
        ((), Create({"restriction": "DE"}), 400, {}, "create.status.created"),
        ((), Upsert("one", {}), 204, ABSENT, "upsert.create.status"),
        ((), Upsert("one", {}), 201, {"id": "two"}, "upsert.create.answer-id"),
        ((ONE,), Upsert("one", {}), 201, {"id": "one"}, "upsert.update.status"),
        ((ONE,), Upsert("one", {}), 204, {"id": "one"}, "upsert.update.no-body"),
        ((ONE,), Upsert("One", {}), 204, ABSENT, "upsert.create.same-id"),
        ((ONE,), Upsert("two", MAIL), 201, {"id": "two"}, "upsert.email.unique"),
        ((ONE,), Patch("one", {"title": "x"}), 204, ABSENT, "patch.status.ok"),
        ((ONE,), Patch("one", {"restriction": "FR"}), 200, ABSENT, "patch.restriction.unlisted"),
        ((), Patch("one", {"title": "x"}), 200, ABSENT, "patch.unknown.not-found"),
        ((ONE,), Patch("ONE", {"title": "x"}), 200, ABSENT, "patch.id.case-sensitive"),
        (GONE, Patch("one", {"title": "x"}), 200, ABSENT, "delete.no-revival.patch"),
        ((ONE,), Delete("one"), 204, ABSENT, "delete.status.accepted"),
        ((), Delete("one"), 202, ABSENT, "delete.unknown.not-found"),
        (GONE, Delete("one"), 202, ABSENT, "delete.twice.not-found"),
        (GONE, Get("one"), 200, {"id": "one"}, "delete.gone.get"),
        ((), Get("one"), 200, {"id": "one"}, "get.unknown.not-found"),
        ((ONE,), Get("oNE"), 200, {"id": "one"}, "get.id.case-sensitive"),
        ((ONE,), Get("one"), 404, {}, "create.visible.get"),
        ((Upsert("one", {}),), Get("one"), 404, {}, "upsert.create.same-id"),
        ((ONE, Get("one")), Get("one"), 404, {}, "get.status.ok"),
        ((ONE,), Get("one"), 200, {"id": "one"}, "create.preferredLanguage.default"),
        ((ONE,), Get("one"), 200, [], "get.schema.customer"),
        ((ONE,), Get("one"), 203, {}, "get.status.ok"),
        ((ONE,), Get("ONE"), 400, {}, "get.unknown.not-found"),
        (GONE, Get("one"), 400, {}, "get.unknown.not-found"),
        ((ONE,), Create({"id": "ONE"}), 200, {"id": "ONE"}, "create.status.created"),
        ((ONE,), Upsert("One", {}), 200, ABSENT, "upsert.create.status"),
    ],
)
def test_a_response_that_is_not_permitted_violates_the_clause_of_its_situation(
    before: tuple[Operation, ...], operation: Operation, status: int, body: Any, expected: str
) -> None:
    state = state_after(*before)
    judgement = oracle.judge(state, operation, status, body, RULES)
    assert judgement.mismatch is not None
    assert judgement.mismatch.clause == expected
    assert clause(expected)
    assert (judgement.state, judgement.clause) == (state, "")


@pytest.mark.parametrize(
    ("before", "operation", "status", "rules"),
    [
        ((ONE, Create({"id": "two"})), Patch("two", MAIL), 200, RULES),
        ((ONE, Create({"id": "two"})), Patch("two", MAIL), 409, RULES),
        ((ONE, Create({"id": "two"})), Patch("two", MAIL), 400, RULES),
        ((ONE,), Upsert("one", MAIL), 204, RULES),
        (GONE, Upsert("one", {}), 404, RULES),
        (GONE, Create(MAIL), 409, RULES),
        (GONE, Create({"id": "one"}), 410, RULES),
        (GONE, Create(MAIL), 201, RULES),
        (GONE, Create({"id": "one"}), 201, Rules(recreate=True, custom_ids=True)),
        ((), Create({"id": "abc"}), 400, Rules()),
        ((), Create({"type": "ROBOT"}), 400, RULES),
        ((), Create({"shoeSize": 9}), 400, RULES),
        ((), Create({"title": None}), 400, RULES),
        ((), Create({"title": "a\0"}), 400, RULES),
        ((), Create({"preferredCurrency": "QQQ"}), 400, RULES),
        ((), Create({"restriction": ""}), 400, RULES),
        ((ONE,), Create({"contactEmail": "A@example.com"}), 409, RULES),
    ],
)
def test_what_the_contract_does_not_determine_is_permitted(
    before: tuple[Operation, ...], operation: Operation, status: int, rules: Rules
) -> None:
    bodies = {201: {"id": (getattr(operation, "body", None) or {}).get("id", "new")}, 204: ABSENT}
    judgement = oracle.judge(state_after(*before), operation, status, bodies.get(status, {}), rules)
    assert judgement.mismatch is None


@pytest.mark.parametrize(
    ("operation", "status", "body", "expected"),
    [
        (Create({}), 201, {"id": "x"}, "create.status.created"),
        (Create({"id": "one"}), 409, {}, "create.id.unique"),
        (Create({"type": "ROBOT"}), 400, {}, ""),
        (Upsert("one", {}), 204, ABSENT, "upsert.update.status"),
        (Patch("one", {"title": "x"}), 200, ABSENT, "patch.status.ok"),
        (Patch("two", {"title": "x"}), 404, {}, "patch.unknown.not-found"),
        (Delete("one"), 202, ABSENT, "delete.status.accepted"),
        (Get("two"), 404, {}, "get.unknown.not-found"),
    ],
)
def test_the_expected_response_is_evidence_for_its_clause(
    operation: Operation, status: int, body: Any, expected: str
) -> None:
    judgement = oracle.judge(state_after(ONE), operation, status, body, RULES)
    assert (judgement.clause, judgement.mismatch) == (expected, None)


def mismatch(*given: Any, **how: Any) -> Mismatch:
    """The mismatch of a response that is not permitted; parameters of `judge`."""
    found = oracle.judge(*given, **how).mismatch
    assert found is not None
    return found


def test_the_cause_determines_the_clause_of_a_missing_customer() -> None:
    confirmed = state_after(ONE, Get("one"))
    cause = oracle.elsewhere("delete")
    assert mismatch(confirmed, Get("one"), 404, {}, RULES, since=cause).clause == "delete.others.unchanged"
    after = confirmed.with_customer(confirmed.customers["one"].after(cause))
    assert mismatch(after, Get("one"), 404, {}, RULES).clause == "delete.others.unchanged"


def test_a_pending_deletion_may_show_the_customer_until_a_get_returns_404() -> None:
    before = state_after(ONE, Get("one"), lag=True)
    seen = Tenant(customers={"one": {}})._made("one", MAIL)
    pending = oracle.judge(before, Delete("one"), 202, ABSENT, RULES, deletion_may_lag=True).state
    assert oracle.judge(pending, Get("one"), 200, seen, RULES).state.pending_deletion
    assert oracle.listing_mismatch(pending, [seen]) is None
    gone = oracle.judge(pending, Get("one"), 404, {}, RULES).state
    assert mismatch(gone, Get("one"), 200, seen, RULES).clause == "delete.gone.get"
    deleted_twice = oracle.judge(pending, Delete("one"), 404, {}, RULES).state
    assert oracle.judge(deleted_twice, Get("one"), 200, seen, RULES).state.pending_deletion
    patched = oracle.judge(pending, Patch("one", {"title": "x"}), 200, ABSENT, RULES).state
    assert patched.deleted == {"one"}


def test_a_deletion_is_pending_only_where_it_may_lag() -> None:
    state = state_after(ONE).without_customer("one")
    assert state.deleted == {"one"}
    assert not state.pending_deletion
    assert mismatch(state, Get("one"), 200, {"id": "one"}, RULES).clause == "delete.gone.get"


def test_a_recreated_customer_is_no_longer_deleted() -> None:
    rules = Rules(recreate=True, custom_ids=True)
    again = oracle.judge(state_after(*GONE), Create({"id": "one"}), 201, {"id": "one"}, rules).state
    assert again.customers.keys() == {"one"}
    assert not again.deleted


def test_a_wrong_status_is_compared_with_all_permitted_ones() -> None:
    state = state_after(ONE, Create({"id": "two"}))
    assert mismatch(state, Patch("two", MAIL), 418, {}, RULES).expected == OneOf((200, 400, 409))
    assert mismatch(state, Delete("two"), 204, ABSENT, RULES).expected == 202


@given(operations(), st.sampled_from([200, 201, 202, 204, 400, 401, 404, 500]), json_values)
def test_no_response_raises_an_error(operation: Operation, status: int, body: Any) -> None:
    state = state_after(ONE)
    judgement = oracle.judge(state, operation, status, body, RULES)
    assert judgement.mismatch is None or clause(judgement.mismatch.clause)
    found = [
        oracle.customer_mismatch(body, expand={"accounts"}),
        oracle.error_shape_mismatch(status, body),
        *oracle.error_advice(status, body),
        oracle.first_mismatch(state.customers["one"], body),
        oracle.listing_mismatch(state, [body]),
    ]
    assert all(str(each) and clause(each.clause) for each in found if each is not None)
    assert (oracle.change_mismatch(body, body) is None) is isinstance(body, dict)
