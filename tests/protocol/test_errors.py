"""Error responses: the published shape, and nothing that helps an attacker."""

from typing import Any

import pytest

import oracle
from client import Exchange
from harness import (
    OPERATIONS,
    READS,
    RESULTS,
    TenantApi,
    clause,
    covering,
    create_customer,
    delete_customer,
    patch_customer,
    poll_get,
    shared_customer,
    update_customer,
    upsert_customer,
)
from harness.checks.assertions import assert_holds, assert_no_mismatch, assert_rejected, assert_status
from spec import ABSENT, Mismatch
from strategies import namespace

PASSWORD = "Sesame-opens-0nly-here"  # noqa: S105 - sent to check that it is not returned
PUBLISHED = {
    400: ("list", "create", "search", "upsert", "patch"),
    401: OPERATIONS,
    403: OPERATIONS,
    404: ("get", "patch", "delete"),
    409: ("create", "upsert"),
}
"""The operations that the contract publishes each status for."""
SPECIAL = {401: "errors.401.fault", 403: "errors.403.type", 404: "errors.404.details", 409: "errors.409.type"}
"""The SHOULD clauses about one status alone."""
INVARIANTS = (
    "errors.status.equals",
    "errors.body.json",
    "errors.body.no-internals",
    "errors.body.no-secrets",
)
REJECTS = {
    (400, "list"): "list.pageSize.min",
    (400, "search"): "search.pageSize.min",
    (400, "create"): "create.firstName.type",
    (400, "upsert"): "upsert.firstName.type",
    (400, "patch"): "patch.firstName.type",
    (409, "create"): "create.email.unique",
    (409, "upsert"): "upsert.email.unique",
    **{(401, operation): f"{operation}.auth.token-required" for operation in OPERATIONS},
    **{(403, operation): f"{operation}.auth.scope" for operation in OPERATIONS},
    **{(404, operation): f"{operation}.unknown.not-found" for operation in PUBLISHED[404]},
}
"""The clause that promises each rejection."""


@pytest.mark.parametrize(
    ("operation", "status"),
    [
        pytest.param(
            operation,
            status,
            marks=covering(
                f"errors.{status}.shape", *INVARIANTS, *([SPECIAL[status]] if status in SPECIAL else [])
            ),
        )
        for status, operations in PUBLISHED.items()
        for operation in operations
    ],
)
def test_an_error_has_the_published_shape(api: TenantApi, operation: str, status: int) -> None:
    response = send_rejected(api, operation, status)

    with clause(REJECTS[status, operation]):
        assert_rejected(response, status)
    with clause("errors.body.json", operation):
        assert_holds(
            is_json(response),
            "JSON with its media type",
            response=response,
            actual=response.header("Content-Type"),
        )
    if status != 401 or response.response_body:  # no member of the body of a 401 is required
        with clause(f"errors.{status}.shape", operation):
            assert_no_mismatch(oracle.error_shape_mismatch(status, response.json), response)
    if status in SPECIAL:
        with clause(SPECIAL[status], operation):
            assert_no_mismatch(advice(response, SPECIAL[status]), response)


def is_json(response: Exchange) -> bool:
    """Whether the body is JSON and the header Content-Type says so."""
    media_type = (response.header("Content-Type") or "").partition(";")[0].strip().lower()
    return response.json is not ABSENT and (media_type == "application/json" or media_type.endswith("+json"))


def advice(response: Exchange, clause_id: str) -> Mismatch | None:
    """How the error deviates from a SHOULD clause."""
    found = oracle.error_advice(response.status, response.json)
    return next((each for each in found if each.clause == clause_id), None)


def send_rejected(api: TenantApi, operation: str, status: int) -> Exchange:
    """The simplest request of this operation that is rejected with this status.

    With a password where the body has one.
    """
    identity = {401: "anonymous", 403: "writer" if operation in READS else "reader"}.get(status, "client")
    sender, shared = api.as_(identity), shared_customer(api)
    customer_id = namespace.fresh_id() if status == 404 else shared.id
    body: dict[str, Any] = {"firstName": 7 if status == 400 else "Ada", "contactEmail": shared.email}
    page: dict[str, Any] = {"page_size": 0 if status == 400 else 1}
    match operation:
        case "list" | "search":
            return sender.query(operation, **page)
        case "get":
            return sender.get(customer_id)
        case "create":
            email = shared.email if status == 409 else namespace.fresh_email()
            return sender.create(body | {"contactEmail": email, "password": PASSWORD})
        case "upsert":
            return sender.upsert(create_customer(api).id if status == 409 else customer_id, body)
        case "patch":
            return sender.patch(customer_id, {"firstName": body["firstName"]})
        case _:
            return sender.delete(customer_id)


@pytest.mark.covers(*(f"{operation}.password.never-returned" for operation in OPERATIONS))
def test_the_password_is_never_returned(api: TenantApi) -> None:
    """An invariant of every response; here one password passes through all operations."""
    everything = "addresses,accounts,mixin:*"
    customer = create_customer(api, password=PASSWORD)
    responses = [poll_get(api, customer, expand=everything)]
    responses += [api.query(each, f"contactEmail:{customer.email}", expand=everything) for each in RESULTS]
    customer = update_customer(api, customer, {"contactEmail": customer.email, "firstName": "Ada"})
    if api.custom_ids:
        upsert_customer(api)
    api.patch(customer.id, {"password": PASSWORD})  # which a tenant may reject or ignore
    customer = patch_customer(api, customer, {"lastName": "Lovelace"})
    responses.append(poll_get(api, customer, expand=everything))
    delete_customer(api, customer)

    for response in responses:
        with clause(f"{response.operation}.status.ok"):
            assert_status(response, 200)


@pytest.mark.covers("errors.body.no-secrets")
def test_a_rejected_token_is_not_repeated(api: TenantApi) -> None:
    """An invariant of every error; here a token is surely sent."""
    response = api.list(page_size=1, authorization=f"Bearer never-issued-{namespace.fresh_word()}")

    with clause("list.auth.token-valid"):
        assert_rejected(response, 401)
