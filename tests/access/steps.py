"""Requests and checks that several modules of this package use."""

from collections.abc import Iterable, Mapping
from typing import Any

import oracle
from client import Exchange
from harness import MIXINS, TenantApi, clause
from harness.checks.assertions import assert_not_listed, assert_status
from harness.checks.customers import check_count
from strategies.cases import Case


def send_valid(
    api: TenantApi, operation: str, customer_id: str, body: Mapping[str, Any], **options: Any
) -> Exchange:
    """A valid request of an operation: the body is that of create and upsert, and its first name that of patch.

    List has q and get has expand, for a tenant may authorize requests without them alone.
    """
    match operation:
        case "list":
            return api.list(q=f"id:{customer_id}", page_size=1, **options)
        case "search":
            return api.search({}, page_size=1, **options)
        case "get":
            return api.get(customer_id, expand=MIXINS, **options)
        case "delete":
            return api.delete(customer_id, **options)
        case "patch":
            return api.patch(customer_id, {"firstName": body["firstName"]}, **options)
        case _:
            return api.write(operation, customer_id, body, **options)


def value_of(cases: Iterable[Case[str]], name: str) -> str | None:
    """The value of the case with this name; None where there is none."""
    return next((case.value for case in cases if case.name == name), None)


def check_not_listed(
    response: Exchange, customer: oracle.CustomerModel, clause_id: str, *, about: str = ""
) -> None:
    """A result does not hold the customer, and its header Count does not count the customer."""
    with clause(f"{response.operation}.status.ok"):
        assert_status(response, 200)
    with clause(clause_id, about):
        assert_not_listed(response, customer.id)
    if not response.customers:
        check_count(response, 0)
