"""Assertions: each raises a Mismatch that says as data what was expected. They belong in the scope of a clause."""

from collections.abc import Iterable, Sequence
from typing import Any

import oracle
from client import Exchange
from spec import ABSENT, Kind, Mismatch, Rule, show, status_mismatch
from spec.contract import OPERATIONS

SHOWN_IDS = 12
"""Ids of a result that a mismatch names at most."""


def assert_status(response: Exchange, *statuses: int, customers: Sequence[oracle.CustomerModel] = ()) -> None:
    """The response has one of the statuses. A 5xx of a customer operation fails its clause `robust.no-5xx`."""
    if response.status in statuses:
        return
    mismatch = status_mismatch(response.status, *statuses, exchange=response, customers=tuple(customers))
    if response.status >= 500 and response.operation in OPERATIONS:
        raise mismatch.owned_by(f"{response.operation}.robust.no-5xx")
    raise mismatch


def assert_rejected(response: Exchange, *statuses: int) -> None:
    """The request was rejected: 400, unless other statuses are named."""
    assert_status(response, *(statuses or (400,)))


def assert_no_server_error(response: Exchange) -> None:
    """The status is below 500."""
    assert_status_class_is_not(response, 5)


def assert_status_class_is_not(response: Exchange, hundreds: int) -> None:
    """The status is of another class (RFC 9110 §15): 2 successful, 4 client error, 5 server error."""
    if response.status // 100 == hundreds:
        expected = Rule(f"no status {hundreds}xx")
        raise Mismatch(Kind.STATUS, expected=expected, actual=response.status, exchange=response)


def assert_equal(actual: Any, expected: Any, *, path: str, response: Exchange | None = None) -> None:
    """The JSON values are equal, types included; null and an absent member are the same."""
    if not oracle.same(oracle.present(actual), oracle.present(expected)):
        raise Mismatch(Kind.VALUE, expected=expected, actual=actual, path=path, exchange=response)


def assert_member(response: Exchange, name: str, expected: Any) -> None:
    """The JSON object of the response has this value as this member."""
    assert_equal(response.object.get(name, ABSENT), expected, path=f"$.{name}", response=response)


def assert_holds(
    holds: bool, expected: str, *, response: Exchange, path: str = "", actual: Any = None
) -> None:
    """The condition holds; `expected` describes it. The actual value is by default the value at the path."""
    if not holds:
        shown = actual if actual is not None else response.object.get(path.removeprefix("$."), ABSENT)
        raise Mismatch(Kind.SCHEMA, expected=Rule(expected), actual=shown, path=path, exchange=response)


def assert_id(response: Exchange) -> None:
    """The body is an object with an id, a non-empty string."""
    new_id = response.object.get("id")
    assert_holds(
        isinstance(new_id, str) and new_id != "", "a non-empty string", response=response, path="$.id"
    )


def assert_no_mismatch(mismatch: Mismatch | None, response: Exchange | None = None) -> None:
    """The oracle has found no mismatch."""
    if mismatch is not None:
        mismatch.exchange = mismatch.exchange or response
        raise mismatch


def assert_same_customers(
    response: Exchange, expected: Iterable[oracle.CustomerModel], *, names: dict[str, str] | None = None
) -> None:
    """The result holds exactly these customers, each once, in any order. `names` shows customers by a name."""
    models = tuple(expected)
    wanted = sorted(model.id for model in models)
    if sorted(response.ids) != wanted:
        raise Mismatch(
            Kind.CUSTOMERS,
            expected=_named(wanted, names or {}),
            actual=_named(response.ids, names or {}),
            exchange=response,
            customers=models,
        )


def assert_not_listed(
    response: Exchange, customer_id: str, customers: Sequence[oracle.CustomerModel] = ()
) -> None:
    """The result does not hold the customer."""
    if customer_id in response.ids:
        raise Mismatch(
            Kind.CUSTOMERS,
            expected=Rule(f"a result without {show(customer_id)}"),
            actual=_named(response.ids, {}),
            exchange=response,
            customers=tuple(customers),
        )


def assert_sorted(values: Sequence[Any], *, by: str, descending: bool, response: Exchange) -> None:
    """The values of a property are in order, by any collation that the contract permits."""
    if not oracle.is_sorted(values, descending=descending):
        order = "descending" if descending else "ascending"
        raise Mismatch(
            Kind.ORDER,
            expected=Rule(f"{by} {order}"),
            actual=list(values),
            path=f"$[*].{by}",
            exchange=response,
        )


def assert_count(response: Exchange, total: int | None = None) -> None:
    """The header Count is the number of customers on the page, or `total` of all matching ones."""
    assert_no_mismatch(count_mismatch(response, total), response)


def count_mismatch(response: Exchange, total: int | None = None) -> Mismatch | None:
    """The mismatch of the header Count, which is the number of customers on the page, or `total` of all."""
    length, count = len(response.customers), response.header("Count")
    if oracle.is_count(count, length, total):
        return None
    actual = ABSENT if count is None else count
    return Mismatch(Kind.HEADER, expected=str(length), actual=actual, path="header Count")


def _named(ids: Iterable[str], names: dict[str, str]) -> list[str]:
    shown = [names.get(each, each) for each in ids]
    return shown if len(shown) <= SHOWN_IDS else [*shown[:SHOWN_IDS], "…"]


def assert_accounts(customer: dict[str, Any], path: str, response: Exchange) -> None:
    """Each account has an id; the e-mail of the customer is the id of an account. A customer need not show either."""
    accounts, email = customer.get("accounts") or [], customer.get("email")
    identified = all(isinstance(each, dict) and each.get("id") for each in accounts)
    where: dict[str, Any] = {"response": response, "path": f"{path}.accounts", "actual": accounts}
    assert_holds(identified, "accounts, each with an id", **where)
    ids = {str(each["id"]).casefold() for each in accounts}
    matches = not ids or not isinstance(email, str) or not email or email.casefold() in ids
    assert_holds(matches, f"an account with the id {email}", **where)


def assert_allows(response: Exchange, methods: set[str]) -> None:
    """The header Allow has these methods."""
    allowed = {each.strip().upper() for each in (response.header("Allow") or "").split(",")}
    expected = f"the methods {', '.join(sorted(methods))}"
    actual = response.header("Allow") or ABSENT
    assert_holds(methods <= allowed, expected, response=response, path="header Allow", actual=actual)
