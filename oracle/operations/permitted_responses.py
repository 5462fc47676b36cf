"""The permitted responses to an operation, and the state of the tenant after each."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from oracle.customers.bodies import ID, rejection_clause, unspecified_inputs, uses_optimistic_lock
from oracle.customers.model import CustomerModel, Rules
from oracle.customers.writes import created, patched, upserted
from oracle.json_values import Body
from oracle.operations.state import Create, Delete, Get, ModelState, Operation, Patch, Upsert

DELETED_ID: Final = (409, 400, 403, 404, 410, 422)
"""The statuses of a refused write with the id of a deleted customer; the contract states none."""
GENERATED_ID = "(generated)"
"""The id of a new customer as long as the response with the generated id is not known."""


@dataclass(frozen=True)
class PermittedResponse:
    """One permitted response: its status, the clause that promises it, and the state after it.

    customer: the model that the body must show; rejected: the operation wrote nothing.
    """

    status: int
    clause: str
    state: ModelState
    customer: CustomerModel | None = None
    rejected: bool = False


Responses = tuple[PermittedResponse, ...]


def permitted_responses(
    state: ModelState,
    operation: Operation,
    rules: Rules | None = None,
    *,
    new_id: str = GENERATED_ID,
    deletion_may_lag: bool = False,
) -> Responses:
    """The permitted responses; the first is the expected one, whose clause a wrong status violates.

    new_id: the generated id of a customer that is created without one. deletion_may_lag: a deleted customer may
    still be found. Bodies are assumed to satisfy the schema, requests to be authorised.
    """
    rules = rules or Rules()
    match operation:
        case Create(body):
            return _create(state, body, rules, new_id)
        case Get(id):
            return _get(state, id)
        case Upsert(id, body):
            return _upsert(state, id, body, rules)
        case Patch(id, body):
            return _patch(state, id, body, rules)
        case Delete(id):
            return _delete(state, id, deletion_may_lag)


def _create(state: ModelState, body: Body | None, rules: Rules, new_id: str) -> Responses:
    custom = (body or {}).get("id")
    id = custom if isinstance(custom, str) else new_id
    exists, deleted = id in state.customers, id in state.deleted
    taken = state.email_taken(_email(body))
    if invalid := rejection_clause("create", body, rules):
        return _rejections(state, invalid, 400, *((409,) if exists or taken is not False else ()))
    unspecified = _unspecified_rejections(state, "create.status.created", "create", body, rules)
    email_conflict = _rejections(state, "create.email.unique", 409)
    if exists:
        return _distinct((*_rejections(state, "create.id.unique", 409), *unspecified))
    if deleted and not rules.recreate:
        rejections = _rejections(state, "create.deleted-id.as-configured", *DELETED_ID)
        return _distinct((*rejections, *unspecified))
    if taken:
        return _distinct((*email_conflict, *unspecified))
    clause = "create.status.created"
    if deleted:
        clause = "create.deleted-id.as-configured"
    elif state.exists_in_other_case(id):
        clause = "create.id.case-sensitive"
    expected = PermittedResponse(201, clause, state.with_customer(created(body, id=id, rules=rules)))
    possible = email_conflict if taken is None or id in state.pending_deletion else ()
    return _distinct((expected, *possible, *unspecified))


def _upsert(state: ModelState, id: str, body: Body | None, rules: Rules) -> Responses:
    customer, pending = state.customers.get(id), state.pending_deletion.get(id)
    deleted = id in state.deleted
    taken = state.email_taken(_email(body), by=id)
    if invalid := rejection_clause("upsert", body, rules):
        conflicts = (409,) if deleted or taken is not False else ()
        return _rejections(state, invalid, 400, *conflicts, *((404,) if deleted else ()))
    after = state.with_customer(upserted(customer, body, id=id, rules=rules))
    if customer is not None:
        expected = PermittedResponse(204, "upsert.update.status", after)
    elif deleted:
        expected = PermittedResponse(201, "upsert.deleted-id.as-configured", after)
    else:
        other_case = state.exists_in_other_case(id)
        clause = "upsert.create.same-id" if other_case else "upsert.create.status"
        expected = PermittedResponse(201, clause, after)
    unspecified = _unspecified_rejections(state, expected.clause, "upsert", body, rules)
    if ID.fullmatch(id) is None:
        unspecified = (*unspecified, *_rejections(state, expected.clause, 400, 404))
    elif customer is None and len(id) > 1 and rules.custom_ids is not True:
        # The literal reading of the id pattern, one character, is possible in the path too.
        unspecified = (*unspecified, *_rejections(state, expected.clause, 400))
    late: Responses = ()
    if pending is not None:
        changed = state.with_pending_deletion(upserted(pending, body, id=id, rules=rules))
        late = (PermittedResponse(204, "upsert.update.status", changed),)
    if deleted and not rules.recreate:
        # The published sentence is about creation: an upsert may bring the id back.
        rejections = _rejections(state, "upsert.deleted-id.as-configured", *DELETED_ID)
        return _distinct((*rejections, *late, expected))
    email_conflict = _rejections(state, "upsert.email.unique", 409)
    if taken:
        return _distinct((*email_conflict, *unspecified))
    possible = email_conflict if taken is None or pending is not None else ()
    return _distinct((expected, *late, *possible, *unspecified))


def _patch(state: ModelState, id: str, body: Body | None, rules: Rules) -> Responses:
    customer, pending = state.customers.get(id), state.pending_deletion.get(id)
    invalid = rejection_clause("patch", body, rules)
    unspecified = _unspecified_rejections(state, "patch.status.ok", "patch", body, rules)
    if customer is None:
        late: Responses = ()
        if pending is not None and not invalid:
            changed = state.with_pending_deletion(patched(pending, body, rules=rules))
            late = (PermittedResponse(200, "patch.status.ok", changed),)
        missing = _rejections(state, _clause_of_404("patch", state, id), 404, *((400,) if invalid else ()))
        return _distinct((*missing, *late, *unspecified))
    if invalid:
        return _rejections(state, invalid, 400)
    after = state.with_customer(patched(customer, body, rules=rules))
    taken = state.email_taken(_email(body), by=id)
    email_conflict = () if taken is False else _rejections(state, "patch.email.conflict", 400, 409)
    return _distinct((PermittedResponse(200, "patch.status.ok", after), *email_conflict, *unspecified))


def _delete(state: ModelState, id: str, deletion_may_lag: bool) -> Responses:
    if id in state.customers:
        after = state.without_customer(id, pending=deletion_may_lag)
        return (PermittedResponse(202, "delete.status.accepted", after),)
    clause = _clause_of_404("delete", state, id)
    # A 404 shows that the deletion is known to deletes, not yet to reads: it stays pending.
    missing = _rejections(state, clause, 404)
    return (*missing, PermittedResponse(202, clause, state)) if id in state.pending_deletion else missing


def _get(state: ModelState, id: str) -> Responses:
    customer, pending = state.customers.get(id), state.pending_deletion.get(id)
    if customer is not None:
        clause = "get.status.ok"
        if "id" not in customer.confirmed:
            clause = "create.visible.get" if customer.created_by == "create" else "upsert.create.same-id"
        return (PermittedResponse(200, clause, state, customer),)
    missing = _rejections(state.confirmed_gone(id), _clause_of_404("get", state, id), 404)
    if pending is None:
        return missing
    return (*missing, PermittedResponse(200, "get.status.ok", state, pending))


def _clause_of_404(operation: str, state: ModelState, id: str) -> str:
    """The clause that promises 404: the id was deleted, exists in another case, or never existed."""
    if id in state.deleted:
        clauses = {"get": "delete.gone.get", "patch": "delete.no-revival.patch"}
        return clauses.get(operation, "delete.twice.not-found")
    if state.exists_in_other_case(id):
        return f"{operation}.id.case-sensitive"
    return f"{operation}.unknown.not-found"


def _unspecified_rejections(
    state: ModelState, clause: str, operation: str, body: Body | None, rules: Rules
) -> Responses:
    """The rejections of a body that the schema allows and the contract does not oblige a tenant to accept."""
    statuses = (400,) if unspecified_inputs(operation, body, rules) else ()
    return _rejections(state, clause, *statuses, *((409, 412) if uses_optimistic_lock(body) else ()))


def _rejections(state: ModelState, clause: str, *statuses: int) -> Responses:
    return tuple(PermittedResponse(status, clause, state, rejected=True) for status in statuses)


def _distinct(responses: Iterable[PermittedResponse]) -> Responses:
    """The responses without a second rejection of the same status."""
    kept: dict[tuple[int, bool | int], PermittedResponse] = {}
    for response in responses:
        kept.setdefault((response.status, response.rejected or id(response.state)), response)
    return tuple(kept.values())


def _email(body: Body | None) -> str | None:
    email = (body or {}).get("contactEmail")
    return email if isinstance(email, str) else None
