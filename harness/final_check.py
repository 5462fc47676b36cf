"""Looking back on a run: are the customers that were left alone still what get said they were?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import oracle
from client import Exchange
from harness.customer import Customer
from harness.exchange_utils import sent_body
from harness.polling import settled
from harness.tenant_under_test import TenantUnderTest
from spec import Violation

CHUNK = 40
"""Customers that one query asks for."""
DOUBTS = 10
"""Customers at most that are looked at by get where list or search shows them wrong."""
WRITES = ("create", "upsert", "patch", "delete")


@dataclass(frozen=True)
class Audit:
    """The customers of a run that nobody has written to since get showed them as expected."""

    tenant: TenantUnderTest
    customers: Sequence[Customer]

    @classmethod
    def of(cls, tenant: TenantUnderTest) -> "Audit":
        """Everybody whom the run still expects to be there, and knows."""
        writes = tenant.client.writes
        path = f"{tenant.path()}/"
        known = [each for each in tenant.known.values() if each.confirmed and not each.deleted]
        return cls(tenant, [each for each in known if writes.last(path + each.id) < each.confirmed])

    def run(self) -> None:
        """Ask for them in chunks, by list and by search in turn; what looks wrong is confirmed by get."""
        for number, start in enumerate(range(0, len(self.customers), CHUNK)):
            operation = "search" if number % 2 else "list"
            self._chunk(operation, self.customers[start : start + CHUNK])
            self.tenant.trial.credit(f"{operation}.agrees-with-get")
        written = {
            each.operation for each in self._later(min((c.confirmed for c in self.customers), default=0))
        }
        for operation in WRITES:
            if operation in written and self.customers:
                self.tenant.trial.credit(f"{operation}.others.unchanged")

    def _chunk(self, operation: str, customers: Sequence[Customer]) -> None:
        q = f"id:({','.join(each.id for each in customers)})"

        def as_expected() -> None:
            answer = self.tenant.query(operation, q).must_answer(200)
            shown = {each.get("id"): each for each in answer.customers}
            wrong = list(self._wrong(operation, customers, shown))
            for customer, _ in wrong[:DOUBTS]:
                self._looks_at(customer)
            for _, violation in wrong:
                raise violation

        settled(self.tenant.windows.index, as_expected)

    def _wrong(
        self, operation: str, customers: Sequence[Customer], shown: dict[Any, dict[str, Any]]
    ) -> Iterator[tuple[Customer, Violation]]:
        """Whom the result shows wrong or not at all, with the clause that breaks if get shows them right."""
        absent = [each for each in customers if each.id not in shown]
        few = len(absent) * 2 < len(customers)
        for customer in customers:
            if customer in absent:
                name = f"{operation}.complete" if few else f"{operation}.q.any-of"
                yield (
                    customer,
                    Violation(name, expected=f"{customer.id} shown", actual=f"{customer.id} not shown"),
                )
                continue
            found = oracle.difference(customer.record, shown[customer.id], read=operation)
            if found is not None:
                yield customer, found.violation()

    def _looks_at(self, customer: Customer) -> None:
        """Demand that get still shows the customer as expected."""
        answer = self.tenant.get(customer)
        if answer.status == 404:
            raise answer.violation(self._suspect(customer, "", None).blames("id", None), expected="200")
        answer.must_answer(200)
        found = oracle.difference(customer.record, answer.json)
        if found is not None and isinstance(answer.json, dict):
            since = self._suspect(customer, found.property, answer.json.get(found.property))
            self.tenant.compare(customer.record, answer.json, since=since)
            raise found.violation()

    def _suspect(self, customer: Customer, name: str, value: Any) -> oracle.Cause:
        """What most likely changed it: the last write with this value, or a delete where it is gone."""
        path = f"{self.tenant.path()}/{customer.id}"
        for exchange in reversed(self._later(customer.confirmed)):
            if not (_says(exchange, name, value) if name else exchange.operation == "delete"):
                continue
            if exchange.status < 300:
                return oracle.elsewhere(exchange.operation)
            if exchange.path == path:
                return oracle.refused(exchange.operation)
            if exchange.operation == "create" and exchange.status == 409:
                return oracle.duplicated()
        return oracle.elsewhere("patch" if name else "delete")

    def _later(self, number: int) -> list[Exchange]:
        """The writes after this exchange that are still remembered."""
        recorded = self.tenant.client.recorder.since(number)
        return [each for each in recorded if each.operation in WRITES]


def _says(exchange: Exchange, name: str, value: Any) -> bool:
    body = sent_body(exchange)
    return name in body and value is not None and oracle.same(body[name], value)
