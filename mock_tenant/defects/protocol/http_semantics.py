"""Defects of HTTP semantics: methods, media types, entity tags and the length of a URL."""

# ruff: noqa: ARG002 - an override has the signature of its hook
import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import READ_OPERATIONS
from mock_tenant.messages import ApiRequest, ApiResponse
from mock_tenant.registry import defect, operation_defects


def wrong_status_for_unsupported_method(resource: str, clause: str, status: int) -> None:
    """Seeds a resource that returns another status than 405 for an unsupported method."""

    @defect(
        clause,
        name=f"{resource}-answers-{status}-to-unsupported-methods",
        description=f"The {resource} returns {status} for an unsupported method.",
    )
    class WrongStatus(Behaviour):
        def method_not_allowed(self, kind: str, method: str, allowed: tuple[str, ...]) -> ApiResponse:
            response = super().method_not_allowed(kind, method, allowed)
            return response.replace(status=status) if kind == resource else response


wrong_status_for_unsupported_method("collection", "http.method.collection", 404)
wrong_status_for_unsupported_method("collection", "http.method.collection", 200)
wrong_status_for_unsupported_method("item", "http.method.item", 404)
wrong_status_for_unsupported_method("item", "http.method.item", 501)


@defect("http.method.allow")
class AllowIsMissing(Behaviour):
    """A 405 has no header Allow."""

    def method_not_allowed(self, resource: str, method: str, allowed: tuple[str, ...]) -> ApiResponse:
        return super().method_not_allowed(resource, method, allowed).replace(headers={})


@defect("http.method.allow")
class AllowNamesTheWrongMethods(Behaviour):
    """The header Allow of a 405 contains only GET."""

    def method_not_allowed(self, resource: str, method: str, allowed: tuple[str, ...]) -> ApiResponse:
        return super().method_not_allowed(resource, method, ("GET",))


@defect("http.content-type.json")
class ResponsesAreTextPlain(Behaviour):
    """The media type of successful responses is text/plain."""

    def after_request(self, request: ApiRequest, response: ApiResponse) -> ApiResponse:
        response = super().after_request(request, response)
        return response.replace(media_type="text/plain") if response.status < 300 else response


@defect("http.content-type.json")
class CreateResponseIsTextHtml(Behaviour):
    """The media type of the response to a create is text/html."""

    def after_request(self, request: ApiRequest, response: ApiResponse) -> ApiResponse:
        response = super().after_request(request, response)
        return response.replace(media_type="text/html") if response.status == 201 else response


@defect("http.media-type.unsupported")
class EveryMediaTypeIsJson(Behaviour):
    """A body of any media type is parsed as JSON."""

    def is_supported_media_type(self, request: ApiRequest, media_type: str) -> bool:
        return True


@defect("http.media-type.charset")
class CharsetParameterIsRejected(Behaviour):
    """A body of application/json with a charset parameter is rejected with 415."""

    def is_supported_media_type(self, request: ApiRequest, media_type: str) -> bool:
        has_charset = "charset" in request.headers.get("content-type", "")
        return not has_charset and super().is_supported_media_type(request, media_type)


@defect("limits.url-length")
class LongQueriesAreRejected(Behaviour):
    """A query of more than 1,024 characters is rejected with 414."""

    async def before_request(self, request: ApiRequest) -> ApiResponse | None:
        is_too_long = sum(map(len, request.params.values())) > 1024
        return ApiResponse(414, {"status": 414}) if is_too_long else await super().before_request(request)


def wrong_entity_tag(name: str, description: str, tag: Callable[[ApiRequest, dict[str, Any]], str]) -> None:
    """Seeds a get whose ETag is computed from the request and the body, and that returns 304 where it matches."""

    @defect(
        "http.conditional.fresh",
        name=name,
        description=description,
        also_violates=("patch.*", "get.status.ok"),
    )
    class WrongEntityTag(Behaviour):
        def after_request(self, request: ApiRequest, response: ApiResponse) -> ApiResponse:
            response = super().after_request(request, response)
            if request.operation != "get" or response.status != 200:
                return response
            entity_tag = f'"{tag(request, response.body)}"'
            if request.headers.get("if-none-match") == entity_tag:
                return ApiResponse(304, None, {"ETag": entity_tag})
            return response.with_headers(ETag=entity_tag)


def hash_of_texts(_: ApiRequest, shown: dict[str, Any]) -> str:
    """A hash of the texts of a customer."""
    texts = [value for value in shown.values() if isinstance(value, str)]
    return sha256(json.dumps(texts).encode()).hexdigest()


wrong_entity_tag(
    "etag-ignores-changes",
    "The ETag of a customer does not change with it, so that a conditional get returns 304 after a change.",
    lambda request, _: request.customer_number,
)
wrong_entity_tag(
    "etag-is-the-length",
    "The ETag of a customer is the length of the response.",
    lambda _, shown: str(len(json.dumps(shown))),
)
wrong_entity_tag("etag-ignores-flags", "The ETag of a customer is a hash of its texts.", hash_of_texts)


@defect("http.conditional.fresh", also_violates=("patch.*", "get.status.ok"))
class EveryIfNoneMatchMatches(Behaviour):
    """Get returns 304 for every If-None-Match."""

    def after_request(self, request: ApiRequest, response: ApiResponse) -> ApiResponse:
        response = super().after_request(request, response)
        is_conditional = request.operation == "get" and "if-none-match" in request.headers
        return ApiResponse(304) if is_conditional and response.status == 200 else response


@operation_defects(READ_OPERATIONS, "http.cache.private")
class PermitsSharedCaching(Behaviour):
    """Shared caches may store the responses to {}."""

    def after_request(self, request: ApiRequest, response: ApiResponse) -> ApiResponse:
        response = super().after_request(request, response)
        return response.with_headers(Cache_Control="public, max-age=60")
