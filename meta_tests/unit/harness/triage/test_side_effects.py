"""Triage of customers that a request for another customer has changed."""

# ruff: noqa: ARG002 - a fault need not use every argument

from collections.abc import Mapping
from typing import Any

import pytest

from harness import TenantApi, check_customer, create_customer, poll_get, triage
from harness.checks.assertions import assert_status
from meta_tests.support import faulty_tenants as faulty
from meta_tests.support.faulty_tenants import Faulty
from meta_tests.support.oracle_samples import Tenant
from meta_tests.support.scripted_tenant import ScriptedClient, exchange, scripted_api
from meta_tests.unit.harness.triage.test_causes import failure_of
from oracle import Create, Get, Operation, Upsert
from spec import Kind, Mismatch
from strategies import customers, namespace

pytestmark = pytest.mark.usefixtures("record")


class ChangesTheNextOne(Faulty):
    """A write of this name changes the customer that was created after its own, or before it."""

    def __init__(self, after: str, *, distance: int, change: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        self.after, self.distance = after, distance
        self.change = change or {"title": "Mr."}

    def corrupt(self, id: str, body: dict[str, Any], before: Mapping[str, dict[str, Any]]) -> None:
        ids = list(self.customers)
        position = ids.index(id) if id in ids else len(ids) - 1
        if 0 <= position + self.distance < len(ids):
            self.customers[ids[position + self.distance]].update(self.change)


def listed_title(api: TenantApi) -> Mismatch:
    """The failure of a list that shows another title than get has shown."""
    customer = create_customer(api)
    response = api.query("list", f"contactEmail:{customer.email}")
    found = Mismatch(Kind.VALUE, expected="Dr.", actual="Mr.", path="$.title", exchange=response)
    return found.owned_by("list.agrees-with-get")


@pytest.mark.parametrize(
    ("tenant", "clause_id"),
    [
        (ChangesTheNextOne("create", distance=-1), "create.others.unchanged"),
        (ChangesTheNextOne("patch", distance=1), "patch.others.unchanged"),
        (ChangesTheNextOne("patch", distance=-1), "patch.others.unchanged"),
        (ChangesTheNextOne("upsert", distance=1), "upsert.others.unchanged"),
        (ChangesTheNextOne("delete", distance=0), "delete.others.unchanged"),
        (faulty.PatchChangesOthers(), "patch.others.unchanged"),
        (Tenant(), "list.agrees-with-get"),
    ],
)
def test_a_customer_that_another_write_changes(tenant: Tenant, clause_id: str) -> None:
    api, _ = scripted_api(tenant)
    assert triage.violated_clause(api, listed_title(api)) == clause_id


def test_a_list_that_changes_what_it_returns() -> None:
    api, client = scripted_api()

    def change(_: str, selected: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for each in selected:
            client.tenant.customers[each["id"]]["title"] = "Mr."
        return selected

    client.result = change
    assert triage.violated_clause(api, listed_title(api)) == "list.changes-nothing"


def test_a_result_that_lacks_a_customer_which_a_search_has_changed() -> None:
    api, client = scripted_api()
    created = create_customer(api, title="Dr.")
    customer = check_customer(api, poll_get(api, created), created)

    def change(_: str, selected: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for each in selected:
            client.tenant.customers[each["id"]]["title"] = "Mr."
        return selected

    client.result = change
    api.query("search", f"id:{customer.id}")
    response = api.query("list", "title:Dr.")
    failed = Mismatch(Kind.CUSTOMERS, expected=1, actual=0, exchange=response, customers=(customer,))
    assert triage.violated_clause(api, failed.owned_by("list.q.exact")) == "list.changes-nothing"


@pytest.mark.parametrize(
    ("after", "distance", "clause_id"),
    [("patch", 1, "patch.others.unchanged"), ("create", 0, "create.onHold.on-creation")],
)
def test_a_new_customer_without_its_default(after: str, distance: int, clause_id: str) -> None:
    api, _ = scripted_api(ChangesTheNextOne(after, distance=distance, change={"onHold": True}))
    first, second = create_customer(api), create_customer(api)
    api.patch(first.id, {"title": "Dr."})
    mismatch = failure_of(lambda: check_customer(api, api.get(second.id), second))
    assert mismatch.clause == "create.onHold.on-creation"
    assert triage.violated_clause(api, mismatch) == clause_id


class GetRaisesVersions(Tenant):
    """Each get raises the version of the customer."""

    def answer(self, operation: Operation) -> tuple[int, Any]:
        if isinstance(operation, Get) and (found := self.customers.get(operation.id)) is not None:
            version = found.get("metadata", {}).get("version", 0)
            found["metadata"] = {"version": version + 1}
        return super().answer(operation)


@pytest.mark.parametrize(
    ("tenant", "clause_id"), [(GetRaisesVersions(), "get.changes-nothing"), (Tenant(), "patch.lock.current")]
)
def test_a_current_version_that_is_rejected(tenant: Tenant, clause_id: str) -> None:
    api, _ = scripted_api(tenant)
    customer = create_customer(api)
    path = f"/customer/acme/customers/{customer.id}"
    rejected = exchange("patch", 409, path=path, sent={"metadata": {"version": 1}})
    failed = Mismatch(Kind.STATUS, expected=200, actual=409, exchange=rejected)
    assert triage.violated_clause(api, failed.owned_by("patch.lock.current")) == clause_id


class StoresNothing(Tenant):
    """Creates are accepted and stored nowhere."""

    def answer(self, operation: Operation) -> tuple[int, Any]:
        return (
            (201, {"id": namespace.fresh_id()})
            if isinstance(operation, Create)
            else super().answer(operation)
        )


class AnswersAnotherId(Tenant):
    """Create answers an id that the new customer does not have."""

    def answer(self, operation: Operation) -> tuple[int, Any]:
        status, body = super().answer(operation)
        return (status, {"id": namespace.fresh_id()}) if isinstance(operation, Create) else (status, body)


class CreatesByUpsert(Tenant):
    """Every upsert is answered 201."""

    def answer(self, operation: Operation) -> tuple[int, Any]:
        status, body = super().answer(operation)
        return (201, {"id": operation.id}) if isinstance(operation, Upsert) else (status, body)


def missing_patch(api: TenantApi, customer_id: str) -> Mismatch:
    response = api.patch(customer_id, {"title": "Dr."})
    return failure_of(lambda: assert_status(response, 200)).owned_by("patch.status.ok")


@pytest.mark.parametrize(
    ("tenant", "clause_id"),
    [(StoresNothing(), "create.visible.get"), (AnswersAnotherId(), "create.answer.id")],
)
def test_a_patch_of_a_customer_that_was_never_stored(tenant: Tenant, clause_id: str) -> None:
    api, _ = scripted_api(tenant)
    customer_id = str(api.create(customers.plain()).object["id"])
    assert triage.violated_clause(api, missing_patch(api, customer_id)) == clause_id


def test_a_404_in_place_of_another_rejection_is_no_missing_customer() -> None:
    api, _ = scripted_api()
    response = api.patch(namespace.fresh_id(), {"title": "Dr."})
    failed = failure_of(lambda: assert_status(response, 401)).owned_by("token.expiry.enforced")
    assert triage.violated_clause(api, failed) == "token.expiry.enforced"


@pytest.mark.parametrize(
    ("tenant", "clause_id"),
    [(Tenant(), "delete.others.unchanged"), (CreatesByUpsert(), "upsert.update.status")],
)
def test_an_upsert_that_creates_a_customer_which_existed(tenant: Tenant, clause_id: str) -> None:
    api, client = scripted_api(tenant)
    response = api.upsert(vanished(client, api), customers.plain())
    failed = failure_of(lambda: assert_status(response, 204)).owned_by("upsert.update.status")
    assert triage.violated_clause(api, failed) == clause_id


def vanished(client: ScriptedClient, api: TenantApi) -> str:
    """The id of a customer that get has shown, and that exists no more."""
    created = create_customer(api)
    check_customer(api, poll_get(api, created), created)
    client.tenant.customers.clear()
    return created.id


def test_a_patch_of_a_customer_that_another_deletion_has_removed() -> None:
    api, client = scripted_api()
    failed = missing_patch(api, vanished(client, api))
    assert triage.violated_clause(api, failed) == "delete.others.unchanged"
