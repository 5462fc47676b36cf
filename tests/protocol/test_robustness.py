"""Unusual input: whatever the request is, no response is a 5xx."""

from typing import Any

import pytest

from client import Exchange
from harness import (
    JSON,
    RESULTS,
    WRITES,
    TenantApi,
    cases,
    clause,
    covering,
    create_customer,
    operations,
    shared_customer,
)
from harness.checks.assertions import assert_no_server_error, assert_status
from harness.customers import disposable_id
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
    "a duplicate member",
    "a lone high surrogate",
    "NUL",
    "a byte order mark",
    "UTF-16",
    "a name with a dollar sign",
    "40 nested objects in mixins",
    "a version of 20 digits",
    "a query operator for a value",
    "__proto__",
)
TEXTS = ("NUL alone", "escape", "lone low surrogate", "non-character", "10,000 combining marks")
PATHS = (
    "an encoded slash",
    "an encoded percent sign",
    "NUL",
    "a byte that is not UTF-8",
    "a lone percent sign",
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
"""Never sent: where it finds a weakness, the requests of other clients wait."""
CLIMBING = ("encoded dot segments", "dot segments with backslashes")
"""Sent by GET only: a write that a server could resolve to another path is never sent."""
HUGE = ("past 32 bits", "the last 64-bit number", "past 64 bits")
SORTS = ("an unknown direction", "a colon", "nothing", "quotes")
EXPANDS = ("a known and an unknown attribute", "a duplicate attribute")


PAGING = ("pageSize and pageNumber", "sort", "expand")
REPEATED = {
    "list": (*PAGING, "q"),
    "search": PAGING,
    "get": ("expand",),
    **dict.fromkeys(("create", "upsert"), ("sendPasswordResetNotifications",)),
}
"""The parameters of each operation, each to be given twice."""
TWO_VALUES = {
    "pageSize": ("5", "1"),
    "pageNumber": ("1", "2"),
    "sort": ("firstName", "title"),
    "expand": ("accounts", "mixin:*"),
    "q": ("company:unknown", "firstName:unknown"),
    "sendPasswordResetNotifications": ("false", "false"),
}
METHODS = {"get": "GET", "upsert": "PUT", "patch": "PATCH", "delete": "DELETE"}


def check_robust(response: Exchange, operation: str, about: str) -> None:
    """The response is no 5xx."""
    with clause(f"{operation}.robust.no-5xx", about):
        assert_no_server_error(response)


# -- bodies -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "case"),
    [
        *cases(WRITES, customers.adversarial_body_cases(), ASPECT, gate=BODIES),
        *cases(("search",), customers.adversarial_body_cases(), ASPECT, gate=BODIES[:6]),
    ],
)
def test_an_unusual_body(api: TenantApi, operation: str, case: Case[bytes]) -> None:
    check_robust(send_body(api, operation, case.value), operation, case.name)


@pytest.mark.parametrize(
    ("operation", "case"), cases(WRITES, customers.adversarial_text_cases(), ASPECT, gate=TEXTS)
)
def test_unusual_text(api: TenantApi, operation: str, case: Case[bytes]) -> None:
    check_robust(send_body(api, operation, case.value), operation, case.name)


@pytest.mark.parametrize("operation", operations(("search", "upsert", "patch"), ASPECT))
def test_a_body_that_is_null(api: TenantApi, operation: str) -> None:
    """The contract does not specify whether null is a body, nor whether it is a query."""
    check_robust(send_body(api, operation, b"null"), operation, "null")
    if operation == "search":
        check_robust(api.search({"q": None}, page_size=1), operation, "null in q")


@pytest.mark.parametrize(
    ("operation", "case"),
    cases(("delete",), (*customers.malformed_json_cases()[:2], Case("an array", b"[]")), ASPECT),
)
def test_a_delete_with_an_unusual_body(api: TenantApi, operation: str, case: Case[bytes]) -> None:
    customer = create_customer(api)

    check_robust(api.delete(customer.id, content=case.value, headers=JSON), operation, case.name)


def send_body(api: TenantApi, operation: str, content: bytes) -> Exchange:
    """Bytes as the JSON body of an operation; a write has a customer whose state no check depends on."""
    if operation == "search":
        return api.search(content=content, headers=JSON)
    return api.write(operation, disposable_id(api, operation), content=content, headers=JSON)


# -- paths --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "case"),
    [
        *cases(("get",), paths.malformed_segment_cases(), ASPECT, gate=(*PATHS, *CLIMBING)),
        *cases(
            ("upsert", "patch", "delete"),
            [case for case in paths.malformed_segment_cases() if case.name not in CLIMBING],
            ASPECT,
            gate=PATHS,
        ),
    ],
)
def test_an_unusual_customer_number(api: TenantApi, operation: str, case: Case[str]) -> None:
    body: dict[str, Any] = {} if operation in ("get", "delete") else {"json": {"firstName": "Odd"}}

    response = api.send(METHODS[operation], f"{api.path()}/{case.value}", operation=operation, **body)

    check_robust(response, operation, case.name)


@pytest.mark.covers("get.robust.no-5xx")
def test_a_number_that_is_a_word_of_a_language(api: TenantApi) -> None:
    """Every object of some languages has a member of this name; a customer may even have it as an id."""
    check_robust(api.get("constructor"), "get", "constructor")


# -- queries ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "case"),
    cases(
        RESULTS,
        [case for case in queries.malformed_query_cases() if case.name != HARMFUL],
        ASPECT,
        gate=QUERIES,
    ),
)
def test_an_unusual_query(api: TenantApi, operation: str, case: Case[str]) -> None:
    check_robust(api.query(operation, case.value, page_size=1), operation, case.name)


@pytest.mark.covers("list.robust.no-5xx")
def test_a_query_that_is_not_encoded(api: TenantApi) -> None:
    response = api.send("GET", f"{api.path()}?pageSize=1&q=%FF%zz%", operation="list")

    check_robust(response, "list", "q=%FF%zz%")


@pytest.mark.parametrize(("operation", "case"), cases(RESULTS, queries.large_page_cases(), ASPECT, gate=HUGE))
def test_a_huge_page(api: TenantApi, operation: str, case: Case[Any]) -> None:
    for page in ({"page_size": case.value}, {"page_size": 5, "page_number": case.value}):
        check_robust(api.query(operation, "company:unknown", **page), operation, case.name)


@pytest.mark.parametrize(
    ("operation", "case"), cases(RESULTS, queries.unknown_sort_cases(), ASPECT, gate=SORTS)
)
def test_an_unusual_sort(api: TenantApi, operation: str, case: Case[str]) -> None:
    check_robust(api.query(operation, "company:unknown", sort=case.value), operation, case.name)


@pytest.mark.parametrize(
    ("operation", "case"),
    cases(("list", "search", "get"), queries.unknown_expand_cases(), ASPECT, gate=EXPANDS),
)
def test_an_unusual_expand(api: TenantApi, operation: str, case: Case[str]) -> None:
    if operation == "get":
        response = api.get(shared_customer(api).id, expand=case.value)
    else:
        response = api.query(operation, "company:unknown", expand=case.value)

    check_robust(response, operation, case.name)


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        pytest.param(operation, name, marks=covering(f"{operation}.{ASPECT}"))
        for operation, names in REPEATED.items()
        for name in names
    ],
)
def test_a_parameter_that_is_given_twice(api: TenantApi, operation: str, name: str) -> None:
    """A tenant may take the first value, or the last, or reject both."""
    params = [(each, value) for each in name.split(" and ") for value in TWO_VALUES[each]]
    if operation in RESULTS:
        response = api.query(operation, params=params)
    elif operation == "get":
        response = api.get(shared_customer(api).id, expand=None, params=params)
    else:
        body = customers.plain(firstName="twice")
        response = api.write(operation, disposable_id(api, operation), body, params=params)

    check_robust(response, operation, f"{name} twice")


@pytest.mark.parametrize(
    ("operation", "headers"),
    [
        pytest.param("list", {"Accept": "text/csv"}, marks=covering("list.robust.no-5xx")),
        pytest.param("search", {"Accept-Language": "x_?;q=a, 1"}, marks=covering("search.robust.no-5xx")),
        pytest.param("get", {"Accept": "application/;q=2, x"}, marks=covering("get.robust.no-5xx")),
    ],
)
def test_an_unusual_header(api: TenantApi, operation: str, headers: dict[str, str]) -> None:
    """With an empty expand; a tenant may ignore what it cannot serve, or respond 406 or 400."""
    if operation == "get":
        response = api.get(shared_customer(api).id, expand="", headers=headers)
    else:
        response = api.query(operation, "company:unknown", expand="", headers=headers)

    check_robust(response, operation, str(headers))


@pytest.mark.covers("limits.url-length")
def test_a_url_of_some_kilobytes(api: TenantApi) -> None:
    ids = ",".join(namespace.fresh_id(length=40) for _ in range(50))

    response = api.list(q=f"id:({ids})", page_size=1)

    with clause("limits.url-length", "2 KB"):
        assert_status(response, 200)
