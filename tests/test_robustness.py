"""Odd input: whatever arrives, no answer is a 5xx, and every customer stays as it was."""

from typing import Any

import pytest

from strategies import customers, paths, queries
from strategies.cases import Case
from tests.asking import TenantUnderTest, clause

WRITES = ("create", "upsert", "patch")


def rows(operations: tuple[str, ...], cases: tuple[Case[Any], ...]) -> list[Any]:
    """One row for each operation and case, marked with the operation's clause."""
    return [
        pytest.param(operation, case, id=f"{operation}-{case.name}", marks=pytest.mark.clause(f"{operation}.robust.no-5xx"))
        for operation in operations
        for case in cases
    ]


@pytest.mark.parametrize(("operation", "case"), rows((*WRITES, "search"), customers.odd_body_cases()))
def test_an_odd_body(tenant: TenantUnderTest, operation: str, case: Case[bytes]) -> None:
    headers = {"Content-Type": "application/json"}
    if operation == "search":
        answer = tenant.search(content=case.value, headers=headers)
    else:
        target = tenant.standing(operation)
        answer = tenant.write(operation, target, content=case.value, headers=headers)
        tenant.forget(target)
    answer.must_not_be(500, f"{operation}.robust.no-5xx", about=case.name)


@pytest.mark.parametrize(("operation", "case"), rows(WRITES, customers.odd_text_cases()))
def test_odd_text(tenant: TenantUnderTest, operation: str, case: Case[bytes]) -> None:
    target = tenant.standing(operation)
    answer = tenant.write(operation, target, content=case.value, headers={"Content-Type": "application/json"})
    tenant.forget(target)

    answer.must_not_be(500, f"{operation}.robust.no-5xx", about=case.name)


@pytest.mark.parametrize(("operation", "case"), rows(("get", "upsert", "patch", "delete"), paths.odd_segment_cases()))
def test_an_odd_customer_number(tenant: TenantUnderTest, operation: str, case: Case[str]) -> None:
    method = {"get": "GET", "upsert": "PUT", "patch": "PATCH", "delete": "DELETE"}[operation]
    body = {} if operation in ("get", "delete") else {"json": {"firstName": "Odd"}}
    answer = tenant.send(method, tenant.path(f"/customers/{case.value}"), operation=operation, **body)

    answer.must_not_be(500, f"{operation}.robust.no-5xx", about=case.name)


@pytest.mark.parametrize(("operation", "case"), rows(("list", "search"), queries.odd_query_cases()))
def test_an_odd_query(tenant: TenantUnderTest, operation: str, case: Case[str]) -> None:
    tenant.query(operation, case.value, page_size=1).must_not_be(500, f"{operation}.robust.no-5xx", about=case.name)


@pytest.mark.parametrize(("operation", "case"), rows(("list", "search"), queries.huge_pages()))
def test_a_huge_page(tenant: TenantUnderTest, operation: str, case: Case[Any]) -> None:
    for page in ({"page_size": case.value}, {"page_size": 5, "page_number": case.value}):
        answer = tenant.query(operation, "company:nobody", **page)
        answer.must_not_be(500, f"{operation}.robust.no-5xx", about=case.name)


@pytest.mark.parametrize(
    ("operation", "case"), rows(("list", "search"), (*queries.unknown_sorts(), *queries.several_sorts(("title", "company"))))
)
def test_an_odd_sort(tenant: TenantUnderTest, operation: str, case: Case[str]) -> None:
    answer = tenant.query(operation, "company:nobody", sort=case.value)
    answer.must_not_be(500, f"{operation}.robust.no-5xx", about=case.name)


@pytest.mark.parametrize(("operation", "case"), rows(("list", "search", "get"), queries.unknown_expands()))
def test_an_odd_expand(tenant: TenantUnderTest, operation: str, case: Case[str]) -> None:
    if operation == "get":
        answer = tenant.get(tenant.standing("patch"), expand=case.value)
    else:
        answer = tenant.query(operation, "company:nobody", expand=case.value)
    answer.must_not_be(500, f"{operation}.robust.no-5xx", about=case.name)


@clause("limits.url-length")
def test_a_url_of_some_kilobytes(tenant: TenantUnderTest) -> None:
    members = ",".join(tenant.unknown_id() for _ in range(60))
    tenant.list(q=f"id:({members})", page_size=1).must_answer(200, clause="limits.url-length", about="2 KB")


@pytest.mark.parametrize(("operation", "case"), rows(("delete",), customers.malformed_json_cases()[:3]))
def test_a_delete_with_an_odd_body(tenant: TenantUnderTest, operation: str, case: Case[bytes]) -> None:
    answer = tenant.delete(tenant.has(), content=case.value, headers={"Content-Type": "application/json"})
    answer.must_not_be(500, f"{operation}.robust.no-5xx", about=case.name)
