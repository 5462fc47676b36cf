"""DELETE /customers/{customerNumber}: gone everywhere, for good, and nobody else with it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import TenantUnderTest, clause, examples, settled, smoke
from strategies import customers, identifiers


@smoke
@clause("delete.unknown.not-found")
@given(unknown=identifiers.unknown_ids())
@examples(3)
def test_an_unknown_customer_cannot_be_deleted(tenant: TenantUnderTest, unknown: str) -> None:
    tenant.delete(unknown).must_answer(404, clause="delete.unknown.not-found")


@clause("delete.status.accepted", "delete.gone.get", "delete.twice.not-found")
@pytest.mark.parametrize("state", [pytest.param("as created", marks=smoke), "inactive and on hold"])
@given(data=st.data())
@examples(1)
def test_a_deleted_customer_is_gone(tenant: TenantUnderTest, state: str, data: st.DataObject) -> None:
    customer = tenant.has(data.draw(tenant.bodies("create")))
    if state != "as created":
        tenant.patched(tenant.patch(customer, {"active": False, "onHold": True}), customer)

    tenant.deleted(customer)
    tenant.delete(customer).must_answer(404, clause="delete.twice.not-found")
    tenant.get(customer).must_be_unknown("delete.gone.get")


@clause("list.deleted.vanishes", "search.deleted.vanishes")
@pytest.mark.parametrize("operation", ["list", "search"])
def test_a_deleted_customer_vanishes_from_results(tenant: TenantUnderTest, operation: str) -> None:
    customer = tenant.has()
    settled(tenant.windows.index, lambda: tenant.finds_alone(customer, f"{operation}.q.exact", operation))
    tenant.deleted(customer)

    window = max(tenant.windows.index, tenant.windows.deletion)
    settled(window, lambda: tenant.finds_nothing(customer, f"{operation}.deleted.vanishes", operation))
    settled(window, lambda: tenant.not_among_newest(customer, f"{operation}.deleted.vanishes", operation))


@clause("delete.body.optional")
@pytest.mark.parametrize("how", [{}, {"body": {}}], ids=["without a body", "with an object"])
def test_a_delete_with_and_without_a_body(tenant: TenantUnderTest, how: dict[str, Any]) -> None:
    customer = tenant.has()
    tenant.delete(customer, **how).must_answer(202, clause="delete.body.optional", about=str(how))
    customer.deleted = True
    settled(tenant.windows.deletion, lambda: tenant.get(customer).must_be_unknown("delete.gone.get"))


@clause("delete.others.unchanged", at_least=2)
@given(data=st.data())
@examples(2)
def test_a_delete_leaves_others_alone(tenant: TenantUnderTest, data: st.DataObject) -> None:
    patched, subject, neighbour = tenant.neighbours(data.draw(tenant.bodies("create")))
    bystanders = [patched, neighbour, tenant.has(data.draw(tenant.bodies("create")))]
    # one is the last that was created, and one the last that was patched
    tenant.patched(tenant.patch(patched, {"company": "Bystanders"}), patched)
    for bystander in bystanders:
        tenant.get(bystander).must_show()

    tenant.deleted(subject)
    for bystander in bystanders:
        tenant.get(bystander).must_show(since="delete.others.unchanged")
        tenant.trial.credit("delete.others.unchanged")


@clause("delete.no-revival.patch", "delete.gone.get")
def test_nothing_revives_a_deleted_customer(tenant: TenantUnderTest) -> None:
    customer = tenant.deleted(tenant.has(firstName="gone"))

    tenant.patch(customer, {"firstName": "back"}).must_answer(404, clause="delete.no-revival.patch")
    tenant.get(customer).must_be_unknown("delete.no-revival.patch")
    tenant.has(firstName="someone else")
    tenant.get(customer).must_answer(404, clause="delete.gone.get", about="after another create")


@clause("delete.email.freed")
def test_deletion_frees_the_email(tenant: TenantUnderTest) -> None:
    former = tenant.deleted(tenant.has())

    def freed() -> None:
        answer = tenant.create(customers.plain(contactEmail=former.email, firstName="successor"))
        answer.must_answer(201, clause="delete.email.freed")
        tenant.get(tenant.created(answer)).must_show()

    settled(max(tenant.windows.deletion, tenant.windows.index), freed)


@clause("delete.id.case-sensitive")
def test_a_delete_finds_a_customer_only_in_the_case_of_its_id(tenant: TenantUnderTest) -> None:
    if not tenant.custom_ids:
        pytest.skip("Not asked: the tenant reads the id pattern literally.")
    customer = tenant.has(customers.plain(id=tenant.unknown_id() + "-case"))

    tenant.delete(identifiers.case_swapped(customer.id)).must_answer(404, clause="delete.id.case-sensitive")
    tenant.get(customer).must_show(since="delete.id.case-sensitive")


@clause("delete.refused.changes-nothing")
def test_a_refused_delete_deletes_nobody(tenant: TenantUnderTest) -> None:
    customer = tenant.has()
    tenant.get(customer).must_show()

    tenant.as_("anonymous").delete(customer).must_answer(401, clause="delete.auth.token-required")
    tenant.get(customer).must_show(since="delete.refused.changes-nothing")
    tenant.trial.credit("delete.refused.changes-nothing", "401")
