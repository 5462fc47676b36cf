"""Server errors: operations that return 500 for unusual input."""

import json
import re
from collections.abc import Callable
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import LIST_OPERATIONS, MERGE_PATCH_TYPE, PROPERTIES
from mock_tenant.messages import ApiError, ApiRequest
from mock_tenant.registry import register_defect


def fails_on(operation: str, name: str, description: str, is_affected: Callable[[ApiRequest], bool]) -> None:
    """Seeds an operation that returns 500 for the affected requests."""

    class Fails(Behaviour):
        def authorize(self, request: ApiRequest) -> None:
            super().authorize(request)
            if request.operation == operation and is_affected(request):
                raise ApiError(500, "internal_error", "Internal server error.")

    register_defect(f"{operation}.robust.no-5xx", Fails, name=name, description=description)


fails_on(
    "list",
    "list-breaks-on-unbalanced-quotes",
    "List returns 500 for a q with an odd number of quotes.",
    lambda request: request.params.get("q", "").count('"') % 2 == 1,
)
fails_on(
    "list",
    "list-breaks-on-huge-page-numbers",
    "List returns 500 for a pageNumber of more than 18 digits.",
    lambda request: len(request.params.get("pageNumber", "")) > 18,
)
fails_on(
    "search",
    "search-breaks-on-deep-bodies",
    "Search returns 500 for a body with more than 50 nested arrays.",
    lambda request: request.content.count(b"[") > 50,
)
fails_on(
    "search",
    "search-breaks-on-a-missing-bracket",
    "Search returns 500 for a q with an unclosed bracket.",
    lambda request: request.content.count(b"(") != request.content.count(b")"),
)
fails_on(
    "create",
    "create-breaks-on-nul",
    "Create returns 500 for a body with the character NUL.",
    lambda request: b"\\u0000" in request.content,
)
fails_on(
    "create",
    "create-breaks-on-bytes-that-are-not-utf-8",
    "Create returns 500 for a body that is not UTF-8.",
    lambda request: "\ufffd" in request.content.decode("utf-8", "replace"),
)
fails_on(
    "get",
    "get-breaks-on-percent-signs",
    "Get returns 500 for a customerNumber with a percent sign.",
    lambda request: "%" in request.customer_number,
)
fails_on(
    "get",
    "get-breaks-on-long-ids",
    "Get returns 500 for a customerNumber of more than 66 characters.",
    lambda request: len(request.customer_number) > 66,
)
fails_on(
    "upsert",
    "upsert-breaks-on-astral-characters",
    "Upsert returns 500 for a body with a character outside the Basic Multilingual Plane.",
    lambda request: b"\\ud83d" in request.content.lower() or any(byte >= 0xF0 for byte in request.content),
)
fails_on(
    "upsert",
    "upsert-breaks-on-arrays",
    "Upsert returns 500 for a body that is an array.",
    lambda request: request.content.lstrip()[:1] == b"[",
)
fails_on(
    "patch",
    "patch-breaks-on-null",
    "Patch returns 500 for a body that is null.",
    lambda request: request.content.strip() == b"null",
)
fails_on(
    "patch",
    "patch-breaks-on-malformed-json",
    "Patch returns 500 for a body that is a truncated object.",
    lambda request: request.content.strip().startswith(b"{") and not request.content.strip().endswith(b"}"),
)
fails_on(
    "delete",
    "delete-breaks-on-odd-ids",
    "Delete returns 500 for a customerNumber that is not ASCII.",
    lambda request: not request.customer_number.isascii(),
)
fails_on(
    "delete",
    "delete-breaks-on-bodies-that-are-no-object",
    "Delete returns 500 for a body that is not an object.",
    lambda request: bool(request.content.strip()) and request.content.strip()[:1] != b"{",
)


def fails_on_repeated(operation: str, parameter: str) -> None:
    """Seeds an operation that returns 500 if a query parameter is given twice."""
    fails_on(
        operation,
        f"{operation}-breaks-on-{parameter}-twice",
        f"{operation.capitalize()} returns 500 if {parameter} is given twice.",
        lambda request: parameter in request.repeated,
    )


for _operation in LIST_OPERATIONS:
    for _parameter in ("pageSize", "pageNumber", "sort", "expand"):
        fails_on_repeated(_operation, _parameter)
fails_on_repeated("list", "q")
fails_on_repeated("get", "expand")
for _operation in ("create", "upsert"):
    fails_on_repeated(_operation, "sendPasswordResetNotifications")


def sent(request: ApiRequest) -> dict[str, Any]:
    """The JSON object in the body; empty if there is none."""
    try:
        body = json.loads(request.content)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def is_null(body: dict[str, Any], path: tuple[str, ...]) -> bool:
    """Whether the value at a path of names is null."""
    value: Any = body
    for name in path:
        if not isinstance(value, dict) or name not in value:
            return False
        value = value[name]
    return value is None


def fails_on_null(operation: str, *path: str, merge_patch: bool = False) -> None:
    """Seeds an operation that returns 500 if one property is null."""
    name, media_type = ".".join(path), "merge patch" if merge_patch else "body"
    fails_on(
        operation,
        f"{operation}-breaks-on-null-in-{'merge-patch-' if merge_patch else ''}{name.replace('.', '-')}",
        f"{operation.capitalize()} returns 500 if {name} is null in a {media_type}.",
        lambda request: (
            is_null(sent(request), path) and (request.media_type == MERGE_PATCH_TYPE) == merge_patch
        ),
    )


for _operation in ("create", "upsert", "patch"):
    for _name in PROPERTIES[_operation]:
        fails_on_null(_operation, _name)
    fails_on_null(_operation, "b2b", "companyRegistrationId")
    fails_on_null(_operation, "metadata", "mixins")
    fails_on_null(_operation, "metadata", "version")
for _path in (("title",), ("b2b",), ("mixins",), ("metadata",), ("preferredSite",)):
    fails_on_null("patch", *_path, merge_patch=True)
fails_on_null("search", "q")


def fails_on_nested_null(operation: str) -> None:
    """Seeds an operation that returns 500 if a mixin, or a member of one, is null."""
    fails_on(
        operation,
        f"{operation}-breaks-on-a-null-mixin",
        f"{operation.capitalize()} returns 500 if a mixin is null.",
        lambda request: (
            isinstance(mixins := sent(request).get("mixins"), dict)
            and any(each is None for each in mixins.values())
        ),
    )
    fails_on(
        operation,
        f"{operation}-breaks-on-null-in-a-mixin",
        f"{operation.capitalize()} returns 500 if a member of a mixin is null.",
        lambda request: (
            isinstance(mixins := sent(request).get("mixins"), dict)
            and any(None in each.values() for each in mixins.values() if isinstance(each, dict))
        ),
    )


for _operation in ("create", "upsert", "patch"):
    fails_on_nested_null(_operation)


def fails_on_empty(operation: str, name: str) -> None:
    """Seeds an operation that returns 500 if one property is empty."""
    fails_on(
        operation,
        f"{operation}-breaks-on-an-empty-{name}",
        f"{operation.capitalize()} returns 500 if {name} is empty.",
        lambda request: name in sent(request) and sent(request)[name] in ("", {}),
    )


for _operation, _name in (
    ("create", "type"),
    ("create", "photoUrl"),
    ("create", "preferredLanguage"),
    ("upsert", "contactPhone"),
    ("upsert", "b2b"),
    ("patch", "mixins"),
    ("patch", "preferredSite"),
    ("patch", "metadata"),
):
    fails_on_empty(_operation, _name)


def fails_on_q_by(operation: str, name: str) -> None:
    """Seeds a list or a search that returns 500 for a q by one property."""
    fails_on(
        operation,
        f"{operation}-breaks-on-q-by-{name}",
        f"{operation.capitalize()} returns 500 for a q by {name}.",
        lambda request: f"{name}:" in str(request.params.get("q") or sent(request).get("q") or ""),
    )


for _position, _name in enumerate(
    ("preferredLanguage", "middleName", "type", "customerNumber", "preferredSite")
):
    fails_on_q_by(LIST_OPERATIONS[_position % 2], _name)


def fails_on_header(operation: str, header: str, pattern: str) -> None:
    """Seeds an operation that returns 500 for an unusual header."""
    fails_on(
        operation,
        f"{operation}-breaks-on-an-odd-{header}",
        f"{operation.capitalize()} returns 500 for an unusual {header}.",
        lambda request: re.fullmatch(pattern, request.headers.get(header.lower(), "")) is not None,
    )


for _operation, _header, _pattern in (
    ("list", "Accept", "text/.*"),
    ("search", "Accept-Language", r".*[_?].*"),
    ("get", "Accept", ".*q=[2-9].*"),
):
    fails_on_header(_operation, _header, _pattern)
for _operation in ("get", *LIST_OPERATIONS):
    fails_on(
        _operation,
        f"{_operation}-breaks-on-an-empty-expand",
        f"{_operation.capitalize()} returns 500 if expand is empty.",
        lambda request: request.params.get("expand") == "",
    )
