"""Two tenants share neither customers nor ids nor e-mail addresses."""

from typing import Any

import pytest

import oracle
from client import Exchange
from harness import (
    RESULTS,
    TenantApi,
    check_customer,
    check_found_alone,
    check_unchanged,
    clause,
    create_customer,
    created,
    delete_customer,
    patch_customer,
    poll_get,
    update_customer,
    upserted,
)
from harness.checks.assertions import assert_equal, assert_holds, assert_status
from harness.checks.customers import PAGE
from spec import status_mismatch
from strategies import addresses, customers, namespace
from tests.access.steps import check_not_listed


@pytest.mark.covers("isolation.ids", "isolation.emails", "get.addresses.only-own")
def test_an_id_and_an_email_are_free_in_the_other_tenant(api: TenantApi, other_api: TenantApi) -> None:
    body = shared_body(api)
    here = create_customer(api, body)

    response = other_api.create(body | {"firstName": "there"})

    with clause("isolation.emails"):
        assert_no_conflict(other_api, response)
        there = created(other_api, response)
    if "id" in body:
        with clause("isolation.ids"):
            assert_equal(there.id, here.id, path="$.id", response=response)
    there = check_customer(other_api, poll_get(other_api, there), there)
    if there.id == here.id and other_api.add_address(there.id, addresses.plain()).status == 201:
        check_no_addresses(api, here)
    here = patch_customer(api, here, {"lastName": "Patched"})
    check_customer(api, poll_get(api, here), here)
    check_unchanged(other_api, poll_get(other_api, there), there, "isolation.writes")


def check_no_addresses(api: TenantApi, customer: oracle.CustomerModel) -> None:
    """Get shows no address of the customer, although one of the same id in the other tenant has one."""
    response = poll_get(api, customer, expand="addresses")
    with clause("get.addresses.only-own", "an address in the other tenant"):
        assert_status(response, 200)
        found = oracle.address_names(oracle.addresses_of(response.object))
        assert_equal(found, [], path="$.addresses", response=response)


@pytest.mark.covers("isolation.writes", at_least=3)
def test_writes_in_the_other_tenant_change_nothing_here(api: TenantApi, other_api: TenantApi) -> None:
    """The two customers have the same id and e-mail address."""
    body = shared_body(api)
    here, there = create_customer(api, body), create_customer(other_api, body | {"firstName": "there"})
    here = check_customer(api, poll_get(api, here), here)

    there = patch_customer(other_api, there, {"lastName": "Patched", "contactEmail": there.email})
    check_unaffected(api, here, "patch")
    there = update_customer(other_api, there, {"contactEmail": there.email, "lastName": "Put"})
    check_unaffected(api, here, "upsert")
    delete_customer(other_api, there)
    check_unaffected(api, here, "delete")


@pytest.mark.covers("isolation.customers", at_least=2)
def test_customers_of_the_other_tenant_are_not_shown(api: TenantApi, other_api: TenantApi) -> None:
    theirs = create_customer(other_api, shared_body(api) | {"firstName": "theirs"})
    theirs = check_customer(other_api, poll_get(other_api, theirs), theirs)

    foreign = api.get(theirs.id, authorization=f"Bearer {other_api.client.tokens.get('other')}")
    own = api.get(theirs.id)

    with clause("get.auth.other-tenant", "its own customer"):
        assert_status(foreign, 400, 401, 403, 404)
    if api.custom_ids:  # ids that the tenants generate may be equal
        for response in (own, api.get(theirs.id, expand="accounts")):
            with clause("isolation.customers", "get"):
                assert_status(response, 404)
    for operation in RESULTS:
        check_found_alone(other_api, theirs, f"{operation}.q.exact", operation)
        newest: dict[str, Any] = {"sort": "metadataCreatedAt:desc", "page_size": 30}
        for response in (
            api.query(operation, f"contactEmail:{theirs.email}", expand="accounts", **PAGE),
            api.query(operation, **newest),
        ):
            check_not_listed(response, theirs, "isolation.customers", about=operation)


@pytest.mark.covers("list.auth.other-tenant")
def test_a_client_gets_no_token_for_the_other_tenant(api: TenantApi, other_api: TenantApi) -> None:
    """The token endpoint refuses the name of another tenant, or its token opens nothing there."""
    form = api.client.tokens.form("client")
    words = [word for word in form["scope"].split() if not word.startswith("tenant=")]
    response = api.request_token(form | {"scope": " ".join([f"tenant={other_api.tenant}", *words])})
    token = response.object.get("access_token") if response.status < 300 else None
    if isinstance(token, str):
        response = other_api.list(page_size=1, authorization=f"Bearer {token}")

    with clause("list.auth.other-tenant", "a token requested for it"):
        assert_status(response, 400, 401, 403, 404)


@pytest.mark.covers("isolation.writes", at_least=3)
def test_customers_of_the_other_tenant_cannot_be_written(api: TenantApi, other_api: TenantApi) -> None:
    """Their ids exist in the other tenant alone: here they are unknown to patch and delete, and new to upsert."""
    if not api.custom_ids:
        pytest.skip("Not checked: ids that the tenants generate may be equal.")
    theirs = create_customer(other_api, shared_body(api) | {"firstName": "theirs"})
    theirs = check_customer(other_api, poll_get(other_api, theirs), theirs)

    patch, delete = api.patch(theirs.id, {"firstName": "intruder"}), api.delete(theirs.id)
    upsert = api.upsert(theirs.id, customers.plain(firstName="intruder"))

    with clause("isolation.writes", "unknown here"):
        assert_status(patch, 404)
        assert_status(delete, 404)
        assert_holds(upsert.status != 204, "a status other than 204", response=upsert, actual=upsert.status)
    upserted(api, upsert, theirs.id)
    check_unaffected(other_api, theirs, "patch, delete and upsert")


def shared_body(api: TenantApi) -> dict[str, object]:
    """A body for both tenants, with an id if the tenant accepts one."""
    return customers.plain(firstName="here", **({"id": namespace.fresh_id()} if api.custom_ids else {}))


def assert_no_conflict(api: TenantApi, response: Exchange) -> None:
    """The create met no conflict; after one, the same body with another e-mail address shows which value is taken."""
    if response.status == 409:
        retried = api.create(response.sent | {"contactEmail": namespace.fresh_email()})
        owner = "isolation.emails" if retried.status == 201 else "isolation.ids"
        raise status_mismatch(409, 201, exchange=response).owned_by(owner)


def check_unaffected(api: TenantApi, customer: oracle.CustomerModel, operation: str) -> None:
    """A write in the other tenant has not changed the customer, also when the window of reads has closed."""
    api.windows.read.sleep_until_closed()
    check_unchanged(api, poll_get(api, customer), customer, "isolation.writes", about=operation)
