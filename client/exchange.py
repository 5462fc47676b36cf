"""One request and its response, as tests check it and as reports may show it."""

import shlex
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import httpx

from client.json_values import parsed
from client.redaction import Redactor
from spec.absent import ABSENT as ABSENT
from spec.absent import Absent as Absent

SHOWN_BODY: Final = 4096  # characters of a body in a report
SET_BY_CLIENT: Final = frozenset(
    {"accept-encoding", "connection", "content-length", "host", "transfer-encoding", "user-agent"}
)
"""Headers that name the sender, the framing and the codings: each HTTP client sets its own."""


Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, eq=False, repr=False)
class Exchange:
    """One request sent and the response to it; `started` is monotonic, `elapsed` in seconds.

    `path` is what was sent below the API URL, up to the query; `request_body` is None where no body was sent.
    `response_body` is decoded; all else is as it was exchanged. Only `as_json`, `as_curl` and `repr` hold no secret.
    """

    number: int
    operation: str
    identity: str
    method: str
    url: str
    path: str
    request_headers: Headers
    request_body: bytes | None
    status: int
    response_headers: Headers
    response_body: bytes
    started: float
    elapsed: float
    redactor: Redactor = field(default_factory=Redactor)

    @cached_property
    def json(self) -> Any:
        """The parsed body of the response; ABSENT where it is no JSON (RFC 8259)."""
        return parsed(self.response_body)

    @cached_property
    def request_json(self) -> Any:
        """The parsed body of the request; ABSENT where it is no JSON."""
        return ABSENT if self.request_body is None else parsed(self.request_body)

    @property
    def sent(self) -> dict[str, Any]:
        """The JSON object of the request body; empty where the body is none."""
        return self.request_json if isinstance(self.request_json, dict) else {}

    @property
    def object(self) -> dict[str, Any]:
        """The JSON object of the response body; empty where the body is none."""
        return self.json if isinstance(self.json, dict) else {}

    @property
    def objects(self) -> list[dict[str, Any]]:
        """The objects of the array in the body; none where the body is no array."""
        return [each for each in self.json if isinstance(each, dict)] if isinstance(self.json, list) else []

    @property
    def customers(self) -> list[dict[str, Any]]:
        """The customers of a list or search result, which are its `objects`."""
        return self.objects

    @property
    def ids(self) -> list[str]:
        """The ids of the customers of a list or search result, in order."""
        return [str(each.get("id")) for each in self.customers]

    @cached_property
    def query(self) -> dict[str, str]:
        """The query parameters of the request, decoded; of a repeated one the first value."""
        return dict(reversed(parse_qsl(urlsplit(self.url).query, keep_blank_values=True)))

    @property
    def trace_id(self) -> str:
        """The trace id in the header traceparent of the request; empty without one."""
        return (self.sent_header("traceparent") or "").partition("-")[2].partition("-")[0]

    def sent_header(self, name: str) -> str | None:
        """A header of the request by its name in any case."""
        return next((value for key, value in self.request_headers if key.lower() == name.lower()), None)

    @cached_property
    def response(self) -> httpx.Response:
        """The response as httpx has it, for the checks of Schemathesis; its body is decoded already."""
        headers = [(n, v) for n, v in self.response_headers if n.lower() != "content-encoding"]
        request = httpx.Request(self.method, httpx.URL(self.url), headers=list(self.request_headers))
        response = httpx.Response(self.status, headers=headers, content=self.response_body, request=request)
        response.elapsed = timedelta(seconds=self.elapsed)
        return response

    def header(self, name: str) -> str | None:
        """A header of the response by its name in any case, repeated ones joined (RFC 9110 section 5.3)."""
        values = [value for key, value in self.response_headers if key.lower() == name.lower()]
        return ", ".join(values) if values else None

    def as_json(self) -> dict[str, Any]:
        """The exchange for a report: JSON values, secrets redacted, long bodies shortened with a note."""
        clean = self.redactor
        return {
            "number": self.number,
            "operation": self.operation,
            "identity": self.identity,
            "method": self.method,
            "url": clean.text(self.url),
            "request_headers": [list(pair) for pair in clean.headers(self.request_headers)],
            "request_body": _shortened(clean.body(self.request_body)),
            "status": self.status,
            "response_headers": [list(pair) for pair in clean.headers(self.response_headers)],
            "response_body": _shortened(clean.body(self.response_body)),
            "started": round(self.started, 6),
            "elapsed": round(self.elapsed, 6),
        }

    def as_curl(self) -> str:
        """A shell command that sends the request again with the token of $EMPORIX_ACCESS_TOKEN."""
        words = ["curl", "--path-as-is", "--globoff", "-X", shlex.quote(self.method)]
        for name, value in self.redactor.headers(self.request_headers):
            if name.lower() == "authorization":
                scheme, space, _ = value.rpartition(" ")
                words += ["-H", f'"Authorization: {scheme}{space}$EMPORIX_ACCESS_TOKEN"']
            elif name.lower() not in SET_BY_CLIENT | {"traceparent"}:
                words += ["-H", shlex.quote(f"{name}: {value}")]
        if (body := _shortened(self.redactor.body(self.request_body))) is not None:
            words += ["--data-binary", shlex.quote(body)]
        return " ".join([*words, shlex.quote(self.redactor.text(self.url))])

    def __repr__(self) -> str:
        return f"<Exchange {self.number}: {self.method} {self.redactor.text(self.path)} -> {self.status}>"


def _shortened(text: str | None) -> str | None:
    if text is None or len(text) <= SHOWN_BODY:
        return text
    return f"{text[:SHOWN_BODY]}... [{len(text) - SHOWN_BODY} more characters]"
