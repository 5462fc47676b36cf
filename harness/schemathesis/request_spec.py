"""A request without the values that only one tenant has: what a generated case asks for, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import spec
from client import ABSENT
from harness.schemathesis.document import operations, parameters
from harness.schemathesis.internals import NO_BODY, GeneratedCase

ITEM_OPERATIONS = ("get", "upsert", "patch", "delete")
"""The operations on one customer."""
SAFE_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.,-")
"""The characters of a path segment that every server reads as one segment."""
MAX_NAME_LENGTH = 40


@dataclass(frozen=True, slots=True)
class RequestSpec:
    """One request of an operation.

    tenant: an invalid name, or None for the tenant under test; query: the texts of each parameter; body: a JSON
    value, bytes, or ABSENT; content_type: a Content-Type that replaces the media type; choice: selects one of
    several values wherever the tenant decides which ones are valid.
    """

    operation: str
    method: str
    tenant: str | None = None
    query: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    body: Any = ABSENT
    media_type: str | None = None
    content_type: str | None = None
    choice: int = 0

    @property
    def is_published(self) -> bool:
        """Whether the method is that of the operation."""
        return self.method == spec.operations()[self.operation].method


def request_of(operation: str, case: GeneratedCase) -> RequestSpec:
    """The request of a case, without parameters and headers that the operation does not have."""
    query = {name: _texts(value) for name, value in case.query.items() if name in parameters(operation)}
    body = case.body
    return RequestSpec(
        operation=operation,
        method=str(case.method).upper(),
        tenant=_invalid_name(str(case.path_parameters.get("tenant", ""))),
        query={name: values for name, values in query.items() if values},
        body=ABSENT if body is NO_BODY or body == b"" else body,
        media_type=case.media_type if body is not NO_BODY else None,
        content_type=dict(case.headers).get("Content-Type"),
    )


def case_of(request: RequestSpec, tenant: str, customer_id: str) -> GeneratedCase:
    """The request as a case of Schemathesis, for this customer of this tenant."""
    parts: dict[str, Any] = {"method": request.method, "path_parameters": {"tenant": tenant}}
    if request.operation in ITEM_OPERATIONS:
        parts["path_parameters"]["customerNumber"] = customer_id
    if request.content_type:
        parts["headers"] = {"Content-Type": request.content_type}
    if request.body is not ABSENT:
        parts |= {"body": request.body, "media_type": request.media_type}
    query = {name: list(values) if len(values) > 1 else values[0] for name, values in request.query.items()}
    return operations()[request.operation].Case(query=query, **parts)


def _invalid_name(encoded: str) -> str | None:
    """The name of a tenant if it is invalid, but one segment of the path for every server."""
    name = unquote(encoded)
    is_segment = 0 < len(name) <= MAX_NAME_LENGTH and SAFE_CHARACTERS.issuperset(name) and name.strip(".")
    is_valid = name.isalnum() and name.islower() and name[0].isalpha() and 3 <= len(name) <= 16
    return name if is_segment and not is_valid else None


def _texts(value: Any) -> tuple[str, ...]:
    """The texts of a query parameter; an object has none."""
    match value:
        case list() | tuple():
            return tuple(text for each in value for text in _texts(each)[:1])
        case dict():
            return ()
        case None:
            return ("null",)
        case bool():
            return ("true" if value else "false",)
    return (str(value),)
