"""Invariants: what holds of every response, whatever the request was. They cost no further request."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import oracle
from client import Exchange
from harness.api import KnownCustomers
from harness.checks.assertions import assert_no_mismatch, count_mismatch
from harness.checks.evidence import clause
from spec import ABSENT, Kind, Mismatch, Rule, show
from spec.contract import OPERATIONS

READS = ("list", "search", "get")
DEFAULT_PAGE_SIZE = 60
MIN_SECRET_LENGTH = 8
"""Shorter passwords could occur in a response by chance."""

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

PASSWORD = re.compile(r"(?i)(hashed|encrypted|initial)?_?(password|passwd|pwd)(_?(hash|digest|salt))?")
"""Names of members that hold a password or what it can be guessed from."""

Check = tuple[str, Mismatch | None]
"""A clause, and how the response violates it."""


def check_invariants(exchange: Exchange, known: KnownCustomers) -> None:
    """Check a response; a failed invariant does not end the test whose request it answers."""
    for clause_id, mismatch in invariants(exchange, known):
        with clause(clause_id, record_only=True):
            assert_no_mismatch(mismatch, exchange)


def invariants(exchange: Exchange, known: KnownCustomers) -> Iterator[Check]:
    """The invariants that apply to a response."""
    _store_secrets(exchange, known)
    if exchange.operation in OPERATIONS:
        robust = f"{exchange.operation}.robust.no-5xx"
        yield _check(robust, Kind.STATUS, exchange.status < 500, "no status 5xx", exchange.status)
        yield _no_secret(exchange, known)
    if exchange.status >= 400:
        yield _no_internals(exchange)
        yield from _status_in_body(exchange)
    elif exchange.operation in OPERATIONS and 200 <= exchange.status < 300:
        yield from _success(exchange, known)


def _check(clause_id: str, kind: Kind, holds: bool, expected: str, actual: Any, path: str = "") -> Check:
    return clause_id, None if holds else Mismatch(kind, expected=Rule(expected), actual=actual, path=path)


def _no_secret(exchange: Exchange, known: KnownCustomers) -> Check:
    body = exchange.response_body.decode("utf-8", "replace")
    failed = exchange.status >= 400
    clause_id = "errors.body.no-secrets" if failed else f"{exchange.operation}.password.never-returned"
    token = (exchange.sent_header("Authorization") or "").partition(" ")[2]
    texts = ((path, key) for path, key, value in _members(exchange.json) if value and isinstance(value, str))
    holder = next((path for path, key in texts if PASSWORD.fullmatch(key)), "")
    if any(secret in body for secret in known.secrets):
        return _check(clause_id, Kind.CONTENT, False, "no password in the response", Rule("a password"))
    if holder and not failed:
        return _check(clause_id, Kind.CONTENT, False, "no member for a password", Rule("one"), holder)
    repeated = failed and len(token) >= MIN_SECRET_LENGTH and token in body
    return _check(clause_id, Kind.CONTENT, not repeated, "no token in the response", Rule("the token"))


def _no_internals(exchange: Exchange) -> Check:
    found = INTERNALS.search(exchange.response_body.decode("utf-8", "replace"))
    actual = Rule(show(found.group()[:80])) if found else None
    return _check(
        "errors.body.no-internals", Kind.CONTENT, found is None, "no internals of the server", actual
    )


def _status_in_body(exchange: Exchange) -> Iterator[Check]:
    stated = exchange.object.get("status")
    if isinstance(stated, int):
        mismatch = Mismatch(Kind.VALUE, expected=exchange.status, actual=stated, path="$.status")
        yield "errors.status.equals", mismatch if stated != exchange.status else None


def _success(exchange: Exchange, known: KnownCustomers) -> Iterator[Check]:
    body = exchange.response_body
    if exchange.status == 204:
        if exchange.operation == "upsert":
            empty = not body and (exchange.header("Content-Length") or "0") == "0"
            yield _check("upsert.update.no-body", Kind.SCHEMA, empty, "no body", Rule("a body"))
        return
    if body:
        media_type = (exchange.header("Content-Type") or "").partition(";")[0].strip().lower()
        json, path = "application/json", "header Content-Type"
        yield _check("http.content-type.json", Kind.HEADER, media_type == json, json, media_type, path)
    if exchange.operation in READS and exchange.status == 200:
        yield _is_private(exchange)
        yield from _shown_customers(exchange, known)


def _is_private(exchange: Exchange) -> Check:
    directives = (exchange.header("Cache-Control") or "").lower().split(",")
    names = {each.partition("=")[0].strip() for each in directives}
    expected, path = "neither public nor s-maxage", "header Cache-Control"
    found = ", ".join(sorted(names & {"public", "s-maxage"}))
    return _check("http.cache.private", Kind.HEADER, not found, expected, found, path)


def _shown_customers(exchange: Exchange, known: KnownCustomers) -> Iterator[Check]:
    operation = exchange.operation
    if operation == "get":
        if isinstance(exchange.json, dict):
            yield from _customer(operation, exchange.json, "$")
        return
    if not isinstance(exchange.json, list):
        what = Rule("no JSON") if exchange.json is ABSENT else exchange.json
        yield _check(f"{operation}.schema.customer", Kind.SCHEMA, False, "an array of customers", what, "$")
        return
    yield from _page(exchange)
    identified = all(each.get("id") for each in exchange.customers)
    actual = Rule("a customer without an id")
    yield _check(f"{operation}.id.present", Kind.SCHEMA, identified, "an id in every customer", actual)
    for position, each in enumerate(exchange.json):
        if isinstance(each, dict) and each.get("id") in known.ids:
            yield from _customer(operation, each, f"$[{position}]")


def _page(exchange: Exchange) -> Iterator[Check]:
    operation, length = exchange.operation, len(exchange.json)
    stated = exchange.query.get("pageSize")
    size = _integer(stated)
    paged = size is not None or "pageNumber" in exchange.query or length >= DEFAULT_PAGE_SIZE
    stated_count = exchange.header("Count") is not None
    yield _check(
        f"{operation}.count.present", Kind.HEADER, stated_count, "the header", ABSENT, "header Count"
    )
    if stated_count:
        yield f"{operation}.count.header", count_mismatch(exchange, None if paged else length)
    limit = DEFAULT_PAGE_SIZE if size is None else size
    if length > limit and (stated is None or size is not None):
        name = f"{operation}.pageSize.{'default' if size is None else 'honoured'}"
        yield _check(name, Kind.CUSTOMERS, False, f"at most {limit} customers", Rule(f"{length} customers"))
    repeated = [each for each, times in Counter(exchange.ids).items() if times > 1]
    actual = Rule(f"{show(repeated[0])} twice") if repeated else None
    yield _check(f"{operation}.no-duplicates", Kind.CUSTOMERS, not repeated, "each customer once", actual)


def _customer(operation: str, seen: Any, path: str) -> Iterator[Check]:
    login = seen.get("lastLogin") if isinstance(seen, dict) else None
    where = f"{path}.lastLogin"
    yield _check(f"{operation}.lastLogin.never", Kind.VALUE, login is None, "null or nothing", login, where)
    mismatch = oracle.customer_mismatch(seen, read=operation, expand=("accounts",))
    if mismatch is not None:
        mismatch.path = path + mismatch.path.removeprefix("$")
        yield mismatch.clause, mismatch
        return
    for aspect in ("id.present", "businessModel.enum", "metadataCreatedAt.format", "schema.customer"):
        yield f"{operation}.{aspect}", None


def _store_secrets(exchange: Exchange, known: KnownCustomers) -> None:
    if b'"password"' in (exchange.request_body or b""):
        known.secrets.update(
            value
            for _, key, value in _members(exchange.request_json)
            if key == "password" and isinstance(value, str) and len(value) >= MIN_SECRET_LENGTH
        )


def _members(value: Any, path: str = "$", depth: int = 6) -> Iterator[tuple[str, str, Any]]:
    """Path, name and value of every member of an object, as deep as customers are nested."""
    if depth and isinstance(value, dict):
        for key, each in value.items():
            yield f"{path}.{key}", key, each
            yield from _members(each, f"{path}.{key}", depth - 1)
    elif depth and isinstance(value, list):
        for position, each in enumerate(value):
            yield from _members(each, f"{path}[{position}]", depth - 1)


def _integer(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 16 else None
