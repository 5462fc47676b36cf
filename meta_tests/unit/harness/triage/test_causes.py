"""Triage finds, by a few further requests, the clause that a failure violates."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from harness import (
    MERGE_PATCH,
    MIXINS,
    check_customer,
    check_not_found,
    check_unchanged,
    clause,
    create_customer,
    patch_customer,
    poll_get,
    triage,
    update_customer,
)
from harness.checks.assertions import assert_status, assert_status_class_is_not
from meta_tests.support import faulty_tenants as faulty
from meta_tests.support.faulty_tenants import Faulty
from meta_tests.support.oracle_samples import Tenant
from meta_tests.support.scripted_tenant import exchange, scripted_api
from oracle import Create, Get, Operation, Patch, Upsert
from spec import Mismatch
from strategies import customers, namespace

pytestmark = pytest.mark.usefixtures("record")


class RejectsWrites(Tenant):
    """Rejects writes with a value of a property, or without the property."""

    def __init__(self, name: str, value: Any = ..., *, required: bool = False) -> None:
        super().__init__()
        self.name, self.value, self.required = name, value, required

    def answer(self, operation: Operation) -> tuple[int, Any]:
        body = getattr(operation, "body", None) or {}
        rejected = self.name not in body if self.required else body.get(self.name, ...) == self.value
        if isinstance(operation, Create | Upsert | Patch) and rejected:
            return 400, {"status": 400}
        return super().answer(operation)


class RejectsLargeBodies(Tenant):
    """Rejects writes of more than five properties."""

    def answer(self, operation: Operation) -> tuple[int, Any]:
        rejected = len(getattr(operation, "body", None) or {}) > 5
        return (400, {}) if rejected else super().answer(operation)


class FindsUnknown(Tenant):
    """Get finds a customer of any id."""

    def answer(self, operation: Operation) -> tuple[int, Any]:
        status, body = super().answer(operation)
        return (200, {}) if isinstance(operation, Get) and status == 404 else (status, body)


class MissesOneGet(Tenant):
    """One get returns 404 for an existing customer."""

    missed = True

    def answer(self, operation: Operation) -> tuple[int, Any]:
        if isinstance(operation, Get) and self.missed:
            self.missed = False
            return 404, {}
        return super().answer(operation)


class SetsOnHold(Tenant):
    """Sets onHold of the customer that a get returns, or, not `by_get`, of every customer after a patch."""

    def __init__(self, *, by_get: bool) -> None:
        super().__init__()
        self.by_get = by_get

    def answer(self, operation: Operation) -> tuple[int, Any]:
        status, body = super().answer(operation)
        if isinstance(operation, Get) and status == 200:
            body = dict(body)
            self.set_on_hold([operation.id] if self.by_get else [])
        if isinstance(operation, Patch) and not self.by_get:
            self.set_on_hold(self.customers)
        return status, body

    def set_on_hold(self, ids: Iterable[str]) -> None:
        for id in ids:
            self.customers[id] = self.customers[id] | {"onHold": True}


def failure_of(check: Callable[[], object]) -> Mismatch:
    with pytest.raises(Mismatch) as raised:
        check()
    return raised.value


@pytest.mark.parametrize(
    ("operation", "name", "value", "clause_id"),
    [
        ("create", "type", "CONTACT", "create.type.supported"),
        ("create", "restriction", "AT", "create.restriction.listed"),
        ("create", "restriction", None, "create.restriction.null"),
        ("create", "firstName", "Æ", "create.firstName.round-trip"),
        ("create", "id", "cct-meta1-_x", "create.id.characters-accepted"),
        ("upsert", "type", "CONTACT", "upsert.type.supported"),
        ("patch", "type", "CONTACT", "patch.type.supported"),
        ("patch", "title", "Dr.", "patch.title.round-trip"),
    ],
)
def test_rejected_value_violates_the_clause_of_its_property(
    operation: str, name: str, value: Any, clause_id: str
) -> None:
    api, _ = scripted_api(RejectsWrites(name, value))
    body = customers.plain(company="Engines", middleName="King")

    def write() -> None:
        if operation == "create":
            create_customer(api, body | {name: value})
        customer = create_customer(api, body)
        change = {"contactEmail": customer.email, "company": "Other", name: value}
        (update_customer if operation == "upsert" else patch_customer)(api, customer, change)

    assert triage.violated_clause(api, failure_of(write)) == clause_id


def test_property_that_is_required() -> None:
    api, _ = scripted_api(RejectsWrites("lastName", required=True))
    body = {"contactEmail": namespace.fresh_email(), "company": "Engines"}
    mismatch = failure_of(lambda: create_customer(api, body))
    assert triage.violated_clause(api, mismatch) == "create.properties.optional"


def test_where_every_write_is_rejected_the_status_is_violated() -> None:
    api, _ = scripted_api(RejectsWrites("lastName", "Lovelace"))
    assert triage.violated_clause(api, failure_of(lambda: create_customer(api))) == "create.status.created"


@pytest.mark.parametrize("operation", ["upsert", "patch"])
@pytest.mark.parametrize(("sent", "violated"), [("Plain", "merge-patch"), ("rejected", "lock.current")])
def test_a_rejected_merge_patch_is_sent_as_json(operation: str, sent: str, violated: str) -> None:
    api, _ = scripted_api(RejectsWrites("lastName", "rejected"))
    customer, body = create_customer(api), customers.plain(lastName=sent)
    path, headers = f"/customer/acme/customers/{customer.id}", MERGE_PATCH.items()
    response = exchange(operation, 415, path=path, sent=body, sent_headers=headers)

    def check() -> None:
        with clause(f"{operation}.lock.current"):
            assert_status_class_is_not(response, 4)

    assert triage.violated_clause(api, failure_of(check)) == f"{operation}.{violated}"


def test_get_that_finds_every_id_does_not_show_a_write() -> None:
    api, _ = scripted_api(FindsUnknown())
    customer = create_customer(api)
    response = api.get(namespace.fresh_id())
    mismatch = failure_of(lambda: check_not_found(response, "create.refused.changes-nothing", customer))
    assert triage.violated_clause(api, mismatch) == "get.unknown.not-found"


class PatchOfUnknown(Tenant):
    """Patch answers this status to an unknown id."""

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status

    def answer(self, operation: Operation) -> tuple[int, Any]:
        status, body = super().answer(operation)
        return (self.status, {}) if isinstance(operation, Patch) and status == 404 else (status, body)


@pytest.mark.parametrize("status", [200, 400])
def test_patch_of_an_unknown_id_is_not_one_that_ignores_case(status: int) -> None:
    api, _ = scripted_api(PatchOfUnknown(status))
    response = api.patch(namespace.fresh_id(), {"title": "Dr."})
    mismatch = failure_of(lambda: assert_status(response, 404)).owned_by("patch.id.case-sensitive")
    assert triage.violated_clause(api, mismatch) == "patch.unknown.not-found"


def test_customer_that_the_second_get_shows_was_missed_by_get() -> None:
    api, _ = scripted_api(MissesOneGet())
    customer = create_customer(api)
    response = api.get(customer.id)
    mismatch = failure_of(lambda: check_customer(api, response, customer))
    assert mismatch.clause == "create.visible.get"
    assert triage.violated_clause(api, mismatch) == "get.status.ok"


@pytest.mark.parametrize(
    ("by_get", "clause_id"), [(True, "get.changes-nothing"), (False, "patch.others.unchanged")]
)
def test_change_made_by_a_get_is_not_that_of_a_write(by_get: bool, clause_id: str) -> None:
    api, _ = scripted_api(SetsOnHold(by_get=by_get))
    created = create_customer(api)
    customer = check_customer(api, poll_get(api, created), created)
    patch_customer(api, create_customer(api), {"title": "Dr."})
    response = api.get(customer.id)
    mismatch = failure_of(lambda: check_unchanged(api, response, customer, "patch.others.unchanged"))
    assert triage.violated_clause(api, mismatch) == clause_id


class LosesProperty(Faulty):
    """Removes a property of a customer with a write of this name, unless the write names it."""

    def __init__(self, name: str, after: str) -> None:
        super().__init__()
        self.name, self.after = name, after

    def corrupt(self, id: str, body: dict[str, Any], before: Mapping[str, dict[str, Any]]) -> None:
        for customer_id in before.keys() ^ self.customers.keys() if self.after == "create" else {id}:
            self.customers[customer_id].pop(self.name, None)
        if self.after == "patch" and self.name in body:
            self.customers[id][self.name] = body[self.name]


@pytest.mark.parametrize("after", ["create", "patch"])
@pytest.mark.parametrize(("name", "value"), [("title", "Dr."), ("mixins", {"a": {"points": 1}})])
def test_value_that_a_new_customer_keeps_was_lost_by_the_later_write(
    after: str, name: str, value: Any
) -> None:
    api, _ = scripted_api(LosesProperty(name, after))
    created = create_customer(api, customers.plain(**{name: value}))
    customer = patch_customer(api, created, {"company": "Engines"})
    response = api.get(customer.id, expand=MIXINS)
    mismatch = failure_of(lambda: check_customer(api, response, customer))
    assert mismatch.clause == f"create.{name}.round-trip"
    violated = {"create": mismatch.clause, "patch": "patch.fields.only-named"}[after]
    assert triage.violated_clause(api, mismatch) == violated


def test_error_in_triage_is_a_note() -> None:
    api, _ = scripted_api(RejectsWrites("lastName", "Lovelace"))
    mismatch = failure_of(lambda: create_customer(api))
    failing, _ = scripted_api(faulty.Unreachable())
    assert triage.violated_clause(failing, mismatch) == "create.status.created"
    assert mismatch.__notes__ == ["triage ended early: TransientError create: the gateway answered 502."]


def test_triage_sends_a_few_requests_at_most() -> None:
    body = customers.plain() | dict.fromkeys(("title", "middleName", "company", "contactPhone"), "x")
    body |= {"preferredSite": "main", "preferredCurrency": "EUR", "preferredLanguage": "de_DE"}
    body |= {"photoUrl": "https://example.com/a.png", "type": "CONTACT", "mixins": {}, "restriction": "DE"}
    body |= {"id": namespace.fresh_id(), "b2b": {}, "metadata": {}, "password": "secret-1815"}
    api, client = scripted_api(RejectsLargeBodies())
    mismatch = failure_of(lambda: create_customer(api, body))
    before = client.recorder.mark()
    assert triage.violated_clause(api, mismatch) == "create.status.created"
    assert client.recorder.mark() - before == triage.MAX_REQUESTS
