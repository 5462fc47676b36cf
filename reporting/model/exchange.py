"""One recorded request with its response, redacted, as a failure keeps it."""

import json
from dataclasses import field
from typing import Any

from pydantic.dataclasses import dataclass

from reporting.model.base import LENIENT, Text

Headers = tuple[tuple[Text, Text], ...]


@dataclass(frozen=True, slots=True, config=LENIENT)
class Request:
    """The request: `url` absolute, headers as pairs, body as text; null without a body."""

    method: Text = ""
    url: Text = ""
    headers: Headers = ()
    body: Text | None = None


@dataclass(frozen=True, slots=True, config=LENIENT)
class Response:
    """The response: status code, headers as pairs, body as text; null without a body."""

    status: int = 0
    headers: Headers = ()
    body: Text | None = None


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
