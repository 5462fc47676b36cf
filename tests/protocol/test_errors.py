"""Refusals: their bodies say what was wrong, in the published shape, and give nothing away."""

from typing import Any

import pytest

import oracle
from client import ABSENT
from harness import Answer, TenantUnderTest, clause
from strategies import customers, namespace

PASSWORD = "Sesame-opens-0nly-here"  # noqa: S105 - sent to see that it does not come back
SPECIAL = {403: ("errors.403.type",), 404: ("errors.404.details",), 409: ("errors.409.type",)}
"""What the contract says of one status alone."""


def refusals() -> list[Any]:
    """One row for each refusal that the contract publishes: operation and status."""
    published = {
        400: ("list", "create", "search", "upsert", "patch"),
        401: ("list", "create", "search", "get", "upsert", "patch", "delete"),
        403: ("list", "create", "search", "get", "upsert", "patch", "delete"),
        404: ("get", "patch", "delete"),
        409: ("create", "upsert"),
    }
    general = [
        "errors.status.equals",
        "errors.body.json",
        "errors.body.no-internals",
        "errors.body.no-secrets",
    ]
    return [
        pytest.param(
            operation,
            status,
            marks=pytest.mark.clause(f"errors.{status}.shape", *general, *SPECIAL.get(status, ())),
        )
        for status, operations in published.items()
        for operation in operations
    ]


@pytest.mark.parametrize(("operation", "status"), refusals())
def test_a_refusal_has_the_published_shape(tenant: TenantUnderTest, operation: str, status: int) -> None:
    answer = refused(tenant, operation, status)
    answer.must_refuse(REFUSES.get((operation, status), f"{operation}.auth.{AUTH.get(status, '')}"), status)

    media_type = (answer.exchange.header("Content-Type") or "").partition(";")[0].strip().lower()
    is_json = answer.json is not ABSENT and (media_type == "application/json" or media_type.endswith("+json"))
    if not is_json:
        tenant.trial.broke(
            answer.violation("errors.body.json", expected="JSON, and a Content-Type that says so")
        )
    tenant.trial.credit("errors.body.json", operation)
    found = oracle.error_shape(status, answer.json)
    if found is not None:
        raise answer.violation(
            f"errors.{status}.shape", expected=found.expected, about=f"{operation}: {found.path}"
        )
    tenant.trial.credit(f"errors.{status}.shape", operation)
    for advice in oracle.error_advice(status, answer.json):
        tenant.trial.broke(advice.violation())
    for name in SPECIAL.get(status, ()):
        tenant.trial.credit(name, operation)


AUTH = {401: "token-required", 403: "scope"}
REFUSES = {
    (operation, 400): name
    for operation, name in {
        "list": "list.pageSize.min",
        "search": "search.pageSize.min",
        "create": "create.firstName.type",
        "upsert": "upsert.firstName.type",
        "patch": "patch.firstName.type",
    }.items()
} | {
    ("get", 404): "get.unknown.not-found",
    ("patch", 404): "patch.unknown.not-found",
    ("delete", 404): "delete.unknown.not-found",
    ("create", 409): "create.email.unique",
    ("upsert", 409): "upsert.email.unique",
}


def refused(tenant: TenantUnderTest, operation: str, status: int) -> Answer:
    """The plainest request of this operation that is refused so, with a password where one fits."""
    asked_as = {401: "anonymous", 403: "writer" if operation in ("list", "search", "get") else "reader"}
    asking = tenant.as_(asked_as.get(status, "client"))
    standing = tenant.standing()
    subject = tenant.unknown_id() if status == 404 else standing
    body: dict[str, Any] = {"firstName": 7 if status == 400 else "Ada", "contactEmail": standing.email}
    match operation:
        case "list":
            return asking.list(page_size=0 if status == 400 else 1)
        case "search":
            return asking.search({}, page_size=0 if status == 400 else 1)
        case "get":
            return asking.get(subject)
        case "create":
            email = standing.email if status == 409 else namespace.fresh_email()
            return asking.create(body | {"contactEmail": email, "password": PASSWORD})
        case "upsert" if status == 409:
            return asking.upsert(tenant.has(), body)
        case "upsert":
            return asking.upsert(subject, body)
        case "patch":
            return asking.patch(subject, {"firstName": body["firstName"]})
        case _:
            return asking.delete(subject)


@clause(
    "create.password.never-returned",
    "get.password.never-returned",
    "upsert.password.never-returned",
    "patch.password.never-returned",
    "list.password.never-returned",
    "search.password.never-returned",
    "delete.password.never-returned",
)
def test_the_password_never_comes_back(tenant: TenantUnderTest) -> None:
    """Every answer of the run is searched for passwords; here one goes through all operations."""
    customer = tenant.has(customers.plain(password=PASSWORD))
    everything = "addresses,accounts,mixin:*"
    tenant.get(customer, expand=everything).must_answer(200)
    for operation in ("list", "search"):
        tenant.query(operation, f"contactEmail:{customer.email}", expand=everything).must_answer(200)
    tenant.updated(tenant.upsert(customer, {"contactEmail": customer.email, "firstName": "Ada"}), customer)
    if tenant.custom_ids:
        tenant.made("upsert", customers.plain())
    tenant.patched(tenant.patch(customer, {"lastName": "Lovelace"}), customer)
    tenant.get(customer, expand=everything).must_answer(200)
    tenant.deleted(customer)


@clause("errors.body.no-secrets")
def test_a_refused_token_is_not_repeated(tenant: TenantUnderTest) -> None:
    """Every refusal of the run is searched for the token that was sent; here one is sure to be sent."""
    answer = tenant.list(page_size=1, authorization=f"Bearer never-issued-{namespace.fresh_word()}")

    answer.must_refuse("list.auth.token-valid", 401)
