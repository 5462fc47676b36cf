"""Tenant names: an invalid one opens nothing, whatever the operation."""

from typing import Any

import pytest

from harness import Answer, TenantUnderTest, only_nightly
from harness.clause_ids import of
from strategies import customers, tenants

GATE = (
    "2 characters",
    "17 characters",
    "255 characters",
    "the name in upper case",
    "a capital at the end",
    "a digit first",
    "a hyphen inside",
    "an umlaut inside",
    "a space at the end",
)
PLAINEST = ("2 characters", "17 characters", "the name in upper case")
OPERATIONS = ("list", "create", "search", "get", "upsert", "patch", "delete")


def rows() -> list[Any]:
    """One row for each operation and broken name; list and create have a clause for each constraint."""
    marked = []
    for operation in OPERATIONS:
        for case in tenants.broken_name_cases():
            names = of(operation, aspect=case.constraint) or of(operation, aspect="tenant.invalid")
            if names[0].endswith("tenant.invalid") and case.name not in PLAINEST:
                continue
            marks = [pytest.mark.clause(*names, "tenant.invalid.answered-400")]
            if case.name not in GATE:
                marks.append(only_nightly)
            marked.append(
                pytest.param(operation, case.name, names[0], id=f"{operation}-{case.name}", marks=marks)
            )
    return marked


@pytest.mark.parametrize(("operation", "case", "clause_id"), rows())
def test_an_invalid_tenant_name_is_refused(
    tenant: TenantUnderTest, operation: str, case: str, clause_id: str
) -> None:
    """The contract does not say which comes first, the token or the name: 401 and 403 refuse as well."""
    broken = next(
        (each.value for each in tenants.broken_name_cases(tenant.settings.tenant) if each.name == case), None
    )
    if broken is None:
        pytest.skip("Not asked: made from this tenant's name, the case is the same as another.")
    answer = in_tenant(tenant, broken, operation)

    answer.must_answer(400, 401, 403, 404, clause=clause_id, about=case)
    if answer.status != 400:
        tenant.trial.broke(answer.violation("tenant.invalid.answered-400", expected="400", about=case))
    tenant.trial.credit("tenant.invalid.answered-400", case)


def in_tenant(tenant: TenantUnderTest, name: str, operation: str) -> Answer:
    """A valid request about an existing customer (if ids can be named), but for the tenant's name in its path."""
    subject = (tenant.guinea_pig(operation) if tenant.custom_ids else None) or tenant.unknown_id()
    match operation:
        case "list":
            return tenant.list(page_size=1, tenant=name)
        case "search":
            return tenant.search({}, page_size=1, tenant=name)
        case "create":
            return tenant.create(customers.plain(), tenant=name)
        case "get":
            return tenant.get(subject, tenant=name)
        case "upsert":
            return tenant.upsert(subject, customers.plain(), tenant=name)
        case "patch":
            return tenant.patch(subject, {"firstName": "Ada"}, tenant=name)
        case _:
            return tenant.delete(subject, tenant=name)
