"""Null, and empty values, in each property: a tenant may reject them, but never with 5xx."""

from typing import Any

import pytest

from harness import MERGE_PATCH, WRITES, TenantApi, cases, clause
from harness.checks.assertions import assert_no_server_error
from harness.customers import disposable_id
from strategies import customers, namespace
from strategies.cases import Case

Body = dict[str, Any]


@pytest.mark.parametrize(
    ("operation", "case"),
    [
        each
        for operation in WRITES
        for each in cases((operation,), customers.null_cases(operation), "robust.no-5xx")
        if each.values[1].name != "firstName"
    ],
)
def test_null_for_each_property(api: TenantApi, operation: str, case: Case[Body]) -> None:
    """The customer that it is written to is one whose state no check depends on."""
    named = {"id": namespace.fresh_id()} if operation == "create" and api.custom_ids else {}
    whole = {} if operation == "patch" else customers.plain(firstName="Null", **named)

    response = api.write(operation, disposable_id(api, operation), whole | case.value)

    with clause(f"{operation}.robust.no-5xx", f"null in {case.name}"):
        assert_no_server_error(response)


@pytest.mark.covers("patch.robust.no-5xx")
def test_null_for_every_property_in_a_merge_patch(api: TenantApi) -> None:
    merged = dict.fromkeys(case.name for case in customers.null_cases("patch") if case.name in case.value)

    response = api.write("patch", disposable_id(api, "patch"), merged, headers=MERGE_PATCH)

    with clause("patch.robust.no-5xx", "null in every property of a merge patch"):
        assert_no_server_error(response)
