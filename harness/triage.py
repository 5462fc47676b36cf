"""What a failure is really about: a few further requests, asked only where something failed already.

A valid request may be refused for the sake of one part, a result may lack a customer whom the tenant hides
altogether, and a get may find whatever it is asked for. Each has a clause of its own, and whoever reads the
first red clause should be sent to that one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import oracle
from harness.exchange_utils import sent_body
from spec import clauses
from strategies import customers, namespace

if TYPE_CHECKING:
    from harness.answers import Answer
    from harness.customer import Customer
    from harness.operations import Operations

OTHER_REFUSALS = frozenset({401, 403, 404, 405, 406, 409, 412, 415, 429})
"""Statuses that speak of something other than what the request holds."""
STATUSES = frozenset(
    {
        "create.status.created",
        "upsert.create.status",
        "upsert.update.status",
        "patch.status.ok",
        "delete.status.accepted",
        "get.status.ok",
        "list.status.ok",
        "search.status.ok",
    }
)
"""What a refused valid request breaks, unless one part of it is to blame."""
NEWEST = 200
"""How many of the unfiltered result are looked through for somebody who was made a moment ago."""


def refused(answer: Answer, clause: str) -> str:
    """The clause of the part for whose sake a valid request was refused; `clause` where there is none such."""
    refusal = 400 <= answer.status < 500 and answer.status not in OTHER_REFUSALS
    if clause not in STATUSES or not refusal:
        return clause
    operation = answer.exchange.operation
    if operation in ("list", "search", "get"):
        return _parameter(answer, clause)
    if operation == "delete":
        number, tenant = _number(answer), answer.tenant
        again = tenant.delete(number) if answer.exchange.request_body else tenant.delete(number, body={})
        return "delete.body.optional" if again.status == 202 else clause
    return _part(answer, clause)


def hides(tenant: Operations, operation: str, customer: Customer) -> bool:
    """Whether list or search holds a customer not even where nothing is asked for: among the newest of all."""
    answer = tenant.query(operation, sort="metadataCreatedAt:desc", page_number=1, page_size=NEWEST)
    return answer.status == 200 and bool(answer.customers) and customer.id not in answer.ids


def lost_mixins(tenant: Operations, seen: dict[str, Any], clause: str) -> str:
    """The clause that a get without mixins breaks: its own, unless list has them."""
    listed = tenant.query("list", f"id:{seen.get('id')}", expand="mixin:*").of([str(seen.get("id"))])
    return "get.expand.mixin" if any(each.get("mixins") for each in listed) else clause


def flickers(answer: Answer, customer: Customer, clause: str) -> str:
    """The clause that an answer breaks which shows somebody gone: this one, unless it did so for once."""
    again: Any = answer.ask().json
    shown = [again] if isinstance(again, dict) else again if isinstance(again, list) else []
    back = any(isinstance(each, dict) and each.get("id") == customer.id for each in shown)
    return clause if back else f"{answer.exchange.operation}.flicker"


def by_looking(tenant: Operations, clause: str) -> str:
    """The clause that a change breaks which nobody asked for: this one, unless looking at a customer changes it."""
    made = tenant.create(customers.plain()).json
    number = made.get("id") if isinstance(made, dict) else None
    looks = [tenant.get(number) for _ in range(2)] if isinstance(number, str) else []
    seen = [look.json for look in looks if look.status == 200 and isinstance(look.json, dict)]
    shown = [[each.get(name) for name in sorted(oracle.WRITABLE)] for each in seen]
    return "get.changes-nothing" if len(shown) == 2 and shown[0] != shown[1] else clause


def finds_anything(tenant: Operations) -> bool:
    """Whether get answers a customer that never was with something other than 404."""
    return tenant.get(namespace.fresh_id()).status != 404


def _part(answer: Answer, clause: str) -> str:
    """Which property of a body was refused: the one without which, or with another value, the write succeeds."""
    operation, body = answer.exchange.operation, sent_body(answer.exchange)
    if not _succeeds(answer, customers.plain() if operation == "create" else _small(answer, body)):
        return clause
    if "id" in body and _succeeds(answer, body | {"id": namespace.fresh_id(length=max(len(body["id"]), 20))}):
        return "create.id.characters-accepted"
    for name in sorted(body, key=_likelihood):
        rest = {key: value for key, value in body.items() if key != name}
        if _succeeds(answer, rest):
            return _blamed(operation, name, body[name], clause)
    filled = f"{operation}.properties.optional"
    complete = dict.fromkeys(("title", "firstName", "middleName", "lastName", "company"), "whatever") | body
    return filled if filled in clauses() and _succeeds(answer, complete) else clause


def _small(answer: Answer, body: dict[str, Any]) -> dict[str, Any]:
    """A plain body that keeps the customer's address."""
    if answer.exchange.operation == "patch":
        return {"lastName": "Plain"}
    return customers.plain(**{name: body[name] for name in ("contactEmail",) if name in body})


def _likelihood(name: str) -> int:
    """Properties with values of their own come first."""
    first = ("type", "restriction", "preferredCurrency", "preferredSite", "preferredLanguage", "id")
    return first.index(name) if name in first else len(first)


def _blamed(operation: str, name: str, value: Any, clause: str) -> str:
    finer = {
        "id": f"{operation}.id.length-accepted",
        "type": f"{operation}.type.supported",
        "restriction": f"{operation}.restriction.{'null' if value is None else 'listed'}",
    }.get(name, f"{operation}.{name}.round-trip")
    return finer if finer in clauses() else clause


def _succeeds(answer: Answer, body: dict[str, Any]) -> bool:
    answer.tenant.forget(answer.customer)
    return answer.tenant.write(answer.exchange.operation, _number(answer), body).status < 300


def _number(answer: Answer) -> str:
    """The customerNumber in the path of the request."""
    return unquote(urlsplit(answer.exchange.url).path.rpartition("/")[2])


def _parameter(answer: Answer, clause: str) -> str:
    """Which parameter of a valid question was refused: the one without which it is answered."""
    operation, tenant = answer.exchange.operation, answer.tenant
    asked = {name: values[0] for name, values in parse_qs(urlsplit(answer.exchange.url).query).items()}
    names = {"sort": "sort", "expand": "expand", "pageNumber": "page_number", "pageSize": "page_size"}
    q = asked.get("q", sent_body(answer.exchange).get("q"))
    for name in _present(asked, ("sort", "expand", "pageNumber", "pageSize")):
        rest = {names[each]: value for each, value in asked.items() if each in names and each != name}
        again = (
            tenant.get(_number(answer), **rest) if operation == "get" else tenant.query(operation, q, **rest)
        )
        if again.status == 200:
            return _of_parameter(operation, name, asked[name], clause)
    if (
        q is None
        and operation == "search"
        and tenant.query(operation, "active:true", page_size=1).status == 200
    ):
        return "search.body.optional"
    if q is not None and tenant.query(operation, page_size=1).status == 200:
        return f"{operation}.q.exact" if ":" in q and not set(q) & set(" ~<>()") else clause
    return clause


def _present(asked: dict[str, str], names: Iterable[str]) -> list[str]:
    return [name for name in names if name in asked]


def _of_parameter(operation: str, name: str, value: str, clause: str) -> str:
    direction = {"asc": "ascending", "desc": "descending"}.get(value.rpartition(":")[2], "default-direction")
    return {
        "sort": f"{operation}.sort.{direction}",
        "expand": f"{operation}.expand.mixin" if "mixin" in value else clause,
        "pageNumber": f"{operation}.page.partition",
        "pageSize": f"{operation}.pageSize.honoured",
    }[name]
