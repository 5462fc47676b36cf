"""Tenant names: every operation rejects an invalid one."""

from typing import Any

import pytest

from harness import OPERATIONS, TenantApi, cases, clause
from harness.checks.assertions import assert_rejected
from harness.customers import disposable_id
from strategies import customers, namespace, tenants
from strategies.cases import Case
from tests.access.steps import send_valid, value_of

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
DETAILED = ("list", "create")
"""The operations that have a clause for each constraint; the others have one for all."""


def invalid_names() -> list[Any]:
    """One parameter for each operation and invalid name."""
    every = tenants.invalid_name_cases()
    plainest = [case for case in every if case.name in PLAINEST]
    others = [operation for operation in OPERATIONS if operation not in DETAILED]
    return [*cases(DETAILED, every, gate=GATE), *cases(others, plainest, "tenant.invalid", gate=GATE)]


@pytest.mark.covers("tenant.invalid.answered-400")
@pytest.mark.parametrize(("operation", "case"), invalid_names())
def test_an_invalid_tenant_name_is_rejected(api: TenantApi, operation: str, case: Case[str]) -> None:
    """The contract does not say whether the token or the name is checked first, so 401 and 403 are rejections, too."""
    name = value_of(tenants.invalid_name_cases(api.settings.tenant), case.name)
    if name is None:
        pytest.skip("Not checked: derived from the name of this tenant, the case equals another one.")
    known_id = disposable_id(api, operation) if api.custom_ids else None

    response = send_valid(api, operation, known_id or namespace.fresh_id(), customers.plain(), tenant=name)

    aspect = case.constraint if operation in DETAILED else "tenant.invalid"
    with clause(f"{operation}.{aspect}", case.name):
        assert_rejected(response, 400, 401, 403, 404)
    with clause("tenant.invalid.answered-400", case.name):
        assert_rejected(response, 400)
