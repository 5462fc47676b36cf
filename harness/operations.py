"""The seven operations, each answer judged at once by what holds of every answer."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, Self

import oracle
from client import ABSENT, Client, Exchange, Settings
from harness import invariants, triage
from harness.answers import Answer
from harness.customer import Customer
from harness.polling import Windows, settled
from spec import Violation


class Witness(Protocol):
    """What the tenant under test tells of each promise it saw kept or broken (a trial of the report)."""

    def credit(self, clause_id: str, *classes: str, requests: int = 1) -> None:
        """Count one time that the clause was seen to hold."""

    def observe(self, clause_id: str, reading: str, *classes: str) -> None:
        """Record the reading of an open clause."""

    def broke(self, violation: Violation, example: str = "") -> None:
        """Record a promise seen broken, and go on."""


@dataclass
class Operations:
    """One tenant, asked as one identity; `known` holds the customers that the run made in it."""

    client: Client
    rules: oracle.Rules
    windows: Windows
    witness: Callable[[], Witness]
    identity: str = "client"
    custom_ids: bool = True
    known: dict[str, Customer] = field(default_factory=dict)
    private: invariants.Known = field(default_factory=invariants.Known)
    shared: dict[str, Customer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.private.ids = self.known.keys()

    @property
    def trial(self) -> Witness:
        """The trial of the running test."""
        return self.witness()

    @property
    def settings(self) -> Settings:
        """The settings of the run."""
        return self.client.settings

    def as_(self, identity: str) -> Self:
        """The same tenant, asked as reader, writer, restricted, other or anonymous."""
        return replace(self, identity=identity)

    def create(self, body: Any = ABSENT, **how: Any) -> Answer:
        """POST /customers."""
        return self.asked(lambda: self.client.create(body, identity=self.identity, **how))

    def get(self, customer: Customer | str, **how: Any) -> Answer:
        """GET /customers/{customerNumber}; one that the run made is waited for within the window of reads."""

        def asked() -> Answer:
            return self.asked(lambda: self.client.get(_id(customer), identity=self.identity, **how), customer)

        answer = asked()

        def found() -> None:
            nonlocal answer
            answer = asked()
            if answer.status == 404:
                raise answer.violation("create.visible.get", expected="200")

        late = answer.status == 404 and answer.customer is not None and not answer.customer.deleted
        if self.windows.read and late:
            with suppress(Violation):
                settled(self.windows.read, found)
        return answer

    def list(self, **how: Any) -> Answer:
        """GET /customers."""
        return self.asked(lambda: self.client.list(identity=self.identity, **how))

    def search(self, body: Any = ABSENT, **how: Any) -> Answer:
        """POST /customers/search; the body is {"q": …}."""
        return self.asked(lambda: self.client.search(body, identity=self.identity, **how))

    def query(self, operation: str, q: str | None = None, **how: Any) -> Answer:
        """The same question by list or by search."""
        if operation == "list":
            return self.list(**({"q": q} if q is not None else {}), **how)
        return self.search({"q": q} if q is not None else {}, **how)

    def upsert(self, customer: Customer | str, body: Any = ABSENT, **how: Any) -> Answer:
        """PUT /customers/{customerNumber}."""
        return self.asked(
            lambda: self.client.upsert(_id(customer), body, identity=self.identity, **how), customer
        )

    def patch(self, customer: Customer | str, body: Any = ABSENT, **how: Any) -> Answer:
        """PATCH /customers/{customerNumber}."""
        return self.asked(
            lambda: self.client.patch(_id(customer), body, identity=self.identity, **how), customer
        )

    def delete(self, customer: Customer | str, **how: Any) -> Answer:
        """DELETE /customers/{customerNumber}."""
        return self.asked(lambda: self.client.delete(_id(customer), identity=self.identity, **how), customer)

    def write(
        self, operation: str, customer: Customer | str | None, body: Any = ABSENT, **how: Any
    ) -> Answer:
        """The same body by create, upsert or patch; create has no use for the customer."""
        if operation == "create" or customer is None:
            return self.create(body, **how)
        return (
            self.upsert(customer, body, **how) if operation == "upsert" else self.patch(customer, body, **how)
        )

    def send(self, method: str, path: str, *, operation: str, **how: Any) -> Answer:
        """Any request at all, below the tenant's address."""
        how.setdefault("identity", self.identity)
        return self.asked(lambda: self.client.send(method, path, operation=operation, **how))

    def forget(self, customer: Customer | None) -> None:
        """Expect nothing of the customer any more: what it is now is not known."""
        if customer is None:
            return
        customer.confirmed = 0
        if self.shared.get("standing") is customer:
            del self.shared["standing"]

    def asked(self, ask: Callable[[], Exchange], customer: Customer | str | None = None) -> Answer:
        """Ask, and judge the answer by what holds of every answer."""

        def judged() -> Exchange:
            exchange = ask()
            for clause, violation in invariants.judged(exchange, self.private):
                if violation is None:
                    self.trial.credit(clause)
                else:
                    self.trial.broke(violation)
            return exchange

        known = self.known.get(customer) if isinstance(customer, str) else customer
        return Answer(judged(), self, judged, known)

    def compare(
        self,
        expected: oracle.CustomerModel,
        seen: Any,
        *,
        since: oracle.Cause | str | None = None,
        expand: Sequence[str] = (),
    ) -> None:
        """Raise the violation of the first property in which a customer differs from what the oracle expects.

        `since` says what ran since the customer was last seen right, or names the clause to blame for it.
        """
        ran = since if isinstance(since, oracle.Cause) else None
        found = oracle.difference(expected, seen, expand=expand, since=ran)
        if found is not None:
            name = since if isinstance(since, str) and found.property in expected.confirmed else found.clause
            told = {"expected": found.expected, "actual": found.actual, "detail": found.path}
            suspected = Violation(name, **told)
            if found.property == "mixins" and not seen.get("mixins"):
                suspected.diagnosed = lambda: Violation(triage.lost_mixins(self, seen, name), **told)
            elif name == since:
                suspected.diagnosed = lambda: Violation(triage.by_looking(self, name), **told)
            raise suspected
        for name in set(expected.promises) - expected.confirmed:
            if name in seen or name not in ("mixins",) or "mixin:*" in expand:
                self.trial.credit(expected.promises[name])


def _id(customer: Customer | str) -> str:
    return customer if isinstance(customer, str) else customer.id
