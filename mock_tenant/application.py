"""The door: paths and methods of the API on Starlette, in front of a tenant's behaviour."""

import sys
import traceback
from collections.abc import Mapping
from itertools import count
from urllib.parse import parse_qsl, unquote

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import COLLECTION_METHODS, ITEM_METHODS, SEARCH_METHODS
from mock_tenant.json_text import encode
from mock_tenant.requests import Answer, Call

BROKEN = Answer(
    500, {"status": 500, "type": "internal_error", "message": "The mock tenant itself is broken."}
)
NOWHERE = Answer(
    404, {"status": 404, "type": "element_non_existent", "message": "There is no such resource."}
)


def application(behaviour: Behaviour) -> Starlette:
    """The ASGI application that asks this behaviour."""
    whole = Starlette()
    whole.router.default = Door(behaviour)  # a route would not match a path with an encoded line break
    return whole


class Door:
    """An ASGI endpoint: reads a request, asks the behaviour, sends the answer."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.numbers = count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request; what goes wrong in the mock itself is told on stderr and answered 500.

        Whoever hangs up before the request is whole gets no answer.
        """
        request = Request(scope, receive)
        try:
            answer = await self.answer(request)
        except ClientDisconnect:
            return
        except Exception:
            traceback.print_exc(file=sys.stderr)
            answer = BROKEN
        await response(answer)(scope, receive, send)

    async def answer(self, request: Request) -> Answer:
        """The answer to a request, by its path and method."""
        parts = path_parts(request.scope)
        content = await request.body()
        if parts == ["oauth", "token"]:
            if request.method != "POST":
                return self.behaviour.method_lacking("token", request.method, ("POST",))
            return self.behaviour.token(media_type(request), content)
        methods = methods_of(parts)
        if methods is None:
            return NOWHERE
        operation = methods.get("GET" if request.method == "HEAD" else request.method)
        if operation is None:
            resource = "collection" if methods is COLLECTION_METHODS else "item"
            return self.behaviour.method_lacking(resource, request.method, tuple(methods))
        return await self.behaviour.answer(
            Call(
                operation=operation,
                tenant_name=parts[1],
                customer_number=parts[3] if methods is ITEM_METHODS else "",
                params=parameters(request.scope),
                headers=request.headers,
                content=content,
                number=next(self.numbers),
            )
        )


def path_parts(scope: Scope) -> list[str]:
    """The segments of the path as sent, each decoded on its own: an encoded slash stays inside one."""
    raw = scope.get("raw_path") or scope["path"].encode("utf-8", "replace")
    return [unquote(part, errors="replace") for part in raw.decode("latin-1").split("/")[1:]]


def methods_of(parts: list[str]) -> Mapping[str, str] | None:
    """The operations of a resource by their methods; None where there is no resource."""
    if len(parts) < 3 or parts[0] != "customer" or parts[2] != "customers":
        return None
    if len(parts) == 3:
        return COLLECTION_METHODS
    if len(parts) > 4 or not parts[3]:
        return None
    return SEARCH_METHODS if parts[3] == "search" else ITEM_METHODS


def parameters(scope: Scope) -> Mapping[str, str]:
    """The query parameters; of one that is sent twice, the first."""
    text = scope["query_string"].decode("latin-1")
    return dict(reversed(parse_qsl(text, keep_blank_values=True, errors="replace")))


def media_type(request: Request) -> str:
    """The media type of a request without its parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def response(answer: Answer) -> Response:
    """The HTTP response for an answer."""
    if answer.body is None:
        return Response(status_code=answer.status, headers=dict(answer.headers))
    content = answer.body if isinstance(answer.body, bytes) else encode(answer.body)
    return Response(content, answer.status, dict(answer.headers), answer.media_type)
