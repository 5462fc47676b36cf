"""Schemathesis' state machine over the links of the document, through our client and judged by our policy."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase
from hypothesis.errors import Unsatisfiable
from schemathesis.core.transport import Response
from schemathesis.generation.stateful import APIStateMachine, run_state_machine_as_test

from client import BudgetExceeded, ServiceUnavailable, TransientError
from harness.plugin import profiles
from harness.plugin.run import Run
from harness.polling import settled
from harness.schemathesis.adapter import Fitting
from harness.schemathesis.document import schema
from harness.schemathesis.expected_rejections import ITEMS, breaches, certain
from harness.schemathesis.request_spec import Generated, Question, question_of
from harness.schemathesis.requests import STATUS_CLAUSES, Asked, Asking, blamed
from harness.tenant_under_test import TenantUnderTest
from spec import Violation

State = Literal["alive", "deleted", "unknown", "unclear"]
SCENARIOS = {profiles.SMOKE: 1, profiles.GATE: 3, profiles.NIGHTLY: 60}
STEPS = {profiles.SMOKE: 3, profiles.GATE: 6, profiles.NIGHTLY: 12}
EXPECTED: dict[tuple[str, State], tuple[int, str]] = {
    ("get", "alive"): (200, "create.visible.get"),
    ("get", "deleted"): (404, "delete.gone.get"),
    ("get", "unknown"): (404, "get.unknown.not-found"),
    ("patch", "alive"): (200, "patch.status.ok"),
    ("patch", "deleted"): (404, "delete.no-revival.patch"),
    ("patch", "unknown"): (404, "patch.unknown.not-found"),
    ("delete", "alive"): (202, "delete.status.accepted"),
    ("delete", "deleted"): (404, "delete.twice.not-found"),
    ("delete", "unknown"): (404, "delete.unknown.not-found"),
    ("upsert", "alive"): (204, "upsert.update.status"),
    ("upsert", "unknown"): (201, "upsert.create.status"),
    ("create", "unknown"): (201, "create.status.created"),
    ("list", "unknown"): (200, "list.status.ok"),
    ("search", "unknown"): (200, "search.status.ok"),
}
"""What a valid request is answered, by what its customer is; recreation is tested elsewhere."""


class Ledger:
    """What became of each customer of a scenario, and which broken promises have been told of."""

    def __init__(self, tenant: TenantUnderTest) -> None:
        self.tenant = tenant
        self.states: dict[str, State] = {}
        self.told: set[str] = set()
        self.trouble: TransientError | None = None
        self.limit: BudgetExceeded | None = None

    def state(self, number: str) -> State:
        """What is known of this customer now."""
        return self.states.get(number, "unknown")

    @contextmanager
    def weather(self) -> Iterator[None]:
        """A scenario in which the network fails is left: it tells nothing of the tenant."""
        try:
            yield
        except TransientError as trouble:
            self.trouble = trouble
            hypothesis.reject()
        except BudgetExceeded as limit:
            self.limit = limit
            pytest.skip(str(limit))  # alone of all exceptions, it ends a state machine at once

    def judge(self, asking: Asking, asked: Asked, number: str) -> None:
        """Tell of a broken promise once and go on: to end here would hide what else there is to see."""
        state = self.state(number)
        try:
            self._judge(asking, asked, state)
        except Violation as violation:
            self.states[number] = "unclear"
            if violation.clause.id not in self.told:
                self.told.add(violation.clause.id)
                self.tenant.trial.broke(violation)

    def _judge(self, asking: Asking, asked: Asked, state: State) -> None:
        question, answer = asked.question, asked.answer
        if certain(breaches(question)):
            # Nothing says whether an unknown customer or a broken body is noticed first.
            if answer.status != 404 or state == "alive" or question.operation == "upsert":
                asking.judge(asked, "")
            return
        expected = EXPECTED.get((question.operation, state))
        lingers = state == "deleted" and self.tenant.windows.deletion > 0
        if expected is None or breaches(question) or lingers:
            answer.must_not_be(500, f"{question.operation}.robust.no-5xx")
            return
        status, clause = expected
        if (question.operation, answer.status) == ("upsert", 400) and not self.tenant.custom_ids:
            return  # the tenant reads the id pattern literally, in upsert too
        if answer.status in (400, 415):
            about_body = blamed(question, answer.status, "")
            clause = clause if about_body == STATUS_CLAUSES[question.operation] else about_body

        def as_expected() -> None:
            if answer.status != status and question.operation == "get":
                answer.exchange = answer.ask()
            answer.must_answer(status, clause=clause)

        settled(self.tenant.windows.read if question.operation == "get" else 0.0, as_expected)
        asking.must_conform(asked)

    def learn(self, asked: Asked, number: str) -> None:
        """Follow what the answer did to the customer."""
        operation, status = asked.question.operation, asked.answer.status
        if operation == "create" and status == 201 and isinstance(asked.answer.json, dict):
            self.states[str(asked.answer.json.get("id"))] = "alive"
        elif operation == "upsert" and number and 200 <= status < 300:
            self.states[number] = "alive"
        elif operation == "delete" and status == 202:
            self.states[number] = "deleted"


def explore(tenant: TenantUnderTest, run: Run) -> None:
    """Follow the links of the document in as many scenarios as the profile allows."""
    ledger = Ledger(tenant)
    settings = hypothesis.settings(
        max_examples=SCENARIOS[profiles.profile()],
        stateful_step_count=STEPS[profiles.profile()],
        phases=[Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(_machine(tenant, run, ledger), settings=settings)
    except pytest.skip.Exception:
        raise ledger.limit or RuntimeError("a scenario was left for no reason") from None
    except Unsatisfiable:
        raise ledger.trouble or RuntimeError(
            "no scenario could be made from the links of the document"
        ) from None
    if isinstance(ledger.trouble, ServiceUnavailable):
        raise ledger.trouble


def _machine(tenant: TenantUnderTest, run: Run, ledger: Ledger) -> type[APIStateMachine]:
    asking = Asking(tenant)
    links: Any = schema().as_state_machine()

    class Links(links):  # type: ignore[misc]
        """The links, through our transport."""

        def setup(self) -> None:
            run.plugin.mark = run.position()
            ledger.states.clear()

        def call(self, case: Generated, **_: Any) -> Response:
            question = question_of(str(case.operation.definition.raw["operationId"]), case)
            self.number = self._number(question, str(case.path_parameters.get("customerNumber", "")))
            with ledger.weather():
                fitting = Fitting(tenant, asking.subject().email)
                self.asked = asking.send(fitting.fitted(question), self.number)
            # What was really asked is what the links lead on from.
            case.path_parameters = dict(self.asked.case.path_parameters)
            case.query, case.body = dict(self.asked.case.query), self.asked.case.body
            return Response.from_any(self.asked.response)

        def _number(self, question: Question, linked: str) -> str:
            if question.operation not in ITEMS:
                return ""
            return linked if linked in ledger.states and question.tenant is None else tenant.unknown_id()

        def validate_response(self, *_: Any, **__: Any) -> None:
            with ledger.weather():
                ledger.judge(asking, self.asked, self.number)
            ledger.learn(self.asked, self.number)

    return Links
