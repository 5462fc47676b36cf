"""Two tenants: neither their customers, nor their ids, nor their e-mail addresses meet."""

from functools import partial

from harness import TenantUnderTest, clause, settled
from strategies import customers, namespace


@clause("isolation.ids", "isolation.emails")
def test_ids_and_emails_are_each_tenants_own(tenant: TenantUnderTest, other_tenant: TenantUnderTest) -> None:
    body = customers.plain(firstName="here", **({"id": tenant.unknown_id()} if tenant.custom_ids else {}))
    here = tenant.has(body)
    answer = other_tenant.create(body | {"firstName": "there"})

    if answer.status == 409:
        mended = other_tenant.create(body | {"contactEmail": namespace.fresh_email()})
        shared = "isolation.emails" if mended.status == 201 else "isolation.ids"
        raise answer.violation(shared, expected="201: the id and the address are free in this tenant")
    there = other_tenant.created(answer)
    for name in ("isolation.ids", "isolation.emails"):
        tenant.trial.credit(name)
    other_tenant.get(there).must_show()
    tenant.patched(tenant.patch(here, {"lastName": "Patched"}), here)
    tenant.get(here).must_show(since="isolation.writes")
    other_tenant.get(there).must_show(since="isolation.writes")


@clause("isolation.writes", at_least=3)
def test_what_is_written_there_changes_nothing_here(
    tenant: TenantUnderTest, other_tenant: TenantUnderTest
) -> None:
    body = customers.plain(firstName="here", **({"id": tenant.unknown_id()} if tenant.custom_ids else {}))
    here, there = tenant.has(body), other_tenant.has(body | {"firstName": "there"})
    tenant.get(here).must_show()

    other_tenant.patched(other_tenant.patch(there, {"lastName": "Patched"}), there)
    tenant.get(here).must_show(since="isolation.writes")
    tenant.trial.credit("isolation.writes", "patch")
    change = {"contactEmail": there.email, "lastName": "Put"}
    other_tenant.updated(other_tenant.upsert(there, change), there)
    tenant.get(here).must_show(since="isolation.writes")
    tenant.trial.credit("isolation.writes", "upsert")
    other_tenant.deleted(there)
    tenant.get(here).must_show(since="isolation.writes")
    tenant.trial.credit("isolation.writes", "delete")


@clause("isolation.customers", at_least=3)
def test_a_tenant_shows_no_customer_of_another(
    tenant: TenantUnderTest, other_tenant: TenantUnderTest
) -> None:
    theirs = other_tenant.has(customers.plain(firstName="theirs"))
    other_tenant.get(theirs).must_show()
    foreign = f"Bearer {other_tenant.client.tokens.get('other')}"
    astray = tenant.get(theirs.id, authorization=foreign)
    astray.must_answer(400, 401, 403, 404, clause="get.auth.other-tenant", about="its own customer")

    tenant.get(theirs.id).must_answer(404, clause="isolation.customers", about="get")
    for operation in ("list", "search"):
        found = partial(other_tenant.finds_alone, theirs, f"{operation}.q.exact", operation)
        settled(tenant.windows.index, found)
        tenant.finds_nothing(theirs, "isolation.customers", operation)
        tenant.trial.credit("isolation.customers", operation)
