"""Customers as preconditions, and the checks that a response shows a customer as expected."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

import oracle
from client import Exchange
from harness import (
    TenantApi,
    check_customer,
    check_found_alone,
    check_not_found,
    check_unchanged,
    create_customer,
    created,
    delete_customer,
    patch_customer,
    poll_get,
    shared_customer,
    update_customer,
    updated,
    upsert_customer,
    upserted,
)
from harness.api import DISPOSABLE, SHARED, Capabilities
from harness.checks.customers import check_nothing_written
from harness.checks.evidence import Record
from harness.customers import (
    body_for,
    disposable_id,
    full_body,
    share_again,
    similar_customers,
    subject_for,
)
from meta_tests.support.oracle_samples import Tenant, shown_customer
from meta_tests.support.scripted_tenant import exchange, scripted_api
from oracle import Delete, Operation
from spec import ABSENT, Mismatch
from strategies import customers, namespace

UNCHANGED = "patch.others.unchanged"


@pytest.fixture
def api(record: Record) -> TenantApi:  # noqa: ARG001 - the checks need a running test
    return scripted_api()[0]


def shown(status: int = 200, **changes: Any) -> Exchange:
    """A get of the customer `one` with these properties changed."""
    return exchange("get", status, shown_customer({"title": "Dr."}, **changes))


def model(api: TenantApi, *, confirmed: bool = False) -> oracle.CustomerModel:
    """The customer `one`."""
    customer = oracle.created({"title": "Dr."}, id="one", rules=api.rules)
    return check_customer(api, shown(), customer) if confirmed else customer


def failed_clause(check: Callable[[], object]) -> str:
    with pytest.raises(Mismatch) as raised:
        check()
    return raised.value.clause


# -- preconditions -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "status", "body", "clause_id"),
    [
        ({}, 400, {}, "create.status.created"),
        ({}, 500, {}, "create.robust.no-5xx"),
        ({}, 201, {}, "create.answer.id"),
        ({}, 201, {"id": 7}, "create.answer.id"),
        ({"id": "one"}, 201, {"id": "two"}, "create.id.custom"),
        ({}, 201, {"id": "known"}, "create.id.generated-unique"),
    ],
)
def test_wrong_response_to_create(
    api: TenantApi, sent: dict[str, Any], status: int, body: Any, clause_id: str
) -> None:
    api.known.ids.add("known")
    response = exchange("create", status, body, sent=sent)
    assert failed_clause(lambda: created(api, response)) == clause_id


@pytest.mark.parametrize(
    ("status", "body", "clause_id"),
    [
        (204, {}, "upsert.create.status"),
        (201, {}, "upsert.create.answer-id"),
        (201, {"id": "two"}, "upsert.create.same-id"),
    ],
)
def test_wrong_response_to_an_upsert_that_creates(
    api: TenantApi, status: int, body: Any, clause_id: str
) -> None:
    response = exchange("upsert", status, body, sent={})
    assert failed_clause(lambda: upserted(api, response, "one")) == clause_id


def test_wrong_responses_to_other_writes(api: TenantApi) -> None:
    response = exchange("upsert", 200, sent={})
    assert failed_clause(lambda: updated(api, response, model(api))) == "upsert.update.status"
    assert failed_clause(lambda: patch_customer(api, model(api), {})) == "patch.status.ok"
    assert failed_clause(lambda: delete_customer(api, model(api))) == "delete.status.accepted"


def test_deleted_customer_is_not_found(record: Record) -> None:
    class DeletesNothing(Tenant):
        def answer(self, operation: Operation) -> tuple[int, Any]:
            return (202, {}) if isinstance(operation, Delete) else super().answer(operation)

    api, _ = scripted_api(DeletesNothing())
    assert failed_clause(lambda: delete_customer(api, create_customer(api))) == "delete.gone.get"
    assert "delete.status.accepted" in record.total.passed


@pytest.mark.parametrize(("status", "is_checked"), [(403, True), (404, False), (410, False), (202, False)])
def test_the_final_check_after_a_delete(status: int, is_checked: bool, record: Record) -> None:
    """Of two deletions at the same time one is answered 404, and its customer is deleted."""

    class AnswersDeletes(Tenant):
        def answer(self, operation: Operation) -> tuple[int, Any]:
            return (status, ABSENT) if isinstance(operation, Delete) else super().answer(operation)

    api, _ = scripted_api(AnswersDeletes())
    customer = create_customer(api)
    check_customer(api, poll_get(api, customer), customer)
    api.delete(customer.id)
    assert (customer.id in api.known.confirmed) == is_checked
    assert not record.failed


def test_customers_of_a_conforming_tenant(api: TenantApi, record: Record) -> None:
    customer = upsert_customer(api, customers.plain(title="Dr."))
    customer = update_customer(api, customer, customers.plain(company="Engines"))
    customer = patch_customer(api, customer, {"title": "Prof."})
    customer = check_customer(api, poll_get(api, customer), customer)
    assert (customer.definite("title"), customer.definite("company")) == ("Prof.", "Engines")
    assert api.known.confirmed[customer.id][0] is customer
    delete_customer(api, customer)
    assert customer.id not in api.known.confirmed
    assert not record.failed


def test_literal_reading_of_ids(api: TenantApi) -> None:
    api = replace(api, capabilities=Capabilities(custom_ids=False))
    assert create_customer(api, id="one").id != "one"
    with pytest.raises(pytest.skip.Exception):
        upserted(api, exchange("upsert", 400), "one")


def test_similar_customers_differ_where_a_pattern_or_prefix_would_match(api: TenantApi) -> None:
    first, second, third = (each.id for each in similar_customers(api, {}))
    assert first[:-1] == second[:-1]
    assert second.endswith("_")
    assert third.startswith(second)


def test_shared_customer_is_created_once(api: TenantApi, record: Record) -> None:
    customer = shared_customer(api)
    assert shared_customer(api) is customer
    assert subject_for(api, "patch") is customer
    assert subject_for(api, "create") is None
    assert record.uses == {SHARED}
    assert all(customer.confirmed >= {name} for name in full_body(api) if name != "metadata")
    assert body_for(customer)["contactEmail"] == customer.email


def test_shared_customer_that_was_written_to_on_purpose(api: TenantApi) -> None:
    customer = patch_customer(api, shared_customer(api), {"title": "Prof."})
    share_again(api, poll_get(api, customer), customer)
    assert shared_customer(api).definite("title") == "Prof."


def test_disposable_customer_is_no_known_one(api: TenantApi) -> None:
    assert disposable_id(api, "create") is None
    customer_id = disposable_id(api, "patch")
    assert disposable_id(api, "delete") == customer_id == api.known.shared[DISPOSABLE].id
    assert customer_id not in api.known.ids


# -- checks --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("confirmed", "response", "clause_id"),
    [
        (False, shown(404), "create.visible.get"),
        (True, shown(404), "get.status.ok"),
        (False, shown(403), "get.status.ok"),
        (False, shown(500), "get.robust.no-5xx"),
        (False, shown(title="Mr."), "create.title.round-trip"),
        (True, shown(title="Mr."), "get.changes-nothing"),
        (False, shown(id="two"), "create.answer.id"),
        (False, exchange(body=[]), "get.schema.customer"),
    ],
)
def test_customer_that_is_not_as_expected(
    api: TenantApi, confirmed: bool, response: Exchange, clause_id: str
) -> None:
    customer = model(api, confirmed=confirmed)
    before = dict(api.known.confirmed)
    assert failed_clause(lambda: check_customer(api, response, customer)) == clause_id
    assert api.known.confirmed == before


def test_customer_as_expected_is_evidence_for_each_property(api: TenantApi, record: Record) -> None:
    customer = model(api, confirmed=True)
    assert {"create.visible.get", "create.title.round-trip"} <= record.total.passed.keys()
    assert "title" in customer.confirmed
    assert "create.company.round-trip" not in record.total.passed, "no company was sent"


@pytest.mark.parametrize(
    ("response", "clause_id"),
    [
        (shown(title="Mr."), UNCHANGED),
        (shown(404), UNCHANGED),
        (shown(401), "get.status.ok"),
        (shown(500), "get.robust.no-5xx"),
    ],
)
def test_customer_that_has_changed(
    api: TenantApi, record: Record, response: Exchange, clause_id: str
) -> None:
    customer = model(api, confirmed=True)
    assert failed_clause(lambda: check_unchanged(api, response, customer, UNCHANGED)) == clause_id
    assert UNCHANGED not in record.total.passed


def test_unchanged_customer_is_evidence(api: TenantApi, record: Record) -> None:
    check_unchanged(api, shown(), model(api, confirmed=True), UNCHANGED, about="another patch")
    assert record.total.passed[UNCHANGED] == 1
    assert record.total.checks[UNCHANGED].classes == {"another patch"}


@pytest.mark.parametrize(
    ("status", "failed"), [(404, ""), (200, "delete.gone.get"), (400, "get.unknown.not-found")]
)
def test_customer_that_is_not_found(record: Record, status: int, failed: str) -> None:
    response = exchange(status=status)
    if not failed:
        check_not_found(response, "delete.gone.get")
        assert record.total.passed == {"delete.gone.get": 1}
        return
    assert failed_clause(lambda: check_not_found(response, "delete.gone.get")) == failed


def rejected(operation: str, **body: Any) -> Exchange:
    return exchange(operation, 400, sent=body)


def test_rejected_write_that_has_written(api: TenantApi, record: Record) -> None:
    clause_id, customer = "create.refused.changes-nothing", create_customer(api, id=namespace.fresh_id())
    assert (
        failed_clause(lambda: check_nothing_written(api, rejected("create", id=customer.id), None))
        == clause_id
    )
    check_nothing_written(api, rejected("create", id=namespace.fresh_id()), None)
    assert record.total.passed[clause_id] == 1

    customer = check_customer(api, poll_get(api, customer), customer)
    api.patch(customer.id, {"title": "Prof."})
    check_nothing_written(api, exchange("upsert", 204, sent={}), customer)  # an accepted write may change it
    clause_id = "upsert.refused.changes-nothing"
    assert failed_clause(lambda: check_nothing_written(api, rejected("upsert"), customer)) == clause_id


@pytest.mark.parametrize("operation", ["list", "search"])
def test_query_that_finds_a_customer_alone(record: Record, operation: str) -> None:
    api, client = scripted_api()
    customer, clause_id = create_customer(api), f"{operation}.q.exact"
    check_found_alone(api, customer, clause_id, operation)
    assert record.total.passed[clause_id] == 1
    results: list[list[dict[str, Any]]] = [[], [{"id": customer.id}, {"id": "two"}]]
    for result in results:
        client.result = partial(lambda shown, _q, _selected: shown, result)
        assert failed_clause(lambda: check_found_alone(api, customer, clause_id, operation)) == clause_id
