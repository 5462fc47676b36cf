"""The ASGI application: routes each HTTP request to an operation of the tenant."""

import sys
import traceback
from collections import Counter
from collections.abc import Mapping
from itertools import count
from urllib.parse import parse_qsl, unquote

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import (
    ADDRESS_METHODS,
    ADDRESSES_METHODS,
    COLLECTION_METHODS,
    DESCRIPTIONS,
    ITEM_METHODS,
    SEARCH_METHODS,
)
from mock_tenant.json_codec import encode
from mock_tenant.messages import ApiRequest, ApiResponse
from mock_tenant.request_log import RequestLog

INTERNAL_ERROR = ApiResponse(
    500, {"status": 500, "type": "internal_error", "message": "Internal error of the mock tenant."}
)
NO_SUCH_RESOURCE = ApiResponse(
    404, {"status": 404, "type": "element_non_existent", "message": "There is no such resource."}
)


def application(endpoint: ASGIApp) -> Starlette:
    """An ASGI application that sends every request to this endpoint."""
    app = Starlette()
    app.router.default = endpoint  # a route would not match a path with an encoded line break
    return app


class Endpoint:
    """An ASGI endpoint that handles every request with one behaviour."""

    def __init__(self, behaviour: Behaviour, log: RequestLog | None = None) -> None:
        self.behaviour = behaviour
        self.log = log
        self.request_numbers = count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends one response. An error of the mock itself is printed on stderr and sent as 500.

        Nothing is sent to a client that disconnects before its request is complete.
        """
        request = Request(scope, receive)
        try:
            response = await self.respond(request)
        except ClientDisconnect:
            return
        except Exception:
            traceback.print_exc(file=sys.stderr)
            response = INTERNAL_ERROR
        if self.log is not None:
            self.log.write(request, response.status)
        await http_response(response)(scope, receive, send)

    async def respond(self, request: Request) -> ApiResponse:
        """The response to a request, by its path and method."""
        segments = path_segments(request.scope)
        content = await request.body()
        if segments == ["oauth", "token"]:
            if request.method != "POST":
                return self.behaviour.method_not_allowed("token", request.method, ("POST",))
            return self.behaviour.handle_token_request(media_type(request), content)
        if len(segments) == 3 and (name := DESCRIPTIONS.get((segments[0], segments[2]))):
            if request.method != "GET":
                return self.behaviour.method_not_allowed(name, request.method, ("GET",))
            return self.behaviour.handle_description_request(
                self.api_request(name, segments, request, content)
            )
        methods = methods_of(segments)
        if methods is None:
            return NO_SUCH_RESOURCE
        operation = methods.get("GET" if request.method == "HEAD" else request.method)
        if operation is None:
            resource = "collection" if methods is COLLECTION_METHODS else "item"
            return self.behaviour.method_not_allowed(resource, request.method, tuple(methods))
        number = segments[3] if methods not in (COLLECTION_METHODS, SEARCH_METHODS) else ""
        return await self.behaviour.handle(self.api_request(operation, segments, request, content, number))

    def api_request(
        self, operation: str, segments: list[str], request: Request, content: bytes, customer_number: str = ""
    ) -> ApiRequest:
        """The request to an operation of the tenant that the second segment of the path names."""
        return ApiRequest(
            operation=operation,
            tenant_name=segments[1],
            customer_number=customer_number,
            params=query_parameters(request.scope),
            headers=request.headers,
            content=content,
            number=next(self.request_numbers),
            repeated=repeated_parameters(request.scope),
            address_id=segments[5] if len(segments) == 6 else "",
        )


def path_segments(scope: Scope) -> list[str]:
    """The segments of the request target, each decoded separately: an encoded slash stays within its segment."""
    raw = scope.get("raw_path") or scope["path"].encode("utf-8", "replace")
    return [unquote(segment, errors="replace") for segment in raw.decode("latin-1").split("/")[1:]]


def methods_of(segments: list[str]) -> Mapping[str, str] | None:
    """The operations of a resource by HTTP method; None if there is no such resource."""
    if len(segments) < 3 or segments[0] != "customer" or segments[2] != "customers":
        return None
    if len(segments) == 3:
        return COLLECTION_METHODS
    if len(segments) in (5, 6) and segments[3] and segments[4] == "addresses" and segments[-1]:
        return ADDRESSES_METHODS if len(segments) == 5 else ADDRESS_METHODS
    if len(segments) > 4 or not segments[3]:
        return None
    return SEARCH_METHODS if segments[3] == "search" else ITEM_METHODS


def query_parameters(scope: Scope) -> Mapping[str, str]:
    """The query parameters; of a repeated parameter, the first value."""
    return dict(reversed(query_pairs(scope)))


def repeated_parameters(scope: Scope) -> frozenset[str]:
    """The names of the query parameters that are given more than once."""
    count_of = Counter(name for name, _ in query_pairs(scope))
    return frozenset(name for name, times in count_of.items() if times > 1)


def query_pairs(scope: Scope) -> list[tuple[str, str]]:
    """The names and values of the query, in their order."""
    return parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True, errors="replace")


def media_type(request: Request) -> str:
    """The media type of a request without its parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def http_response(response: ApiResponse) -> Response:
    """A response of the tenant as a Starlette response."""
    if response.body is None:
        return Response(status_code=response.status, headers=dict(response.headers))
    content = response.body if isinstance(response.body, bytes) else encode(response.body)
    return Response(content, response.status, dict(response.headers), response.media_type)
