"""What holds of every answer, whatever was asked: judged on each exchange of the run, at no further request."""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

import oracle
from client import Exchange
from harness.exchange_utils import parameter, sent_header
from spec import Violation

CUSTOMER_OPERATIONS = frozenset({"list", "create", "search", "get", "upsert", "patch", "delete"})
READS = frozenset({"list", "search", "get"})
DEFAULT_PAGE_SIZE = 60
SHORTEST_SECRET = 8
"""Shorter passwords could stand in an answer by chance."""

INTERNALS = re.compile(
    r"Traceback \(most recent call last\)"
    r'|File "[^"]+", line \d+'
    r"|\bat (?:[\w.$<> ]+\()?[\w$@./\\:-]+\.(?:java|kt|scala|groovy|[cm]?[jt]s|go|py|rb|php):\d+"
    r"|\b(?:java|javax|kotlin|org\.springframework|com\.mongodb|org\.hibernate|org\.postgresql|sun\.reflect)"
    r"\.[\w.]+(?:Exception|Error)\b"
    r"|\bSELECT\s.+\sFROM\s|\b(?i:insert into)\s|\bsyntax error at or near\b|\bviolates unique constraint\b"
    r"|\bSQLSTATE\b|\bMongo(?:Server)?Error\b"
    r"|/(?:usr|home|opt|var|srv|app)/[\w./-]+\.(?:py|js|ts|java|rb|go|php)\b"
    r"|\bnode_modules/"
)

Verdict = tuple[str, Violation | None]


@dataclass
class Known:
    """What the run knows that answers must not hold or must agree with: its customers' ids, its secrets."""

    ids: Collection[str] = ()
    secrets: set[str] = field(default_factory=set)


def judged(exchange: Exchange, known: Known) -> Iterator[Verdict]:
    """Each universal promise that the exchange bears on: its clause, and the violation if it is broken."""
    _remember_secrets(exchange, known)
    if exchange.operation in CUSTOMER_OPERATIONS:
        yield _no_5xx(exchange)
        yield from _secrets(exchange, known)
    if exchange.status >= 400:
        yield from _error(exchange)
    elif exchange.operation in CUSTOMER_OPERATIONS and 200 <= exchange.status < 300:
        yield from _success(exchange, known)


def _no_5xx(exchange: Exchange) -> Verdict:
    clause = f"{exchange.operation}.robust.no-5xx"
    if exchange.status < 500:
        return clause, None
    return clause, Violation(clause, expected="no 5xx", actual=_quoted(exchange))


def _secrets(exchange: Exchange, known: Known) -> Iterator[Verdict]:
    body = exchange.response_body.decode("utf-8", "replace")
    clause = (
        "errors.body.no-secrets"
        if exchange.status >= 400
        else f"{exchange.operation}.password.never-returned"
    )
    leaked = [secret for secret in known.secrets if secret in body]
    if leaked:
        yield (
            clause,
            Violation(
                clause, expected="no password in the answer", actual=f"{exchange.status} with a password"
            ),
        )
        return
    holder = next((path for path, key, value in _members(exchange.json) if key == "password" and value), None)
    if holder is not None and exchange.status < 400:
        yield (
            clause,
            Violation(clause, expected="no member password", actual="a member password", detail=holder),
        )
        return
    token = (sent_header(exchange, "Authorization") or "").partition(" ")[2]
    if exchange.status >= 400 and len(token) >= SHORTEST_SECRET and token in body:
        yield (
            clause,
            Violation(clause, expected="no token in the answer", actual=f"{exchange.status} with the token"),
        )
        return
    yield clause, None


def _error(exchange: Exchange) -> Iterator[Verdict]:
    text = exchange.response_body.decode("utf-8", "replace")
    name = "errors.body.no-internals"
    if found := INTERNALS.search(text):
        yield (
            name,
            Violation(name, expected="no internals", actual=f"{exchange.status} with {found.group()[:80]!r}"),
        )
    else:
        yield name, None
    body = exchange.json
    if isinstance(body, dict) and isinstance(body.get("status"), int):
        name = "errors.status.equals"
        broken = body["status"] != exchange.status
        yield (
            name,
            (
                Violation(name, expected=str(exchange.status), actual=str(body["status"]), detail="$.status")
                if broken
                else None
            ),
        )


def _success(exchange: Exchange, known: Known) -> Iterator[Verdict]:
    if exchange.status == 204:
        name = "upsert.update.no-body"
        if exchange.operation == "upsert":
            broken = bool(exchange.response_body) or (exchange.header("Content-Length") or "0") != "0"
            yield name, Violation(name, expected="no body", actual=_quoted(exchange)) if broken else None
        return
    if exchange.response_body:
        name = "http.content-type.json"
        media_type = (exchange.header("Content-Type") or "").partition(";")[0].strip().lower()
        broken = media_type != "application/json"
        yield name, Violation(name, expected="application/json", actual=repr(media_type)) if broken else None
    if exchange.operation in READS and exchange.status == 200:
        yield from _customers(exchange, known)


def _customers(exchange: Exchange, known: Known) -> Iterator[Verdict]:
    operation, body = exchange.operation, exchange.json
    if operation == "get":
        if isinstance(body, dict):
            yield from _customer(operation, body, "$")
        return
    if not isinstance(body, list):
        name = f"{operation}.schema.customer"
        yield name, Violation(name, expected="an array of customers", actual=_quoted(exchange))
        return
    yield from _page(exchange, body)
    name = f"{operation}.id.present"
    if any(isinstance(each, dict) and not each.get("id") for each in body):
        yield name, Violation(name, expected="an id in every customer", actual="a customer without one")
    for position, each in enumerate(body):
        if isinstance(each, dict) and each.get("id") in known.ids:
            yield from _customer(operation, each, f"$[{position}]")


def _page(exchange: Exchange, body: list[Any]) -> Iterator[Verdict]:
    operation = exchange.operation
    count = exchange.header("Count")
    name = f"{operation}.count.header"
    size = _integer(parameter(exchange, "pageSize"))
    paged = (
        size is not None or parameter(exchange, "pageNumber") is not None or len(body) >= DEFAULT_PAGE_SIZE
    )
    right = oracle.counts(count, len(body), None if paged else len(body))
    yield (
        name,
        (
            None
            if right
            else Violation(
                name, expected=f"Count: {len(body)}", actual=f"Count: {count}", detail="header Count"
            )
        ),
    )
    limit = DEFAULT_PAGE_SIZE if size is None else size
    if parameter(exchange, "pageSize") is None or size is not None:
        name = f"{operation}.pageSize.default" if size is None else f"{operation}.pageSize.honoured"
        if len(body) > limit:
            yield (
                name,
                Violation(name, expected=f"at most {limit} customers", actual=f"{len(body)} customers"),
            )
    ids = [each.get("id") for each in body if isinstance(each, dict)]
    twice = next((each for each, times in Counter(map(str, ids)).items() if times > 1), None)
    name = f"{operation}.no-duplicates"
    yield name, Violation(name, expected="each customer once", actual=f"{twice!r} twice") if twice else None


def _customer(operation: str, seen: Any, place: str) -> Iterator[Verdict]:
    found = oracle.customer_difference(seen, read=operation, expand=("accounts",))
    if found is not None:
        where = place + found.path.removeprefix("$")
        yield (
            found.clause,
            Violation(found.clause, expected=found.expected, actual=found.actual, detail=where),
        )
        return
    for aspect in ("id.present", "businessModel.enum", "metadataCreatedAt.format", "schema.customer"):
        yield f"{operation}.{aspect}", None


def _remember_secrets(exchange: Exchange, known: Known) -> None:
    if b'"password"' in (exchange.request_body or b""):
        known.secrets.update(
            value
            for _, key, value in _members(exchange.request_json)
            if key == "password" and isinstance(value, str) and len(value) >= SHORTEST_SECRET
        )


def _members(value: Any, path: str = "$", depth: int = 6) -> Iterator[tuple[str, str, Any]]:
    """Path, name and value of every object member, as deep as customers go."""
    if depth and isinstance(value, dict):
        for key, each in value.items():
            yield f"{path}.{key}", key, each
            yield from _members(each, f"{path}.{key}", depth - 1)
    elif depth and isinstance(value, list):
        for position, each in enumerate(value):
            yield from _members(each, f"{path}[{position}]", depth - 1)


def _integer(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 16 else None


def _quoted(exchange: Exchange) -> str:
    return f"{exchange.status} {(exchange.redactor.body(exchange.response_body) or '')[:160]}".strip()
