"""A scenario: operations on a few customers of one company, whose responses are compared with the model."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import oracle
from client import Exchange
from harness import MIXINS, TenantApi, check_not_found, clause, poll
from harness.checks.assertions import assert_no_mismatch, assert_not_listed, assert_status
from harness.checks.customers import poll_until_gone
from spec import Kind, Mismatch, Rule
from strategies import namespace
from tests.histories.steps import Step, body_of, evidence_of, last_step, revived_by

EXPAND = (MIXINS,)


@dataclass
class Scenario:
    """Operations on customers of one company, a word that no other customer has.

    state: the model of the tenant; since_confirmed: for each customer the steps since a response last showed it
    as expected.
    """

    api: TenantApi
    company: str = field(default_factory=namespace.fresh_word)
    state: oracle.ModelState = field(default_factory=oracle.ModelState)
    since_confirmed: dict[str, list[Step]] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)

    @property
    def rules(self) -> oracle.Rules:
        """The configuration of the tenant, with its reading of custom ids."""
        return replace(self.api.rules, custom_ids=self.api.custom_ids or None)

    @property
    def existing_ids(self) -> list[str]:
        """The ids of the existing customers, in the order of creation."""
        return list(self.state.customers)

    @property
    def known_ids(self) -> list[str]:
        """The ids of all customers of the scenario, the deleted ones included."""
        return [*self.state.customers, *self.state.deleted]

    @property
    def deletion_may_lag(self) -> bool:
        """Whether a deleted customer may be found for a while."""
        return bool(self.api.windows.deletion)

    def email_of(self, customer_id: str) -> str | None:
        """The e-mail address that the customer has, if the model determines it."""
        customer = self.state.customers.get(customer_id)
        return customer.email or None if customer else None

    # -- writes ------------------------------------------------------------------------------------------------

    def execute(self, operation: oracle.Operation) -> Step:
        """Send a write and check its response."""
        return self.accept(operation, self.api.perform(operation))

    def accept(self, operation: oracle.Operation, response: Exchange) -> Step:
        """Check the response to a write, and continue with the state after it."""
        before = self.state
        subject = getattr(operation, "id", "")
        if response.status == 404 and subject in before.customers:
            self.check(subject)  # an earlier step may have removed the customer
        judgement = self._judge(operation, response)
        if violated := judgement.clause or (judgement.mismatch.clause if judgement.mismatch else ""):
            with clause(violated):
                assert_no_mismatch(judgement.mismatch, response)
        self.state = judgement.state
        step = self._record(operation, response, before)
        if step.name == "delete" and step.accepted:
            self._check_gone(step.subject)
        return step

    def reject_for_reader(self, operation: oracle.Operation) -> Step:
        """Send a write with a token that may only read; a tenant may notice first that the customer is deleted."""
        response = self.api.as_("reader").perform(operation)
        if getattr(operation, "id", "") not in self.state.deleted:
            with clause(f"{operation.name}.auth.scope"):
                assert_status(response, 403)
        return self._record(operation, response, self.state)

    def _judge(
        self, operation: oracle.Operation, response: Exchange, since: oracle.Cause | None = None
    ) -> oracle.Judgement:
        return oracle.judge(
            self.state,
            operation,
            response.status,
            response.json,
            self.rules,
            since=since,
            deletion_may_lag=self.deletion_may_lag,
        )

    def _record(self, operation: oracle.Operation, response: Exchange, before: oracle.ModelState) -> Step:
        subject = self._subject(operation, response, before)
        step = Step(operation, subject, response.status < 300, response.status)
        self.steps.append(step)
        for customer_id in {*self.since_confirmed, subject}:
            self.since_confirmed.setdefault(customer_id, []).append(step)
        if step.accepted and subject in self.state.customers:
            self.api.known.ids.add(subject)
        return step

    def _subject(self, operation: oracle.Operation, response: Exchange, before: oracle.ModelState) -> str:
        """The customer of a write; of a rejected create the one that has its id or its e-mail address."""
        if not isinstance(operation, oracle.Create):
            return operation.id
        body = body_of(operation)
        if response.status < 300:
            return str(response.object["id"])
        if body.get("id") in before.customers or body.get("id") in before.deleted:
            return str(body["id"])
        holders = (known for known in before.customers if self.email_of(known) == body.get("contactEmail"))
        return next(holders, "")

    # -- checks ------------------------------------------------------------------------------------------------

    def check(self, customer_id: str, identity: str = "client") -> None:
        """GET shows what the model expects within the window of reads, or of deletions for a deleted customer."""
        customer, api = self.state.customers.get(customer_id), self.api.as_(identity)
        if customer is not None and customer.ambiguous:
            api.windows.read.sleep_until_closed()
        judged: list[oracle.Judgement] = []

        def as_expected(response: Exchange) -> bool:
            judged[:] = [self._judge_get(customer_id, response)]
            return judged[0].mismatch is None

        window = api.windows.read if customer_id in self.state.customers else api.windows.deletion
        response = poll(lambda: api.get(customer_id, expand=MIXINS), until=as_expected, within=window)
        self._check_get(customer_id, response, judged[0])

    def check_all_listed(self, operation: str) -> None:
        """List or search shows exactly the existing customers; a wrong result is compared with get first."""
        window = self.api.windows.listed_deletion
        response = self._query(operation)
        if self._listing_mismatch(response) is not None:
            for customer_id in self.known_ids:
                self.check(customer_id)
            if window:
                response = poll(
                    lambda: self._query(operation),
                    until=lambda found: self._listing_mismatch(found) is None,
                    within=window,
                )
        self._check_listing(operation, response)
        if not self.api.windows.index and not self.api.windows.read:
            for shown in response.customers:
                self._confirm(str(shown.get("id")), shown, operation)

    def check_everything(self) -> None:
        """Every customer of the scenario by get, by list and by search."""
        for customer_id in self.known_ids:
            self.check(customer_id)
        for operation in ("list", "search"):
            self.check_all_listed(operation)

    def _check_gone(self, customer_id: str) -> None:
        check_not_found(poll_until_gone(self.api, customer_id), "delete.gone.get")
        self.state = self.state.confirmed_gone(customer_id)
        self.since_confirmed[customer_id] = []

    def _judge_get(self, customer_id: str, response: Exchange) -> oracle.Judgement:
        ran = self.since_confirmed.get(customer_id, [])
        if customer_id in self.state.deleted and response.status == 200:
            mismatch = Mismatch(Kind.STATUS, expected=404, actual=200).owned_by(revived_by(ran, customer_id))
            return oracle.Judgement(self.state, mismatch=mismatch)
        step = self._suspect(customer_id, response.json if response.status == 200 else None)
        operation = oracle.Get(customer_id, frozenset(EXPAND))
        return self._judge(operation, response, step.cause_for(customer_id) if step else None)

    def _check_get(self, customer_id: str, response: Exchange, judgement: oracle.Judgement) -> None:
        mismatch, customer = judgement.mismatch, self.state.customers.get(customer_id)
        if mismatch is not None:
            mismatch.customers = () if customer is None else (customer,)
        ran = self.since_confirmed.get(customer_id, [])
        own = mismatch.clause if mismatch else judgement.clause
        for clause_id in dict.fromkeys([own, *(evidence_of(step, customer_id) for step in ran)]):
            if clause_id:
                with clause(clause_id):
                    assert_no_mismatch(mismatch, response)
        # Within the window of reads a response may show an earlier state, and proves nothing of what is open.
        if not self.api.windows.read:
            self.state = judgement.state
            self.since_confirmed[customer_id] = []
            if confirmed := self.state.customers.get(customer_id):
                self.api.known.confirmed[customer_id] = (confirmed, response.number)

    def _query(self, operation: str) -> Exchange:
        response = self.api.query(operation, f"company:{self.company}", expand=MIXINS)
        with clause(f"{operation}.status.ok"):
            assert_status(response, 200)
        return response

    def _listing_mismatch(self, response: Exchange) -> Mismatch | None:
        found = oracle.listing_mismatch(
            self.state, response.customers, read=response.operation, expand=EXPAND
        )
        unexpected = [each for each in response.customers if each.get("id") not in {*self.known_ids}]
        if found is not None or not unexpected:
            return found
        return Mismatch(
            Kind.CUSTOMERS,
            expected=Rule(
                f"the customers of the company {self.company}: {', '.join(self.existing_ids) or 'none'}"
            ),
            actual=response.ids,
        ).owned_by(self._clause_of_unexpected(unexpected[0], response.operation))

    def _check_listing(self, operation: str, response: Exchange) -> None:
        aspects = ["agrees-with-get", "complete", *(["deleted.vanishes"] if self.state.deleted else [])]
        for aspect in aspects:
            with clause(f"{operation}.{aspect}"):
                assert_no_mismatch(self._listing_mismatch(response), response)
                for customer_id in self.state.deleted if aspect == "deleted.vanishes" else ():
                    assert_not_listed(response, customer_id)

    def _confirm(self, customer_id: str, shown: Mapping[str, Any], operation: str) -> None:
        customer = self.state.customers.get(customer_id)
        if customer is None:
            return
        confirmed = oracle.confirmed_by(customer, dict(shown), expand=EXPAND, read=operation)
        for step in self.since_confirmed.get(customer_id, []):
            if clause_id := evidence_of(step, customer_id):
                with clause(clause_id):
                    assert_no_mismatch(
                        oracle.first_mismatch(customer, dict(shown), expand=EXPAND, read=operation)
                    )
        self.state = self.state.with_customer(confirmed)
        self.since_confirmed[customer_id] = []

    # -- attribution -------------------------------------------------------------------------------------------

    def _suspect(self, customer_id: str, seen: Any) -> Step | None:
        """The step that most likely caused what is wrong with a customer; `seen` is None where it is missing."""
        ran = self.since_confirmed.get(customer_id, [])
        customer = self.state.customers.get(customer_id)
        if not ran or customer is None:
            return ran[-1] if ran else None
        if not isinstance(seen, dict):
            return last_step(ran, lambda step: step.name == "delete") or ran[-1]
        wrong = next(
            (each for each in oracle.comparisons(customer, seen, expand=EXPAND) if each.mismatch), None
        )
        if wrong is None:
            return ran[-1]
        name, value = wrong.property, seen.get(wrong.property)
        elsewhere = [step for step in ran if step.subject != customer_id]
        here = [step for step in ran if step.subject == customer_id]
        return (
            last_step(elsewhere, lambda step: step.sets(name, value))
            or last_step(here, lambda step: not step.accepted and step.sets(name, value))
            or last_step(here, lambda step: step.accepted)
            or ran[-1]
        )

    def _clause_of_unexpected(self, shown: Mapping[str, Any], operation: str) -> str:
        """The clause that is violated where a customer is found that should not exist, by the write of its address."""
        if shown.get("company") != self.company:
            return f"{operation}.q.exact"
        step = last_step(self.steps, lambda each: each.sets("contactEmail", shown.get("contactEmail")))
        step = step or last_step(self.steps, lambda each: each.name != "delete")
        if step is None or step.name == "delete":
            return f"{operation}.q.exact"
        if not step.accepted:
            return f"{step.name}.refused.changes-nothing"
        return {"create": "create.answer.id", "upsert": "upsert.no-duplicate"}.get(
            step.name, "patch.id.fixed"
        )
