"""The allowed answers to an operation, and what the tenant is after each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from oracle.customers.bodies import ID, doubts, locks, refusal, text
from oracle.customers.model import CustomerModel, created, patched, upserted
from oracle.operations.operations import Create, Delete, Get, Operation, Patch, Upsert
from oracle.operations.state import ModelState
from oracle.tenant_config import Rules

GENERATED_ID = "(generated)"
"""Stands for the id of a new customer as long as the answer that names it is not known."""


@dataclass(frozen=True)
class Answer:
    """One allowed answer: the status, the clause that promises it, and the world after it.

    shows: the record that the body must show; refused: nothing was written.
    """

    status: int
    clause: str
    next: ModelState
    shows: CustomerModel | None = None
    refused: bool = False


def answers(
    world: ModelState,
    operation: Operation,
    rules: Rules | None = None,
    *,
    new_id: str = GENERATED_ID,
    deletion_may_lag: bool = False,
) -> tuple[Answer, ...]:
    """The allowed answers; the first is the expected one, whose clause a wrong status breaks.

    new_id: the id that the tenant's answer gives a customer created without one. deletion_may_lag: a deleted
    customer may still be found. Bodies are taken to satisfy the schema, requests to be authorised.
    """
    rules = rules or Rules()
    match operation:
        case Create():
            return _to_create(world, operation, rules, new_id)
        case Get():
            return _to_get(world, operation.id)
        case Upsert():
            return _to_upsert(world, operation, rules)
        case Patch():
            return _to_patch(world, operation, rules)
        case Delete():
            return _to_delete(world, operation.id, deletion_may_lag)


def _to_create(world: ModelState, operation: Create, rules: Rules, new_id: str) -> tuple[Answer, ...]:
    body = operation.body
    custom = (body or {}).get("id")
    id = custom if isinstance(custom, str) else new_id
    taken = world.email_taken(text(body, "contactEmail"))
    gone = id in world.deleted
    allowed = Answer(
        201,
        "create.deleted-id.as-configured" if gone else _made_by_create(world, id),
        world.having(created(body, id=id, rules=rules)),
    )
    refuse = _refusing(world)
    invalid = refusal("create", body, rules)
    maybe = refuse("create.status.created", _open_refusals(operation.name, body, rules))
    conflict = refuse("create.email.unique", (409,))
    if invalid:
        return (*refuse(invalid, (400, 409) if id in world.records or taken is not False else (400,)),)
    if id in world.records:
        return _apart((*refuse("create.id.unique", (409,)), *maybe))
    if gone and not rules.recreate:
        return _apart((*refuse("create.deleted-id.as-configured", (409, 400)), *maybe))
    if taken:
        return _apart((*conflict, *maybe))
    possible = conflict if taken is None or id in world.lingering else ()
    return _apart((allowed, *possible, *maybe))


def _made_by_create(world: ModelState, id: str) -> str:
    return "create.id.case-sensitive" if world.spelt_otherwise(id) else "create.status.created"


def _to_upsert(world: ModelState, operation: Upsert, rules: Rules) -> tuple[Answer, ...]:
    id, body = operation.id, operation.body
    record, lingering = world.records.get(id), world.lingering.get(id)
    taken = world.email_taken(text(body, "contactEmail"), by=id)
    gone = id in world.deleted
    refuse = _refusing(world)
    after = world.having(upserted(record, body, id=id, rules=rules))
    if record is not None:
        expected = Answer(204, "upsert.update.status", after)
    elif gone:
        expected = Answer(201, "upsert.deleted-id.as-configured", after)
    else:
        other = world.spelt_otherwise(id)
        expected = Answer(201, "upsert.create.same-id" if other else "upsert.create.status", after)
    statuses = _open_refusals(operation.name, body, rules)
    if ID.fullmatch(id) is None:
        statuses = (*statuses, 400, 404)
    elif record is None and len(id) > 1 and rules.custom_ids is not True:
        statuses = (*statuses, 400)  # the id pattern is read literally here too
    maybe = refuse(expected.clause, statuses)
    late: tuple[Answer, ...] = ()
    if lingering is not None:
        updated = upserted(lingering, body, id=id, rules=rules)
        late = (Answer(204, "upsert.update.status", world.remembering(updated)),)
    if invalid := refusal("upsert", body, rules):
        others = (409,) if gone or taken is not False else ()
        return refuse(invalid, (400, *others, *((404,) if gone else ())))
    if gone and not rules.recreate:
        return _apart((*refuse("upsert.deleted-id.as-configured", (409, 400, 404)), *late))
    if taken:
        return _apart((*refuse("upsert.email.unique", (409,)), *maybe))
    possible = refuse("upsert.email.unique", (409,)) if taken is None or lingering is not None else ()
    return _apart((expected, *late, *possible, *maybe))


def _to_patch(world: ModelState, operation: Patch, rules: Rules) -> tuple[Answer, ...]:
    id, body = operation.id, operation.body
    record, lingering = world.records.get(id), world.lingering.get(id)
    refuse = _refusing(world)
    invalid = refusal("patch", body, rules)
    maybe = refuse("patch.status.ok", _open_refusals(operation.name, body, rules))
    if record is None:
        late: tuple[Answer, ...] = ()
        if lingering is not None and not invalid:
            changed = world.remembering(patched(lingering, body, rules=rules))
            late = (Answer(200, "patch.status.ok", changed),)
        missing = refuse(_missing("patch", world, id), (404, 400) if invalid else (404,))
        return _apart((*missing, *late, *maybe))
    if invalid:
        return refuse(invalid, (400,))
    expected = Answer(200, "patch.status.ok", world.having(patched(record, body, rules=rules)))
    taken = world.email_taken(text(body, "contactEmail"), by=id)
    conflict = () if taken is False else refuse("patch.email.conflict", (400, 409))
    return _apart((expected, *conflict, *maybe))


def _to_delete(world: ModelState, id: str, deletion_may_lag: bool) -> tuple[Answer, ...]:
    if id in world.records:
        return (Answer(202, "delete.status.accepted", world.without(id, lingers=deletion_may_lag)),)
    clause = _missing("delete", world, id)
    missing = Answer(
        404, clause, world, refused=True
    )  # says that the deletion is known, not that reads follow it
    return (missing, Answer(202, clause, world)) if id in world.lingering else (missing,)


def _to_get(world: ModelState, id: str) -> tuple[Answer, ...]:
    record, lingering = world.records.get(id), world.lingering.get(id)
    if record is not None:
        unseen = "create.visible.get" if record.maker == "create" else "upsert.create.same-id"
        return (Answer(200, "get.status.ok" if "id" in record.confirmed else unseen, world, record),)
    missing = Answer(404, _missing("get", world, id), world.settled(id), refused=True)
    return (missing,) if lingering is None else (missing, Answer(200, "get.status.ok", world, lingering))


def _missing(operation: str, world: ModelState, id: str) -> str:
    """The clause that promises 404: by whether the id was deleted, exists in another case, or never was."""
    if id in world.deleted:
        return {"get": "delete.gone.get", "patch": "delete.no-revival.patch"}.get(
            operation, "delete.twice.not-found"
        )
    if world.spelt_otherwise(id):
        return f"{operation}.id.case-sensitive"
    return f"{operation}.unknown.not-found"


def _open_refusals(operation: str, body: object, rules: Rules) -> tuple[int, ...]:
    """The statuses with which a tenant may refuse a body that the schema allows."""
    content = body if isinstance(body, dict) else None
    statuses: tuple[int, ...] = (400,) if doubts(operation, content, rules) else ()
    return (*statuses, 409, 412) if locks(content) else statuses


def _refusing(world: ModelState) -> Callable[[str, Iterable[int]], tuple[Answer, ...]]:
    """Refusals with these statuses, which leave the world as it is."""

    def refuse(clause: str, statuses: Iterable[int]) -> tuple[Answer, ...]:
        return tuple(Answer(status, clause, world, refused=True) for status in statuses)

    return refuse


def _apart(allowed: Iterable[Answer]) -> tuple[Answer, ...]:
    """The answers without a second refusal of the same status."""
    kept: dict[tuple[int, bool | int], Answer] = {}
    for answer in allowed:
        kept.setdefault((answer.status, answer.refused or id(answer.next)), answer)
    return tuple(kept.values())
