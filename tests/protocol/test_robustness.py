"""Odd input: whatever arrives, no answer is a 5xx, and every customer stays as it was."""

from typing import Any

import pytest

from harness import TenantUnderTest, clause
from harness.params import RESULTS, WRITES, cases, each
from strategies import customers, namespace, paths, queries
from strategies.cases import Case

ASPECT = "robust.no-5xx"
BODIES = (
    "20,000 nested arrays",
    "a string of 100,000 characters",
    "10,000 members",
    "1e999",
    "an integer of 20 digits",
    "an integer of 5,000 digits",
    "a member twice",
    "a lone high surrogate",
    "NUL",
    "a byte order mark",
    "UTF-16",
    "a name with a dollar sign",
    "a query operator for a value",
    "__proto__",
)
TEXTS = ("NUL alone", "escape", "lone low surrogate", "non-character", "10,000 combining marks")
PATHS = (
    "an encoded slash",
    "an encoded percent sign",
    "NUL",
    "a byte that is no UTF-8",
    "a percent sign alone",
    "an emoji",
    "a quote",
    "2,000 characters",
)
QUERIES = (
    "nothing",
    "a tilde",
    "a colon",
    "an open bracket",
    "a bracket that is not closed",
    "a quote that is not closed",
    "a single quote",
    "a backslash at the end",
    "an operator without a value",
    "a comparison with a word",
    "a date that does not exist",
    "a value with two pluses",
    "a pattern without text",
    "a pattern with an open set",
    "a pattern with a star first",
    "a query operator",
    "a percent sign",
    "an emoji",
    "NUL",
    "2,000 characters",
)
HARMFUL = "a pattern that backtracks"
"""Left out everywhere: where it finds a weakness, other people's requests wait."""
CLIMBING = ("encoded dot segments", "dot segments with backslashes")
"""Asked with GET alone: a write that some server resolves to another path is never sent."""
HUGE = ("past 32 bits", "past 64 bits", "400 digits")
SORTS = ("an unknown direction", "a colon", "nothing")
EXPANDS = ("a known and an unknown attribute", "an attribute twice")


@pytest.mark.parametrize(
    ("operation", "case"),
    [
        *cases(WRITES, customers.odd_body_cases(), ASPECT, gate=BODIES),
        *cases(("search",), customers.odd_body_cases(), ASPECT, gate=BODIES[:6]),
    ],
)
def test_an_odd_body(tenant: TenantUnderTest, operation: str, case: Case[bytes]) -> None:
    headers = {"Content-Type": "application/json"}
    if operation == "search":
        answer = tenant.search(content=case.value, headers=headers)
    else:
        answer = tenant.write(operation, tenant.guinea_pig(operation), content=case.value, headers=headers)
    answer.must_not_be(500, f"{operation}.robust.no-5xx", about=case.name)


@pytest.mark.parametrize(("operation", "case"), cases(WRITES, customers.odd_text_cases(), ASPECT, gate=TEXTS))
def test_odd_text(tenant: TenantUnderTest, operation: str, case: Case[bytes]) -> None:
    pig = tenant.guinea_pig(operation)
    answer = tenant.write(operation, pig, content=case.value, headers={"Content-Type": "application/json"})

    answer.must_not_be(500, f"{operation}.robust.no-5xx", about=case.name)


@pytest.mark.parametrize(
    ("operation", "case"),
    [
        *cases(("get",), paths.odd_segment_cases(), ASPECT, gate=(*PATHS, *CLIMBING)),
        *cases(
            ("upsert", "patch", "delete"),
            [case for case in paths.odd_segment_cases() if case.name not in CLIMBING],
            ASPECT,
            gate=PATHS,
        ),
    ],
)
def test_an_odd_customer_number(tenant: TenantUnderTest, operation: str, case: Case[str]) -> None:
    method = {"get": "GET", "upsert": "PUT", "patch": "PATCH", "delete": "DELETE"}[operation]
    body = {} if operation in ("get", "delete") else {"json": {"firstName": "Odd"}}
    answer = tenant.send(method, tenant.path(f"/customers/{case.value}"), operation=operation, **body)

    answer.must_not_be(500, f"{operation}.robust.no-5xx", about=case.name)


@clause("get.robust.no-5xx")
def test_a_number_that_is_a_word_of_a_language(tenant: TenantUnderTest) -> None:
    """Every object of some languages has a member of this name; somebody may even have it for an id."""
    tenant.get("constructor").must_not_be(500, "get.robust.no-5xx", about="constructor")


@pytest.mark.parametrize("operation", each(("search", "upsert", "patch"), ASPECT))
def test_a_body_that_is_null(tenant: TenantUnderTest, operation: str) -> None:
    """Whether null is a body, or none, is open."""
    how: dict[str, Any] = {"content": b"null", "headers": {"Content-Type": "application/json"}}
    pig = tenant.guinea_pig(operation)
    answer = tenant.search(**how) if operation == "search" else tenant.write(operation, pig, **how)

    answer.must_not_be(500, f"{operation}.robust.no-5xx", about="null")


@pytest.mark.parametrize(
    ("operation", "case"),
    cases(
        RESULTS, [case for case in queries.odd_query_cases() if case.name != HARMFUL], ASPECT, gate=QUERIES
    ),
)
def test_an_odd_query(tenant: TenantUnderTest, operation: str, case: Case[str]) -> None:
    tenant.query(operation, case.value, page_size=1).must_not_be(
        500, f"{operation}.robust.no-5xx", about=case.name
    )


@clause("list.robust.no-5xx")
def test_a_query_that_is_not_encoded(tenant: TenantUnderTest) -> None:
    path = tenant.path("/customers?pageSize=1&q=%FF%zz%")
    tenant.send("GET", path, operation="list").must_not_be(500, "list.robust.no-5xx", about="q=%FF%zz%")


@pytest.mark.parametrize(("operation", "case"), cases(RESULTS, queries.huge_pages(), ASPECT, gate=HUGE))
def test_a_huge_page(tenant: TenantUnderTest, operation: str, case: Case[Any]) -> None:
    for page in ({"page_size": case.value}, {"page_size": 5, "page_number": case.value}):
        answer = tenant.query(operation, "company:nobody", **page)
        answer.must_not_be(500, f"{operation}.robust.no-5xx", about=case.name)


@pytest.mark.parametrize(("operation", "case"), cases(RESULTS, queries.unknown_sorts(), ASPECT, gate=SORTS))
def test_an_odd_sort(tenant: TenantUnderTest, operation: str, case: Case[str]) -> None:
    answer = tenant.query(operation, "company:nobody", sort=case.value)
    answer.must_not_be(500, f"{operation}.robust.no-5xx", about=case.name)


@pytest.mark.parametrize(
    ("operation", "case"), cases(("list", "search", "get"), queries.unknown_expands(), ASPECT, gate=EXPANDS)
)
def test_an_odd_expand(tenant: TenantUnderTest, operation: str, case: Case[str]) -> None:
    if operation == "get":
        answer = tenant.get(tenant.standing(), expand=case.value)
    else:
        answer = tenant.query(operation, "company:nobody", expand=case.value)
    answer.must_not_be(500, f"{operation}.robust.no-5xx", about=case.name)


@clause("limits.url-length")
def test_a_url_of_some_kilobytes(tenant: TenantUnderTest) -> None:
    members = ",".join(namespace.fresh_id(length=40) for _ in range(50))
    tenant.list(q=f"id:({members})", page_size=1).must_answer(200, clause="limits.url-length", about="2 KB")


@pytest.mark.parametrize(
    ("operation", "case"),
    cases(("delete",), (*customers.malformed_json_cases()[:2], Case("an array", b"[]")), ASPECT),
)
def test_a_delete_with_an_odd_body(tenant: TenantUnderTest, operation: str, case: Case[bytes]) -> None:
    answer = tenant.delete(tenant.has(), content=case.value, headers={"Content-Type": "application/json"})
    answer.must_not_be(500, f"{operation}.robust.no-5xx", about=case.name)
