"""A failure and its exchanges as text."""

from collections.abc import Iterable
from typing import Final

from reporting.model.exchange import Exchange, Headers
from reporting.model.findings import Failure
from reporting.text import body_text, escape_invisible, truncate
from spec import clause

BODY_SHOWN: Final = 120
"""Characters of a body on one line."""
CONNECTION_HEADERS: Final = frozenset(
    {"host", "accept-encoding", "connection", "user-agent", "date", "server", "keep-alive"}
)
"""Headers about the connection rather than about the request or the response."""


def failure_text(clause_id: str, failure: Failure) -> str:
    """A failure for pytest: the clause with its promise, expected, actual and where, the exchanges, and the replay."""
    promise = clause(clause_id)
    lines = [
        f"{clause_id} ({promise.level.upper()}): {promise.text}",
        f"expected:  {failure.expected}",
        f"actual:    {failure.actual}",
        f"at:        {failure.detail}" if failure.detail else "",
        "exchanges:" if failure.exchanges else "",
        *(f"  {line}" for line in exchange_lines(failure.exchanges)),
        "example:" if failure.example else "",
        *(f"  {line}" for line in failure.example.splitlines()),
        f"trace:     {failure.trace_id}" if failure.trace_id else "",
        f"replay:    {failure.replay}" if failure.replay else "",
    ]
    return "\n".join(escape_invisible(line) for line in lines if line)


def exchange_lines(exchanges: Iterable[Exchange]) -> list[str]:
    """A sequence with one line for each exchange, numbered from 1."""
    return [_line(number, exchange) for number, exchange in enumerate(exchanges, start=1)]


def headers_text(headers: Headers) -> str:
    """Header fields one a line, without those about the connection."""
    return "\n".join(f"{name}: {value}" for name, value in headers if name.lower() not in CONNECTION_HEADERS)


def _line(number: int, exchange: Exchange) -> str:
    request, response = exchange.request, exchange.response
    parts = (
        request.method,
        request.url,
        f"as {exchange.identity}" if exchange.identity else "",
        _brief(request.body),
        "→",
        str(exchange.status or "no response"),
        _brief(response.body if response else None),
    )
    return f"{number}. " + " ".join(filter(None, parts))


def _brief(body: str | None) -> str:
    return truncate(" ".join(body_text(body).split()), BODY_SHOWN)
