"""Which answers are allowed, and which clause a forbidden one breaks."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
from meta_tests.support.oracle_samples import RULES, Tenant, operations
from oracle import Create, Delete, Get, ModelState, Operation, Patch, Rules, Upsert
from spec import Violation, clause

NOTHING = ...
MAIL = {"contactEmail": "a@example.com"}


def world(*steps: Operation, rules: Rules = RULES, lag: bool = False) -> ModelState:
    """The world after a tenant that does as it should has answered these operations."""
    tenant, now = Tenant(), ModelState()
    for step in steps:
        now = oracle.judge(now, step, *tenant.answer(step), rules, deletion_may_lag=lag)
    return now


ONE = Create({"id": "one", **MAIL})
GONE = (ONE, Delete("one"))


@given(st.lists(operations(), max_size=8), st.booleans(), st.booleans())
def test_a_faithful_tenant_is_never_accused(steps: list[Operation], resets: bool, nulls: bool) -> None:
    tenant, now = Tenant(resets, nulls), ModelState()
    for step in steps:
        now = oracle.judge(now, step, *tenant.answer(step), RULES)
    assert now.records.keys() == tenant.customers.keys()
    assert now.deleted == tenant.deleted
    shown = [tenant.answer(Get(id))[1] for id in tenant.customers]
    assert oracle.listing_difference(now, shown, expand={"mixin:*"}) is None


@given(st.lists(operations(), max_size=4), operations())
def test_every_answer_names_a_clause_and_a_refusal_changes_nothing(
    steps: list[Operation], last: Operation
) -> None:
    now = world(*steps)
    for rules in (RULES, Rules(), Rules(recreate=True, synchronise=True)):
        allowed = oracle.answers(now, last, rules)
        assert allowed
        assert all(clause(answer.clause) for answer in allowed)
        assert all(answer.next == now for answer in allowed if answer.refused)


@pytest.mark.parametrize(
    ("before", "operation", "status", "body", "expected"),
    [
        ((), Create(MAIL), 200, {"id": "x"}, "create.status.created"),
        ((), Create(MAIL), 500, {}, "create.robust.no-5xx"),
        ((), Create(MAIL), 201, {}, "create.answer.id"),
        ((), Create(MAIL), 201, NOTHING, "create.answer.id"),
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
        ((), Upsert("one", {}), 204, NOTHING, "upsert.create.status"),
        ((), Upsert("one", {}), 201, {"id": "two"}, "upsert.create.answer-id"),
        ((ONE,), Upsert("one", {}), 201, {"id": "one"}, "upsert.update.status"),
        ((ONE,), Upsert("one", {}), 204, {"id": "one"}, "upsert.update.no-body"),
        ((ONE,), Upsert("One", {}), 204, NOTHING, "upsert.create.same-id"),
        ((ONE,), Upsert("two", MAIL), 201, {"id": "two"}, "upsert.email.unique"),
        (GONE, Upsert("one", {}), 201, {"id": "one"}, "upsert.deleted-id.as-configured"),
        ((ONE,), Patch("one", {"title": "x"}), 204, NOTHING, "patch.status.ok"),
        ((ONE,), Patch("one", {"restriction": "FR"}), 200, NOTHING, "patch.restriction.unlisted"),
        ((), Patch("one", {"title": "x"}), 200, NOTHING, "patch.unknown.not-found"),
        ((ONE,), Patch("ONE", {"title": "x"}), 200, NOTHING, "patch.id.case-sensitive"),
        (GONE, Patch("one", {"title": "x"}), 200, NOTHING, "delete.no-revival.patch"),
        ((ONE,), Delete("one"), 204, NOTHING, "delete.status.accepted"),
        ((), Delete("one"), 202, NOTHING, "delete.unknown.not-found"),
        (GONE, Delete("one"), 202, NOTHING, "delete.twice.not-found"),
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
        ((ONE,), Upsert("One", {}), 200, NOTHING, "upsert.create.status"),
    ],
)
def test_a_forbidden_answer_blames_the_clause_of_its_situation(
    before: tuple[Operation, ...], operation: Operation, status: int, body: Any, expected: str
) -> None:
    with pytest.raises(Violation) as caught:
        oracle.judge(world(*before), operation, status, body, RULES)
    assert caught.value.clause.id == expected
    assert caught.value.expected


@pytest.mark.parametrize(
    ("before", "operation", "status", "rules"),
    [
        ((ONE, Create({"id": "two"})), Patch("two", MAIL), 200, RULES),
        ((ONE, Create({"id": "two"})), Patch("two", MAIL), 409, RULES),
        ((ONE, Create({"id": "two"})), Patch("two", MAIL), 400, RULES),
        ((ONE,), Upsert("one", MAIL), 204, RULES),
        (GONE, Upsert("one", {}), 404, RULES),
        (GONE, Create(MAIL), 409, RULES),
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
def test_what_the_contract_leaves_open_is_allowed(
    before: tuple[Operation, ...], operation: Operation, status: int, rules: Rules
) -> None:
    bodies = {201: {"id": (getattr(operation, "body", None) or {}).get("id", "new")}, 204: NOTHING}
    oracle.judge(world(*before), operation, status, bodies.get(status, {}), rules)


def test_a_customer_that_vanished_blames_what_ran_since() -> None:
    with pytest.raises(Violation) as caught:
        oracle.judge(world(ONE, Get("one")), Get("one"), 404, {}, RULES, since=oracle.elsewhere("delete"))
    assert caught.value.clause.id == "delete.others.unchanged"


def test_a_lagging_deletion_may_still_show_the_customer_until_it_was_gone() -> None:
    before = world(ONE, Get("one"), lag=True)
    seen = Tenant(customers={"one": {}})._made("one", MAIL)
    lagging = oracle.judge(before, Delete("one"), 202, NOTHING, RULES, deletion_may_lag=True)
    assert oracle.judge(lagging, Get("one"), 200, seen, RULES).lingering
    assert oracle.listing_difference(lagging, [seen]) is None
    settled = oracle.judge(lagging, Get("one"), 404, {}, RULES)
    with pytest.raises(Violation, match=r"delete\.gone\.get"):
        oracle.judge(settled, Get("one"), 200, seen, RULES)
    known = oracle.judge(lagging, Delete("one"), 404, {}, RULES)
    assert oracle.judge(known, Get("one"), 200, seen, RULES).lingering
    assert oracle.judge(lagging, Patch("one", {"title": "x"}), 200, NOTHING, RULES).deleted == {"one"}


def test_a_recreated_customer_is_no_longer_deleted() -> None:
    rules = Rules(recreate=True, custom_ids=True)
    again = oracle.judge(world(*GONE), Create({"id": "one"}), 201, {"id": "one"}, rules)
    assert again.records.keys() == {"one"}
    assert not again.deleted


def test_the_accepted_statuses_are_listed() -> None:
    with pytest.raises(Violation) as caught:
        oracle.judge(world(ONE, Create({"id": "two"})), Patch("two", MAIL), 418, {}, RULES)
    assert caught.value.expected == "status 200 or 400 or 409"
