"""Server errors: operations that return 500 for unusual input."""

from collections.abc import Callable

from mock_tenant.behaviour import Behaviour
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
