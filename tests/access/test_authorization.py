"""Tokens and scopes: every operation opens to the right token alone; a closed door writes nothing."""

from collections.abc import Iterable
from typing import Any

import pytest

from harness import Answer, Customer, TenantUnderTest, clause, only_nightly, smoke
from harness.exchange_utils import sent_body
from strategies import customers, namespace, tokens
from strategies.cases import Case

OPERATIONS = ("list", "create", "search", "get", "upsert", "patch", "delete")
READS = frozenset({"list", "search", "get"})
INVENTED = ("random letters and digits", "an unsigned JWT")
NEAR_COPIES = (
    "a real token cut short",
    "a real token and eight characters more",
    "a real token in the other case",
    "a real token with another middle",
)


def own_token(tenant: TenantUnderTest) -> str:
    """The token that the tenant's client holds."""
    return tenant.client.tokens.get("client") or ""


def named(cases: Iterable[Case[str]], name: str) -> str:
    """The value of the case with this name; empty where there is none."""
    return next((case.value for case in cases if case.name == name), "")


def each(aspect: str) -> list[Any]:
    """One row for each operation, marked with its clause of this aspect."""
    return [pytest.param(operation, marks=clause_of(operation, aspect)) for operation in OPERATIONS]


def clause_of(operation: str, aspect: str) -> Any:
    names = [f"{operation}.{aspect}"]
    if operation not in READS and aspect != "auth.token-valid":
        names.append(f"{operation}.refused.changes-nothing")
    return pytest.mark.clause(*names)


def asked(tenant: TenantUnderTest, operation: str, target: Customer, **how: Any) -> Answer:
    """A valid request of this operation about the target, so that only the token can be what is wrong."""
    body = customers.plain(contactEmail=target.email, firstName="intruder")
    match operation:
        case "list":
            return tenant.list(page_size=1, **how)
        case "search":
            return tenant.search({}, page_size=1, **how)
        case "get":
            return tenant.get(target, **how)
        case "create":
            own_id = {"id": tenant.unknown_id()} if tenant.custom_ids else {}
            return tenant.create(customers.plain(company=namespace.fresh_word(), **own_id), **how)
        case "upsert":
            return tenant.upsert(target, body, **how)
        case "patch":
            return tenant.patch(target, {"firstName": "intruder"}, **how)
        case _:
            return tenant.delete(target, **how)


def nothing_happened(tenant: TenantUnderTest, operation: str, target: Customer, answer: Answer) -> None:
    """A write that was not let in changed nothing and made nobody."""
    if operation in READS:
        return
    name = f"{operation}.refused.changes-nothing"
    body = sent_body(answer.exchange)
    if operation == "create":
        if "id" in body:
            tenant.get(body["id"]).must_be_unknown(name)
        made = tenant.query("list", f"company:{body['company']}").must_answer(200)
        if any(each.get("company") == body["company"] for each in made.customers):
            raise made.violation(name, expected="nobody of the company of a refused create")
    else:
        tenant.get(target).must_show(since=name)
    tenant.trial.credit(name)


@smoke
@pytest.mark.parametrize("operation", each("auth.token-required"))
def test_without_a_token_nothing_opens(tenant: TenantUnderTest, operation: str) -> None:
    target = tenant.standing()
    answer = asked(tenant.as_("anonymous"), operation, target)

    answer.must_refuse(f"{operation}.auth.token-required", 401, about="no Authorization")
    nothing_happened(tenant, operation, target, answer)


@pytest.mark.parametrize("operation", each("auth.token-required"))
@pytest.mark.parametrize("name", ["the scheme alone", "Basic credentials"])
def test_a_header_without_a_token_opens_nothing(tenant: TenantUnderTest, operation: str, name: str) -> None:
    """RFC 6750 answers a malformed header with 400."""
    header = named(tokens.malformed_header_cases(own_token(tenant)), name)
    answer = asked(tenant, operation, tenant.standing(), authorization=header)

    answer.must_refuse(f"{operation}.auth.token-required", 400, 401, about=name)


def never_issued() -> list[Any]:
    """One row for each operation and token; at the gate each operation gets one of the near copies in turn."""
    return [
        pytest.param(
            operation,
            name,
            marks=[
                clause_of(operation, "auth.token-valid"),
                *([] if name in (*INVENTED, NEAR_COPIES[turn % len(NEAR_COPIES)]) else [only_nightly]),
            ],
        )
        for turn, operation in enumerate(OPERATIONS)
        for name in (*INVENTED, *NEAR_COPIES)
    ]


@pytest.mark.parametrize(("operation", "name"), never_issued())
def test_a_token_that_was_never_issued_opens_nothing(
    tenant: TenantUnderTest, operation: str, name: str
) -> None:
    target = tenant.standing()
    forged = named(tokens.never_issued_cases(own_token(tenant)), name)
    if not forged:
        pytest.skip("Not asked: the tenant's token has no letters to turn.")
    answer = asked(tenant, operation, target, authorization=f"Bearer {forged}")

    answer.must_refuse(f"{operation}.auth.token-valid", 401, about=name)


@smoke
@pytest.mark.parametrize("operation", each("auth.scope"))
def test_a_token_opens_only_what_its_scope_says(tenant: TenantUnderTest, operation: str) -> None:
    target = tenant.standing()
    wrong, right = ("writer", "reader") if operation in READS else ("reader", "writer")
    answer = asked(tenant.as_(wrong), operation, target)

    answer.must_refuse(f"{operation}.auth.scope", 403, about=f"{wrong}'s token")
    nothing_happened(tenant, operation, target, answer)
    if operation in READS:
        opened = asked(tenant.as_(right), operation, target)
        opened.must_answer(200, clause="token.scope.narrowed" if opened.status in (401, 403) else "")


@clause("upsert.auth.scope")
def test_an_upsert_of_a_new_id_needs_the_scope_too(tenant: TenantUnderTest) -> None:
    answer = tenant.as_("reader").upsert(tenant.unknown_id(), customers.plain())

    answer.must_refuse("upsert.auth.scope", 403, about="reader's token, a new id")


@clause("token.scope.narrowed")
def test_a_narrow_token_still_opens_what_it_names(tenant: TenantUnderTest) -> None:
    answer = tenant.as_("writer").create(customers.plain(firstName="made with manage alone"))
    answer.must_not_be(400, "token.scope.narrowed", about="manage alone")
    customer = tenant.created(answer)

    looked = tenant.as_("reader").get(customer)
    if looked.status in (401, 403):
        raise looked.violation("token.scope.narrowed", expected="200", about="read alone")
    looked.must_show()
    tenant.trial.credit("token.scope.narrowed")
    tenant.get(tenant.standing()).must_show(since="create.others.unchanged")


@pytest.mark.parametrize("operation", each("auth.other-tenant"))
def test_another_tenants_token_opens_nothing(
    tenant: TenantUnderTest, other_tenant: TenantUnderTest, operation: str
) -> None:
    target = tenant.standing()
    foreign = f"Bearer {other_tenant.client.tokens.get('other')}"
    answer = asked(tenant, operation, target, authorization=foreign)

    answer.must_answer(400, 401, 403, 404, clause=f"{operation}.auth.other-tenant")
    nothing_happened(tenant, operation, target, answer)


@clause("token.scheme.bearer-alone")
@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(
    "name",
    [
        "another scheme",
        *(
            pytest.param(name, marks=only_nightly)
            for name in (
                "no scheme",
                "no space",
                "the scheme OAuth",
                "the token in quotes",
                "a word behind the token",
            )
        ),
    ],
)
def test_a_token_under_another_scheme(tenant: TenantUnderTest, operation: str, name: str) -> None:
    target = tenant.standing()
    header = named(tokens.malformed_header_cases(own_token(tenant)), name)
    answer = asked(tenant, operation, target, authorization=header)
    if operation not in READS and answer.status < 300:
        tenant.forget(target)

    answer.must_answer(400, 401, clause="token.scheme.bearer-alone", about=f"{name}, {operation}")
