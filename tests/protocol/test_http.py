"""HTTP (RFC 9110): methods that a resource does not have, media types, and what a response says of its body."""

from typing import Any

import pytest

from harness import (
    TenantApi,
    cases,
    check_customer,
    check_unchanged,
    clause,
    covering,
    create_customer,
    patch_customer,
    poll_get,
    shared_customer,
)
from harness.checks.assertions import assert_allows, assert_rejected, assert_status
from harness.customers import body_for, share_again, subject_for
from strategies import namespace, queries
from strategies.cases import Case

# DELETE of the collection is never sent: a tenant that took it for a deletion could delete everything.
MISSING_METHODS = (
    ("PUT", "collection", "", {"GET", "POST"}),
    ("PATCH", "collection", "", {"GET", "POST"}),
    ("POST", "item", "/{id}", {"GET", "PUT", "PATCH", "DELETE"}),
)


@pytest.mark.parametrize(
    ("method", "kind", "below", "allowed"),
    [
        pytest.param(
            *each, id=f"{each[0]} {each[1]}", marks=covering(f"http.method.{each[1]}", "http.method.allow")
        )
        for each in MISSING_METHODS
    ],
)
def test_a_method_that_the_resource_does_not_have(
    api: TenantApi, method: str, kind: str, below: str, allowed: set[str]
) -> None:
    customer, body = shared_customer(api), {"lastName": namespace.fresh_id()}

    response = api.send(method, api.path() + below.format(id=customer.id), operation="other", json=body)

    with clause(f"http.method.{kind}"):
        assert_rejected(response, 405)
    with clause("http.method.allow", method):
        assert_allows(response, allowed)
    check_unchanged(api, poll_get(api, customer), customer, f"http.method.{kind}", about=method)


@pytest.mark.covers("http.conditional.fresh")
def test_a_conditional_get_shows_a_change(api: TenantApi) -> None:
    """With the validators of the response before the change, or with a tag that no response had."""
    customer = shared_customer(api)
    before = poll_get(api, customer)
    check_customer(api, before, customer)
    headers = {"If-None-Match": before.header("ETag") or '"never"'}
    if modified := before.header("Last-Modified"):
        headers["If-Modified-Since"] = modified

    customer = patch_customer(api, customer, change_of_same_length(before.object))
    after = poll_get(api, customer, headers=headers)

    with clause("http.conditional.fresh"):
        assert_status(after, 200)
    check_customer(api, after, customer)
    share_again(api, after, customer)


def change_of_same_length(shown: dict[str, Any]) -> dict[str, Any]:
    """The flags exchanged, or, where they are equal, another first name."""
    active, on_hold = shown.get("active"), shown.get("onHold")
    if isinstance(active, bool) and isinstance(on_hold, bool) and active != on_hold:
        return {"active": on_hold, "onHold": active}
    name = str(shown.get("firstName") or "Ada")
    return {"firstName": ("b" if name[:1] == "a" else "a") * len(name)}


@pytest.mark.covers("http.content-type.json", "http.cache.private", at_least=3)
def test_responses_are_declared_as_private_json(api: TenantApi) -> None:
    """Invariants of every response; here each operation that shows customers responds once."""
    customer = create_customer(api)

    for response in (poll_get(api, customer), api.list(page_size=1), api.search({}, page_size=1)):
        with clause(f"{response.operation}.status.ok"):
            assert_status(response, 200)


@pytest.mark.covers("http.media-type.unsupported")
@pytest.mark.parametrize("operation", ["create", "upsert", "patch"])
def test_a_write_that_is_not_json(api: TenantApi, operation: str) -> None:
    subject = subject_for(api, operation)
    headers = {"Content-Type": "text/plain"}

    response = api.write(
        operation,
        subject.id if subject else None,
        content=f"lastName={namespace.fresh_id()}".encode(),
        headers=headers,
    )

    with clause("http.media-type.unsupported", operation):
        assert_rejected(response, 400, 415)


@pytest.mark.covers("http.media-type.charset")
def test_json_may_name_its_charset(api: TenantApi) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}

    response = api.search(content=b"{}", headers=headers, page_size=1)

    with clause("http.media-type.charset"):
        assert_status(response, 200)


@pytest.mark.parametrize(
    ("operation", "case"),
    cases(("create", "upsert"), queries.invalid_flag_cases(), gate=("a word", "a number", "a list")),
)
def test_a_flag_that_is_no_boolean(api: TenantApi, operation: str, case: Case[str]) -> None:
    subject = subject_for(api, operation)
    body, parameter = body_for(subject, firstName="never"), {"sendPasswordResetNotifications": case.value}

    response = api.write(operation, subject.id if subject else None, body, params=parameter)

    with clause(f"{operation}.{case.constraint}", case.name):
        assert_rejected(response)
