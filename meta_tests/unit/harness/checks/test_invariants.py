"""Invariants: each holds for a conforming response and fails for a wrong one, whatever the request was."""

from typing import Any

import pytest

from client import Exchange
from harness.api import KnownCustomers
from harness.checks.evidence import Record, clause
from harness.checks.invariants import DEFAULT_PAGE_SIZE, check_invariants, invariants
from meta_tests.support.oracle_samples import shown_customer
from meta_tests.support.scripted_tenant import exchange
from spec import Kind

CUSTOMER = shown_customer({})
JSON = ("Content-Type", "application/json")
PASSWORD = "correct horse battery"
TOKEN = "a-token-of-the-run"


def get(**changes: Any) -> Exchange:
    return exchange("get", body={**CUSTOMER, **changes})


def listed(*customers: Any, count: str | None = None, **query: Any) -> Exchange:
    headers = [JSON, ("Count", str(len(customers)) if count is None else count)]
    return exchange("list", body=[*customers], headers=headers, params=query.items())


def error(body: Any, status: int = 400) -> Exchange:
    return exchange("create", status, body, sent_headers=[("Authorization", f"Bearer {TOKEN}")])


def stack_trace(text: str) -> Exchange:
    return error(text.encode())


def numbered(length: int) -> list[dict[str, Any]]:
    return [{**CUSTOMER, "id": f"c{number}"} for number in range(length)]


CONFORMING = {
    "get": get(),
    "list": listed(CUSTOMER),
    "empty list": listed(),
    "page": listed(CUSTOMER, count="70", pageNumber=2, pageSize=1),
    "customers of others": listed({"id": "of another run", "businessModel": "C2C"}),
    "update": exchange("upsert", 204, headers=()),
    "creation": exchange(
        "create", 201, {"id": "one"}, headers=[("Content-Type", "application/json; charset=x")]
    ),
    "error": error({"status": 400, "message": "firstName is too long"}),
    "error without JSON": error(b"Bad Request"),
    "token": exchange("token", 500, b"boom"),
}
VIOLATIONS: dict[str, tuple[Exchange, str, Kind, str]] = {
    "server error": (exchange("patch", 503), "patch.robust.no-5xx", Kind.STATUS, ""),
    "member password": (get(password="x"), "get.password.never-returned", Kind.CONTENT, "$.password"),
    "nested password": (
        listed({**CUSTOMER, "b2b": {"password": "x"}}),
        "list.password.never-returned",
        Kind.CONTENT,
        "$[0].b2b.password",
    ),
    "sent password": (get(title=PASSWORD), "get.password.never-returned", Kind.CONTENT, ""),
    "password in an error": (error({"message": PASSWORD}), "errors.body.no-secrets", Kind.CONTENT, ""),
    "token in an error": (error({"message": TOKEN}), "errors.body.no-secrets", Kind.CONTENT, ""),
    "status in the body": (error({"status": 500}), "errors.status.equals", Kind.VALUE, "$.status"),
    "body of 204": (
        exchange("upsert", 204, {}, headers=[JSON]),
        "upsert.update.no-body",
        Kind.SCHEMA,
        "",
    ),
    "media type": (
        exchange(body=CUSTOMER, headers=[("Content-Type", "text/html")]),
        "http.content-type.json",
        Kind.HEADER,
        "header Content-Type",
    ),
    "no id": (get(id=""), "get.id.present", Kind.SCHEMA, "$.id"),
    "login": (get(lastLogin="2026-01-01T00:00:00Z"), "get.lastLogin.never", Kind.VALUE, "$.lastLogin"),
    "business model": (get(businessModel="C2C"), "get.businessModel.enum", Kind.SCHEMA, "$.businessModel"),
    "date": (
        get(metadataCreatedAt="today"),
        "get.metadataCreatedAt.format",
        Kind.SCHEMA,
        "$.metadataCreatedAt",
    ),
    "type of a property": (get(title=7), "get.schema.customer", Kind.SCHEMA, "$.title"),
    "listed customer": (
        listed({**CUSTOMER, "title": 7}),
        "list.schema.customer",
        Kind.SCHEMA,
        "$[0].title",
    ),
    "no list": (exchange("list", body={}), "list.schema.customer", Kind.SCHEMA, "$"),
    "listed without an id": (listed({"title": "x"}), "list.id.present", Kind.SCHEMA, ""),
    "count": (listed(CUSTOMER, count="0"), "list.count.header", Kind.HEADER, "header Count"),
    "count of an unpaged list": (
        listed(CUSTOMER, count="5"),
        "list.count.header",
        Kind.HEADER,
        "header Count",
    ),
    "large page": (listed(*numbered(3), pageSize=2), "list.pageSize.honoured", Kind.CUSTOMERS, ""),
    "large default page": (
        listed(*numbered(DEFAULT_PAGE_SIZE + 1)),
        "list.pageSize.default",
        Kind.CUSTOMERS,
        "",
    ),
    "repeated customer": (listed(CUSTOMER, CUSTOMER), "list.no-duplicates", Kind.CUSTOMERS, ""),
    **{
        name: (stack_trace(text), "errors.body.no-internals", Kind.CONTENT, "")
        for name, text in {
            "Python trace": "Traceback (most recent call last)",
            "Java trace": "at com.emporix.Customers.create(Customers.java:42)",
            "exception": "java.lang.NullPointerException",
            "SQL": "SELECT id FROM customers",
            "file of the server": "/srv/app/customers/routes.py",
        }.items()
    },
}


@pytest.fixture
def known() -> KnownCustomers:
    return KnownCustomers(ids={"one"}, secrets={PASSWORD})


@pytest.mark.parametrize("name", CONFORMING)
def test_conforming_response(known: KnownCustomers, name: str) -> None:
    assert [clause_id for clause_id, found in invariants(CONFORMING[name], known) if found] == []


@pytest.mark.parametrize("name", VIOLATIONS)
def test_wrong_response(known: KnownCustomers, name: str) -> None:
    response, clause_id, kind, path = VIOLATIONS[name]
    found = {owner: mismatch for owner, mismatch in invariants(response, known) if mismatch}
    assert found.keys() == {clause_id}
    assert (found[clause_id].kind, found[clause_id].path) == (kind, path)


def test_sent_passwords_are_secrets(known: KnownCustomers) -> None:
    for password in ("a new password", "short"):
        list(invariants(exchange("create", 201, {"id": "one"}, sent={"password": password}), known))
    assert known.secrets == {PASSWORD, "a new password"}


def test_failed_invariant_does_not_end_the_test(record: Record, known: KnownCustomers) -> None:
    response = exchange("get", 500)
    with record.example():
        check_invariants(response, known)
        with clause("patch.status.ok"):
            pass
    assert record.failed.keys() == {"get.robust.no-5xx"}
    assert record.failed["get.robust.no-5xx"].mismatch.exchange is response
    assert record.total.passed["patch.status.ok"] == 1


def test_invariant_that_fails_in_a_scope_keeps_its_clause(record: Record, known: KnownCustomers) -> None:
    with clause("patch.status.ok"):
        check_invariants(exchange("get", 500), known)
    assert record.failed.keys() == {"get.robust.no-5xx"}
