"""Races: whether requests at the same time fail, and whether the same requests fail one after another, too."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import oracle
from client import Exchange
from harness import TenantApi, clause, poll_query
from harness.checks.assertions import assert_holds, assert_status
from harness.checks.evidence import current_record
from harness.customers import full_body, skip_if_literal
from spec import Kind, Mismatch, Rule
from strategies import namespace
from tests.histories.scenario import Scenario

Operations = Callable[[str], Sequence[oracle.Operation]]
"""Makes the operations of a race for a company: the same each time, but for new ids and e-mail addresses."""


@contextmanager
def race_clause(clause_id: str, api: TenantApi, operations: Operations, about: str = "") -> Iterator[None]:
    """The scope of a clause about concurrency.

    A failure in the body belongs to the clause, unless the same operations fail one after another, too: then the
    clause of the single operation fails.
    """
    with clause(clause_id, about):
        try:
            yield
        except Mismatch as mismatch:
            current_record().withdraw(mismatch.clause)
            check_one_by_one(api, operations)
            if mismatch.clause.endswith(".robust.no-5xx"):
                raise
            raise mismatch.owned_by(clause_id) from None


def check_one_by_one(api: TenantApi, operations: Operations) -> None:
    """Send the operations one after another to customers of their own, and check every step."""
    scenario = Scenario(api)
    for operation in operations(scenario.company):
        if isinstance(operation, oracle.Get):
            scenario.check(operation.id)
            continue
        step = scenario.execute(operation)
        if step.subject:
            scenario.check(step.subject)
    scenario.check_everything()


def prepare_race(scenario: Scenario, operations: Operations) -> list[oracle.Operation]:
    """Execute and check the first of the operations, which creates the customer; the others are the race."""
    first, *race = operations(scenario.company)
    response = scenario.api.perform(first)
    skip_if_literal(scenario.api, response)
    step = scenario.accept(first, response)
    scenario.check(step.subject)
    return race


def linearizability_mismatch(scenario: Scenario, history: Sequence[oracle.Event]) -> Mismatch | None:
    """No order of the events explains every response."""
    rules, lag = scenario.rules, scenario.deletion_may_lag
    if oracle.linearization(history, scenario.state, rules, deletion_may_lag=lag) is not None:
        return None
    smallest = oracle.minimal_counterexample(history, scenario.state, rules, deletion_may_lag=lag)
    return Mismatch(
        Kind.HISTORY,
        expected=Rule("an order of the operations that explains every response"),
        actual=Rule(f"{len(smallest)} responses that no order explains\n{oracle.timeline(smallest)}"),
    )


def full_customer_then(api: TenantApi, race: Callable[[str], list[oracle.Operation]]) -> Operations:
    """An upsert that creates a customer with a value for every property, and a race on it."""

    def operations(company: str) -> Sequence[oracle.Operation]:
        new_id = namespace.fresh_id()
        return [oracle.Upsert(new_id, full_body(api) | {"company": company}), *race(new_id)]

    return operations


def assert_statuses(responses: Sequence[Exchange], expected: list[int]) -> None:
    """The responses have these statuses, in any order."""
    statuses = sorted(response.status for response in responses)
    if statuses != expected:
        raise Mismatch(Kind.HISTORY, expected=expected, actual=statuses, exchange=responses[-1])


def assert_one_succeeded(responses: Sequence[Exchange]) -> Exchange:
    """Of the responses one is a success, and all others are refusals; the success."""
    statuses = sorted(response.status for response in responses)
    successes = [response for response in responses if response.status < 300]
    if len(successes) != 1 or any(status >= 500 for status in statuses):
        expected = Rule("one success and refusals")
        raise Mismatch(Kind.HISTORY, expected=expected, actual=statuses, exchange=responses[-1])
    return successes[0]


def assert_upserted_once(responses: Sequence[Exchange], *, exists: bool) -> None:
    """Upserts of one id: 204, once 201 if the id is new, and conflicts at most for some."""
    statuses = sorted(response.status for response in responses)
    created, updated, conflicts = (statuses.count(status) for status in (201, 204, 409))
    complete = created + updated + conflicts == len(statuses) and created + updated > 0
    if created > (not exists) or not complete:
        expected = Rule("204, and 201 once for a new id")
        raise Mismatch(Kind.HISTORY, expected=expected, actual=statuses, exchange=responses[-1])


def shows_one(response: Exchange, bodies: Sequence[Mapping[str, Any]]) -> bool:
    """Whether get shows all that one of the bodies says."""
    return response.status == 200 and any(
        all(oracle.same(response.object.get(name), value) for name, value in body.items()) for body in bodies
    )


def check_one_of_company(api: TenantApi, company: str) -> None:
    """Search finds exactly one customer of the company."""
    response = poll_query(api, "search", f"company:{company}", until=lambda found: len(found.ids) == 1)
    with clause("search.complete"):
        assert_status(response, 200)
        assert_holds(len(response.ids) == 1, "one customer", response=response, actual=response.ids)
