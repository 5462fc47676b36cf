"""Bodies of create, upsert and patch: unspecified values, and properties that the tenant generates."""

from typing import Any

import pytest

import oracle
from client import Exchange
from harness import (
    MERGE_PATCH,
    WRITES,
    TenantApi,
    cases,
    check_customer,
    check_not_found,
    check_unchanged,
    clause,
    create_customer,
    operations,
    poll_get,
    poll_query,
)
from harness.checks.assertions import (
    assert_holds,
    assert_no_server_error,
    assert_not_listed,
    assert_status,
)
from harness.checks.customers import check_nothing_written
from harness.customers import patched, share_again, subject_for
from spec import ABSENT
from strategies import customers, namespace
from strategies.cases import Case
from tests.writes.steps import body_with, customer_after

Body = dict[str, Any]


@pytest.mark.parametrize("operation", operations(WRITES, "restriction.empty"))
def test_an_empty_restriction(api: TenantApi, operation: str) -> None:
    observe_write(api, operation, f"{operation}.restriction.empty", "restriction", "")


@pytest.mark.parametrize("operation", operations(WRITES, "null.non-nullable", "robust.no-5xx"))
def test_null_for_a_property_that_is_not_nullable(api: TenantApi, operation: str) -> None:
    observe_write(api, operation, f"{operation}.null.non-nullable", "firstName", None)


@pytest.mark.covers("patch.null.unsets", "list.q.fresh")
def test_null_in_a_patch(api: TenantApi) -> None:
    former = namespace.fresh_word()
    customer = create_customer(api, firstName=former, lastName="too")
    response = api.patch(customer.id, {"firstName": None})
    if response.status == 400:
        check_unchanged(api, poll_get(api, customer), customer, "patch.refused.changes-nothing")
        reading = "rejected"
    else:
        expected = patched(response, customer)
        shown = poll_get(api, expected)
        check_customer(api, shown, expected)
        reading = "ignored" if shown.object.get("firstName") == former else "unset"
    if reading == "unset":
        check_no_longer_found(api, customer, f"firstName:{former}")

    with clause("patch.null.unsets") as scope:
        scope.observe(reading)


def check_no_longer_found(api: TenantApi, customer: oracle.CustomerModel, q: str) -> None:
    """A list by a value that a patch has unset does not find the customer."""
    listed = poll_query(api, "list", q, until=lambda found: customer.id not in found.ids)
    with clause("list.status.ok"):
        assert_status(listed, 200)
    with clause("list.q.fresh", "unset"):
        assert_not_listed(listed, customer.id)


@pytest.mark.parametrize(
    "operation", operations(WRITES, "unknown-properties", "lastName.round-trip", "fields.only-named")
)
def test_an_unknown_property(api: TenantApi, operation: str) -> None:
    observe_write(api, operation, f"{operation}.unknown-properties", "shoeSize", 42)


def observe_write(api: TenantApi, operation: str, clause_id: str, name: str, value: Any) -> None:
    """What the tenant does with a value for which the contract has no rule: reject, store or ignore it."""
    subject = subject_for(api, operation)
    response = api.write(
        operation, subject.id if subject else None, body_with(operation, subject, {name: value})
    )
    with clause(f"{operation}.robust.no-5xx", name):
        assert_no_server_error(response)
    reading = "rejected"
    if response.status != 400:
        customer = customer_after(api, operation, subject, response)
        api.windows.read.sleep_until_closed()
        shown = poll_get(api, customer)
        with clause("get.status.ok"):
            assert_status(shown, 200)
        check_customer(api, shown, customer)
        share_again(api, shown, customer)
        stored = value is not None and shown.object.get(name, ABSENT) == value
        reading = "stored" if stored else "ignored"

    with clause(clause_id) as scope:
        scope.observe(reading)


@pytest.mark.parametrize("operation", operations(WRITES, "mixins.round-trip"))
def test_reserved_names_of_members_in_mixins(api: TenantApi, operation: str) -> None:
    """A tenant may reject such names; those that it accepts are read back."""
    subject = subject_for(api, operation)
    mixins = {namespace.fresh_name(): customers.RESERVED_NAMES}

    response = api.write(
        operation, subject.id if subject else None, body_with(operation, subject, {"mixins": mixins})
    )

    if response.status == 400:
        check_nothing_written(api, response, subject)
        pytest.skip("Not checked: the tenant rejects these names.")
    customer = customer_after(api, operation, subject, response)
    shown = poll_get(api, customer)
    check_customer(api, shown, customer)
    share_again(api, shown, customer)


@pytest.mark.parametrize(
    ("operation", "case"),
    [
        each
        for operation in WRITES
        for each in cases((operation,), customers.generated_property_cases(operation))
    ],
)
def test_a_generated_property_cannot_be_set(api: TenantApi, operation: str, case: Case[Body]) -> None:
    """A tenant may reject or ignore the property; it may make a customer with a company B2B on its own."""
    ((name, forged),) = case.value.items()
    subject = subject_for(api, operation)
    if subject is not None and name == "businessModel":
        subject = create_customer(api)

    response = api.write(
        operation, subject.id if subject else None, body_with(operation, subject, case.value)
    )

    clause_id = f"{operation}.{case.constraint}"
    with clause(clause_id, "rejected" if response.status == 400 else "ignored"):
        if response.status == 400:
            check_nothing_written(api, response, subject)
            return
        customer = customer_after(api, operation, subject, response)
        shown = poll_get(api, customer)
        assert_status(shown, 200)
        assert_generated(shown, name, forged, subject, customer)
        if name in ("id", "customerNumber"):
            check_not_found(api.get(forged), clause_id)
    share_again(api, shown, customer)


@pytest.mark.covers(*(f"patch.{case.constraint}" for case in customers.generated_property_cases("create")))
def test_a_merge_patch_sets_no_generated_property(api: TenantApi) -> None:
    """All of them but the id in one body, which a tenant may reject or ignore."""
    generated = customers.generated_property_cases("create")
    customer = create_customer(api)
    customer = check_customer(api, poll_get(api, customer), customer)
    forged = {name: value for case in generated for name, value in case.value.items()}

    response = api.patch(customer.id, forged, headers=MERGE_PATCH)

    if response.status != 200:
        check_nothing_written(api, response, customer)
        return
    after = patched(response, customer, merges=True)
    shown = poll_get(api, after)
    for case in generated:
        ((name, value),) = case.value.items()
        with clause(f"patch.{case.constraint}", "in a merge patch"):
            assert_status(shown, 200)
            assert_generated(shown, name, value, customer, after)


def assert_generated(
    shown: Exchange,
    name: str,
    forged: Any,
    before: oracle.CustomerModel | None,
    after: oracle.CustomerModel,
) -> None:
    """The property has its value from before the write, or another than the forged one that the write may leave."""
    value = shown.object.get(name, ABSENT)
    if name == "b2b":
        entities = value.get("legalEntities") if isinstance(value, dict) else None
        is_stored = any(each.get("id") == forged["legalEntities"][0]["id"] for each in entities or [])
        assert_holds(not is_stored, "no entity of the body", response=shown, path="$.b2b", actual=value)
        return
    is_kept = before is not None and bool(before.permitted_as(name, value))
    is_permitted = before is None or bool(after.permitted_as(name, value))
    is_generated = is_kept or (is_permitted and not oracle.same(value, forged))
    assert_holds(is_generated, f"a generated {name}, not {forged!r}", response=shown, path=f"$.{name}")
