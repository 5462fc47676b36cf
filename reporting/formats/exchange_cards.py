"""Recorded exchanges laid out for the eye, whether a request was answered or not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reporting.formats.text import body_text, clipped

LINE_BODY_SHOWN = 120  # characters of a body on one line
OF_THE_WIRE = frozenset(
    {"host", "accept-encoding", "connection", "user-agent", "date", "server", "keep-alive"}
)
"""Headers that say how the exchange travelled rather than what was asked or answered."""


@dataclass(frozen=True, slots=True)
class Card:
    """One request and its answer as text; `status` is empty where no answer came."""

    number: int
    operation: str
    identity: str
    method: str
    url: str
    request_headers: str
    request_body: str
    status: str
    response_headers: str
    response_body: str
    elapsed: str

    @property
    def size(self) -> int:
        """How many characters it takes to show all of it."""
        texts = (self.url, self.request_headers, self.request_body, self.response_headers, self.response_body)
        return sum(map(len, texts))

    @property
    def line(self) -> str:
        """The exchange on one line."""
        whom = f"as {self.identity}" if self.identity else ""
        sent, came = (
            clipped(" ".join(body.split()), LINE_BODY_SHOWN)
            for body in (self.request_body, self.response_body)
        )
        asked = [self.method, self.url, whom, sent, "→", self.status or "no answer", came]
        return f"{self.number}. " + " ".join(part for part in asked if part)


def cards(exchanges: Iterable[Mapping[str, Any]]) -> list[Card]:
    """The cards of a sequence, numbered from 1."""
    return [_card(number, exchange) for number, exchange in enumerate(exchanges, start=1)]


def _card(number: int, exchange: Mapping[str, Any]) -> Card:
    request, response = exchange.get("request") or {}, exchange.get("response") or {}
    elapsed = exchange.get("elapsed_ms")
    return Card(
        number=number,
        operation=str(exchange.get("operation") or ""),
        identity=str(exchange.get("identity") or ""),
        method=str(request.get("method") or ""),
        url=str(request.get("url") or ""),
        request_headers=_headers(request.get("headers")),
        request_body=body_text(request.get("body")),
        status=str(response.get("status") or ""),
        response_headers=_headers(response.get("headers")),
        response_body=body_text(response.get("body")),
        elapsed="" if elapsed is None else f"{elapsed:,.0f} ms",
    )


def _headers(headers: Any) -> str:
    """Header fields one a line, from a mapping or from pairs, without those of the wire."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers or ()
    told = ((str(name), value) for name, value in pairs)
    return "\n".join(f"{name}: {value}" for name, value in told if name.lower() not in OF_THE_WIRE)
