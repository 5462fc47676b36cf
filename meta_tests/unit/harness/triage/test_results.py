"""Triage of results: the simplest query that fails names the clause."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

import oracle
from harness import (
    check_customer,
    check_found_alone,
    create_customer,
    patch_customer,
    poll_get,
    triage,
)
from harness.triage import results
from meta_tests.support.scripted_tenant import scripted_api
from meta_tests.unit.harness.triage.test_causes import failure_of
from spec import Kind, Mismatch

pytestmark = pytest.mark.usefixtures("record")


@pytest.mark.parametrize(("hidden", "clause_id"), [(True, "list.complete"), (False, "list.q.exact")])
def test_customer_that_no_result_shows_is_hidden(hidden: bool, clause_id: str) -> None:
    api, client = scripted_api()
    create_customer(api)
    customer = create_customer(api)
    client.result = lambda q, selected: [] if q else selected[: 1 if hidden else 2]
    mismatch = failure_of(lambda: check_found_alone(api, customer, "list.q.exact", "list"))
    assert triage.violated_clause(api, mismatch) == clause_id


def test_customer_older_than_the_newest_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "NEWEST", 1)
    api, client = scripted_api()
    customer = create_customer(api)
    create_customer(api)
    client.result = lambda q, selected: selected[-1:] if not q or q.startswith("id:") else []
    mismatch = failure_of(lambda: check_found_alone(api, customer, "list.q.exact", "list"))
    assert triage.violated_clause(api, mismatch) == "list.q.exact"


@pytest.mark.parametrize(
    ("also_of_client", "clause_id"), [(False, "list.restriction.visible"), (True, "list.complete")]
)
def test_customer_that_every_client_misses_is_not_hidden_by_restrictions(
    also_of_client: bool, clause_id: str
) -> None:
    api, client = scripted_api()
    create_customer(api)
    customer = create_customer(api)
    client.result = lambda _, selected: [each for each in selected if each["id"] != customer.id]
    response = api.as_("restricted").query("list", f"contactEmail:{customer.email}")
    if not also_of_client:
        client.result = lambda _, selected: selected
    failed = Mismatch(Kind.CUSTOMERS, expected=1, actual=0, exchange=response, customers=(customer,))
    assert triage.violated_clause(api, failed.owned_by("list.restriction.visible")) == clause_id


@pytest.mark.parametrize(
    ("q", "clause_id"),
    [("id:one", "list.q.exact"), ("id:(one,two)", "list.q.any-of"), ("id:~one", "list.status.ok")],
)
def test_rejected_query_violates_the_clause_of_its_form(q: str, clause_id: str) -> None:
    api, _ = scripted_api()
    response = replace(api.query("list", q), status=400)
    failed = Mismatch(Kind.STATUS, expected=200, actual=400, exchange=response)
    assert triage.violated_clause(api, failed.owned_by("list.status.ok")) == clause_id


def test_wrong_status_of_every_result_is_not_that_of_a_query() -> None:
    api, client = scripted_api()
    client.status = 206
    response = api.query("list", "id:one")
    failed = Mismatch(Kind.STATUS, expected=200, actual=206, exchange=response)
    assert triage.violated_clause(api, failed.owned_by("list.q.exact")) == "list.status.ok"


def no_several_values(q: str, _: list[Any]) -> list[Any] | None:
    return [] if "," in q else None


def first_condition(q: str, selected: list[Any]) -> list[Any]:
    return oracle.select(selected, next(iter(oracle.conditions_of(q)))) if q else selected


@pytest.mark.parametrize(
    ("q", "failed_clause", "result", "clause_id"),
    [
        ("id:({ids})", "list.q.any-of", lambda _, everyone: everyone, "list.q.exact"),
        ("id:({ids})", "list.q.any-of", lambda q, everyone: everyone if "(" in q else None, "list.q.any-of"),
        ("id:({ids})", "list.q.any-of", lambda q, _: [] if q else None, "list.q.exact"),
        ("company:Wanted", "list.page.partition", lambda q, _: [] if q else None, "list.q.exact"),
        ("company:Wanted", "list.page.partition", lambda *_: None, "list.page.partition"),
        ("active:true company:Wanted", "list.q.boolean", first_condition, "list.q.conjunction"),
        (
            "firstName:(Ada,Eve) company:(Wanted)",
            "list.q.several-of-several",
            no_several_values,
            "list.q.any-of",
        ),
        ("company:Wanted active:true", "list.q.exact", lambda _, everyone: everyone, "list.q.exact"),
    ],
)
def test_the_simplest_query_that_fails_names_the_clause(
    q: str, failed_clause: str, result: Callable[[str, list[Any]], list[Any] | None], clause_id: str
) -> None:
    """`result` is given the query and all customers; None is the right result."""
    api, client = scripted_api()
    wanted = [create_customer(api, company="Wanted") for _ in range(2)]
    create_customer(api, company="Other")
    everyone = api.query("list", page_size=200).customers

    def answer(q: str, selected: list[Any]) -> list[Any]:
        found = result(q, everyone)
        return selected if found is None else found

    client.result = answer
    response = api.query("list", q.format(ids=",".join(each.id for each in wanted)))
    mismatch = Mismatch(Kind.CUSTOMERS, expected=2, actual=0, exchange=response, customers=tuple(wanted))
    assert triage.violated_clause(api, mismatch.owned_by(failed_clause)) == clause_id


@pytest.mark.parametrize(
    ("result", "clause_id"),
    [(first_condition, "list.q.conjunction"), (lambda _, everyone: everyone, "list.q.boolean")],
)
def test_flag_beside_another_condition(result: Callable[[str, list[Any]], list[Any]], clause_id: str) -> None:
    api, client = scripted_api()
    wanted = create_customer(api, company="Wanted")
    patch_customer(api, create_customer(api, company="Wanted"), {"active": False})
    client.result = lambda q, _: result(q, [*client.tenant.customers.values()])
    response = api.query("list", "company:Wanted active:true")
    mismatch = Mismatch(Kind.CUSTOMERS, expected=1, actual=2, exchange=response, customers=(wanted,))
    assert triage.violated_clause(api, mismatch.owned_by("list.q.boolean")) == clause_id


@pytest.mark.parametrize(
    ("size", "clause_id"), [(2, "list.pageSize.honoured"), (3, "list.q.any-of")], ids=["full", "larger"]
)
def test_page_with_fewer_customers_than_there_are_is_short(size: int, clause_id: str) -> None:
    """The first query and its repetition lack a customer; larger pages have both."""
    api, client = scripted_api()
    customers = tuple(create_customer(api) for _ in range(2))
    short = iter((True, True))
    client.result = lambda _, selected: selected[: 1 if next(short, False) else None]
    response = api.query("list", f"id:({customers[0].id},{customers[1].id})", page_size=size, page_number=1)
    failed = Mismatch(Kind.CUSTOMERS, expected=2, actual=1, exchange=response, customers=customers)
    assert triage.violated_clause(api, failed.owned_by("list.q.any-of")) == clause_id


@pytest.mark.parametrize(("changed", "clause_id"), [(True, "list.q.fresh"), (False, "list.q.exact")])
def test_query_that_misses_a_changed_customer_is_not_fresh(changed: bool, clause_id: str) -> None:
    api, client = scripted_api()
    customer = create_customer(api, firstName="Ada")
    if changed:
        customer = patch_customer(api, customer, {"firstName": "Eve"})
    client.result = lambda q, selected: [] if "firstName" in q else selected
    response = api.query("list", "firstName:Eve")
    failed = Mismatch(Kind.CUSTOMERS, expected=1, actual=0, exchange=response, customers=(customer,))
    assert triage.violated_clause(api, failed.owned_by("list.q.fresh")) == clause_id


def test_customer_that_get_does_not_find_any_more_was_deleted() -> None:
    api, client = scripted_api()
    created = create_customer(api)
    customer = check_customer(api, poll_get(api, created), created)
    client.tenant.customers.clear()
    response = api.query("list", f"contactEmail:{customer.email}")
    failed = Mismatch(Kind.CUSTOMERS, expected=1, actual=0, exchange=response, customers=(customer,))
    assert triage.violated_clause(api, failed.owned_by("list.q.exact")) == "delete.others.unchanged"


@pytest.mark.parametrize("form", ["null", "missing"])
def test_a_word_is_no_exact_value(form: str) -> None:
    api, client = scripted_api()
    wanted = create_customer(api, company="Wanted")
    create_customer(api, company="Wanted", title="Dr.")
    client.result = lambda _, selected: selected
    response = api.query("list", "company:Wanted")  # what a tenant returns that ignores the form
    response = replace(response, url=f"{response.url}%20title%3A{form}")
    failed = Mismatch(Kind.CUSTOMERS, expected=1, actual=2, exchange=response, customers=(wanted,))
    assert triage.violated_clause(api, failed.owned_by(f"list.q.{form}")) == f"list.q.{form}"


def test_customers_that_are_not_sorted_in_ascending_order_either() -> None:
    api, client = scripted_api()
    for name in ("B", "A", "C"):
        create_customer(api, firstName=name)
    response = api.query("list", sort="firstName:desc")
    failed = Mismatch(Kind.ORDER, expected=1, actual=0, exchange=response).owned_by("list.sort.descending")
    assert triage.violated_clause(api, failed) == "list.sort.ascending"
    client.result = lambda _, selected: sorted(selected, key=lambda each: str(each["firstName"]))
    assert triage.violated_clause(api, failed) == "list.sort.descending"
