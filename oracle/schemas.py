"""Whether answers have the published shapes."""

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

import jsonschema_rs

from oracle.customers.differences import Difference
from oracle.values.json_values import Json, is_json
from oracle.values.times import is_utc_timestamp
from spec import schema
from spec.formatting import show

_FINER: Final = {
    "businessModel": "businessModel.enum",
    "metadataCreatedAt": "metadataCreatedAt.format",
    "accounts": "accounts.shape",
}
"""Properties whose published shape is a clause of its own."""


def schema_difference(seen: Json, kind: str, *, read: str = "get", status: int = 400) -> Difference | None:
    """Where and why a value is not of a published schema, or None.

    kind: a component of the OpenAPI document (Customer, CustomerCreate, CustomerUpsert, CustomerPatch,
    ErrorMessage, Fault). read names the operation, status the refusal, whose clause is to be blamed.
    """
    if not is_json(seen):
        return Difference("$", "", f"a JSON value ({kind})", "no JSON", _clause(kind, "", read, status))
    for error in _validator(kind).iter_errors(seen):
        return _told(error, seen, kind, read, status)
    return None


def customer_difference(seen: Json, *, read: str = "get", expand: Iterable[str] = ()) -> Difference | None:
    """Why what get, list or search shows is no customer, or None: the schema, the id, the date, the accounts.

    Source: Retrieving a customer profile; published, properties beyond the seed's list.
    """
    if found := schema_difference(seen, "Customer", read=read):
        return found
    if not isinstance(seen.get("id"), str) or not seen["id"]:
        return Difference("$.id", "id", "a text", show(seen.get("id")), f"{read}.id.present")
    date = seen.get("metadataCreatedAt")
    if date is not None and not is_utc_timestamp(date):
        clause = f"{read}.metadataCreatedAt.format"
        return Difference(
            "$.metadataCreatedAt", "metadataCreatedAt", "an ISO 8601 date in UTC", show(date), clause
        )
    if "accounts" in expand:
        for index, account in enumerate(seen.get("accounts") or ()):
            if not isinstance(account.get("id"), str):
                path = f"$.accounts[{index}].id"
                return Difference(
                    path, "accounts", "a text", show(account.get("id")), f"{read}.accounts.shape"
                )
    return None


def error_shape(status: int, body: Json) -> Difference | None:
    """Why the body of a refusal is not of the published shape, or None; only documented refusals have one.

    401: a fault with faultstring and detail.errorcode; 400, 403, 404 and 409: an error message.
    """
    if status == 401:
        return schema_difference(body, "Fault", status=status)
    return schema_difference(body, "ErrorMessage", status=status) if status in (400, 403, 404, 409) else None


def error_advice(status: int, body: Json) -> tuple[Difference, ...]:
    """What the body of a refusal should say and does not: its status, type and details. Source: published."""
    if not isinstance(body, dict):
        return ()
    found = []
    if body.get("status") is not None and body["status"] != status:
        found.append(
            Difference("$.status", "status", str(status), show(body["status"]), "errors.status.equals")
        )
    expected = {403: "Forbidden", 409: "conflict_resource"}.get(status)
    if expected and body.get("type") != expected:
        clause = f"errors.{status}.type"
        found.append(Difference("$.type", "type", show(expected), show(body.get("type")), clause))
    if status == 404 and not body.get("details"):
        found.append(
            Difference("$.details", "details", "details", show(body.get("details")), "errors.404.details")
        )
    return tuple(found)


@cache
def _validator(kind: str) -> Any:
    return jsonschema_rs.validator_for(schema(kind), validate_formats=True)


def _told(error: Any, seen: Json, kind: str, read: str, status: int) -> Difference:
    steps = list(error.instance_path)
    path = "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    name = str(steps[0]) if steps else ""
    value = seen
    for step in steps:
        value = value[step]
    return Difference(path, name, _reason(error.message), show(value), _clause(kind, name, read, status))


def _reason(message: str) -> str:
    return f"a value of the schema ({message if len(message) <= 160 else message[:160] + '…'})"


def _clause(kind: str, name: str, read: str, status: int) -> str:
    if kind in ("ErrorMessage", "Fault"):
        return f"errors.{401 if kind == 'Fault' else status}.shape"
    if kind == "Customer":
        return f"{read}.{_FINER.get(name, 'schema.customer')}"
    operation = kind.removeprefix("Customer").lower()
    return f"{operation}.{name}.type" if name else f"{operation}.body.object"
