"""Responses compared with the published schemas."""

from collections.abc import Collection
from functools import cache
from typing import Any, Final

import jsonschema_rs

from oracle.json_values import Json
from oracle.times import is_utc_timestamp
from spec import ABSENT, Absent, Kind, Mismatch, Rule, schema

_ASPECTS: Final = {
    "businessModel": "businessModel.enum",
    "metadataCreatedAt": "metadataCreatedAt.format",
    "accounts": "accounts.shape",
}
"""Properties of a customer whose published schema is a clause of its own."""
_ERROR_SCHEMAS: Final = {401: "Fault", **dict.fromkeys((400, 403, 404, 409), "ErrorMessage")}
_ERROR_TYPES: Final = {403: "Forbidden", 409: "conflict_resource"}
_LONGEST_REASON: Final = 160


def customer_mismatch(seen: Json, *, read: str = "get", expand: Collection[str] = ()) -> Mismatch | None:
    """Why a value (or ABSENT) in a response is not a customer, or None: schema, id, date, accounts.

    read: get, list or search; expand: the attributes of the request; accounts are checked only where they are in it.
    Source: Retrieving a customer profile; published, schema Customer.
    """
    if found := _schema_mismatch(seen, "Customer"):
        return found.owned_by(f"{read}.{_ASPECTS.get(_property_of(found.path), 'schema.customer')}")
    if not isinstance(seen.get("id"), str) or not seen["id"]:
        return _mismatch("a non-empty string", seen.get("id", ABSENT), "$.id").owned_by(f"{read}.id.present")
    date = seen.get("metadataCreatedAt")
    if date is not None and not is_utc_timestamp(date):
        found = _mismatch("an ISO 8601 date in UTC", date, "$.metadataCreatedAt")
        return found.owned_by(f"{read}.metadataCreatedAt.format")
    for index, account in enumerate((seen.get("accounts") or ()) if "accounts" in expand else ()):
        if not isinstance(account.get("id"), str):
            found = _mismatch("a string", account.get("id", ABSENT), f"$.accounts[{index}].id")
            return found.owned_by(f"{read}.accounts.shape")
    return None


def error_shape_mismatch(status: int, body: Json | Absent) -> Mismatch | None:
    """Why the body of an error response does not satisfy the published schema, or None.

    Only documented errors have a schema. 401: a fault, of which no member is required, so that a body may be missing;
    400, 403, 404 and 409: an error message.
    """
    kind = _ERROR_SCHEMAS.get(status)
    checked = kind is not None and not (status == 401 and body is ABSENT)
    found = _schema_mismatch(body, str(kind)) if checked else None
    return found and found.owned_by(f"errors.{status}.shape")


def error_advice(status: int, body: Json | Absent) -> list[Mismatch]:
    """Mismatches of the SHOULD clauses on the status, fault, type and details of an error body. Source: published."""
    if not isinstance(body, dict):
        return [_advice("fault", Rule("a fault"), {}, "errors.401.fault")] if status == 401 else []
    kind, fault = _ERROR_TYPES.get(status), Rule("a faultstring and a detail.errorcode")
    advice = (
        ("status", body.get("status") in (None, status), status, "errors.status.equals"),
        ("fault", status != 401 or _is_fault(body), fault, "errors.401.fault"),
        ("type", kind is None or body.get("type") == kind, kind, f"errors.{status}.type"),
        ("details", status != 404 or body.get("details"), Rule("details"), "errors.404.details"),
    )
    return [_advice(name, expected, body, clause) for name, holds, expected, clause in advice if not holds]


def _schema_mismatch(seen: Json, kind: str) -> Mismatch | None:
    """The first place where a value does not satisfy a component of the OpenAPI document, or None."""
    if seen is ABSENT:
        return _mismatch(f"a JSON value ({kind})", ABSENT, "$")
    error = next(_validator(kind).iter_errors(seen), None)
    if error is None:
        return None
    path, value = "$", seen
    for step in error.instance_path:
        path += f"[{step}]" if isinstance(step, int) else f".{step}"
        value = value[step]
    reason = error.message
    if len(reason) > _LONGEST_REASON:
        reason = reason[:_LONGEST_REASON] + "…"
    return _mismatch(f"a value of the schema ({reason})", value, path)


@cache
def _validator(kind: str) -> Any:
    return jsonschema_rs.validator_for(schema(kind), validate_formats=True)


def _mismatch(rule: str, actual: Json | Absent, path: str) -> Mismatch:
    return Mismatch(Kind.SCHEMA, expected=Rule(rule), actual=actual, path=path)


def _advice(name: str, expected: Json | Rule, body: dict[str, Json], clause: str) -> Mismatch:
    actual = body.get(name, ABSENT)
    return Mismatch(Kind.SCHEMA, expected=expected, actual=actual, path=f"$.{name}").owned_by(clause)


def _is_fault(body: dict[str, Json]) -> bool:
    fault = body.get("fault")
    if not isinstance(fault, dict) or not isinstance(fault.get("detail"), dict):
        return False
    return bool(fault.get("faultstring")) and bool(fault["detail"].get("errorcode"))


def _property_of(path: str) -> str:
    """The top-level property in a path such as `$.accounts[0].id`; empty for `$`."""
    return path.removeprefix("$").removeprefix(".").partition(".")[0].partition("[")[0]
