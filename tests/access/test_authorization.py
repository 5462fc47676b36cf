"""Tokens and scopes: every operation requires a token that permits it; a rejected write has no effect."""

from collections.abc import Sequence
from typing import Any

import pytest

import oracle
from client import Exchange
from harness import (
    MERGE_PATCH,
    OPERATIONS,
    READS,
    TenantApi,
    check_customer,
    check_unchanged,
    clause,
    covering,
    created,
    only_nightly,
    operations,
    poll,
    poll_get,
    shared_customer,
    smoke,
)
from harness.checks.assertions import (
    assert_holds,
    assert_rejected,
    assert_status,
    assert_status_class_is_not,
)
from harness.checks.customers import check_nothing_written
from strategies import customers, namespace, tokens
from tests.access.steps import send_valid, value_of

FORGED = ("an unsigned JWT", "random letters and digits")
NEAR_COPIES = (
    "a real token with another middle",
    "a real token and eight characters more",
    "a real token in the other case",
    "a real token cut short",
)
OTHER_SCHEMES = ("another scheme", "the scheme OAuth", "a longer scheme", "an unregistered scheme")
NEAR_SCHEMES = (
    "the scheme alone",
    "Basic credentials",
    "a colon after the scheme",
    "no space",
    "the token as a parameter",
    "the token in quotes",
    "a word after the token",
)
NO_EFFECT = "refused.changes-nothing"


@smoke
@pytest.mark.parametrize("operation", operations(OPERATIONS, "auth.token-required", NO_EFFECT))
def test_a_request_without_a_token_is_rejected(api: TenantApi, operation: str) -> None:
    customer = shared_customer(api)

    response = send(api.as_("anonymous"), operation, customer)

    with clause(f"{operation}.auth.token-required", "no Authorization"):
        assert_rejected(response, 401)
    check_no_effect(api, response, customer)


def in_turn(aspect: str, always: Sequence[str], others: Sequence[str], count: int) -> list[Any]:
    """One parameter for each operation and name; at the gate each operation gets `count` of the others in turn."""
    return [
        pytest.param(
            operation,
            name,
            marks=[
                covering(f"{operation}.{aspect}"),
                *(
                    []
                    if name in always or (others.index(name) - turn) % len(others) < count
                    else [only_nightly]
                ),
            ],
        )
        for turn, operation in enumerate(OPERATIONS)
        for name in (*always, *others)
    ]


@pytest.mark.parametrize(
    ("operation", "name"), in_turn("auth.token-required", ["no scheme"], NEAR_SCHEMES, 1)
)
def test_a_malformed_header_is_rejected(api: TenantApi, operation: str, name: str) -> None:
    """RFC 6750 §3.1: a malformed header may be rejected with 400."""
    header = value_of(tokens.malformed_header_cases(own_token(api)), name)

    response = send(api, operation, shared_customer(api), authorization=header)

    with clause(f"{operation}.auth.token-required", name):
        assert_rejected(response, 400, 401)


@pytest.mark.parametrize(("operation", "name"), in_turn("auth.token-valid", FORGED, NEAR_COPIES, 3))
def test_a_token_that_was_never_issued_is_rejected(api: TenantApi, operation: str, name: str) -> None:
    forged = value_of(tokens.forged_token_cases(own_token(api)), name)
    if forged is None:
        pytest.skip("Not checked: the token of the tenant has no letters whose case could be changed.")

    response = send(api, operation, shared_customer(api), authorization=f"Bearer {forged}")

    with clause(f"{operation}.auth.token-valid", name):
        assert_rejected(response, 401)


@smoke
@pytest.mark.parametrize("operation", operations(OPERATIONS, "auth.scope", NO_EFFECT))
def test_a_token_of_another_scope_is_rejected(api: TenantApi, operation: str) -> None:
    customer = shared_customer(api)
    identity = "writer" if operation in READS else "reader"

    response = send(api.as_(identity), operation, customer)

    with clause(f"{operation}.auth.scope", f"token of the {identity}"):
        assert_rejected(response, 403)
    check_no_effect(api, response, customer)
    if operation in READS:
        check_reader(api, operation, customer)


@pytest.mark.covers("upsert.auth.scope")
def test_an_upsert_of_a_new_id_needs_the_scope(api: TenantApi) -> None:
    response = api.as_("reader").upsert(namespace.fresh_id(), customers.plain())

    with clause("upsert.auth.scope", "token of the reader, a new id"):
        assert_rejected(response, 403)


@pytest.mark.parametrize("operation", operations(("upsert", "patch"), "auth.scope"))
def test_a_merge_patch_needs_the_scope(api: TenantApi, operation: str) -> None:
    """A tenant that supports no merge patch fails another clause."""
    response = send(api.as_("reader"), operation, shared_customer(api), headers=MERGE_PATCH)

    with clause(f"{operation}.auth.scope", "a merge patch"):
        assert_rejected(response, 403, 415)


@pytest.mark.covers("token.scope.narrowed")
def test_a_narrow_token_permits_what_its_scope_names(api: TenantApi) -> None:
    other = shared_customer(api)

    response = api.as_("writer").create(customers.plain(firstName="made with manage alone"))
    with clause("token.scope.narrowed", "manage alone"):
        assert_status_class_is_not(response, 4)
        customer = created(api, response)
    shown = poll_get(api.as_("reader"), customer)

    with clause("token.scope.narrowed", "read alone"):
        assert_permitted(shown)
        check_customer(api, shown, customer)
    check_unchanged(api, poll_get(api, other), other, "create.others.unchanged")


@pytest.mark.parametrize("operation", operations(OPERATIONS, "auth.other-tenant", NO_EFFECT))
def test_a_token_of_another_tenant_is_rejected(api: TenantApi, other_api: TenantApi, operation: str) -> None:
    customer = shared_customer(api)
    foreign = f"Bearer {other_api.client.tokens.get('other')}"

    response = send(api, operation, customer, authorization=foreign)

    with clause(f"{operation}.auth.other-tenant"):
        assert_rejected(response, 400, 401, 403, 404)
    check_no_effect(api, response, customer)


@pytest.mark.covers("token.scheme.bearer-alone")
@pytest.mark.parametrize(
    ("operation", "name"),
    [(operation, OTHER_SCHEMES[turn % len(OTHER_SCHEMES)]) for turn, operation in enumerate(OPERATIONS)],
)
def test_a_token_under_another_scheme_is_rejected(api: TenantApi, operation: str, name: str) -> None:
    header = value_of(tokens.malformed_header_cases(own_token(api)), name)

    response = send(api, operation, shared_customer(api), authorization=header)

    with clause("token.scheme.bearer-alone", f"{operation}, {name}"):
        assert_rejected(response, 400, 401)


def own_token(api: TenantApi) -> str:
    """The token of the client."""
    return api.client.tokens.get("client") or ""


def send(api: TenantApi, operation: str, customer: oracle.CustomerModel, **options: Any) -> Exchange:
    """A valid request about the customer, so that only the token can be the reason for a rejection."""
    body = customers.plain(contactEmail=customer.email, firstName="intruder")
    if operation == "create":
        own_id = {"id": namespace.fresh_id()} if api.custom_ids else {}
        body = customers.plain(company=namespace.fresh_word(), **own_id)
    return send_valid(api, operation, customer.id, body, **options)


def check_no_effect(api: TenantApi, response: Exchange, customer: oracle.CustomerModel) -> None:
    """A rejected write has changed nothing and created no customer, also when the windows of reads have closed."""
    if response.operation in READS or response.status < 400:
        return
    if response.operation != "create":
        api.windows.read.sleep_until_closed()
        check_nothing_written(api, response, customer)
        return
    api.windows.any_read.sleep_until_closed()
    check_nothing_written(api, response, None)
    company = response.sent["company"]
    listed = api.list(q=f"company:{company}")
    with clause("list.status.ok"):
        assert_status(listed, 200)
    with clause("create.refused.changes-nothing"):
        ids = [each.get("id") for each in listed.customers if each.get("company") == company]
        assert_holds(not ids, "no customer of the company in the request", response=listed, actual=ids)


def check_reader(api: TenantApi, operation: str, customer: oracle.CustomerModel) -> None:
    """The token of the reader permits the read."""
    response = poll(
        lambda: send(api.as_("reader"), operation, customer),
        until=lambda found: found.status == 200,
        within=api.windows.read,
    )
    with clause("token.scope.narrowed", "read alone"):
        assert_permitted(response)
        with clause(f"{operation}.status.ok"):
            assert_status(response, 200)


def assert_permitted(response: Exchange) -> None:
    """The status is neither 401 nor 403."""
    permitted = response.status not in (401, 403)
    assert_holds(permitted, "a status other than 401 and 403", response=response, actual=response.status)
