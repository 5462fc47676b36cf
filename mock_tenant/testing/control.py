"""Control of a running mock: `POST /mock/reset`, `GET /mock/requests`; every other request is logged and passed on."""

import json
from collections import deque
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, Final

from starlette.responses import JSONResponse, Response
from starlette.types import Message, Receive, Scope, Send

from mock_tenant.application import Endpoint
from mock_tenant.testing.initial_customers import store_customers

KEPT_REQUESTS: Final = 1000
KEPT_CHARACTERS: Final = 10_000
TOKEN_PATH: Final = "/oauth/token"  # noqa: S105 - a path
HIDDEN_HEADERS: Final = frozenset({"authorization"})


class Control:
    """An ASGI application around the endpoint of a tenant."""

    def __init__(self, endpoint: Endpoint, customers: Sequence[Mapping[str, Any]] = ()) -> None:
        self.endpoint = endpoint
        self.customers = customers
        self.log: deque[dict[str, Any]] = deque(maxlen=KEPT_REQUESTS)
        self.numbers = count(1)
        store_customers(endpoint.behaviour, customers)

    def reset(self) -> None:
        """Restores the initial customers and empties the log; tokens stay valid."""
        current = self.endpoint.behaviour
        fresh = type(current)(current.configuration)
        fresh.clients, fresh.grants = current.clients, current.grants
        store_customers(fresh, self.customers)
        self.endpoint.behaviour = fresh
        self.log.clear()
        self.numbers = count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles a request of control, or logs a request to the tenant."""
        target = (scope["method"], scope["path"])
        if target == ("POST", "/mock/reset"):
            self.reset()
            await Response(status_code=204)(scope, receive, send)
        elif target == ("GET", "/mock/requests"):
            await JSONResponse(list(self.log))(scope, receive, send)
        else:
            await self._logged(scope, receive, send)

    async def _logged(self, scope: Scope, receive: Receive, send: Send) -> None:
        sent, returned = bytearray(), bytearray()
        entry = {"number": next(self.numbers), **described(scope)}

        async def receive_logged() -> Message:
            message = await receive()
            sent.extend(message.get("body", b""))
            return message

        async def send_logged(message: Message) -> None:
            if message["type"] == "http.response.start":
                entry["status"] = message["status"]
            returned.extend(message.get("body", b""))
            await send(message)

        await self.endpoint(scope, receive_logged, send_logged)
        if scope["path"] != TOKEN_PATH:  # secrets and tokens
            entry |= {"body": content(bytes(sent)), "response": content(bytes(returned))}
        self.log.append(entry)


def described(scope: Scope) -> dict[str, Any]:
    """The method, the target and the headers of a request, without its token."""
    raw = scope.get("raw_path") or scope["path"].encode()
    query = scope["query_string"].decode("latin-1")
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    return {
        "method": scope["method"],
        "target": raw.decode("latin-1") + (f"?{query}" if query else ""),
        "headers": {name: value for name, value in headers.items() if name not in HIDDEN_HEADERS},
    }


def content(body: bytes) -> Any:
    """A body as a JSON value; as text if it is not JSON or very long; None if it is empty."""
    if not body:
        return None
    text = body.decode("utf-8", "replace")
    if len(text) > KEPT_CHARACTERS:
        return f"{text[:KEPT_CHARACTERS]}…"
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
