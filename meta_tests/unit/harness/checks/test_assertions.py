"""Each assertion passes on a right response and raises a Mismatch with its data on a wrong one."""

from collections.abc import Callable
from typing import Any

import pytest

import oracle
from client import Exchange
from harness.checks.assertions import (
    SHOWN_IDS,
    assert_count,
    assert_equal,
    assert_holds,
    assert_member,
    assert_no_mismatch,
    assert_no_server_error,
    assert_not_listed,
    assert_rejected,
    assert_same_customers,
    assert_sorted,
    assert_status,
    assert_status_class_is_not,
)
from meta_tests.support.oracle_samples import RULES
from meta_tests.support.scripted_tenant import exchange
from spec import ABSENT, Kind, Mismatch, OneOf, Rule, status_mismatch

Check = Callable[[], None]
ADA = {"firstName": "Ada", "active": True, "count": 1, "nothing": None}


def customer(customer_id: str) -> oracle.CustomerModel:
    return oracle.created({"id": customer_id}, id=customer_id, rules=RULES)


def listed(*ids: str, count: str = "") -> Exchange:
    headers = [("Count", count)] if count else []
    return exchange("list", body=[{"id": each} for each in ids], headers=headers)


def with_status(status: int, operation: str = "get") -> Exchange:
    return exchange(operation, status, ADA)


def sorted_by_title(*values: Any, descending: bool = False) -> None:
    assert_sorted(values, by="title", descending=descending, response=listed())


PASSES: dict[str, Check] = {
    "one of the statuses": lambda: assert_status(with_status(204), 201, 204),
    "rejected": lambda: assert_rejected(with_status(400)),
    "rejected with a named status": lambda: assert_rejected(with_status(409), 400, 409),
    "no server error": lambda: assert_no_server_error(with_status(499)),
    "another class": lambda: assert_status_class_is_not(with_status(300), 2),
    "equal": lambda: assert_equal({"a": [1]}, {"a": [1]}, path="$"),
    "null and absent": lambda: assert_equal(None, ABSENT, path="$"),
    "member": lambda: assert_member(with_status(200), "firstName", "Ada"),
    "absent member": lambda: assert_member(with_status(200), "title", None),
    "condition": lambda: assert_holds(True, "anything", response=with_status(200)),
    "no mismatch": lambda: assert_no_mismatch(None),
    "same customers": lambda: assert_same_customers(listed("b", "a"), [customer("a"), customer("b")]),
    "no customers": lambda: assert_same_customers(listed(), []),
    "not listed": lambda: assert_not_listed(listed("a", "b"), "c"),
    "ascending": lambda: sorted_by_title("a", "b"),
    "descending": lambda: sorted_by_title("b", "a", descending=True),
    "count of the page": lambda: assert_count(listed("a", count="1")),
    "count of all": lambda: assert_count(listed("a", count="7"), 7),
}
FAILS: dict[str, tuple[Check, Kind, str, Any, Any]] = {
    "status": (lambda: assert_status(with_status(404), 200), Kind.STATUS, "", 200, 404),
    "statuses": (lambda: assert_status(with_status(200), 201, 204), Kind.STATUS, "", OneOf((201, 204)), 200),
    "not rejected": (lambda: assert_rejected(with_status(201)), Kind.STATUS, "", 400, 201),
    "server error": (
        lambda: assert_no_server_error(with_status(500)),
        Kind.STATUS,
        "",
        Rule("no status 5xx"),
        500,
    ),
    "class": (
        lambda: assert_status_class_is_not(with_status(299), 2),
        Kind.STATUS,
        "",
        Rule("no status 2xx"),
        299,
    ),
    "value": (lambda: assert_equal("a", "b", path="$.title"), Kind.VALUE, "$.title", "b", "a"),
    "type": (lambda: assert_member(with_status(200), "active", 1), Kind.VALUE, "$.active", 1, True),
    "absent value": (
        lambda: assert_member(with_status(200), "title", "x"),
        Kind.VALUE,
        "$.title",
        "x",
        ABSENT,
    ),
    "condition": (
        lambda: assert_holds(False, "a name", response=with_status(200), path="$.firstName"),
        Kind.SCHEMA,
        "$.firstName",
        Rule("a name"),
        "Ada",
    ),
    "condition of a value": (
        lambda: assert_holds(False, "two", response=with_status(200), actual=[1]),
        Kind.SCHEMA,
        "",
        Rule("two"),
        [1],
    ),
    "missing customer": (
        lambda: assert_same_customers(listed("a"), [customer("b"), customer("a")]),
        Kind.CUSTOMERS,
        "",
        ["a", "b"],
        ["a"],
    ),
    "repeated customer": (
        lambda: assert_same_customers(listed("a", "a"), [customer("a")]),
        Kind.CUSTOMERS,
        "",
        ["a"],
        ["a", "a"],
    ),
    "named customers": (
        lambda: assert_same_customers(listed("b"), [customer("a")], names={"a": "Ada", "b": "Bob"}),
        Kind.CUSTOMERS,
        "",
        ["Ada"],
        ["Bob"],
    ),
    "many customers": (
        lambda: assert_same_customers(listed(*"abcdefghijklmn"), []),
        Kind.CUSTOMERS,
        "",
        [],
        [*"abcdefghijklmn"[:SHOWN_IDS], "…"],
    ),
    "listed": (
        lambda: assert_not_listed(listed("a"), "a"),
        Kind.CUSTOMERS,
        "",
        Rule('a result without "a"'),
        ["a"],
    ),
    "not ascending": (
        lambda: sorted_by_title("b", "a"),
        Kind.ORDER,
        "$[*].title",
        Rule("title ascending"),
        ["b", "a"],
    ),
    "not descending": (
        lambda: sorted_by_title("a", "b", descending=True),
        Kind.ORDER,
        "$[*].title",
        Rule("title descending"),
        ["a", "b"],
    ),
    "wrong count": (lambda: assert_count(listed("a", count="0")), Kind.HEADER, "header Count", "1", "0"),
    "wrong count of all": (
        lambda: assert_count(listed("a", count="2"), 7),
        Kind.HEADER,
        "header Count",
        "1",
        "2",
    ),
    "no count": (lambda: assert_count(listed("a")), Kind.HEADER, "header Count", "1", ABSENT),
}


@pytest.mark.parametrize("name", PASSES)
def test_assertion_passes(name: str) -> None:
    PASSES[name]()


@pytest.mark.parametrize("name", FAILS)
def test_assertion_fails(name: str) -> None:
    check, kind, path, expected, actual = FAILS[name]
    with pytest.raises(Mismatch) as raised:
        check()
    found = raised.value
    assert (found.kind, found.path, found.expected, found.actual) == (kind, path, expected, actual)
    assert found.clause == ""


@pytest.mark.parametrize(
    ("operation", "clause_id"), [("patch", "patch.robust.no-5xx"), ("unknown", ""), ("token", "")]
)
def test_server_error_of_a_customer_operation_has_a_clause_of_its_own(operation: str, clause_id: str) -> None:
    with pytest.raises(Mismatch) as raised:
        assert_status(with_status(503, operation), 200)
    assert raised.value.clause == clause_id


def test_mismatch_has_the_response_and_the_customers() -> None:
    response, model = listed("a"), customer("b")
    checks: list[Callable[[], None]] = [
        lambda: assert_same_customers(response, [model]),
        lambda: assert_not_listed(response, "a", [model]),
        lambda: assert_status(response, 404, customers=[model]),
    ]
    for check in checks:
        with pytest.raises(Mismatch) as raised:
            check()
        assert raised.value.exchange is response
        assert raised.value.customers == (model,)


def test_mismatch_of_the_oracle_gets_the_response_that_shows_it() -> None:
    first, second = listed(), listed()
    for found, expected in ((None, second), (first, first)):
        with pytest.raises(Mismatch) as raised:
            assert_no_mismatch(status_mismatch(404, 200, exchange=found), second)
        assert raised.value.exchange is expected
