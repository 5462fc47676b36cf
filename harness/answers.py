"""A judged answer: what a test may demand of it, each demand under the clause that promises it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import oracle
from client import Exchange
from harness import triage
from harness.customer import Customer
from harness.exchange_utils import ids_shown
from harness.invariants import CUSTOMER_OPERATIONS
from harness.polling import let_views_follow, settled
from spec import Violation

if TYPE_CHECKING:
    from harness.operations import Operations

OK_CLAUSES = {
    "create": "create.status.created",
    "get": "get.status.ok",
    "list": "list.status.ok",
    "search": "search.status.ok",
    "patch": "patch.status.ok",
    "delete": "delete.status.accepted",
}
SHOWN = 160
"""Characters of a body that a failure message quotes."""


@dataclass
class Answer:
    """One exchange, the customer it was about, and the tenant it came from."""

    exchange: Exchange
    tenant: Operations
    ask: Callable[[], Exchange]
    customer: Customer | None = None

    @property
    def status(self) -> int:
        """The status of the answer."""
        return self.exchange.status

    @property
    def json(self) -> Any:
        """The parsed body; tenant.ABSENT where there is none."""
        return self.exchange.json

    @property
    def customers(self) -> list[dict[str, Any]]:
        """The customers of a list or search result; none where the body is no array of objects."""
        body = self.exchange.json
        return [each for each in body if isinstance(each, dict)] if isinstance(body, list) else []

    @property
    def ids(self) -> list[str]:
        """The ids of a list or search result, in order."""
        return ids_shown(self.exchange)

    def of(self, wanted: Iterable[Customer | str]) -> list[dict[str, Any]]:
        """The customers of the result that are among those wanted, in the order of the result."""
        ids = {each.id if isinstance(each, Customer) else each for each in wanted}
        return [each for each in self.customers if each.get("id") in ids]

    def must_answer(self, *statuses: int, clause: str = "", about: str = "") -> Answer:
        """Demand one of the statuses; the clause is the operation's own status unless another is named."""
        name = clause or OK_CLAUSES[self.exchange.operation]
        if self.status >= 500 and self.exchange.operation in CUSTOMER_OPERATIONS:
            raise self.violation(f"{self.exchange.operation}.robust.no-5xx", expected="no 5xx", about=about)
        if self.status not in statuses:
            raise self.violation(triage.refused(self, name), expected=_any_of(statuses), about=about)
        self.tenant.trial.credit(name, *([about] if about else []))
        return self

    def must_refuse(self, clause: str, *statuses: int, about: str = "") -> Answer:
        """Demand a refusal, 400 unless other statuses are named; `about` is the class of input refused."""
        return self.must_answer(*(statuses or (400,)), clause=clause, about=about)

    def must_not_be(self, family: int, clause: str, about: str = "") -> Answer:
        """Demand that the status is of another hundred than `family` (200, 400, 500)."""
        if self.status // 100 * 100 == family:
            raise self.violation(clause, expected=f"no status from {family} to {family + 99}", about=about)
        self.tenant.trial.credit(clause, *([about] if about else []))
        return self

    def must_show(
        self,
        record: oracle.CustomerModel | None = None,
        *,
        since: oracle.Cause | str | None = None,
        expand: Sequence[str] = (),
    ) -> Answer:
        """Demand that get shows the customer as the oracle expects it, within the window of reads.

        `since` is the clause to name for a property that was seen right before and is wrong now.
        """
        customer = self.customer
        if customer is None:
            raise RuntimeError("this answer is about no known customer")
        expected = record or customer.record
        if expected.unsettled and self.tenant.windows.read:
            let_views_follow(self.tenant.windows.read)
            self.exchange = self.ask()

        def shows() -> dict[str, Any]:
            if self.status != 200:
                raise self._missing(customer, expected, since)
            seen = self.exchange.json
            if not isinstance(seen, dict):
                raise self.violation("get.schema.customer", expected="a JSON object, the customer")
            if not expected.confirmed:
                self.tenant.trial.credit("create.visible.get")
            self.tenant.compare(expected, seen, since=since or customer.since, expand=expand)
            return seen

        seen = settled(self.tenant.windows.read, self._asking_again(shows))
        customer.record = oracle.learned(expected, seen, expand=expand)
        customer.shown, customer.confirmed, customer.since = seen, self.exchange.number, None
        return self

    def must_be_unknown(self, clause: str = "get.unknown.not-found") -> Answer:
        """Demand 404 of a get. Where it finds the customer this clause is broken, unless it finds anybody at all."""
        own = "get.unknown.not-found"
        if self.status == 200 and clause not in (own, "delete.gone.get"):  # the latter is waited for
            if triage.finds_anything(self.tenant):
                clause = own
            elif self.customer is not None and self.customer.deleted:
                clause = triage.flickers(self, self.customer, clause)
        return self.must_answer(404, clause=clause if self.status in (200, 404) else own)

    def violation(self, clause: str, *, expected: str, about: str = "") -> Violation:
        """The violation of this clause by this answer, its status and the beginning of its body quoted."""
        return Violation(clause, expected=expected, actual=self._quoted(), detail=about)

    def _missing(
        self, customer: Customer, expected: oracle.CustomerModel, since: oracle.Cause | str | None
    ) -> Violation:
        """A customer that get does not show: hidden for once, taken away, lost, or made under another id."""
        name = "create.visible.get"
        if self.status not in (200, 404) and (refused := triage.refused(self, "get.status.ok")):
            name = refused
        elif self.ask().status == 200 or (expected.confirmed and not isinstance(since, str)):
            name = "get.status.ok"
        elif isinstance(since, str):
            name = since
        elif customer.email:
            holders = self.tenant.query("list", f"contactEmail:{customer.email}").ids
            name = "create.answer.id" if holders and customer.id not in holders else name
        return self.violation(name, expected="200 and the customer")

    def _asking_again(self, check: Callable[[], dict[str, Any]]) -> Callable[[], dict[str, Any]]:
        first = True

        def again() -> dict[str, Any]:
            nonlocal first
            if not first:
                self.exchange = self.ask()
            first = False
            return check()

        return again

    def _quoted(self) -> str:
        # Redacted before it is cut: half a secret could not be found.
        body = self.exchange.redactor.body(self.exchange.response_body) or ""
        quoted = body if len(body) <= SHOWN else body[:SHOWN] + "…"
        return f"{self.status} {quoted}".strip()


def _any_of(statuses: Sequence[int]) -> str:
    return " or ".join(str(status) for status in statuses)
