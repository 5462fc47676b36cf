"""Triage of a customer that a request for another one has changed or deleted, or that was not stored at all."""

from collections.abc import Callable
from typing import Any

import oracle
from client import Exchange
from harness.api import TenantApi
from harness.triage.failed_check import FailedCheck
from strategies import customers, namespace


def create(api: TenantApi, **parts: str) -> str:
    """The id that the create of a plain customer with these parts answers."""
    return str(api.create(customers.plain(**parts)).object.get("id"))


def of_missing(api: TenantApi, customer_id: str) -> str:
    """`delete.others.unchanged` if the tenant stores new customers, else the clause of a create that stores none."""
    email = namespace.fresh_email()
    new_id = create(api, contactEmail=email)
    if customer_id in api.known.confirmed or api.get(new_id).status == 200:
        return "delete.others.unchanged"
    return of_unstored(api, new_id, email)


def of_unstored(api: TenantApi, customer_id: str, email: str) -> str:
    """The clause of a create whose customer get does not find.

    `create.answer.id` if list finds the customer under another id than create has answered, else `create.visible.get`.
    """
    holders = api.query("list", f"contactEmail:{email}").ids
    return "create.answer.id" if holders and customer_id not in holders else "create.visible.get"


def of_change(failed: FailedCheck) -> str:
    """The clause of the first request that changes a customer which it should not change, each kind in turn.

    The unwritten customer is created between two others, which the writes are sent to. Where reads may be stale, a
    change proves nothing.
    """
    api = failed.api
    others, unwritten = [create(api)], create(api)
    state = _state(api, unwritten)
    if api.windows.read or state is None:
        return failed.clause
    requests: dict[str, Callable[[], object]] = {
        "get.changes-nothing": lambda: None,
        "create.others.unchanged": lambda: others.append(create(api)),
        "list.changes-nothing": lambda: api.query("list", f"id:{unwritten}"),
        "search.changes-nothing": lambda: api.query("search", f"id:{unwritten}"),
        "patch.others.unchanged": lambda: _send_to(others, lambda id: api.patch(id, {"title": "Dr."})),
        "upsert.others.unchanged": lambda: _send_to(
            others, lambda id: api.upsert(id, customers.plain(firstName="Grace"))
        ),
        "delete.others.unchanged": lambda: api.delete(others.pop()),
    }
    for clause_id, send in requests.items():
        send()
        if _state(api, unwritten) != state:
            return clause_id
    return failed.clause


def _send_to(ids: list[str], send: Callable[[str], Exchange]) -> None:
    for each in ids:
        send(each)


def _state(api: TenantApi, customer_id: str) -> dict[str, Any] | None:
    """What get shows of the properties that clients write; None where it shows no customer."""
    shown = api.get(customer_id)
    return {name: shown.object.get(name) for name in oracle.WRITABLE} if shown.status == 200 else None
