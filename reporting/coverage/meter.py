"""Measures while a run goes on: each exchange is looked at once and forgotten; memory is as the document's size."""

import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from reporting.coverage.measured import KINDS, Coverage, Reached
from reporting.coverage.points import (
    ABSENT,
    ELSEWHERE,
    Point,
    Schema,
    at,
    bounds,
    dotted,
    leaves,
    presence,
    shown,
)
from spec import document, operations
from spec.references import resolved

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
BODIES = {JSON: "body", MERGE_PATCH: "merge-patch"}
TURNED_AWAY = frozenset({401, 403, 429})
"""Statuses of requests that were refused before anything in them was looked at."""


class Exchanged(Protocol):
    """One request and its answer, as `tenant.Exchange` has them; no JSON is told by a value of another type."""

    @property
    def operation(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def request_headers(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def request_body(self) -> bytes | None: ...
    @property
    def request_json(self) -> Any: ...
    @property
    def status(self) -> int: ...
    @property
    def json(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Sent:
    """What a request says: its parameters as text by "in" and name, and its body by media type."""

    parameters: Mapping[tuple[str, str], str]
    bodies: Mapping[str, Any]


@dataclass(slots=True)
class Spot:
    """A place of a request, or of an answer of one status, with what has not happened there yet."""

    read: Callable[[Any], Any]
    pending: list[Point]

    def look(self, whole: Any, reached: set[str]) -> None:
        value = self.read(whole)
        if value is ELSEWHERE:
            return
        for point in [point for point in self.pending if point.happens(value)]:
            reached.add(point.name)
            self.pending.remove(point)


@dataclass
class Watched:
    """One operation: how its path reads, and the spots of its requests and of its answers by status."""

    method: str
    path: re.Pattern[str]
    requests: list[Spot] = field(default_factory=list)
    answers: defaultdict[int, list[Spot]] = field(default_factory=lambda: defaultdict(list))


class Meter:
    """Tells which points of the OpenAPI document the exchanges so far exercised; safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._points: list[Point] = []
        self._reached: set[str] = set()
        whole = resolved(document(), document(), place="openapi.yaml")
        self._watched = {
            name: self._watch(name, whole["paths"][each.path][each.method.lower()], each.method, each.path)
            for name, each in operations().items()
        }

    def observe(self, exchange: Exchanged) -> None:
        """Look at one exchange; whatever belongs to none of the operations is passed over."""
        watched = self._watched.get(exchange.operation)
        if watched is None or exchange.method != watched.method:
            return
        path = watched.path.fullmatch(exchange.path)
        if path is None:
            return
        with self._lock:
            for spot in watched.answers[exchange.status]:
                if spot.pending:
                    spot.look(_value(exchange.json), self._reached)
            if exchange.status in TURNED_AWAY or exchange.status >= 500:
                return
            if any(spot.pending for spot in watched.requests):
                sent = _sent(exchange, path.groupdict())
                for spot in watched.requests:
                    if spot.pending:
                        spot.look(sent, self._reached)

    def coverage(self) -> Coverage:
        """What the exchanges so far exercised."""
        with self._lock:
            return Coverage(
                {
                    kind: Reached(
                        tuple(name for name in names if name in self._reached),
                        tuple(name for name in names if name not in self._reached),
                    )
                    for kind in KINDS
                    if (names := list(dict.fromkeys(p.name for p in self._points if p.kind == kind)))
                }
            )

    # -- what there is to exercise -------------------------------------------------------------------

    def _watch(self, name: str, entry: Schema, method: str, path: str) -> Watched:
        watched = Watched(method, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]*)", path)))
        for parameter in entry.get("parameters", ()):
            key = (parameter["in"], parameter["name"])
            place = f"{name} {key[0]}.{key[1]}"
            found = [
                *presence("parameters", place, optional=not parameter.get("required", False)),
                *bounds(place, parameter["schema"], text=True),
            ]
            watched.requests.append(self._spot(_parameter(key, parameter["schema"]), found))
        for media_type, content in entry.get("requestBody", {}).get("content", {}).items():
            watched.requests.extend(self._body(name, media_type, content["schema"]))
        for status, response in entry["responses"].items():
            watched.answers[int(status)].extend(self._answer(name, int(status), response))
        return watched

    def _body(self, name: str, media_type: str, schema: Schema) -> Iterator[Spot]:
        place = f"{name} {BODIES.get(media_type, media_type)}"
        whole = [*presence("properties", place, optional=media_type == JSON), *bounds(place, schema)]
        yield self._spot(
            lambda sent: sent.bodies.get(media_type, ELSEWHERE if sent.bodies else ABSENT), whole
        )
        for path, member in leaves(schema):
            below = f"{place}.{dotted(path)}"
            found = [*presence("properties", below, optional=True), *bounds(below, member)]
            yield self._spot(_member(media_type, path), found)

    def _answer(self, name: str, status: int, response: Schema) -> Iterator[Spot]:
        yield self._spot(lambda _: None, [Point("statuses", f"{name} {status}", lambda _: True)])
        schema = response.get("content", {}).get(JSON, {}).get("schema")
        if schema is None:
            return
        if status >= 400:
            yield self._spot(
                lambda body: body, [Point("errors", f"{name} {status}: in its shape", _shaped(schema))]
            )
        for path, _ in leaves(schema):
            kind_of = "answer" if status < 400 else "token error" if "fault" in path else "error"
            point = shown(f"{name if status < 400 else 'any'} {kind_of}.{dotted(path)}")
            point = point if status < 400 else Point("errors", point.name, point.happens)
            yield self._spot(partial(_anywhere, path), [point])

    def _spot(self, read: Callable[[Any], Any], found: list[Point]) -> Spot:
        self._points.extend(found)
        return Spot(read, found)


def _parameter(key: tuple[str, str], schema: Schema) -> Callable[[Sent], Any]:
    """Reads a parameter as the value that its text means where the schema expects a number or a truth value."""

    def read(sent: Sent) -> Any:
        text = sent.parameters.get(key)
        if text is None:
            return ABSENT
        if schema.get("type") == "string":
            return text
        if schema.get("type") == "boolean":
            return {"true": True, "false": False}.get(text, text)
        with suppress(ValueError):
            return int(text) if re.fullmatch(r"-?[0-9]{1,18}", text) else text
        return text

    return read


def _member(media_type: str, path: tuple[str, ...]) -> Callable[[Sent], Any]:
    """Reads a property of the body; where no object is sent, nothing is left out of it."""

    def read(sent: Sent) -> Any:
        body = sent.bodies.get(media_type, ABSENT)
        if not isinstance(body, dict):
            return ELSEWHERE
        found = at(body, path)
        return found[0] if found else ABSENT

    return read


def _shaped(schema: Schema) -> Callable[[Any], bool]:
    required, known = set(schema.get("required", ())), set(schema.get("properties", ()))
    return lambda body: isinstance(body, dict) and required <= set(body) and bool(known & set(body))


def _anywhere(path: tuple[str, ...], body: Any) -> list[Any]:
    """The values at the path, where `details` may be one object instead of an array of them."""
    found = at(body, path)
    if not found and "[]" in path:
        found = at(body, tuple(step for step in path if step != "[]"))
    return found


def _value(body: Any) -> Any:
    """The parsed body; ELSEWHERE for one that is no JSON, at which nothing can be seen."""
    return body if body is None or isinstance(body, dict | list | str | int | float) else ELSEWHERE


def _sent(exchange: Exchanged, path: Mapping[str, str]) -> Sent:
    parameters = {("path", name): unquote(text) for name, text in path.items()}
    query = parse_qs(urlsplit(exchange.url).query, keep_blank_values=True)
    parameters |= {("query", name): values[0] for name, values in query.items()}
    if exchange.request_body is None:
        return Sent(parameters, {})
    told = next((value for name, value in exchange.request_headers if name.lower() == "content-type"), "")
    media_type = told.partition(";")[0].strip().lower()
    return Sent(parameters, {media_type: _value(exchange.request_json)})
