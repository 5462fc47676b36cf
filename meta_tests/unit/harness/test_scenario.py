"""A scenario attributes each mismatch to the step that caused it."""

import pytest

from harness.checks.evidence import Record
from meta_tests.support import faulty_tenants as faulty
from meta_tests.support.oracle_samples import Tenant
from meta_tests.support.scripted_tenant import ScriptedClient, scripted_api
from oracle import Create, Delete, Patch, Upsert
from spec import Mismatch
from strategies import customers, namespace
from tests.histories.scenario import Scenario

pytestmark = pytest.mark.usefixtures("record")


def start(tenant: Tenant) -> tuple[Scenario, ScriptedClient, str, str]:
    """A scenario with two confirmed customers."""
    api, client = scripted_api(tenant)
    scenario = Scenario(api)
    body = customers.plain(title="Dr.", company=scenario.company)
    first = scenario.execute(Create(body | {"id": namespace.fresh_id()})).subject
    second = scenario.execute(Upsert(namespace.fresh_id(), customers.plain(company=scenario.company))).subject
    for customer in (first, second):
        scenario.check(customer)
    return scenario, client, first, second


def test_conforming_responses_are_evidence(record: Record) -> None:
    scenario, _, first, _ = start(Tenant())
    scenario.execute(Patch(first, {"title": "Dr."}))
    scenario.check_everything()
    scenario.execute(Delete(first))
    scenario.check_everything()
    expected = {
        "create.status.created",
        "patch.fields.only-named",
        "delete.gone.get",
        "search.deleted.vanishes",
    }
    assert expected <= record.total.passed.keys()
    assert not record.failed


def test_change_of_another_customer_belongs_to_the_patch() -> None:
    scenario, _, first, second = start(faulty.PatchChangesOthers())
    scenario.execute(Patch(first, {"middleName": "King"}))
    scenario.check(first)
    with pytest.raises(Mismatch) as raised:
        scenario.check(second)
    assert raised.value.clause == "patch.others.unchanged"


def test_of_several_steps_the_one_that_sent_the_value_is_suspected() -> None:
    scenario, _, first, second = start(faulty.PatchChangesOthers())
    scenario.execute(Patch(first, {"middleName": "King"}))
    scenario.execute(Create(customers.plain(id=namespace.fresh_id(), company=scenario.company)))
    with pytest.raises(Mismatch) as raised:
        scenario.check(second)
    assert raised.value.clause == "patch.others.unchanged"


def test_customer_that_a_delete_removed_is_missed_by_the_next_write() -> None:
    scenario, _, first, second = start(faulty.DeleteRemovesOthers())
    scenario.execute(Delete(first))
    with pytest.raises(Mismatch) as raised:
        scenario.execute(Patch(second, {"title": "Mr."}))
    assert raised.value.clause == "delete.others.unchanged"


def test_deleted_customer_that_exists_again_belongs_to_the_patch() -> None:
    scenario, _, first, _ = start(faulty.PatchRevives())
    scenario.execute(Delete(first))
    scenario.execute(Patch(first, {"title": "Mr."}))
    with pytest.raises(Mismatch) as raised:
        scenario.check(first)
    assert raised.value.clause == "delete.no-revival.patch"


def test_rejected_duplicate_that_overwrites() -> None:
    scenario, _, first, _ = start(faulty.RejectedCreateOverwrites())
    scenario.execute(Create(customers.plain(id=first, firstName="Mallory")))
    with pytest.raises(Mismatch) as raised:
        scenario.check(first)
    assert raised.value.clause == "create.duplicate.keeps-existing"


def test_second_customer_belongs_to_the_upsert() -> None:
    scenario, _, first, _ = start(faulty.UpsertDuplicates())
    scenario.execute(Upsert(first, customers.plain(company=scenario.company)))
    with pytest.raises(Mismatch) as raised:
        scenario.check_all_listed("list")
    assert raised.value.clause == "upsert.no-duplicate"


def test_property_that_a_patch_does_not_name() -> None:
    scenario, _, first, _ = start(faulty.PatchRemovesTitle())
    scenario.execute(Patch(first, {"middleName": "King"}))
    with pytest.raises(Mismatch) as raised:
        scenario.check(first)
    assert raised.value.clause == "patch.fields.only-named"


@pytest.mark.parametrize("operation", ["list", "search"])
def test_result_that_differs_from_get_belongs_to_the_result(operation: str) -> None:
    scenario, client, first, _ = start(Tenant())
    client.result = lambda _, selected: [{**each, "title": "Count"} for each in selected]
    with pytest.raises(Mismatch) as raised:
        scenario.check_all_listed(operation)
    assert raised.value.clause == f"{operation}.agrees-with-get"
    client.result = lambda _, selected: [each for each in selected if each["id"] != first]
    with pytest.raises(Mismatch) as raised:
        scenario.check_all_listed(operation)
    assert raised.value.clause == f"{operation}.complete"


def test_reader_that_may_write() -> None:
    scenario, client, first, _ = start(Tenant())
    scenario.reject_for_reader(Patch(first, {"title": "Mr."}))
    scenario.check(first)
    client.writers = frozenset({"client", "reader"})
    with pytest.raises(Mismatch) as raised:
        scenario.reject_for_reader(Patch(first, {"title": "Mr."}))
    assert raised.value.clause == "patch.auth.scope"


def test_a_tenant_may_notice_a_deletion_before_the_scope() -> None:
    scenario, client, first, _ = start(Tenant())
    scenario.execute(Delete(first))
    client.writers = frozenset({"client", "reader"})  # the tenant answers 404 to the reader as well
    scenario.reject_for_reader(Patch(first, {"title": "Mr."}))
