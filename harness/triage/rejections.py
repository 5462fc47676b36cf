"""Triage of a valid request that was rejected: the part without which it succeeds."""

from collections.abc import Mapping
from typing import Any, Final

import oracle
from harness.api import MERGE_PATCH
from harness.triage import side_effects
from harness.triage.failed_check import ARGUMENTS, FailedCheck, is_any_of, is_exact
from spec import clauses
from strategies import customers, namespace

OTHER_REJECTIONS: Final = frozenset({401, 403, 404, 405, 406, 409, 412, 415, 429})
"""Statuses that mean something other than the content of the request."""
STATUSES: Final = frozenset(
    {
        "create.status.created",
        "upsert.create.status",
        "upsert.update.status",
        "patch.status.ok",
        "delete.status.accepted",
        "get.status.ok",
        "list.status.ok",
        "search.status.ok",
    }
)
"""The clauses that a rejected valid request violates, unless one part of it is the reason."""
CLOSED_SETS: Final = ("type", "restriction", "preferredCurrency", "preferredSite", "preferredLanguage", "id")
"""Properties with a closed set of values, which are the most likely reason."""


def of_rejection(failed: FailedCheck) -> str:
    """The clause of the rejected part."""
    status, operation = failed.exchange.status, failed.operation
    if status == 404 and failed.clause in ("patch.status.ok", "delete.status.accepted"):
        return _of_missing(failed)
    if status == 201 and failed.clause == "upsert.update.status":
        return _of_recreation(failed)
    if status in (400, 415) and failed.exchange.sent_header("Content-Type") == MERGE_PATCH["Content-Type"]:
        return f"{operation}.merge-patch" if _succeeds(failed, failed.exchange.sent) else failed.clause
    if failed.clause == f"{operation}.lock.current" and _version(failed) != _version(failed):
        return "get.changes-nothing"
    if status != 200 and failed.clause.startswith(f"{operation}.q."):
        is_query = failed.api.query(operation, page_size=1).status == 200
        return failed.clause if is_query else f"{operation}.status.ok"
    if failed.clause not in STATUSES or not 400 <= status < 500 or status in OTHER_REJECTIONS:
        return failed.clause
    if operation in ("list", "search", "get"):
        return _of_parameter(failed)
    if operation == "delete":
        empty = failed.exchange.request_body is None
        again = failed.api.delete(failed.id_in_path, *([{}] if empty else []))
        return "delete.body.optional" if again.status == 202 else failed.clause
    return _of_property(failed)


def _of_missing(failed: FailedCheck) -> str:
    """A customer that a write does not find: get finds it, or it is missing."""
    if failed.api.windows.read or failed.api.get(failed.id_in_path).status != 404:
        return failed.clause
    return side_effects.of_missing(failed.api, failed.id_in_path)


def _of_recreation(failed: FailedCheck) -> str:
    """An upsert that has created a customer instead of changing one: it always does so, or the customer was missing."""
    customer_id = side_effects.create(failed.api)
    answer = failed.api.upsert(customer_id, customers.plain())
    return failed.clause if answer.status != 204 else side_effects.of_missing(failed.api, failed.id_in_path)


def _of_property(failed: FailedCheck) -> str:
    body, operation = failed.exchange.sent, failed.operation
    if not _succeeds(failed, _smallest(operation, body)):
        return failed.clause
    if "id" in body and _succeeds(failed, body | {"id": _letters(namespace.fresh_word(), len(body["id"]))}):
        return "create.id.characters-accepted"
    likely = [name for name in CLOSED_SETS if name in body]
    for name in [*likely, *(name for name in body if name not in CLOSED_SETS)]:
        if _succeeds(failed, {key: value for key, value in body.items() if key != name}):
            return _clause_of_property(operation, name, body[name], failed.clause)
    complete = dict.fromkeys(("title", "firstName", "middleName", "lastName", "company"), "text") | body
    optional = f"{operation}.properties.optional"
    return optional if optional in clauses() and _succeeds(failed, complete) else failed.clause


def _succeeds(failed: FailedCheck, body: Mapping[str, Any]) -> bool:
    fresh = {"contactEmail": namespace.fresh_email()} if failed.operation == "create" else {}
    return failed.api.write(failed.operation, failed.id_in_path, {**body, **fresh}).status < 300


def _of_parameter(failed: FailedCheck) -> str:
    api, operation, q = failed.api, failed.operation, failed.q
    for name, argument in ARGUMENTS.items():
        if name not in failed.exchange.query:
            continue
        rest = {each: value for each, value in failed.options.items() if each != argument}
        again = (
            api.get(failed.id_in_path, **rest)
            if operation == "get"
            else api.query(operation, q or None, **rest)
        )
        if again.status == 200:
            return _clause_of_parameter(operation, name, failed.exchange.query[name], failed.clause)
    if operation == "search" and not q and api.query(operation, "active:true", page_size=1).status == 200:
        return "search.body.optional"
    if q and api.query(operation, page_size=1).status == 200:
        form = "exact" if is_exact(q) else "any-of" if is_any_of(q) else ""
        return f"{operation}.q.{form}" if form else failed.clause
    return failed.clause


def _version(failed: FailedCheck) -> Any:
    """The version that a get shows now."""
    return oracle.value_at(failed.api.get(failed.id_in_path).object, "metadata.version")


def _letters(word: str, length: int) -> str:
    """An id of letters alone, of this length or of 20 characters, so that it is unique."""
    letters = "".join(chr(ord("a") + int(each)) if each.isdecimal() else each for each in word)
    return letters.ljust(max(length, 20), "x")


def _smallest(operation: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """A plain body that keeps the e-mail address of the customer."""
    if operation == "patch":
        return {"lastName": "Plain"}
    kept = () if operation == "create" else ("contactEmail",)
    return customers.plain(**{name: body[name] for name in kept if name in body})


def _clause_of_property(operation: str, name: str, value: Any, clause_id: str) -> str:
    finer = {
        "id": f"{operation}.id.length-accepted",
        "type": f"{operation}.type.supported",
        "restriction": f"{operation}.restriction.{'null' if value is None else 'listed'}",
    }.get(name, f"{operation}.{name}.round-trip")
    return finer if finer in clauses() else clause_id


def _clause_of_parameter(operation: str, name: str, value: str, clause_id: str) -> str:
    direction = {"asc": "ascending", "desc": "descending"}.get(value.rpartition(":")[2], "default-direction")
    return {
        "sort": f"{operation}.sort.{direction}",
        "expand": f"{operation}.expand.mixin" if "mixin" in value else clause_id,
        "pageNumber": f"{operation}.page.partition",
        "pageSize": f"{operation}.pageSize.honoured",
    }[name]
