"""Recorded exchanges as text, with or without a response."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from reporting.formats.text import body_text, truncate
from reporting.model.exchange import Exchange, Headers, Request, Response

LINE_BODY_SHOWN: Final = 120  # characters of a body on one line
CONNECTION_HEADERS: Final = frozenset(
    {"host", "accept-encoding", "connection", "user-agent", "date", "server", "keep-alive"}
)
"""Headers about the connection rather than about the request or the response."""


@dataclass(frozen=True, slots=True)
class Card:
    """One request and its response as text; `status` is empty where no response was received."""

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
        """How many characters the whole card has."""
        texts = (self.url, self.request_headers, self.request_body, self.response_headers, self.response_body)
        return sum(map(len, texts))

    @property
    def line(self) -> str:
        """The exchange on one line."""
        identity = f"as {self.identity}" if self.identity else ""
        sent, received = (
            truncate(" ".join(body.split()), LINE_BODY_SHOWN)
            for body in (self.request_body, self.response_body)
        )
        parts = [self.method, self.url, identity, sent, "→", self.status or "no response", received]
        return f"{self.number}. " + " ".join(part for part in parts if part)


def cards(exchanges: Iterable[Exchange]) -> list[Card]:
    """The cards of a sequence, numbered from 1."""
    return [_card(number, exchange) for number, exchange in enumerate(exchanges, start=1)]


def _card(number: int, exchange: Exchange) -> Card:
    request: Request = exchange.request
    response: Response = exchange.response or Response()
    return Card(
        number=number,
        operation=exchange.operation,
        identity=exchange.identity,
        method=request.method,
        url=request.url,
        request_headers=_shown(request.headers),
        request_body=body_text(request.body),
        status=str(response.status or ""),
        response_headers=_shown(response.headers),
        response_body=body_text(response.body),
        elapsed="" if exchange.elapsed_ms is None else f"{exchange.elapsed_ms:,.0f} ms",
    )


def _shown(headers: Headers) -> str:
    """Header fields one a line, without those about the connection."""
    return "\n".join(f"{name}: {value}" for name, value in headers if name.lower() not in CONNECTION_HEADERS)
