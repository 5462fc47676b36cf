"""The final check attributes a changed customer to the write that most likely caused the change."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from client import TransientError
from client.lifecycle.ledger import Ledger, Outcome
from harness import TenantApi, check_customer, create_customer, poll_get
from harness.checks.evidence import Record
from meta_tests.support import faulty_tenants as faulty
from meta_tests.support.oracle_samples import Tenant
from meta_tests.support.scripted_tenant import ScriptedClient, scripted_api
from oracle import Delete, Operation
from spec import Mismatch
from strategies import customers, namespace
from tests.histories.test_final_state import CHUNK, rejected_emails, unwritten
from tests.histories.test_final_state import test_customers_without_later_writes_are_unchanged as final_check

pytestmark = pytest.mark.usefixtures("record")


def confirmed_customers(tenant: Tenant, count: int = 3) -> tuple[TenantApi, ScriptedClient, list[str]]:
    """A tenant with this number of confirmed customers."""
    api, client = scripted_api(tenant)
    created = [create_customer(api, title="Dr.", id=namespace.fresh_id()) for _ in range(count)]
    for customer in created:
        check_customer(api, poll_get(api, customer), customer)
    return api, client, [customer.id for customer in created]


def test_customers_with_later_writes_are_left_out(record: Record) -> None:
    api, _, (first, second, third) = confirmed_customers(Tenant())
    api.patch(first, {"title": "Mr."})
    api.known.forget(second)
    assert [customer.id for customer, _ in unwritten(api)] == [third]
    final_check(api)
    assert {"patch.others.unchanged", "list.agrees-with-get"} <= record.total.passed.keys()


class LosesDeletions(Tenant):
    """Deletes customers without a response."""

    def answer(self, operation: Operation) -> tuple[int, Any]:
        answer = super().answer(operation)
        if isinstance(operation, Delete):
            raise TransientError("the gateway answered 504.")
        return answer


def test_a_deletion_without_a_response_leaves_the_customer_out_and_a_rejected_one_does_not() -> None:
    api, _, ids = confirmed_customers(LosesDeletions())
    assert api.as_("reader").delete(ids[0]).status == 403
    with pytest.raises(TransientError):
        api.delete(ids[1])
    assert api.known.confirmed.keys() == {ids[0], ids[2]}


@pytest.mark.parametrize(
    ("tenant", "write", "clause_id"),
    [
        (
            faulty.PatchChangesOthers,
            lambda api, ids: api.patch(ids[0], {"middleName": "King"}),
            "patch.others.unchanged",
        ),
        (faulty.DeleteRemovesOthers, lambda api, ids: api.delete(ids[0]), "delete.others.unchanged"),
        (
            faulty.RejectedCreateOverwrites,
            lambda api, ids: api.create(customers.plain(firstName="Mallory", id=ids[1])),
            "create.duplicate.keeps-existing",
        ),
    ],
)
def test_changed_customer_belongs_to_the_write(
    tenant: type[Tenant], write: Callable[[TenantApi, list[str]], object], clause_id: str
) -> None:
    api, _, ids = confirmed_customers(tenant())
    write(api, ids)
    with pytest.raises(Mismatch) as raised:
        final_check(api)
    assert raised.value.clause == clause_id


def test_result_that_differs_from_get_belongs_to_the_list() -> None:
    api, client, ids = confirmed_customers(Tenant())
    client.result = lambda _, selected: [{**each, "title": "Count"} for each in selected]
    with pytest.raises(Mismatch) as raised:
        final_check(api)
    assert raised.value.clause == "list.agrees-with-get"
    client.result = lambda _, selected: [each for each in selected if each["id"] != ids[0]]
    with pytest.raises(Mismatch) as raised:
        final_check(api)
    assert raised.value.clause == "list.complete"


def test_a_query_that_also_finds_ids_in_another_case_hides_no_customer(record: Record) -> None:
    api, client, _ = confirmed_customers(Tenant(), CHUNK)
    client.result = lambda _, selected: [{**selected[0], "id": selected[0]["id"].upper()}, *selected]
    final_check(api)
    assert "list.agrees-with-get" in record.total.passed


def test_addresses_of_rejected_creates_without_an_id(tmp_path: Path) -> None:
    own, lost, foreign = namespace.fresh_email(), namespace.fresh_email(), "somebody@example.com"
    creates: tuple[tuple[str, str | None, Outcome], ...] = (
        (own, None, "refused"),
        (namespace.fresh_email(), namespace.fresh_id(), "refused"),
        (namespace.fresh_email(), None, "answered"),
        (lost, None, "lost"),
        (lost, None, "refused"),
        (foreign, None, "refused"),
    )
    with closing(Ledger.open(tmp_path / "abcde.jsonl", {})) as ledger:
        for email, new_id, outcome in creates:
            ledger.record_outcome(ledger.record_intent("acme", id=new_id, email=email), outcome)
        api = SimpleNamespace(tenant="acme", client=SimpleNamespace(ledger=ledger))
        assert rejected_emails(cast("TenantApi", api)) == [own]
