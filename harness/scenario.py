"""A course of operations on a few customers, judged step by step, each fault laid to the step behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import oracle
from harness.answers import Answer
from harness.customer import Customer
from harness.polling import let_views_follow, settled
from harness.scenario_steps import Step, last, revived_by, says
from harness.tenant_under_test import TenantUnderTest
from spec import Violation
from strategies import namespace

EXPAND = ("mixin:*",)
UNTOUCHED = (".unchanged", ".changes-nothing", ".keeps-existing")
"""How the clauses end that say that a customer stays as it was."""


@dataclass
class Scenario:
    """Operations on customers that one query selects: their company is a word that nobody else has.

    `world` is what the oracle knows; `since_seen` holds, for each customer, the steps since it was last
    seen to be right.
    """

    tenant: TenantUnderTest
    company: str = field(default_factory=namespace.fresh_word)
    world: oracle.ModelState = field(default_factory=oracle.ModelState)
    since_seen: dict[str, list[Step]] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)

    @property
    def rules(self) -> oracle.Rules:
        """The tenant's configuration, with what the run found out about custom ids."""
        return replace(self.tenant.rules, custom_ids=self.tenant.custom_ids or None)

    @property
    def living(self) -> list[str]:
        """The ids of the customers that are there, in the order of their creation."""
        return list(self.world.records)

    @property
    def lag(self) -> bool:
        """Whether a deleted customer may be seen for a while."""
        return self.tenant.windows.deletion > 0

    def email_of(self, customer_id: str) -> str | None:
        """The address that the customer surely has."""
        record = self.world.records.get(customer_id)
        email = record.certain("contactEmail") if record else None
        return email if isinstance(email, str) else None

    # -- writing -------------------------------------------------------------------------------------

    def does(self, operation: oracle.Operation) -> Step:
        """Send a write and judge its answer; the world moves on."""
        before, windows = self.world, self.tenant.windows
        answer = self._sent(operation)
        try:
            self.world = oracle.judge(
                before, operation, answer.status, answer.json, self.rules, deletion_may_lag=self.lag
            )
        except Violation:
            # Perhaps an earlier step took the customer, and this one only brings it to light.
            subject = getattr(operation, "id", "")
            if subject in before.records and answer.status == 404:
                self.sees(subject)
            raise
        allowed = oracle.answers(before, operation, self.rules, deletion_may_lag=self.lag)
        if answer.status == allowed[0].status:
            self.tenant.trial.credit(allowed[0].clause)
        step = self._noted(operation, answer, before)
        if step.name == "delete" and step.accepted:
            settled(windows.deletion, lambda: self.sees_gone(step.subject))
        return step

    def refuses_to_reader(self, operation: oracle.Operation) -> Step:
        """Send a write with a token that may only read; 403 is the only answer."""
        answer = self._sent(operation, identity="reader")
        answer.must_answer(403, clause=f"{operation.name}.auth.scope")
        return self._noted(operation, answer, self.world)

    def _sent(self, operation: oracle.Operation, identity: str | None = None) -> Answer:
        tenant = self.tenant if identity is None else self.tenant.as_(identity)
        match operation:
            case oracle.Create(body):
                return tenant.create(dict(body or {}))
            case oracle.Upsert(customer_id, body):
                return tenant.upsert(customer_id, dict(body or {}))
            case oracle.Patch(customer_id, body):
                return tenant.patch(customer_id, dict(body or {}))
            case oracle.Delete(customer_id):
                return tenant.delete(customer_id)
            case oracle.Get(customer_id, expand):
                return tenant.get(customer_id, expand=",".join(expand) or None)

    def _noted(self, operation: oracle.Operation, answer: Answer, before: oracle.ModelState) -> Step:
        accepted = answer.status < 300
        step = Step(operation, self._subject(operation, answer, before), accepted, answer.status)
        self.steps.append(step)
        for customer_id in {*self.since_seen, step.subject}:
            self.since_seen.setdefault(customer_id, []).append(step)
        if accepted and step.subject in self.world.records and step.subject not in self.tenant.known:
            record = self.world.records[step.subject]
            self.tenant.known[step.subject] = Customer(step.subject, record, dict(step.body))
        return step

    def _subject(self, operation: oracle.Operation, answer: Answer, before: oracle.ModelState) -> str:
        """Whom a write was about; a create that was refused, whoever has its id or its address."""
        if not isinstance(operation, oracle.Create):
            return operation.id
        body = operation.body or {}
        if answer.status < 300:
            return str(answer.json["id"])
        if body.get("id") in before.records or body.get("id") in before.deleted:
            return str(body["id"])
        holders = (known for known in before.records if self.email_of(known) == body.get("contactEmail"))
        return next(holders, "")

    # -- looking -------------------------------------------------------------------------------------

    def sees(self, customer_id: str, identity: str | None = None) -> None:
        """Look at one customer, there or gone, and demand what the oracle expects of it."""
        asked = self.tenant if identity is None else self.tenant.as_(identity)
        if customer_id in self.world.records and self.world.records[customer_id].unsettled:
            let_views_follow(self.tenant.windows.read)
        try:
            settled(self.tenant.windows.read, lambda: self._sees(customer_id, asked))
        except Violation as first:
            if self._right_after_all(customer_id, asked) and first.clause.id.endswith(UNTOUCHED):
                name = "get.status.ok" if first.actual.startswith("status") else "get.changes-nothing"
                raise Violation(
                    name, expected=first.expected, actual=first.actual, detail=first.detail
                ) from None
            raise

    def _right_after_all(self, customer_id: str, asked: TenantUnderTest) -> bool:
        """Whether a second look shows the customer as expected, so that nobody changed it."""
        try:
            self._sees(customer_id, asked)
        except Violation:
            return False
        return True

    def sees_gone(self, customer_id: str) -> None:
        """Look at a customer whose deletion was accepted, and demand that it is gone."""
        self.tenant.get(customer_id).must_answer(404, clause="delete.gone.get")
        self.tenant.trial.credit("delete.gone.get")
        self.world = self.world.settled(customer_id)
        self.since_seen[customer_id] = []

    def _sees(self, customer_id: str, asked: TenantUnderTest) -> None:
        answer = asked.get(customer_id, expand=EXPAND[0])
        ran = self.since_seen.get(customer_id, [])
        if customer_id in self.world.deleted and answer.status == 200:
            raise answer.violation(revived_by(ran, customer_id), expected="404: the customer was deleted")
        step = self._suspect(customer_id, answer.json if answer.status == 200 else None)
        after = oracle.judge(
            self.world,
            oracle.Get(customer_id, frozenset(EXPAND)),
            answer.status,
            answer.json,
            self.rules,
            since=step.since(customer_id) if step else None,
            deletion_may_lag=self.lag,
        )
        self._credit(customer_id, ran)
        # Within the window of reads, what is shown may be what was: it proves nothing of what is open.
        if self.tenant.windows.read == 0:
            self.world = after
            self.since_seen[customer_id] = []
        self._remember(customer_id, answer)

    def _remember(self, customer_id: str, answer: Answer) -> None:
        customer = self.tenant.known.get(customer_id)
        record = self.world.records.get(customer_id)
        if customer is not None and record is not None and self.tenant.windows.read == 0:
            customer.record, customer.shown = record, answer.json
            customer.confirmed = answer.exchange.number

    def sees_everybody(self, operation: str) -> None:
        """Ask for all by list or search, and demand exactly the living as the oracle expects them.

        What seems wrong is looked at by get first: a customer that get shows wrong is no fault of the list.
        """
        window = max(self.tenant.windows.index, self.tenant.windows.deletion)
        answer = self._listed(operation)
        try:
            self._shows_everybody(answer)
        except Violation:
            for customer_id in [*self.world.records, *self.world.deleted]:
                self.sees(customer_id)
            if window == 0:
                self._shows_everybody(answer)
            settled(window, lambda: self._shows_everybody(self._listed(operation)))
        for aspect in ("agrees-with-get", "complete", *(["deleted.vanishes"] if self.world.deleted else [])):
            self.tenant.trial.credit(f"{operation}.{aspect}")

    def _listed(self, operation: str) -> Answer:
        return self.tenant.query(operation, f"company:{self.company}", expand=EXPAND[0]).must_answer(200)

    def _shows_everybody(self, answer: Answer) -> None:
        operation = answer.exchange.operation
        found = oracle.listing_difference(self.world, answer.customers, read=operation, expand=EXPAND)
        if found is not None:
            raise found.violation()
        known = self.world.records.keys() | self.world.deleted
        for stranger in (each for each in answer.customers if each.get("id") not in known):
            raise answer.violation(
                self._stray(stranger, operation),
                expected=f"the customers with the company {self.company}: {', '.join(known) or 'none'}",
                about=f"$[?@.id=={stranger.get('id')!r}]",
            )
        if self.tenant.windows.index == 0 and self.tenant.windows.read == 0:
            self._learn(answer.customers, operation)

    def _learn(self, shown: Sequence[Mapping[str, Any]], operation: str) -> None:
        for customer in shown:
            customer_id = str(customer["id"])
            if customer_id in self.world.records:
                record = self.world.records[customer_id]
                learned = oracle.learned(record, customer, expand=EXPAND, read=operation)
                self.world = self.world.having(learned)
                self._credit(customer_id, self.since_seen.get(customer_id, []))
                self.since_seen[customer_id] = []

    def sees_the_world(self) -> None:
        """Look at every customer of the course, the deleted ones included, by get, by list and by search."""
        for customer_id in [*self.world.records, *self.world.deleted]:
            self.sees(customer_id)
        for operation in ("list", "search"):
            self.sees_everybody(operation)

    def _credit(self, customer_id: str, ran: Sequence[Step]) -> None:
        for step in ran:
            since = step.since(customer_id)
            if since.kind == "write" and step.name == "patch":
                self.tenant.trial.credit("patch.fields.only-named")
            elif since.kind != "write":
                self.tenant.trial.credit(since.blames("", None))

    # -- suspecting ----------------------------------------------------------------------------------

    def _suspect(self, customer_id: str, seen: Any) -> Step | None:
        """The step that most likely did what is wrong with a customer; `seen` is None where it is missing."""
        ran = self.since_seen.get(customer_id, [])
        record = self.world.records.get(customer_id)
        if not ran or record is None:
            return ran[-1] if ran else None
        if not isinstance(seen, dict):
            return last(ran, lambda step: step.name == "delete") or ran[-1]
        found = oracle.difference(record, seen, expand=EXPAND)
        if found is None:
            return ran[-1]
        name, value = found.property, seen.get(found.property)
        elsewhere = [step for step in ran if step.subject != customer_id]
        here = [step for step in ran if step.subject == customer_id]
        refused = [step for step in here if not step.accepted]
        return (
            last(elsewhere, lambda step: says(step, name, value))
            or last(refused, lambda step: says(step, name, value))
            or last(here, lambda step: step.accepted)
            or ran[-1]
        )

    def _stray(self, stranger: Mapping[str, Any], operation: str) -> str:
        """The clause that a customer breaks which should not be there: by the write that has its address."""
        if stranger.get("company") != self.company:
            return f"{operation}.q.exact"
        step = last(self.steps, lambda each: says(each, "contactEmail", stranger.get("contactEmail")))
        step = step or last(self.steps, lambda each: each.name != "delete")
        if step is None or step.name == "delete":
            return f"{operation}.q.exact"
        if not step.accepted:
            return f"{step.name}.refused.changes-nothing"
        return {"create": "create.answer.id", "upsert": "upsert.no-duplicate"}.get(
            step.name, "patch.id.fixed"
        )
