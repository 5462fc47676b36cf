"""Whether a response is permitted, and the state of the tenant after it."""

from dataclasses import dataclass

from oracle.customers.comparisons import confirmed_by, first_mismatch
from oracle.customers.model import Cause, Rules, clause_of
from oracle.json_values import Json
from oracle.operations.permitted_responses import GENERATED_ID, PermittedResponse, permitted_responses
from oracle.operations.state import Create, Get, ModelState, Operation, Upsert
from spec import ABSENT, Absent, Kind, Mismatch, Rule, status_mismatch


@dataclass(frozen=True)
class Judgement:
    """The judgement of a response.

    state: the state after the response, or the state before where there is a mismatch; clause: the clause for which
    the response is evidence, empty where it is permitted without being the expected one or where there is a mismatch;
    mismatch: None for a permitted response, otherwise owned by the violated clause.
    """

    state: ModelState
    clause: str = ""
    mismatch: Mismatch | None = None


def judge(
    state: ModelState,
    operation: Operation,
    status: int,
    body: Json | Absent,
    rules: Rules | None = None,
    *,
    since: Cause | str | None = None,
    deletion_may_lag: bool = False,
) -> Judgement:
    """The judgement of a response to an operation in this state.

    body: the parsed JSON of the response, or ABSENT. since: for Get, what ran since the customer was last
    confirmed, by default the cause of its model; deletion_may_lag as for `permitted_responses`.
    """
    possible = successors(
        state, operation, status, body, rules, since=since, deletion_may_lag=deletion_may_lag
    )
    return next((each for each in possible if each.mismatch is None), possible[0])


def successors(
    state: ModelState,
    operation: Operation,
    status: int,
    body: Json | Absent,
    rules: Rules | None = None,
    *,
    since: Cause | str | None = None,
    deletion_may_lag: bool = False,
) -> list[Judgement]:
    """A judgement for each permitted response of this status, or one mismatch; never empty.

    There are several where the contract does not determine what the tenant did.
    """
    if status >= 500:
        found = Mismatch(Kind.STATUS, expected=Rule("a status below 500"), actual=status)
        return [_violation(state, f"{operation.name}.robust.no-5xx", found)]
    new_id = GENERATED_ID
    if isinstance(operation, Create) and status == 201:
        if mismatch := _generated_id_mismatch(state, operation, body):
            return [Judgement(state, mismatch=mismatch)]
        new_id = _id(body) or GENERATED_ID
    permitted = permitted_responses(state, operation, rules, new_id=new_id, deletion_may_lag=deletion_may_lag)
    fitting = [response for response in permitted if response.status == status]
    if not fitting:
        violated = _clause_of_status(state, operation, status, permitted[0].clause, since)
        found = status_mismatch(status, *dict.fromkeys(response.status for response in permitted))
        return [_violation(state, violated, found)]
    clause = permitted[0].clause if status == permitted[0].status else ""
    return [_judged_body(state, operation, response, body, since, clause) for response in fitting]


def _judged_body(
    state: ModelState,
    operation: Operation,
    response: PermittedResponse,
    body: Json | Absent,
    since: Cause | str | None,
    clause: str,
) -> Judgement:
    """The judgement of a response whose status is permitted, by its body."""
    after, found, customer = response.state, None, response.customer
    if response.rejected:
        return Judgement(after, clause)
    if isinstance(operation, Create):
        found = _created_id_mismatch(operation, body)
    elif isinstance(operation, Upsert):
        found = _upsert_body_mismatch(operation, response.status, body)
    elif isinstance(operation, Get) and customer is not None:
        found = first_mismatch(customer, body, expand=operation.expand, since=since)
        known = confirmed_by(customer, body, expand=operation.expand)
        update = after.with_customer if known.id in after.customers else after.with_pending_deletion
        after = update(known)
    return Judgement(state, mismatch=found) if found else Judgement(after, clause)


def _clause_of_status(
    state: ModelState, operation: Operation, status: int, clause: str, since: Cause | str | None
) -> str:
    """The clause that a wrong status violates: the one of the situation where the status contradicts it."""
    if isinstance(operation, Get) and operation.id in state.customers:
        since = since or state.customers[operation.id].cause
        if status != 404:
            return "get.status.ok"
        return clause_of(since, "id", ABSENT) if since and clause == "get.status.ok" else clause
    if clause == "create.id.case-sensitive":
        return clause if status == 409 else "create.status.created"
    if clause == "upsert.create.same-id":
        return clause if status in (204, 409) else "upsert.create.status"
    if clause.endswith(".id.case-sensitive") or clause == "delete.gone.get":
        return clause if status < 300 else f"{operation.name}.unknown.not-found"
    return clause


def _created_id_mismatch(operation: Create, body: Json | Absent) -> Mismatch | None:
    """The mismatch of the id in the response of a successful create, or None. Source: published; create.id.*."""
    id, custom = _id(body), (operation.body or {}).get("id")
    if not id:
        return _id_mismatch("create.answer.id", Rule("a non-empty string"), body)
    return None if custom is None or id == custom else _id_mismatch("create.id.custom", custom, body)


def _generated_id_mismatch(state: ModelState, operation: Create, body: Json | Absent) -> Mismatch | None:
    """The mismatch of an id that the tenant generated, or None. Source: published, prose; inferred."""
    id = _id(body)
    if not id or (operation.body or {}).get("id") is not None:
        return None
    if id in state.customers or id in state.deleted:
        return _id_mismatch("create.id.generated-unique", Rule("an id that was never used before"), body)
    return None if id == id.lower() else _id_mismatch("create.id.generated-lower-case", id.lower(), body)


def _upsert_body_mismatch(operation: Upsert, status: int, body: Json | Absent) -> Mismatch | None:
    if status != 204:
        return (
            None if _id(body) == operation.id else _id_mismatch("upsert.create.answer-id", operation.id, body)
        )
    if body is None or body is ABSENT:
        return None
    return Mismatch(Kind.VALUE, expected=ABSENT, actual=body, path="$").owned_by("upsert.update.no-body")


def _id_mismatch(clause: str, expected: str | Rule, body: Json | Absent) -> Mismatch:
    actual = body.get("id", ABSENT) if isinstance(body, dict) else body
    path = "$.id" if isinstance(body, dict) else "$"
    return Mismatch(Kind.VALUE, expected=expected, actual=actual, path=path).owned_by(clause)


def _violation(state: ModelState, clause: str, found: Mismatch) -> Judgement:
    return Judgement(state, mismatch=found.owned_by(clause))


def _id(body: Json | Absent) -> str | None:
    id = body.get("id") if isinstance(body, dict) else None
    return id if isinstance(id, str) else None
