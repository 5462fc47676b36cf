"""Whether an answer is one of those that the contract allows, and what the tenant is after it."""

from oracle.customers.causes import Cause, blamed
from oracle.customers.differences import difference, learned
from oracle.operations.operations import Create, Get, Operation, Upsert
from oracle.operations.responses import GENERATED_ID, Answer, answers
from oracle.operations.state import ModelState
from oracle.tenant_config import Rules
from oracle.values.json_values import Json, is_json
from spec import Violation
from spec.formatting import show


def judge(
    world: ModelState,
    operation: Operation,
    status: int,
    body: Json,
    rules: Rules | None = None,
    *,
    since: Cause | str | None = None,
    deletion_may_lag: bool = False,
) -> ModelState:
    """The world after this answer; Violation with the broken clause where the contract does not allow it.

    body: the parsed JSON of the answer, or any other object where there is none. since: what ran after the
    customer was last seen, for Get; `deletion_may_lag` as for `answers`.
    """
    outcomes = continuations(world, operation, status, body, rules, since=since, lag=deletion_may_lag)
    worlds = [outcome for outcome in outcomes if isinstance(outcome, ModelState)]
    if worlds:
        return worlds[0]
    raise next(outcome for outcome in outcomes if isinstance(outcome, Violation))


def continuations(
    world: ModelState,
    operation: Operation,
    status: int,
    body: Json,
    rules: Rules | None = None,
    *,
    since: Cause | str | None = None,
    lag: bool = False,
) -> list[ModelState | Violation]:
    """What each allowed answer of this status leads to: a world, or what speaks against it; never empty."""
    name = operation.name
    if status >= 500:
        return [
            Violation(f"{name}.robust.no-5xx", expected="no server error", actual=_status(status, operation))
        ]
    new_id = GENERATED_ID
    if isinstance(operation, Create) and status == 201:
        if wrong := _wrong_generated_id(world, operation, body):
            return [wrong]
        new_id = _id(body) or GENERATED_ID
    allowed = answers(world, operation, rules, new_id=new_id, deletion_may_lag=lag)
    fitting = [answer for answer in allowed if answer.status == status]
    if not fitting:
        return [_wrong_status(world, operation, status, allowed, since)]
    return [_followed(operation, answer, body, since) for answer in fitting]


def _followed(
    operation: Operation, answer: Answer, body: Json, since: Cause | str | None
) -> ModelState | Violation:
    """The world after an answer of an allowed status, or what is wrong with its body."""
    if answer.refused:
        return answer.next
    match operation:
        case Create():
            return _wrong_new_id(operation, body) or answer.next
        case Upsert():
            return _wrong_upsert_body(operation, answer.status, body) or answer.next
        case Get():
            return _looked_at(operation, answer, body, since)
        case _:
            return answer.next


def _looked_at(
    operation: Get, answer: Answer, body: Json, since: Cause | str | None
) -> ModelState | Violation:
    record = answer.shows
    if record is None:
        return answer.next
    if found := difference(record, body, expand=operation.expand, since=since):
        return found.violation()
    known = learned(record, body, expand=operation.expand)
    return answer.next.having(known) if known.id in answer.next.records else answer.next.remembering(known)


def _wrong_status(
    world: ModelState,
    operation: Operation,
    status: int,
    allowed: tuple[Answer, ...],
    since: Cause | str | None,
) -> Violation:
    expected = " or ".join(str(code) for code in dict.fromkeys(answer.status for answer in allowed))
    clause = _blamed(world, operation, status, allowed[0].clause, since)
    return Violation(clause, expected=f"status {expected}", actual=_status(status, operation))


def _blamed(
    world: ModelState, operation: Operation, status: int, clause: str, since: Cause | str | None
) -> str:
    """The clause a wrong status breaks: the one of the situation, where the status is what it speaks of."""
    if isinstance(operation, Get) and operation.id in world.records:
        if status != 404:
            return "get.status.ok"
        return blamed(since, "id", None) if since and clause == "get.status.ok" else clause
    if clause == "create.id.case-sensitive":
        return clause if status == 409 else "create.status.created"
    if clause == "upsert.create.same-id":
        return clause if status in (204, 409) else "upsert.create.status"
    if clause.endswith(".id.case-sensitive") or clause == "delete.gone.get":
        return clause if status < 300 else f"{operation.name}.unknown.not-found"
    return clause


def _wrong_new_id(operation: Create, body: Json) -> Violation | None:
    """What is wrong with the id in the answer of a create that succeeded. Source: published; create.id.*."""
    id = _id(body)
    if not id:
        shown = show(body) if is_json(body) else "no JSON body"
        return Violation("create.answer.id", expected='{"id": "<text>"}', actual=shown, detail="$.id")
    custom = (operation.body or {}).get("id")
    if custom is None or id == custom:
        return None
    return Violation("create.id.custom", expected=show(custom), actual=show(id), detail="$.id")


def _wrong_generated_id(world: ModelState, operation: Create, body: Json) -> Violation | None:
    """What is wrong with an id that the tenant chose. Source: published, prose; inferred."""
    id = _id(body)
    if not id or (operation.body or {}).get("id") is not None:
        return None
    if id in world.records or id in world.deleted:
        return Violation(
            "create.id.generated-unique", expected="an id never used before", actual=show(id), detail="$.id"
        )
    if id != id.lower():
        return Violation(
            "create.id.generated-lower-case", expected=show(id.lower()), actual=show(id), detail="$.id"
        )
    return None


def _wrong_upsert_body(operation: Upsert, status: int, body: Json) -> Violation | None:
    if status == 204:
        if not is_json(body) or body is None:
            return None
        return Violation("upsert.update.no-body", expected="no body", actual=show(body), detail="$")
    if _id(body) == operation.id:
        return None
    shown = show(body) if is_json(body) else "no JSON body"
    expected = f'{{"id": {show(operation.id)}}}'
    return Violation("upsert.create.answer-id", expected=expected, actual=shown, detail="$.id")


def _id(body: Json) -> str | None:
    id = body.get("id") if isinstance(body, dict) else None
    return id if isinstance(id, str) else None


def _status(status: int, operation: Operation) -> str:
    return f"status {status} to {operation.name}"
