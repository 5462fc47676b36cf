"""One recorded request with its response, redacted, as a failure keeps it."""

import json
from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic.dataclasses import dataclass

from reporting.model.base import LENIENT, Text, encodable, jsonable


def _header_pairs(headers: Any) -> Any:
    return tuple(headers.items()) if isinstance(headers, Mapping) else headers or ()


def _body_text(body: Any) -> Any:
    if body is None or isinstance(body, str):
        return encodable(body)
    return json.dumps(jsonable(body), ensure_ascii=False)


Headers = Annotated[tuple[tuple[Text, Text], ...], BeforeValidator(_header_pairs)]
Body = Annotated[str | None, BeforeValidator(_body_text)]


@dataclass(frozen=True, slots=True, config=LENIENT)
class Request:
    """The request: `url` absolute, headers as pairs, body as text; null without a body."""

    method: Text = ""
    url: Text = ""
    headers: Headers = ()
    body: Body = None


@dataclass(frozen=True, slots=True, config=LENIENT)
class Response:
    """The response: status code, headers as pairs, body as text; null without a body."""

    status: int = 0
    headers: Headers = ()
    body: Body = None


@dataclass(frozen=True, slots=True, config=LENIENT)
class Exchange:
    """A request and its response; null where none was received.

    `operation` names the operation of the OpenAPI document, `identity` the client that sent the request.
    """

    number: int = 0
    operation: Text = ""
    identity: Text = ""
    request: Request = field(default_factory=Request)
    response: Response | None = None
    elapsed_ms: float | None = None
    curl: Text = ""

    @property
    def status(self) -> int:
        """The status code; 0 where no response was received."""
        return self.response.status if self.response else 0

    @property
    def response_json(self) -> Any:
        """The body of the response as a JSON value; None where there is none."""
        try:
            return json.loads((self.response and self.response.body) or "null")
        except (ValueError, RecursionError):
            return None
