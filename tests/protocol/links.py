"""The state machine that Schemathesis makes of the links of the document, with our client and our checks."""

from collections.abc import Iterator
from functools import partial
from typing import Any, Literal

import schemathesis

from harness import TenantApi
from harness.checks.assertions import assert_status
from harness.checks.evidence import current_record
from harness.plugin.evidence.example_runner import RunStateMachine
from harness.plugin.execution.profiles import state_machine_settings
from harness.schemathesis.document import schema
from harness.schemathesis.expected_rejections import definite, expected_rejections
from harness.schemathesis.internals import GeneratedCase
from harness.schemathesis.request_spec import ITEM_OPERATIONS, RequestSpec, request_of
from harness.schemathesis.response_checks import (
    STATUS_CLAUSES,
    Check,
    documentation_checks,
    rejection_checks,
    run_checks,
    success_clause,
)
from harness.schemathesis.sending import Result, adapted, send, subject
from strategies import namespace

State = Literal["existing", "deleted", "unknown", "ambiguous"]
EXPECTED: dict[tuple[str, State], tuple[int, str]] = {
    ("get", "existing"): (200, "create.visible.get"),
    ("get", "deleted"): (404, "delete.gone.get"),
    ("get", "unknown"): (404, "get.unknown.not-found"),
    ("patch", "existing"): (200, "patch.status.ok"),
    ("patch", "deleted"): (404, "delete.no-revival.patch"),
    ("patch", "unknown"): (404, "patch.unknown.not-found"),
    ("delete", "existing"): (202, "delete.status.accepted"),
    ("delete", "deleted"): (404, "delete.twice.not-found"),
    ("delete", "unknown"): (404, "delete.unknown.not-found"),
    ("upsert", "existing"): (204, "upsert.update.status"),
    ("upsert", "unknown"): (201, "upsert.create.status"),
    ("create", "unknown"): (201, "create.status.created"),
    ("list", "unknown"): (200, "list.status.ok"),
    ("search", "unknown"): (200, "search.status.ok"),
}
"""The status of a valid request by the state of its customer, and the clause that promises it.

An upsert of a deleted customer is the subject of other tests.
"""


def explore_links(api: TenantApi, run_state_machine: RunStateMachine) -> None:
    """Follow the links of the document in as many scenarios as the profile permits.

    The state machine of Schemathesis draws the steps; our client sends the requests, adapted to the tenant. A failed
    check does not end its scenario, which would hide what follows: the failures are raised at the end.
    """
    machine = type("Links", (LinksScenario, schema().as_state_machine()), {"api": api})
    run_state_machine(machine, state_machine_settings(gate=3, steps=6, nightly=60, nightly_steps=12))
    if failures := [failed.mismatch for failed in current_record().unshrunk.values()]:
        raise ExceptionGroup("the links between operations", failures)


class LinksScenario:
    """What replaces the requests and checks of Schemathesis' state machine.

    states: those of the customers of a scenario; result: that of its last step.
    """

    api: TenantApi

    def setup(self) -> None:
        self.states: dict[str, State] = {}

    def call(self, case: GeneratedCase, **_: Any) -> schemathesis.Response:
        request = request_of(str(case.operation.definition.raw["operationId"]), case)
        request = adapted(self.api, request, subject(self.api).email)
        customer_id = self.customer_id(request, str(case.path_parameters.get("customerNumber", "")))
        expected = EXPECTED.get((request.operation, self.state(customer_id)))
        self.result = send(self.api, request, customer_id, until=expected[0] if expected else None)
        # The next links start from what was sent.
        case.path_parameters = self.result.case.path_parameters
        case.query, case.body = self.result.case.query, self.result.case.body
        return schemathesis.Response.from_any(self.result.response.response)

    def validate_response(self, *_: Any, **__: Any) -> None:
        customer_id = self.result.customer_id
        if not run_checks(link_checks(self.api, self.result, self.state(customer_id)), record_only=True):
            self.states[customer_id] = "ambiguous"
        operation, response = self.result.request.operation, self.result.response
        if operation == "create" and response.status == 201:
            self.states[str(response.object.get("id"))] = "existing"
        elif operation == "upsert" and 200 <= response.status < 300:
            self.states[customer_id] = "existing"
        elif operation == "delete" and response.status == 202:
            self.states[customer_id] = "deleted"

    def state(self, customer_id: str) -> State:
        return self.states.get(customer_id, "unknown")

    def customer_id(self, request: RequestSpec, linked: str) -> str:
        """The linked id if the scenario has created its customer, or else a new one."""
        if request.operation not in ITEM_OPERATIONS:
            return ""
        return linked if linked in self.states and request.tenant is None else namespace.fresh_id()


def link_checks(api: TenantApi, result: Result, state: State) -> Iterator[Check]:
    """The checks of a response to a request for a customer in this state."""
    request, response = result.request, result.response
    if rejections := definite(expected_rejections(request)):
        # The contract leaves open whether an unknown customer or an invalid body is noticed first.
        if response.status != 404 or state == "existing" or request.operation == "upsert":
            yield from rejection_checks(result, rejections)
            yield from documentation_checks(api, result, is_rejected=True)
        return
    expected = EXPECTED.get((request.operation, state))
    may_be_visible = state == "deleted" and bool(api.windows.deletion)
    may_reject_id = (request.operation, response.status) == ("upsert", 400) and not api.custom_ids
    if expected is None or expected_rejections(request) or may_be_visible or may_reject_id:
        return
    status, clause_id = expected
    may_be_finer = response.status == 415 or (response.status == 400 and status < 300)
    if may_be_finer and success_clause(result) not in STATUS_CLAUSES.values():
        clause_id = success_clause(result)
    yield clause_id, "", partial(assert_status, response, status)
    yield from documentation_checks(api, result)
