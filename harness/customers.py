"""Customers as preconditions: what a test needs before it acts. Their responses are checked, too."""

from collections.abc import Mapping
from typing import Any

import pytest

import oracle
from client import Exchange
from harness.api import DISPOSABLE, SHARED, TenantApi
from harness.checks.assertions import assert_holds, assert_id, assert_status
from harness.checks.customers import check_customer, check_not_found, confirm, poll_get, poll_until_gone
from harness.checks.evidence import clause, current_record
from harness.data import permitted
from strategies import customers, namespace

LITERAL_PATTERN = "Not checked: the tenant reads the id pattern literally."


def create_customer(
    api: TenantApi, body: Mapping[str, Any] | None = None, **parts: Any
) -> oracle.CustomerModel:
    """A customer as a precondition, of this body or of a plain one with these parts.

    A rejected create fails create's clauses. An id is left out where the tenant accepts none.
    """
    sent = permitted(api, body if body is not None else customers.plain(**parts))
    if not api.custom_ids:
        sent.pop("id", None)
    return created(api, api.create(sent))


def created(api: TenantApi, response: Exchange) -> oracle.CustomerModel:
    """The customer that a create has created, as the body of the request describes it."""
    with clause("create.status.created"):
        assert_status(response, 201)
    sent, customer_id = response.sent, response.object.get("id")
    with clause("create.answer.id"):
        assert_id(response)
    new_id = str(customer_id)
    if "id" in sent:
        with clause("create.id.custom"):
            assert_holds(new_id == sent["id"], f"the id {sent['id']!r}", response=response, path="$.id")
    else:
        with clause("create.id.generated-unique"):
            unique = new_id not in api.known.ids
            assert_holds(unique, "an id that no customer has had", response=response, path="$.id")
    api.known.ids.add(new_id)
    return oracle.created(sent, id=new_id, rules=api.rules, by="create")


def upsert_customer(api: TenantApi, body: Mapping[str, Any] | None = None) -> oracle.CustomerModel:
    """A customer created by upsert under a new id, as a precondition, of this body or of a plain one."""
    new_id = namespace.fresh_id()
    response = api.upsert(new_id, permitted(api, customers.plain() if body is None else body))
    return upserted(api, response, new_id)


def upserted(api: TenantApi, response: Exchange, customer_id: str) -> oracle.CustomerModel:
    """The customer that an upsert has created under the id of its path."""
    skip_if_literal(api, response)
    with clause("upsert.create.status"):
        assert_status(response, 201)
    new_id = response.object.get("id")
    with clause("upsert.create.answer-id"):
        assert_id(response)
    with clause("upsert.create.same-id"):
        assert_holds(new_id == customer_id, f"the id {customer_id!r}", response=response, path="$.id")
    api.known.ids.add(customer_id)
    return oracle.created(response.sent, id=customer_id, rules=api.rules, by="upsert")


def update_customer(
    api: TenantApi, customer: oracle.CustomerModel, body: Mapping[str, Any], **options: Any
) -> oracle.CustomerModel:
    """The customer after an upsert, as a precondition."""
    return updated(api, api.upsert(customer.id, permitted(api, body), **options), customer)


def updated(api: TenantApi, response: Exchange, customer: oracle.CustomerModel) -> oracle.CustomerModel:
    """The customer after an upsert that has updated it."""
    with clause("upsert.update.status"):
        assert_status(response, 204)
    return oracle.upserted(customer, response.sent, id=customer.id, rules=api.rules)


def patch_customer(
    api: TenantApi, customer: oracle.CustomerModel, change: Mapping[str, Any], **options: Any
) -> oracle.CustomerModel:
    """The customer after a patch, as a precondition."""
    return patched(api.patch(customer.id, permitted(api, change), **options), customer)


def patched(
    response: Exchange, customer: oracle.CustomerModel, *, merges: bool = False
) -> oracle.CustomerModel:
    """The customer after a patch that has succeeded; merges: it was a JSON merge patch."""
    with clause("patch.status.ok"):
        assert_status(response, 200)
    return oracle.patched(customer, response.sent, merges=merges)


def read_version(api: TenantApi, customer: oracle.CustomerModel) -> tuple[oracle.CustomerModel, int]:
    """The customer, confirmed by get, and its metadata.version; the test is skipped where the tenant shows none."""
    shown = poll_get(api, customer)
    customer = check_customer(api, shown, customer)
    version = (shown.object.get("metadata") or {}).get("version")
    if not isinstance(version, int):
        pytest.skip("Not checked: the tenant shows no metadata.version.")
    return customer, version


def delete_customer(api: TenantApi, customer: oracle.CustomerModel) -> oracle.CustomerModel:
    """The customer, deleted, and not found any more when the window of deletions has closed."""
    response = api.delete(customer.id)
    with clause("delete.status.accepted"):
        assert_status(response, 202)
    check_not_found(poll_until_gone(api, customer.id), "delete.gone.get", customer)
    return customer


def shared_customer(api: TenantApi, name: str = SHARED) -> oracle.CustomerModel:
    """A customer that several tests share by its name and that is as expected.

    A failure of a test that uses it discards it.
    """
    current_record().uses.add(name)
    customer: oracle.CustomerModel | None = api.known.shared.get(name)
    if customer is None:
        customer = create_customer(api, full_body(api))
        customer = api.known.shared[name] = check_customer(api, poll_get(api, customer), customer)
    return customer


def share_again(api: TenantApi, shown: Exchange, customer: oracle.CustomerModel) -> None:
    """Share a customer as get shows it now, after a write that later tests must expect."""
    if SHARED in api.known.shared and api.known.shared[SHARED].id == customer.id:
        api.known.shared[SHARED] = confirm(api, shown, customer)


def disposable_id(api: TenantApi, operation: str) -> str | None:
    """The id of a customer whose state no check depends on; None for create, which needs none."""
    if operation == "create":
        return None
    if DISPOSABLE not in api.known.shared:
        customer = create_customer(api, id=namespace.fresh_id())
        api.known.ids.discard(customer.id)
        api.known.shared[DISPOSABLE] = customer
    return str(api.known.shared[DISPOSABLE].id)


def subject_for(api: TenantApi, operation: str) -> oracle.CustomerModel | None:
    """The shared customer for a write; None for create. After an accepted write, `share_again` keeps it shared."""
    return None if operation == "create" else shared_customer(api)


def similar_customers(
    api: TenantApi, body: Mapping[str, Any], **parts: Any
) -> tuple[oracle.CustomerModel, oracle.CustomerModel, oracle.CustomerModel]:
    """A customer of this body, one to write to, and one more, each with these parts.

    Where ids can be chosen they are long and equal in 60 characters: the second is an SQL pattern that matches the
    first, and a prefix of the third.
    """
    stem = namespace.fresh_id(length=60)
    first, second = f"{stem}x", f"{stem}_"
    return (
        create_customer(api, {**body, "id": first, **parts}),
        create_customer(api, id=second, **parts),
        create_customer(api, id=f"{second}-2", **parts),
    )


def full_body(api: TenantApi) -> dict[str, Any]:
    """A body that gives every property a value other than its default."""
    name = namespace.fresh_name()
    body = customers.plain(
        title="Dr.",
        middleName="King",
        contactPhone="+49 30 123",
        company="Analytical Engines",
        preferredLanguage="de_DE",
        preferredCurrency="EUR",
        preferredSite=api.rules.sites[-1],
        type="CONTACT",
        photoUrl="https://example.com/ada.png",
        b2b={"companyRegistrationId": "HRB 1815"},
        mixins={name: {"points": 7, "tags": ["a", "b"]}},
        metadata={"mixins": {name: "https://example.com/schema.json"}},
    )
    return permitted(api, body) | (
        {"restriction": api.rules.restrictions[0]} if api.rules.restrictions else {}
    )


def body_for(customer: oracle.CustomerModel | None, **parts: Any) -> dict[str, Any]:
    """A small valid body with these parts; with the e-mail address of the customer if there is one."""
    return customers.plain(**({} if customer is None else {"contactEmail": customer.email}), **parts)


def restricted_site(api: TenantApi) -> str:
    """A site that is a restriction as well, which an unset restriction may follow; else the first site."""
    restrictions = api.rules.restrictions or ()
    return next((site for site in api.rules.sites if site in restrictions), api.rules.sites[0])


def skip_if_literal(api: TenantApi, response: Exchange) -> None:
    """Skip the test where an upsert rejects an id of several characters as create does."""
    if response.status == 400 and not api.custom_ids:
        pytest.skip(LITERAL_PATTERN)


def skip_unless_custom_ids(api: TenantApi) -> None:
    """Skip a test that needs ids of its own."""
    if not api.custom_ids:
        pytest.skip(LITERAL_PATTERN)
