"""Server errors: operations that return 500 for unusual input."""

import re
from collections.abc import Iterable
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import (
    BODY_OPERATIONS,
    CREATING_OPERATIONS,
    LIST_OPERATIONS,
    MERGE_PATCH_TYPE,
    PROPERTIES,
    READ_OPERATIONS,
)
from mock_tenant.defects.request_filters import RequestFilter, parsed_body
from mock_tenant.messages import ApiError, ApiRequest
from mock_tenant.registry import operation_defects


def fails_on(operations: Iterable[str], name: str, condition: str, is_affected: RequestFilter) -> None:
    """Seeds operations that return 500 for some requests."""

    @operation_defects(
        operations,
        "{}.robust.no-5xx",
        name="{}-breaks-on-" + name,
        description=f"{{}} returns 500 {condition}.",
    )
    class Fails(Behaviour):
        def authorize(self, request: ApiRequest) -> None:
            super().authorize(request)
            if is_affected(request):
                raise ApiError(500, "internal_error", "Internal server error.")


def has_header(name: str, pattern: str) -> RequestFilter:
    """Requests with a header that matches a regular expression."""
    return lambda request: re.fullmatch(pattern, request.headers.get(name, "")) is not None


for _operation, _name, _condition, _is_affected in (
    (
        "list",
        "unbalanced-quotes",
        "for a q with an odd number of quotes",
        lambda request: request.params.get("q", "").count('"') % 2 == 1,
    ),
    (
        "list",
        "huge-page-numbers",
        "for a pageNumber of more than 18 digits",
        lambda request: len(request.params.get("pageNumber", "")) > 18,
    ),
    ("list", "quotes-in-sort", "for a sort with quotes", lambda r: '"' in r.params.get("sort", "")),
    (
        "search",
        "deep-bodies",
        "for a body with more than 50 nested arrays",
        lambda request: request.content.count(b"[") > 50,
    ),
    (
        "search",
        "a-missing-bracket",
        "for a q with an unclosed bracket",
        lambda request: request.content.count(b"(") != request.content.count(b")"),
    ),
    (
        "create",
        "nul",
        "for a body with the character NUL",
        lambda request: b"\\u0000" in request.content,
    ),
    (
        "create",
        "bytes-that-are-not-utf-8",
        "for a body that is not UTF-8",
        lambda request: "\ufffd" in request.content.decode("utf-8", "replace"),
    ),
    (
        "get",
        "percent-signs",
        "for a customerNumber with a percent sign",
        lambda request: "%" in request.customer_number,
    ),
    (
        "get",
        "long-ids",
        "for a customerNumber of more than 66 characters",
        lambda request: len(request.customer_number) > 66,
    ),
    (
        "upsert",
        "supplementary-characters",
        "for a body with a character outside the Basic Multilingual Plane",
        lambda request: (
            b"\\ud83d" in request.content.lower() or any(byte >= 0xF0 for byte in request.content)
        ),
    ),
    (
        "upsert",
        "arrays",
        "for a body that is an array",
        lambda request: request.content.lstrip()[:1] == b"[",
    ),
    (
        "patch",
        "null",
        "for a body that is null",
        lambda request: request.content.strip() == b"null",
    ),
    (
        "patch",
        "malformed-json",
        "for a body that is a truncated object",
        lambda request: request.content.strip()[:1] == b"{" and request.content.strip()[-1:] != b"}",
    ),
    (
        "delete",
        "non-ascii-ids",
        "for a customerNumber that is not ASCII",
        lambda request: not request.customer_number.isascii(),
    ),
    (
        "delete",
        "bodies-that-are-no-object",
        "for a body that is not an object",
        lambda request: bool(request.content.strip()) and request.content.strip()[:1] != b"{",
    ),
    ("list", "an-unusual-Accept", "for an unusual Accept", has_header("accept", "text/.*")),
    (
        "search",
        "an-unusual-Accept-Language",
        "for an unusual Accept-Language",
        has_header("accept-language", r".*[_?].*"),
    ),
    ("get", "an-unusual-Accept", "for an unusual Accept", has_header("accept", ".*q=[2-9].*")),
):
    fails_on([_operation], _name, _condition, _is_affected)
fails_on(
    READ_OPERATIONS,
    "an-empty-expand",
    "if expand is empty",
    lambda request: request.params.get("expand") == "",
)


def fails_on_repeated(operations: Iterable[str], parameter: str) -> None:
    """Seeds operations that return 500 if a query parameter is given twice."""
    fails_on(
        operations,
        f"{parameter}-twice",
        f"if {parameter} is given twice",
        lambda request: parameter in request.repeated,
    )


for _operations, _parameter in (
    (LIST_OPERATIONS, "pageSize"),
    (LIST_OPERATIONS, "pageNumber"),
    (LIST_OPERATIONS, "sort"),
    (READ_OPERATIONS, "expand"),
    (("list",), "q"),
    (CREATING_OPERATIONS, "sendPasswordResetNotifications"),
):
    fails_on_repeated(_operations, _parameter)


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
        [operation],
        f"null-in-{'merge-patch-' if merge_patch else ''}{name.replace('.', '-')}",
        f"if {name} is null in a {media_type}",
        lambda request: (
            is_null(parsed_body(request), path) and (request.media_type == MERGE_PATCH_TYPE) == merge_patch
        ),
    )


for _operation in BODY_OPERATIONS:
    for _name in PROPERTIES[_operation]:
        fails_on_null(_operation, _name)
    fails_on_null(_operation, "b2b", "companyRegistrationId")
    fails_on_null(_operation, "metadata", "mixins")
    fails_on_null(_operation, "metadata", "version")
for _name in ("title", "b2b", "mixins", "metadata", "preferredSite"):
    fails_on_null("patch", _name, merge_patch=True)
fails_on_null("search", "q")


def sent_mixins(request: ApiRequest) -> list[Any]:
    """The values of the mixins in a body."""
    mixins = parsed_body(request).get("mixins")
    return list(mixins.values()) if isinstance(mixins, dict) else []


fails_on(
    BODY_OPERATIONS,
    "a-null-mixin",
    "if a mixin is null",
    lambda request: None in sent_mixins(request),
)
fails_on(
    BODY_OPERATIONS,
    "null-in-a-mixin",
    "if a member of a mixin is null",
    lambda request: any(None in each.values() for each in sent_mixins(request) if isinstance(each, dict)),
)


def levels(value: Any) -> int:
    """How many objects and arrays a JSON value nests in each other."""
    if not isinstance(value, dict | list):
        return 0
    inner = value.values() if isinstance(value, dict) else value
    return 1 + max(map(levels, inner), default=0)


fails_on(
    ["create"],
    "deep-mixins",
    "if mixins are nested in more than 20 levels",
    lambda request: levels(sent_mixins(request)) > 20,
)


def fails_on_empty(operation: str, name: str) -> None:
    """Seeds an operation that returns 500 if one property is empty."""
    fails_on(
        [operation],
        f"an-empty-{name}",
        f"if {name} is empty",
        lambda request: parsed_body(request).get(name) in ("", {}),
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
        [operation],
        f"q-by-{name}",
        f"for a q by {name}",
        lambda request: f"{name}:" in str(request.params.get("q") or parsed_body(request).get("q")),
    )


for _operation, _name in (
    ("list", "preferredLanguage"),
    ("search", "middleName"),
    ("list", "type"),
    ("search", "customerNumber"),
    ("list", "preferredSite"),
):
    fails_on_q_by(_operation, _name)
