"""Where something failed, a few further requests find the promise that was broken."""

from collections.abc import Iterable
from typing import Any

import pytest

from client import Exchange
from harness.polling import settled
from harness.tenant_under_test import TenantUnderTest
from meta_tests.support.oracle_samples import Tenant
from meta_tests.support.scripted_tenant import asked
from oracle import Create, Get, Operation, Patch, Upsert
from spec import Violation
from strategies import customers, namespace


@pytest.fixture(autouse=True)
def prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(namespace._namespace, "prefix", None)  # puts back what was there before
    namespace.use("cct-meta2-")


class Picky(Tenant):
    """Refuses writes with a certain value, or without a certain property."""

    def __init__(self, name: str, value: Any = ..., *, required: bool = False) -> None:
        super().__init__()
        self.name, self.value, self.required = name, value, required

    def answer(self, operation: Operation) -> tuple[int, Any]:
        body = getattr(operation, "body", None) or {}
        refused = body.get(self.name, ...) == self.value
        if self.required:
            refused = self.name not in body
        if isinstance(operation, (Create, Upsert, Patch)) and refused:
            return 400, {"status": 400}
        return super().answer(operation)


class FindsAnybody(Tenant):
    """Get answers whatever id it is asked for."""

    def answer(self, operation: Operation) -> tuple[int, Any]:
        status, body = super().answer(operation)
        return (200, {}) if isinstance(operation, Get) and status == 404 else (status, body)


class Marks(Tenant):
    """A get puts the customer on hold, where it is `looking` that changes something; else a patch does it to all."""

    def __init__(self, *, looking: bool) -> None:
        super().__init__()
        self.looking = looking

    def answer(self, operation: Operation) -> tuple[int, Any]:
        status, body = super().answer(operation)
        if isinstance(operation, Get) and status == 200:
            body = dict(body)
            self.mark([operation.id] if self.looking else [])
        if isinstance(operation, Patch) and not self.looking:
            self.mark(self.customers)
        return status, body

    def mark(self, ids: Iterable[str]) -> None:
        for id in ids:
            self.customers[id] = self.customers[id] | {"onHold": True}


def blamed(tenant: Tenant, ask: Any) -> str:
    with pytest.raises(Violation) as raised:
        ask(asked(tenant)[0])
    return raised.value.clause.id


@pytest.mark.parametrize(
    ("operation", "name", "value", "clause"),
    [
        ("create", "type", "CONTACT", "create.type.supported"),
        ("create", "restriction", "AT", "create.restriction.listed"),
        ("create", "restriction", None, "create.restriction.null"),
        ("create", "firstName", "Æ", "create.firstName.round-trip"),
        ("create", "id", "cct-meta2-_x", "create.id.characters-accepted"),
        ("upsert", "type", "CONTACT", "upsert.type.supported"),
        ("patch", "type", "CONTACT", "patch.type.supported"),
        ("patch", "title", "Dr.", "patch.title.round-trip"),
    ],
)
def test_a_refused_value_is_told_by_its_own_clause(
    operation: str, name: str, value: Any, clause: str
) -> None:
    rest = customers.plain(company="Engines", middleName="King")

    def ask(tenant: TenantUnderTest) -> None:
        if operation == "create":
            tenant.has(rest | {name: value})
        elif operation == "upsert":
            customer = tenant.has(rest)
            body = {"contactEmail": customer.email, name: value}
            tenant.updated(tenant.upsert(customer, body), customer)
        else:
            customer = tenant.has(rest)
            tenant.patched(tenant.patch(customer, {"company": "Other", name: value}), customer)

    assert blamed(Picky(name, value), ask) == clause


def test_a_property_that_must_be_there_is_told_as_such() -> None:
    def ask(tenant: TenantUnderTest) -> None:
        tenant.has({"contactEmail": namespace.fresh_email(), "company": "Engines"})

    assert blamed(Picky("lastName", required=True), ask) == "create.properties.optional"


def test_where_everything_is_refused_the_status_is_to_blame() -> None:
    assert blamed(Picky("lastName", "Lovelace"), lambda tenant: tenant.has()) == "create.status.created"


def test_a_get_that_finds_anybody_does_not_tell_of_a_write() -> None:
    def ask(tenant: TenantUnderTest) -> None:
        tenant.get(tenant.unknown_id()).must_be_unknown("create.refused.changes-nothing")

    assert blamed(FindsAnybody(), ask) == "get.unknown.not-found"


@pytest.mark.parametrize(
    ("looking", "clause"), [(True, "get.changes-nothing"), (False, "patch.others.unchanged")]
)
def test_a_change_that_looking_makes_is_not_told_of_a_write(looking: bool, clause: str) -> None:
    def ask(tenant: TenantUnderTest) -> None:
        customer = tenant.has()
        tenant.get(customer).must_show()
        tenant.patch(tenant.has(), {"title": "Dr."})
        tenant.get(customer).must_show(since="patch.others.unchanged")

    assert blamed(Marks(looking=looking), ask) == clause


@pytest.mark.parametrize(("hidden", "clause"), [(True, "list.complete"), (False, "list.q.exact")])
def test_whoever_is_in_no_result_at_all_is_hidden(hidden: bool, clause: str) -> None:
    def ask(tenant: TenantUnderTest) -> None:
        shown = [{"id": tenant.has().id}, {"id": tenant.has().id}]
        client: Any = tenant.client

        def listed(q: str = "", **_: Any) -> Exchange:
            found = [] if q else shown[: 1 if hidden else 2]
            answer: Exchange = client._exchange("list", "GET", "/customer/acme/customers", None, 200, found)
            return answer

        client.list = listed
        customer = tenant.known[shown[1]["id"]]
        settled(0.0, lambda: tenant.finds_alone(customer, "list.q.exact", "list"))

    assert blamed(Tenant(), ask) == clause
