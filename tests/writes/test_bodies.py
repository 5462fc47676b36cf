"""Bodies of create, upsert and patch: what each accepts and rejects, and that a rejected request writes nothing."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given

from harness import (
    JSON,
    WRITES,
    TenantApi,
    cases,
    check_customer,
    clause,
    covering,
    create_customer,
    created,
    examples,
    operations,
    poll_get,
    profile,
    smoke,
)
from harness.checks.assertions import assert_holds, assert_rejected, assert_status
from harness.checks.customers import check_nothing_written
from harness.customers import share_again, subject_for
from harness.data import wrong_case_restrictions
from harness.transient_errors import retry_on_transient_errors
from strategies import currencies, customers, namespace, restrictions
from strategies.cases import Case
from strategies.customers import BodyOperation, Constraint
from strategies.customers.properties import FLAGS, OBJECTS
from tests.writes.steps import body_with, customer_after

MALFORMED = ("no closing brace", "no comma between members")
EXTENSIONS = ("a comma at the end", "two documents", "a byte that is not UTF-8")
NO_OBJECTS = ("an array of an object", "a string")
SMOKE_CONSTRAINTS = frozenset(
    {"create.preferredCurrency.max-length", "patch.firstName.type", "upsert.title.type"}
)


# -- violated constraints -----------------------------------------------------------------------------------------


def constraints() -> list[Any]:
    """One parameter for each constraint of each write."""
    return [
        pytest.param(
            operation,
            constraint,
            id=f"{operation}-{constraint.name}",
            marks=[
                covering(constraint.clause, f"{operation}.refused.changes-nothing"),
                *([smoke] if constraint.clause in SMOKE_CONSTRAINTS else []),
            ],
        )
        for operation in WRITES
        for constraint in customers.constraints(operation)
    ]


@pytest.mark.parametrize(("operation", "constraint"), constraints())
def test_a_body_that_violates_one_constraint_is_rejected(
    api: TenantApi, operation: BodyOperation, constraint: Constraint
) -> None:
    subject = subject_for(api, operation)
    violating = [case for case in cases_of_profile(operation, constraint) if api.permits(case.value)]
    if not violating:
        pytest.skip("Not checked: [safety] in tenant.toml permits no companies.")
    write = retry_on_transient_errors(api.write)  # repeated as a whole, so many requests would rarely succeed

    for case in violating:
        response = write(operation, subject.id if subject else None, case.value)
        with clause(constraint.clause, case.name):
            assert_rejected(response)
        if response.status < 400:  # a SHOULD clause, whose failure does not end the test
            return

    check_nothing_written(api, response, subject)


def cases_of_profile(operation: BodyOperation, constraint: Constraint) -> tuple[Case[Any], ...]:
    """The violating values: all at nightly, two at the gate; of the characters of ids all."""
    every = customers.invalid_body_cases(operation, constraint)
    if profile() == "nightly" or constraint.name == "id.characters":
        return every
    if constraint.property in (*FLAGS, *OBJECTS) or constraint.name == "preferredCurrency.min-length":
        return every[:2]  # those that a tenant accepts most likely
    turn = 1 + sum(map(ord, constraint.clause)) % max(len(every) - 1, 1)
    return (every[0], *every[turn : turn + 1])


def bytes_cases(make: Callable[[], Sequence[Case[bytes]]], aspect: str, gate: Sequence[str]) -> list[Any]:
    """One parameter for each write and case; each has an e-mail address of its own, so that none is a conflict."""
    return [
        each
        for operation in WRITES
        for each in cases((operation,), make(), aspect, gate=gate, also=("robust.no-5xx",))
    ]


@pytest.mark.parametrize(
    ("operation", "case"), bytes_cases(customers.malformed_json_cases, "body.malformed", MALFORMED)
)
def test_a_body_that_is_not_json_is_rejected(api: TenantApi, operation: str, case: Case[bytes]) -> None:
    check_bytes_rejected(api, operation, case, "body.malformed")


@pytest.mark.parametrize(
    ("operation", "case"), bytes_cases(customers.json_extension_cases, "body.extensions", EXTENSIONS)
)
def test_an_extension_of_json_is_rejected(api: TenantApi, operation: str, case: Case[bytes]) -> None:
    check_bytes_rejected(api, operation, case, "body.extensions")


@pytest.mark.parametrize(
    ("operation", "case"),
    cases(WRITES, customers.not_object_cases(), "body.object", gate=NO_OBJECTS, also=("robust.no-5xx",)),
)
def test_a_body_that_is_no_object_is_rejected(api: TenantApi, operation: str, case: Case[Any]) -> None:
    subject = subject_for(api, operation)

    response = api.write(operation, subject.id if subject else None, case.value)

    with clause(f"{operation}.body.object", case.name):
        assert_rejected(response)
    check_nothing_written(api, response, subject)


@pytest.mark.parametrize("operation", operations(WRITES, "type.unsupported"))
@pytest.mark.parametrize("kind", ["ADMIN", "customer"])
def test_another_type_is_rejected(api: TenantApi, operation: str, kind: str) -> None:
    check_rejected(api, operation, f"{operation}.type.unsupported", about=kind, type=kind)


@pytest.mark.parametrize("operation", operations(WRITES, "preferredCurrency.iso-4217"))
@given(code=currencies.unassigned_currencies())
@examples(2)
def test_three_letters_that_are_no_currency_are_rejected(api: TenantApi, operation: str, code: str) -> None:
    clause_id = f"{operation}.preferredCurrency.iso-4217"
    check_rejected(api, operation, clause_id, about=code, preferredCurrency=code)


# -- accepted values ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", operations(WRITES, "body.optional"))
def test_a_request_without_a_body(api: TenantApi, operation: str) -> None:
    """An upsert without a body may reset what it leaves out, so it has a customer of its own."""
    subject = None if operation == "create" else create_customer(api)

    response = api.write(operation, subject.id if subject else None)

    with clause(f"{operation}.body.optional"):
        assert_status(response, 200, 201, 204)
        if subject is None:
            created(api, response)


@pytest.mark.parametrize("operation", operations(WRITES, "type.supported"))
@pytest.mark.parametrize("kind", ["CUSTOMER", "CONTACT"])
def test_both_types_are_accepted(api: TenantApi, operation: str, kind: str) -> None:
    check_accepted(api, operation, f"{operation}.type.supported", about=kind, type=kind)


@pytest.mark.parametrize("operation", operations(WRITES, "restriction.listed"))
def test_every_listed_restriction_is_accepted(api: TenantApi, operation: str) -> None:
    for listed in api.rules.restrictions or ():
        check_accepted(api, operation, f"{operation}.restriction.listed", about=listed, restriction=listed)


@pytest.mark.parametrize("operation", operations(WRITES, "restriction.null"))
def test_null_is_a_restriction(api: TenantApi, operation: str) -> None:
    check_accepted(api, operation, f"{operation}.restriction.null", restriction=None)


# -- restrictions that are not listed -----------------------------------------------------------------------------


def unlisted_restrictions() -> list[Any]:
    """One parameter for each write and value; at the gate two or three, mostly near misses."""
    gate = {
        "create": ("another value", "a listed value and more", "the code of a site"),
        "upsert": ("a beginning of a listed value", "two values in one"),
        "patch": ("a beginning of a listed value", "a listed value and a space"),
    }
    return [
        each
        for operation in WRITES
        for each in cases((operation,), restrictions.unlisted_cases(()), gate=gate[operation])
    ]


@pytest.mark.parametrize(("operation", "case"), unlisted_restrictions())
def test_an_unlisted_restriction_is_rejected(api: TenantApi, operation: str, case: Case[str]) -> None:
    unlisted = restrictions.unlisted_cases(api.rules.restrictions or (), api.rules.sites[0])
    values = {each.name: each.value for each in unlisted}
    if case.name not in values:
        pytest.skip(f"Not checked: {case.name} is listed.")

    clause_id = f"{operation}.restriction.unlisted"
    check_rejected(api, operation, clause_id, about=case.name, restriction=values[case.name])


@pytest.mark.parametrize("operation", operations(WRITES, "restriction.case"))
@given(wrong=wrong_case_restrictions())
@examples(2)
def test_a_listed_restriction_in_another_case(api: TenantApi, operation: str, wrong: Case[str]) -> None:
    clause_id = f"{operation}.restriction.case"
    check_rejected(api, operation, clause_id, about=wrong.name, restriction=wrong.value)


# -- what every test of this module does --------------------------------------------------------------------------


def check_accepted(api: TenantApi, operation: str, clause_id: str, *, about: str = "", **parts: Any) -> None:
    """The write with these parts succeeds, and get shows them."""
    subject = subject_for(api, operation)
    response = api.write(operation, subject.id if subject else None, body_with(operation, subject, parts))
    with clause(clause_id, about):
        assert_holds(response.status != 400, "an accepted value", response=response, actual=response.status)
        customer = customer_after(api, operation, subject, response)
        shown = poll_get(api, customer)
        check_customer(api, shown, customer)
    share_again(api, shown, customer)


def check_bytes_rejected(api: TenantApi, operation: str, case: Case[bytes], aspect: str) -> None:
    """The write with these bytes as its body is rejected with 400 and writes nothing."""
    subject = subject_for(api, operation)
    response = api.write(operation, subject.id if subject else None, content=case.value, headers=JSON)
    with clause(f"{operation}.{aspect}", case.name):
        assert_rejected(response)
    check_nothing_written(api, response, subject)


def check_rejected(api: TenantApi, operation: str, clause_id: str, *, about: str, **parts: Any) -> None:
    """The write with these parts is rejected with 400 and writes nothing."""
    subject = subject_for(api, operation)
    named = {"id": namespace.fresh_id()} if operation == "create" and api.custom_ids else {}
    body = body_with(operation, subject, named | parts)
    response = api.write(operation, subject.id if subject else None, body)
    with clause(clause_id, about):
        assert_rejected(response)
    check_nothing_written(api, response, subject)
