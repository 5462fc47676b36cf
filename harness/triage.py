"""Triage: which clause a failure really violates, found by a few further requests after the final replay.

A valid request may be rejected because of one part, a result may lack a customer that the tenant hides
everywhere, and get may find any id. Each has a clause of its own, and the report should name that one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlsplit

import oracle
from client import BudgetExceeded, Exchange, TenantError
from harness.api import TenantApi, customers_with
from spec import ABSENT, Kind, Mismatch, OneOf, clauses
from strategies import customers, namespace

OTHER_REJECTIONS = frozenset({401, 403, 404, 405, 406, 409, 412, 415, 429})
"""Statuses that mean something other than the content of the request."""
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
"""The clauses that a rejected valid request violates, unless one part of it is the reason."""
RESULTS = ("list", "search")
ARGUMENTS = {"sort": "sort", "expand": "expand", "pageNumber": "page_number", "pageSize": "page_size"}
"""The argument of the driver for each query parameter but q."""
NEWEST = 200
"""The newest customers among which a new one is looked for."""
MAX_REQUESTS = 12
"""Requests whose responses triage uses at most."""


class _Exhausted(Exception):
    """Triage has sent as many requests as it may."""


def violated_clause(api: TenantApi, mismatch: Mismatch) -> str:
    """The clause that the mismatch violates: its own, unless a dozen requests show another one.

    An error in triage changes nothing; it is a note of the mismatch.
    """
    exchange: Exchange | None = mismatch.exchange
    if exchange is None:
        return mismatch.clause
    left = iter(range(MAX_REQUESTS))

    def count(_: Exchange) -> None:
        if next(left, None) is None:
            raise _Exhausted

    try:
        return _Triage(replace(api.as_(exchange.identity), received=count), mismatch, exchange).violated()
    except (TenantError, BudgetExceeded, _Exhausted) as error:
        mismatch.add_note(f"triage ended early: {type(error).__name__} {error}")
        return mismatch.clause


class _Triage:
    """The triage of one mismatch."""

    def __init__(self, api: TenantApi, mismatch: Mismatch, exchange: Exchange) -> None:
        self.api, self.mismatch, self.exchange = api, mismatch, exchange
        self.clause, self.operation = mismatch.clause, exchange.operation
        self.customer: oracle.CustomerModel | None = next(iter(mismatch.customers), None)

    def violated(self) -> str:
        """The clause that is violated."""
        match self.mismatch.kind:
            case Kind.STATUS if self.clause in STATUSES and self._is_rejection():
                return self._rejected_part()
            case Kind.STATUS if self.operation == "get" and self.exchange.status == 200:
                return self._found()
            case Kind.STATUS if self.operation == "get" and self.customer is not None:
                return self._not_found()
            case Kind.CUSTOMERS if self.operation in RESULTS and self.mismatch.customers:
                return self._wrong_result()
            case Kind.VALUE if self.operation == "get" and self.customer is not None:
                return self._wrong_value(self.customer)
        return self.clause

    # -- a status ----------------------------------------------------------------------------------------------

    def _is_rejection(self) -> bool:
        return 400 <= self.exchange.status < 500 and self.exchange.status not in OTHER_REJECTIONS

    def _rejected_part(self) -> str:
        """The part without which the request succeeds."""
        if self.operation in ("list", "search", "get"):
            return self._rejected_parameter()
        if self.operation == "delete":
            customer_id = self._id_in_path()
            empty = self.exchange.request_body is None
            again = self.api.delete(customer_id, {}) if empty else self.api.delete(customer_id)
            return "delete.body.optional" if again.status == 202 else self.clause
        return self._rejected_property()

    def _rejected_property(self) -> str:
        body, operation = self.exchange.sent, self.operation
        if not self._succeeds(_smallest(operation, body)):
            return self.clause
        if "id" in body and self._succeeds(body | {"id": _letters(namespace.fresh_word(), len(body["id"]))}):
            return "create.id.characters-accepted"
        for name in sorted(body, key=_likelihood):
            if self._succeeds({key: value for key, value in body.items() if key != name}):
                return _clause_of_property(operation, name, body[name], self.clause)
        complete = dict.fromkeys(("title", "firstName", "middleName", "lastName", "company"), "text") | body
        optional = f"{operation}.properties.optional"
        return optional if optional in clauses() and self._succeeds(complete) else self.clause

    def _succeeds(self, body: Mapping[str, Any]) -> bool:
        fresh = {"contactEmail": namespace.fresh_email()} if self.operation == "create" else {}
        return self.api.write(self.operation, self._id_in_path(), {**body, **fresh}).status < 300

    def _rejected_parameter(self) -> str:
        sent, operation = self.exchange.query, self.operation
        q = sent.get("q", self.exchange.sent.get("q"))
        for name in (name for name in ARGUMENTS if name in sent):
            rest = {
                ARGUMENTS[each]: value for each, value in sent.items() if each in ARGUMENTS and each != name
            }
            again = (
                self.api.get(self._id_in_path(), **rest)
                if operation == "get"
                else self.api.query(operation, q, **rest)
            )
            if again.status == 200:
                return _clause_of_parameter(operation, name, sent[name], self.clause)
        if (
            operation == "search"
            and q is None
            and self.api.query(operation, "active:true", page_size=1).status == 200
        ):
            return "search.body.optional"
        if q is not None and self.api.query(operation, page_size=1).status == 200:
            return f"{operation}.q.exact" if ":" in q and not set(q) & set(" ~<>()") else self.clause
        return self.clause

    def _not_found(self) -> str:
        """A customer that get does not show: missing once, lost, or created under another id."""
        customer = self.customer
        if customer is None or self.exchange.status != 404:
            return self.clause
        if self.api.get(customer.id).status == 200:
            return "get.status.ok"
        if self.clause == "create.visible.get" and customer.email:
            holders = self.api.query("list", f"contactEmail:{customer.email}").ids
            return "create.answer.id" if holders and customer.id not in holders else self.clause
        return self.clause

    def _found(self) -> str:
        """A customer that get should not show: get may find any id, or show a deleted customer once more."""
        if self.clause in ("get.unknown.not-found", "delete.gone.get") or 200 in self._expected():
            return self.clause
        if self.api.get(namespace.fresh_id()).status != 404:
            return "get.unknown.not-found"
        again = self.api.get(self._id_in_path(), expand=self.exchange.query.get("expand"))
        return self.clause if again.status == 200 else "get.flicker"

    def _expected(self) -> tuple[Any, ...]:
        expected = self.mismatch.expected
        return expected.values if isinstance(expected, OneOf) else (expected,)

    # -- a result ----------------------------------------------------------------------------------------------

    def _wrong_result(self) -> str:
        models: Iterable[oracle.CustomerModel] = self.mismatch.customers
        wanted, seen = {model.id for model in models}, set(self.exchange.ids)
        others = [each for each in self.exchange.customers if each.get("id") not in wanted]
        q = self._q()
        if self.clause.endswith(".deleted.vanishes"):
            return self.clause if customers_with(self._again(), wanted) else f"{self.operation}.flicker"
        if others:
            if self.clause.startswith(f"{self.operation}.q."):
                return self.clause
            mismatched = q and not oracle.select(others, q) and not oracle.indeterminate(others, q)
            return f"{self.operation}.q.exact" if mismatched else self.clause
        missing = [model for model in models if model.id not in seen]
        if not missing or self.api.identity != "client":
            return self.clause
        if sorted(self._again().ids) == sorted(wanted):
            return f"{self.operation}.{'flicker' if len(wanted) > 1 else 'complete'}"
        return f"{self.operation}.complete" if self._hides(missing[0]) else self.clause

    def _hides(self, customer: oracle.CustomerModel) -> bool:
        """Whether the result without a query lacks the customer, too, and not only because others are newer."""
        newest = self.api.query(
            self.operation, sort="metadataCreatedAt:desc", page_number=1, page_size=NEWEST
        )
        if newest.status != 200 or not newest.customers or customer.id in newest.ids:
            return False
        return len(newest.ids) < NEWEST or not self.api.query(self.operation, f"id:{customer.id}").ids

    def _again(self) -> Exchange:
        """The same query once more."""
        options = {ARGUMENTS[name]: value for name, value in self.exchange.query.items() if name in ARGUMENTS}
        return self.api.query(self.operation, self._q() or None, **options)

    def _q(self) -> str:
        return str(self.exchange.query.get("q", self.exchange.sent.get("q", "")))

    # -- a value -----------------------------------------------------------------------------------------------

    def _wrong_value(self, customer: oracle.CustomerModel) -> str:
        name = self.mismatch.path.removeprefix("$.").partition(".")[0]
        if name == "mixins" and not self.exchange.object.get("mixins"):
            listed = self.api.query("list", f"id:{customer.id}", expand="mixin:*")
            shown = customers_with(listed, [customer.id])
            return "get.expand.mixin" if any(each.get("mixins") for each in shown) else self.clause
        if name in customer.confirmed:
            return "get.changes-nothing" if self._changes_by_reading() else self.clause
        operation, _, promise = self.clause.partition(".")
        later = customer.cause
        if promise != f"{name}.round-trip" or not isinstance(later, oracle.Cause):
            return self.clause
        if (later.operation, later.kind) == (operation, "write") or not self._keeps(
            operation, customer, name
        ):
            return self.clause
        return later.clause_for(name, self.mismatch.actual)

    def _keeps(self, operation: str, customer: oracle.CustomerModel, name: str) -> bool:
        """Whether a new customer shows a property after such a write alone, with the values of this customer."""
        values = {each: customer.definite(each) for each in oracle.WRITABLE}
        body = {each: value for each, value in values.items() if value is not ABSENT and value is not None}
        body["contactEmail"] = namespace.fresh_email()
        created = self.api.create(body if operation == "create" else customers.plain())
        customer_id = created.object.get("id")
        if not isinstance(customer_id, str) or name not in body:
            return False
        if operation != "create":
            self.api.write(operation, customer_id, {name: body[name]} if operation == "patch" else body)
        response = self.api.get(customer_id, expand=oracle.MIXINS)
        shown = dict(customer.stated(response.object, expand=[oracle.MIXINS]))
        return bool(name != "contactEmail" and customer.permitted_as(name, shown[name]))

    def _changes_by_reading(self) -> bool:
        """Whether a get changes the customer that it shows: two gets of a new customer differ."""
        customer_id = self.api.create(customers.plain()).object.get("id")
        if not isinstance(customer_id, str):
            return False
        shown = [self.api.get(customer_id) for _ in range(2)]
        seen = [[each.object.get(name) for name in sorted(oracle.WRITABLE)] for each in shown]
        return all(each.status == 200 for each in shown) and seen[0] != seen[1]

    def _id_in_path(self) -> str:
        return unquote(urlsplit(self.exchange.url).path.rpartition("/")[2])


def _letters(word: str, length: int) -> str:
    """An id of letters alone, of this length or of 20 characters, so that it is unique."""
    letters = "".join(chr(ord("a") + int(each)) if each.isdecimal() else each for each in word)
    return letters.ljust(max(length, 20), "x")


def _smallest(operation: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """A plain body that keeps the e-mail address of the customer."""
    if operation == "patch":
        return {"lastName": "Plain"}
    kept = () if operation == "create" else ("contactEmail",)
    return customers.plain(**{name: body[name] for name in kept if name in body})


def _likelihood(name: str) -> int:
    """Properties with a closed set of values come first."""
    first = ("type", "restriction", "preferredCurrency", "preferredSite", "preferredLanguage", "id")
    return first.index(name) if name in first else len(first)


def _clause_of_property(operation: str, name: str, value: Any, clause_id: str) -> str:
    finer = {
        "id": f"{operation}.id.length-accepted",
        "type": f"{operation}.type.supported",
        "restriction": f"{operation}.restriction.{'null' if value is None else 'listed'}",
    }.get(name, f"{operation}.{name}.round-trip")
    return finer if finer in clauses() else clause_id


def _clause_of_parameter(operation: str, name: str, value: str, clause_id: str) -> str:
    direction = {"asc": "ascending", "desc": "descending"}.get(value.rpartition(":")[2], "default-direction")
    return {
        "sort": f"{operation}.sort.{direction}",
        "expand": f"{operation}.expand.mixin" if "mixin" in value else clause_id,
        "pageNumber": f"{operation}.page.partition",
        "pageSize": f"{operation}.pageSize.honoured",
    }[name]
