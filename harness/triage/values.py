"""Triage of a get that shows a wrong customer, one that should not exist, or none."""

from collections.abc import Callable, Mapping
from typing import Final

import oracle
from client import Exchange
from harness.api import TenantApi, customers_with
from harness.triage import side_effects
from harness.triage.failed_check import FailedCheck
from spec import ABSENT
from strategies import customers, namespace

PROBES: Final[Mapping[str, Callable[[TenantApi, str], Exchange]]] = {
    "get": lambda api, unknown_id: api.get(unknown_id),
    "patch": lambda api, unknown_id: api.patch(unknown_id, {"lastName": "Plain"}),
    "delete": lambda api, unknown_id: api.delete(unknown_id),
}
"""The requests that must be answered 404 for an unknown id."""


def of_not_found(failed: FailedCheck) -> str:
    """A customer that get does not show: missing once, lost, or created under another id."""
    customer = next(iter(failed.customers), None)
    if customer is None:
        return failed.clause
    if failed.api.get(customer.id).status == 200:
        return "get.status.ok"
    if failed.clause == "create.visible.get" and customer.email:
        return side_effects.of_unstored(failed.api, customer.id, customer.email)
    return failed.clause


def of_found(failed: FailedCheck) -> str:
    """A response that should be 404: it may be that to any unknown id, or get may show a deleted customer once more."""
    unknown = f"{failed.operation}.unknown.not-found"
    if failed.clause in (unknown, "delete.gone.get"):
        return failed.clause
    if PROBES[failed.operation](failed.api, namespace.fresh_id()).status != 404:
        return unknown
    if failed.operation != "get" or failed.exchange.status != 200:
        return failed.clause
    again = failed.api.get(failed.id_in_path, expand=failed.exchange.query.get("expand"))
    return failed.clause if again.status == 200 else "get.flicker"


def of_value(failed: FailedCheck) -> str:
    """A wrong value: get hides it, a later write has lost it, or a request for another customer has changed it."""
    customer, name = failed.customers[0], failed.mismatch.path.removeprefix("$.").partition(".")[0]
    if name == "mixins" and not failed.exchange.object.get("mixins"):
        listed = failed.api.query("list", f"id:{customer.id}", expand=oracle.MIXINS)
        if any(each.get("mixins") for each in customers_with(listed, [customer.id])):
            return "get.expand.mixin"
    is_default = failed.clause in (f"create.{name}.default", f"create.{name}.on-creation")
    if name in customer.confirmed or (is_default and _has_default(failed, name)):
        return side_effects.of_change(failed)
    operation, _, promise = failed.clause.partition(".")
    later = customer.cause
    if promise != f"{name}.round-trip" or not isinstance(later, oracle.Cause):
        return failed.clause
    if (later.operation, later.kind) == (operation, "write") or not _keeps(failed, operation, name):
        return failed.clause
    return later.clause_for(name, failed.mismatch.actual)


def _has_default(failed: FailedCheck, name: str) -> bool:
    """Whether a new customer has a value of a property that the failed one should have."""
    customer, response = failed.customers[0], failed.api.get(side_effects.create(failed.api))
    return bool(customer.permitted_as(name, dict(customer.stated(response.object))[name]))


def _keeps(failed: FailedCheck, operation: str, name: str) -> bool:
    """Whether a new customer shows a property after such a write alone, with the values of this customer."""
    customer = failed.customers[0]
    values = {each: customer.definite(each) for each in oracle.WRITABLE}
    body = {each: value for each, value in values.items() if value is not ABSENT and value is not None}
    body["contactEmail"] = namespace.fresh_email()
    new_id = failed.api.create(body if operation == "create" else customers.plain()).object.get("id")
    if not isinstance(new_id, str) or name == "contactEmail" or (operation == "patch" and name not in body):
        return False
    if operation != "create":
        failed.api.write(operation, new_id, {name: body[name]} if operation == "patch" else body)
    response = failed.api.get(new_id, expand=oracle.MIXINS)
    shown = dict(customer.stated(response.object, expand=[oracle.MIXINS]))
    return bool(customer.permitted_as(name, shown[name]))
