"""A course lays each fault to the step behind it, and the audit to what most likely did it."""

# ruff: noqa: ARG002 - a tenant takes every operation, whatever it looks at
from typing import Any

import pytest

from harness.final_check import Audit
from harness.scenario import Scenario
from harness.tenant_under_test import TenantUnderTest
from harness.test_record import TestRecord
from meta_tests.support.oracle_samples import Tenant
from meta_tests.support.scripted_tenant import ScriptedClient, asked
from oracle import Create, Delete, Get, Operation, Patch, Upsert
from spec import Violation
from strategies import customers, namespace


@pytest.fixture(autouse=True)
def prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(namespace._namespace, "prefix", None)  # puts back what was there before
    namespace.use("cct-meta1-")


class Tampering(Tenant):
    """After each write with this name, does something that it should not."""

    after = ""

    def answer(self, operation: Operation) -> tuple[int, Any]:
        before = {id: dict(customer) for id, customer in self.customers.items()}
        answer = super().answer(operation)
        if operation.name == self.after:
            self.tamper(operation, before)
        return answer

    def tamper(self, operation: Operation, before: dict[str, dict[str, Any]]) -> None:
        """What it should not do."""


class PatchSpreads(Tampering):
    after = "patch"

    def tamper(self, operation: Operation, before: dict[str, dict[str, Any]]) -> None:
        for customer in self.customers.values():
            customer |= dict(getattr(operation, "body", None) or {})


class DeleteSpreads(Tampering):
    after = "delete"

    def tamper(self, operation: Operation, before: dict[str, dict[str, Any]]) -> None:
        self.customers.clear()


class PatchRevives(Tampering):
    after = "patch"

    def tamper(self, operation: Operation, before: dict[str, dict[str, Any]]) -> None:
        id = getattr(operation, "id", "")
        if id in self.deleted:
            self.customers[id] = self._made(id, {})


class PatchForgets(Tampering):
    after = "patch"

    def tamper(self, operation: Operation, before: dict[str, dict[str, Any]]) -> None:
        id = getattr(operation, "id", "")
        if id in self.customers and "title" not in (getattr(operation, "body", None) or {}):
            self.customers[id].pop("title", None)


class RefusedCreatesOverwrite(Tampering):
    after = "create"

    def tamper(self, operation: Operation, before: dict[str, dict[str, Any]]) -> None:
        body = dict(getattr(operation, "body", None) or {})
        if body.get("id") in before:
            self.customers[body["id"]] |= body


class UpsertsDouble(Tampering):
    after = "upsert"

    def tamper(self, operation: Operation, before: dict[str, dict[str, Any]]) -> None:
        id = getattr(operation, "id", "")
        if id in before:
            self.customers["twin"] = self.customers[id] | {"id": "twin"}


def course(scripted: Tenant) -> tuple[Scenario, str, str]:
    """A course with two customers that were seen to be right."""
    started = Scenario(asked(scripted)[0])
    body = customers.plain(title="Dr.", company=started.company)
    one = started.does(Create(body | {"id": namespace.fresh_id()})).subject
    other = started.does(Upsert(namespace.fresh_id(), customers.plain(company=started.company))).subject
    for customer in (one, other):
        started.sees(customer)
    return started, one, other


def blamed(violation: pytest.ExceptionInfo[Violation]) -> str:
    return violation.value.clause.id


def test_what_goes_right_is_credited() -> None:
    tenant, trial = asked(Tenant())
    started = Scenario(tenant)
    made = started.does(Create(customers.plain(id=namespace.fresh_id(), company=started.company))).subject
    started.does(Patch(made, {"title": "Dr."}))
    started.sees_the_world()
    started.does(Delete(made))
    started.sees_the_world()
    kept = {"create.status.created", "patch.fields.only-named", "delete.gone.get", "search.deleted.vanishes"}
    assert kept <= trial.credits.keys()
    assert not trial.failures


def test_a_patch_that_spreads_is_found_at_the_neighbour() -> None:
    started, one, other = course(PatchSpreads())
    started.does(Patch(one, {"middleName": "King"}))
    started.sees(one)
    with pytest.raises(Violation) as violation:
        started.sees(other)
    assert blamed(violation) == "patch.others.unchanged"


def test_of_several_steps_the_one_with_the_value_is_suspected() -> None:
    started, one, other = course(PatchSpreads())
    started.does(Patch(one, {"middleName": "King"}))
    started.does(Create(customers.plain(id=namespace.fresh_id(), company=started.company)))
    with pytest.raises(Violation) as violation:
        started.sees(other)
    assert blamed(violation) == "patch.others.unchanged"


def test_a_customer_that_a_delete_took_along_is_missed_at_the_next_write() -> None:
    started, one, other = course(DeleteSpreads())
    started.does(Delete(one))
    with pytest.raises(Violation) as violation:
        started.does(Patch(other, {"title": "Mr."}))
    assert blamed(violation) == "delete.others.unchanged"


def test_a_revived_customer_is_laid_to_the_patch() -> None:
    started, one, _ = course(PatchRevives())
    started.does(Delete(one))
    started.does(Patch(one, {"title": "Mr."}))
    with pytest.raises(Violation) as violation:
        started.sees(one)
    assert blamed(violation) == "delete.no-revival.patch"


def test_a_refused_duplicate_that_overwrites() -> None:
    started, one, _ = course(RefusedCreatesOverwrite())
    started.does(Create(customers.plain(id=one, firstName="Mallory")))
    with pytest.raises(Violation) as violation:
        started.sees(one)
    assert blamed(violation) == "create.duplicate.keeps-existing"


def test_a_second_customer_is_laid_to_the_upsert() -> None:
    started, one, _ = course(UpsertsDouble())
    started.does(Upsert(one, customers.plain(company=started.company)))
    with pytest.raises(Violation) as violation:
        started.sees_everybody("list")
    assert blamed(violation) == "upsert.no-duplicate"


def test_a_property_that_a_patch_does_not_name() -> None:
    started, one, _ = course(PatchForgets())
    started.does(Patch(one, {"middleName": "King"}))
    with pytest.raises(Violation) as violation:
        started.sees(one)
    assert blamed(violation) == "patch.fields.only-named"


def test_what_is_right_at_the_second_look_is_the_fault_of_get() -> None:
    class Blinking(Tenant):
        blind = False

        def answer(self, operation: Operation) -> tuple[int, Any]:
            if isinstance(operation, Get) and self.blind:
                self.blind = False
                return 404, {}
            return super().answer(operation)

    scripted = Blinking()
    started, one, other = course(scripted)
    started.does(Patch(one, {"title": "Mr."}))
    scripted.blind = True
    with pytest.raises(Violation) as violation:
        started.sees(other)
    assert blamed(violation) == "get.status.ok"


@pytest.mark.parametrize("operation", ["list", "search"])
def test_what_get_shows_right_is_the_fault_of_the_list(operation: str) -> None:
    started, one, _ = course(Tenant())
    client = started.tenant.client
    assert isinstance(client, ScriptedClient)
    client.listed = lambda found: [{**each, "title": "Count"} for each in found]
    with pytest.raises(Violation) as violation:
        started.sees_everybody(operation)
    assert blamed(violation) == f"{operation}.agrees-with-get"
    client.listed = lambda found: [each for each in found if each["id"] != one]
    with pytest.raises(Violation) as violation:
        started.sees_everybody(operation)
    assert blamed(violation) == f"{operation}.complete"


def test_a_reader_who_may_write_breaks_the_scope() -> None:
    class Open(ScriptedClient):
        def patch(self, id: str, body: Any, **how: Any) -> Any:
            return super().patch(id, body)

    started, one, _ = course(Tenant())
    started.refuses_to_reader(Patch(one, {"title": "Mr."}))
    started.sees(one)
    started.tenant.client.__class__ = Open
    with pytest.raises(Violation) as violation:
        started.refuses_to_reader(Patch(one, {"title": "Mr."}))
    assert blamed(violation) == "patch.auth.scope"


def audited(scripted: Tenant) -> tuple[TenantUnderTest, TestRecord, list[str]]:
    """A tenant with three customers that get showed as expected."""
    tenant, trial = asked(scripted)
    ids = [tenant.has(customers.plain(title="Dr.", id=namespace.fresh_id())).id for _ in range(3)]
    for each in ids:
        tenant.get(each).must_show()
    return tenant, trial, ids


def test_the_audit_passes_over_who_was_written_to() -> None:
    tenant, trial, ids = audited(Tenant())
    tenant.patch(ids[0], {"title": "Mr."})
    tenant.forget(tenant.known[ids[1]])
    audit = Audit.of(tenant)
    assert [each.id for each in audit.customers] == ids[2:]
    audit.run()
    assert {"patch.others.unchanged", "list.agrees-with-get"} <= trial.credits.keys()


@pytest.mark.parametrize(
    ("tenant", "operation", "clause"),
    [
        (PatchSpreads, "patch", "patch.others.unchanged"),
        (DeleteSpreads, "delete", "delete.others.unchanged"),
        (RefusedCreatesOverwrite, "create", "create.duplicate.keeps-existing"),
    ],
)
def test_the_audit_finds_who_was_changed_from_elsewhere(
    tenant: type[Tenant], operation: str, clause: str
) -> None:
    under_test, _, ids = audited(tenant())
    body = customers.plain(firstName="Mallory", id=ids[1])
    {
        "patch": lambda: under_test.patch(ids[0], {"middleName": "King"}),
        "delete": lambda: under_test.delete(ids[0]),
        "create": lambda: under_test.create(body),
    }[operation]()
    with pytest.raises(Violation) as violation:
        Audit.of(under_test).run()
    assert blamed(violation) == clause


def test_the_audit_lays_to_the_list_what_get_shows_right() -> None:
    tenant, _, ids = audited(Tenant())
    client = tenant.client
    assert isinstance(client, ScriptedClient)
    client.listed = lambda found: [{**each, "title": "Count"} for each in found]
    with pytest.raises(Violation) as violation:
        Audit.of(tenant).run()
    assert blamed(violation) == "list.agrees-with-get"
    client.listed = lambda found: [each for each in found if each["id"] != ids[0]]
    with pytest.raises(Violation) as violation:
        Audit.of(tenant).run()
    assert blamed(violation) == "list.complete"
