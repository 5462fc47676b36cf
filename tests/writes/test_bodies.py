"""Bodies of create, upsert and patch: what each must accept and refuse, and that a refusal writes nothing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import Answer, Customer, TenantUnderTest, examples, profile, smoke
from harness.params import WRITES, cases, each
from strategies import currencies, customers, namespace, restrictions
from strategies.cases import Case
from strategies.customers import BodyOperation, Constraint

MALFORMED = (
    "no closing brace",
    "a comma at the end",
    "single quotes",
    "a bare word",
    "a byte that is no UTF-8",
)
ROBUST = ("robust.no-5xx",)
NO_OBJECTS = ("an array of an object", "a string")
SMOKE_CONSTRAINTS = frozenset(
    {"create.preferredCurrency.max-length", "patch.firstName.type", "upsert.title.type"}
)


def rows() -> list[Any]:
    """One row for each constraint of each write."""
    marked = []
    for operation in WRITES:
        for constraint in customers.constraints(operation):
            marks = [pytest.mark.clause(constraint.clause, f"{operation}.refused.changes-nothing")]
            if constraint.clause in SMOKE_CONSTRAINTS:
                marks.append(smoke)
            marked.append(
                pytest.param(operation, constraint, id=f"{operation}-{constraint.name}", marks=marks)
            )
    return marked


@pytest.mark.parametrize(("operation", "constraint"), rows())
def test_a_body_with_one_broken_constraint_is_refused(
    tenant: TenantUnderTest, operation: BodyOperation, constraint: Constraint
) -> None:
    target = tenant.target(operation)
    for case in chosen(operation, constraint):
        tenant.write(operation, target, case.value).must_refuse(constraint.clause, about=case.name)
    nothing_changed(tenant, operation, target, case.value)


def chosen(operation: BodyOperation, constraint: Constraint) -> tuple[Case[Any], ...]:
    """The wrong values to ask about: all at night; at the gate one or two, and of ids every character."""
    every = customers.breaking_cases(operation, constraint)
    if profile() == "nightly" or constraint.name == "id.characters":
        return every
    if operation != "create" and constraint.name.endswith(".type") and constraint.name != "b2b.type":
        return every[:1]
    if constraint.name == "b2b.type":
        return (every[0], every[-1])
    turn = 1 + sum(map(ord, constraint.clause)) % max(len(every) - 1, 1)
    return (every[0], *every[turn : turn + 1])


@pytest.mark.parametrize(
    ("operation", "case"),
    cases(WRITES, customers.malformed_json_cases(), "body.malformed", gate=MALFORMED, also=ROBUST),
)
def test_a_body_that_is_not_json_is_refused(
    tenant: TenantUnderTest, operation: str, case: Case[bytes]
) -> None:
    target = tenant.target(operation)

    answer = tenant.write(operation, target, content=case.value, headers={"Content-Type": "application/json"})
    answer.must_refuse(f"{operation}.body.malformed", about=case.name)
    nothing_changed(tenant, operation, target, {})


@pytest.mark.parametrize(
    ("operation", "case"),
    cases(WRITES, customers.not_object_cases(), "body.object", gate=NO_OBJECTS, also=ROBUST),
)
def test_a_body_that_is_no_object_is_refused(
    tenant: TenantUnderTest, operation: str, case: Case[Any]
) -> None:
    target = tenant.target(operation)

    tenant.write(operation, target, case.value).must_refuse(f"{operation}.body.object", about=case.name)
    nothing_changed(tenant, operation, target, {})


@pytest.mark.parametrize("operation", each(WRITES, "body.optional"))
def test_a_request_without_a_body(tenant: TenantUnderTest, operation: str) -> None:
    target = tenant.target(operation)
    answer = tenant.write(operation, target)

    answer.must_answer(200, 201, 204, clause=f"{operation}.body.optional")
    if operation == "create":
        tenant.created(answer)
    else:
        tenant.forget(target)


@pytest.mark.parametrize("operation", each(WRITES, "type.supported"))
@pytest.mark.parametrize("kind", ["CUSTOMER", "CONTACT"])
def test_both_types_are_accepted(tenant: TenantUnderTest, operation: str, kind: str) -> None:
    accepted(tenant, operation, f"{operation}.type.supported", about=kind, type=kind)


@pytest.mark.parametrize("operation", each(WRITES, "type.unsupported"))
@pytest.mark.parametrize("kind", ["ADMIN", "customer"])
def test_a_type_beyond_the_two(tenant: TenantUnderTest, operation: str, kind: str) -> None:
    refused(tenant, operation, f"{operation}.type.unsupported", about=kind, type=kind)


@pytest.mark.parametrize("operation", each(WRITES, "preferredCurrency.iso-4217"))
@given(code=currencies.no_currencies())
@examples(2)
def test_three_letters_that_are_no_currency(tenant: TenantUnderTest, operation: str, code: str) -> None:
    refused(tenant, operation, f"{operation}.preferredCurrency.iso-4217", about=code, preferredCurrency=code)


@pytest.mark.parametrize("operation", each(WRITES, "restriction.listed"))
def test_every_listed_restriction_is_accepted(tenant: TenantUnderTest, operation: str) -> None:
    for listed in tenant.rules.restrictions or ():
        accepted(tenant, operation, f"{operation}.restriction.listed", about=listed, restriction=listed)


def unlisted() -> list[Any]:
    """One row for each write and value: at the gate two or three, mostly near misses, each write its own."""
    gate = {
        "create": ("another value", "a listed value and more", "a beginning of a listed value"),
        "upsert": ("a beginning of a listed value", "two values in one"),
        "patch": ("a beginning of a listed value", "any value"),
    }
    return [
        row
        for operation in WRITES
        for row in cases((operation,), restrictions.unlisted_cases(()), gate=gate[operation])
    ]


@pytest.mark.parametrize(("operation", "case"), unlisted())
def test_an_unlisted_restriction_is_refused(tenant: TenantUnderTest, operation: str, case: Case[str]) -> None:
    values = {each.name: each.value for each in restrictions.unlisted_cases(tenant.rules.restrictions or ())}
    if case.name not in values:
        pytest.skip(f"Not asked: {case.name} is listed.")

    name = f"{operation}.restriction.unlisted"
    refused(tenant, operation, name, about=case.name, restriction=values[case.name])


@pytest.mark.parametrize("operation", each(WRITES, "restriction.case"))
@given(data=st.data())
@examples(2)
def test_a_listed_restriction_in_the_wrong_case(
    tenant: TenantUnderTest, operation: str, data: st.DataObject
) -> None:
    wrong = data.draw(restrictions.wrong_case(tenant.rules.restrictions or ()))

    refused(tenant, operation, f"{operation}.restriction.case", about=wrong.name, restriction=wrong.value)


@pytest.mark.parametrize("operation", each(WRITES, "restriction.null"))
def test_null_is_a_restriction(tenant: TenantUnderTest, operation: str) -> None:
    accepted(tenant, operation, f"{operation}.restriction.null", restriction=None)


@pytest.mark.parametrize("operation", each(WRITES, "restriction.empty"))
def test_an_empty_restriction(tenant: TenantUnderTest, operation: str) -> None:
    observed(tenant, operation, f"{operation}.restriction.empty", restriction="")


@pytest.mark.parametrize("operation", each(WRITES, "null.non-nullable"))
def test_null_where_it_is_not_provided_for(tenant: TenantUnderTest, operation: str) -> None:
    observed(tenant, operation, f"{operation}.null.non-nullable", firstName=None)


@pytest.mark.parametrize("operation", each(WRITES, "unknown-properties"))
def test_unknown_properties(tenant: TenantUnderTest, operation: str) -> None:
    observed(tenant, operation, f"{operation}.unknown-properties", shoeSize=42)


@pytest.mark.parametrize(
    ("operation", "case"),
    [
        row
        for operation in WRITES
        for row in cases((operation,), customers.generated_property_cases(operation))
    ],
)
def test_a_generated_field_is_not_the_clients(
    tenant: TenantUnderTest, operation: str, case: Case[dict[str, Any]]
) -> None:
    clause_id = f"{operation}.{case.constraint}"
    ((name, forged),) = case.value.items()
    target = tenant.target(operation)
    if target and not target.shown:
        tenant.get(target).must_show()
    before = target.shown if target else {}
    answer = tenant.write(operation, target, _body(operation, target, case.value))

    if answer.status == 400:
        nothing_changed(tenant, operation, target, {})
        tenant.trial.credit(clause_id, "refused")
        return
    shown = tenant.get(_written(tenant, operation, target, answer)).must_answer(200, clause=clause_id)
    kept = shown.json.get(name) == before.get(name) if target else shown.json.get(name) != forged
    if not kept:
        tenant.forget(target)
        raise shown.violation(
            clause_id, expected=f"{name} as the tenant made it, not {forged!r}", about=f"$.{name}"
        )
    if name in ("id", "customerNumber"):
        tenant.get(forged).must_be_unknown(clause_id)
    tenant.trial.credit(clause_id, "ignored")


def accepted(
    tenant: TenantUnderTest, operation: str, clause_id: str, *, about: str = "", **parts: Any
) -> Customer:
    """The write with these parts succeeds, and the customer shows them."""
    target = tenant.target(operation)
    answer = tenant.write(operation, target, _body(operation, target, parts))
    if answer.status == 400:
        raise answer.violation(clause_id, expected="a success", about=about)
    customer = _written(tenant, operation, target, answer)
    tenant.get(customer).must_show()
    tenant.trial.credit(clause_id, *([about] if about else []))
    return customer


def refused(tenant: TenantUnderTest, operation: str, clause_id: str, *, about: str, **parts: Any) -> None:
    """The write with these parts is answered 400 and writes nothing."""
    target = tenant.target(operation)
    named = {"id": namespace.fresh_id()} if operation == "create" and tenant.custom_ids else {}
    body = _body(operation, target, named | parts)
    answer = tenant.write(operation, target, body)
    if answer.status < 300:
        _written(tenant, operation, target, answer)
    answer.must_refuse(clause_id, about=about)
    nothing_changed(tenant, operation, target, body)


def observed(tenant: TenantUnderTest, operation: str, clause_id: str, **parts: Any) -> None:
    """What the tenant does where the contract leaves it open: refuse, take as it is, or ignore."""
    target = tenant.target(operation)
    answer = tenant.write(operation, target, _body(operation, target, parts))
    if answer.status == 400:
        tenant.trial.observe(clause_id, "refuses it")
        return
    answer.must_not_be(500, f"{operation}.robust.no-5xx")
    customer = _written(tenant, operation, target, answer)
    shown = tenant.get(customer).must_answer(200).json
    (name, value), *_ = parts.items()
    taken = name in shown and shown[name] == value and value is not None
    tenant.trial.observe(clause_id, "keeps it" if taken else "accepts it and shows nothing of it")
    tenant.forget(target or customer)


def nothing_changed(tenant: TenantUnderTest, operation: str, target: Customer | None, body: Any) -> None:
    """A refused write wrote nothing: no customer came into being, and the target is as it was."""
    clause_id = f"{operation}.refused.changes-nothing"
    if target is not None:
        tenant.get(target).must_show(since=clause_id)
    elif (
        isinstance(body, dict)
        and isinstance(body.get("id"), str)
        and body["id"].startswith(namespace.prefix())
    ):
        tenant.get(body["id"]).must_be_unknown(clause_id)
    else:
        return
    tenant.trial.credit(clause_id)


def _body(operation: str, target: Customer | None, parts: dict[str, Any]) -> dict[str, Any]:
    if operation == "patch":
        return parts
    return customers.plain(**({"contactEmail": target.email} if target else {}), **parts)


def _written(tenant: TenantUnderTest, operation: str, target: Customer | None, answer: Answer) -> Customer:
    if target is None:
        return tenant.created(answer)
    return tenant.updated(answer, target) if operation == "upsert" else tenant.patched(answer, target)
