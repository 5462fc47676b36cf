"""Ids and e-mail addresses: what a customer has is taken, and what no customer has is free."""

from typing import Any

import pytest

import oracle
from client import Exchange
from harness import (
    MIXINS,
    TenantApi,
    check_customer,
    clause,
    create_customer,
    created,
    delete_customer,
    patch_customer,
    poll,
    poll_get,
    shared_customer,
    update_customer,
)
from harness.checks.assertions import assert_rejected, assert_status
from harness.polling import ConsistencyWindow
from strategies import customers, namespace


@pytest.mark.covers("patch.email.freed", "upsert.email.freed", "delete.email.freed")
def test_an_email_that_a_customer_gives_up_is_free(api: TenantApi) -> None:
    """One customer gives up three addresses: by a patch, by an upsert, and the last by its deletion."""
    customer = create_customer(api)

    before, customer = customer, patch_customer(api, customer, {"contactEmail": namespace.fresh_email()})
    check_freed(api, before, "patch.email.freed", customer)
    before, customer = customer, update_customer(api, customer, customers.plain())
    check_freed(api, before, "upsert.email.freed", customer)
    delete_customer(api, customer)
    check_freed(api, customer, "delete.email.freed")


def check_freed(
    api: TenantApi,
    former: oracle.CustomerModel,
    clause_id: str,
    customer: oracle.CustomerModel | None = None,
) -> None:
    """A new customer can have the former address, unless an account of the customer still has it.

    A tenant that shows no accounts may reject the address for an account that cannot be seen.
    """
    window, has_hidden_accounts = api.windows.index if customer else api.windows.listed_deletion, False
    if customer is not None:
        shown = poll_get(api, customer, expand=f"accounts,{MIXINS}")
        check_customer(api, shown, customer)
        accounts = oracle.account_ids(shown.object)
        if former.email in accounts:
            return
        has_hidden_accounts = not accounts

    response = create_when_free(api, customers.plain(contactEmail=former.email), window)
    if response.status == 409 and has_hidden_accounts:
        return

    with clause(clause_id):
        assert_status(response, 201)
    if response.status == 201:
        created(api, response)


def create_when_free(api: TenantApi, body: dict[str, Any], window: ConsistencyWindow) -> Exchange:
    """A create, repeated until it succeeds or the window has closed."""
    return poll(lambda: api.create(body), until=lambda found: found.status == 201, within=window)


@pytest.mark.covers(*(f"{operation}.refused.changes-nothing" for operation in ("create", "upsert", "patch")))
def test_a_rejected_write_takes_neither_id_nor_email(api: TenantApi) -> None:
    owner, new_id = shared_customer(api), namespace.fresh_id()
    body = customers.plain(**({"id": new_id} if api.custom_ids else {}))
    email = {"contactEmail": body["contactEmail"]}
    with clause("create.firstName.type"):
        assert_rejected(api.create(body | {"firstName": 7}))
    for _ in ("taken", "still taken"):
        with clause("create.email.unique"):
            assert_rejected(api.create(body | {"contactEmail": owner.email}), 409)
    with clause("upsert.email.unique"):
        assert_rejected(api.upsert(new_id, customers.plain(contactEmail=owner.email)), 400, 409)
    with clause("upsert.firstName.type"):
        assert_rejected(api.upsert(new_id, email | {"firstName": 7}))
    with clause("patch.firstName.type"):
        assert_rejected(api.patch(owner.id, email | {"firstName": 7}))
    if api.custom_ids:
        with clause("create.id.unique"):
            assert_rejected(api.create(body | {"id": owner.id}), 409)

    response = api.create(body)

    with clause("create.refused.changes-nothing", "the same body, corrected"):
        assert_status(response, 201)
    customer = created(api, response)
    check_customer(api, poll_get(api, customer), customer)
