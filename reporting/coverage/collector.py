"""Measures coverage during a run: exchanges are observed and not kept, so memory depends on the document alone."""

import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from reporting.coverage.points import (
    LEFT_OUT,
    NOT_APPLICABLE,
    Point,
    Schema,
    at,
    constraints,
    dotted,
    presence,
    properties,
    returned,
)
from reporting.model.coverage import KINDS, Coverage, Points
from spec import document, operations
from spec.references import resolved

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
BODIES = {JSON: "body", MERGE_PATCH: "merge-patch"}
REJECTED_UNREAD = frozenset({401, 403, 429})
"""Statuses of requests that were rejected before the tenant read their parameters and bodies."""


class RecordedExchange(Protocol):
    """One request and its response, as `client.Exchange` has them; a value of another type where a body is not JSON."""

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
class RequestContent:
    """The content of a request: parameters as text by "in" and name, and the body by media type."""

    parameters: Mapping[tuple[str, str], str]
    bodies: Mapping[str, Any]


@dataclass(slots=True)
class Probe:
    """A place in a request, or in a response of one status, with the points not exercised yet."""

    read: Callable[[Any], Any]
    pending: list[Point]

    def check(self, content: Any, reached: set[str]) -> None:
        """Move the points that the content exercises from `pending` to `reached`."""
        value = self.read(content)
        if value is NOT_APPLICABLE:
            return
        for point in [point for point in self.pending if point.matches(value)]:
            reached.add(point.name)
            self.pending.remove(point)


@dataclass
class OperationCoverage:
    """One operation: the pattern of its path, and the probes of its requests and of its responses by status."""

    method: str
    path: re.Pattern[str]
    requests: list[Probe] = field(default_factory=list)
    responses: defaultdict[int, list[Probe]] = field(default_factory=lambda: defaultdict(list))


class CoverageCollector:
    """Collects which points of the OpenAPI document the exchanges so far exercised; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._points: list[Point] = []
        self._reached: set[str] = set()
        whole = resolved(document(), document(), place="openapi.yaml")
        self._operations = {
            name: self._operation(
                name, whole["paths"][each.path][each.method.lower()], each.method, each.path
            )
            for name, each in operations().items()
        }

    def observe(self, exchange: RecordedExchange) -> None:
        """Observe one exchange; one that belongs to no operation is ignored."""
        operation = self._operations.get(exchange.operation)
        if operation is None or exchange.method != operation.method:
            return
        path = operation.path.fullmatch(exchange.path)
        if path is None:
            return
        with self._lock:
            for probe in operation.responses[exchange.status]:
                if probe.pending:
                    probe.check(_value(exchange.json), self._reached)
            if exchange.status in REJECTED_UNREAD or exchange.status >= 500:
                return
            if any(probe.pending for probe in operation.requests):
                content = _content(exchange, path.groupdict())
                for probe in operation.requests:
                    if probe.pending:
                        probe.check(content, self._reached)

    def coverage(self) -> Coverage:
        """What the exchanges so far exercised."""
        with self._lock:
            return Coverage(
                {
                    kind: Points(
                        tuple(name for name in names if name in self._reached),
                        tuple(name for name in names if name not in self._reached),
                    )
                    for kind in KINDS
                    if (names := list(dict.fromkeys(p.name for p in self._points if p.kind == kind)))
                }
            )

    def _operation(self, name: str, entry: Schema, method: str, path: str) -> OperationCoverage:
        operation = OperationCoverage(method, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]*)", path)))
        for parameter in entry.get("parameters", ()):
            key = (parameter["in"], parameter["name"])
            place = f"{name} {key[0]}.{key[1]}"
            found = [
                *presence("parameters", place, optional=not parameter.get("required", False)),
                *constraints(place, parameter["schema"], text=True),
            ]
            operation.requests.append(self._probe(_parameter(key, parameter["schema"]), found))
        for media_type, content in entry.get("requestBody", {}).get("content", {}).items():
            operation.requests.extend(self._body(name, media_type, content["schema"]))
        for status, response in entry["responses"].items():
            operation.responses[int(status)].extend(self._response(name, int(status), response))
        return operation

    def _body(self, name: str, media_type: str, schema: Schema) -> Iterator[Probe]:
        place = f"{name} {BODIES.get(media_type, media_type)}"
        whole = [*presence("properties", place, optional=media_type == JSON), *constraints(place, schema)]
        yield self._probe(
            lambda content: content.bodies.get(media_type, NOT_APPLICABLE if content.bodies else LEFT_OUT),
            whole,
        )
        for path, member in properties(schema):
            below = f"{place}.{dotted(path)}"
            found = [*presence("properties", below, optional=True), *constraints(below, member)]
            yield self._probe(_member(media_type, path), found)

    def _response(self, name: str, status: int, response: Schema) -> Iterator[Probe]:
        yield self._probe(lambda _: None, [Point("statuses", f"{name} {status}", lambda _: True)])
        schema = response.get("content", {}).get(JSON, {}).get("schema")
        if schema is None:
            return
        if status >= 400:
            yield self._probe(
                lambda body: body, [Point("errors", f"{name} {status}: in its shape", _shaped(schema))]
            )
        for path, _ in properties(schema):
            kind_of = "answer" if status < 400 else "token error" if "fault" in path else "error"
            point = returned(f"{name if status < 400 else 'any'} {kind_of}.{dotted(path)}")
            point = point if status < 400 else Point("errors", point.name, point.matches)
            yield self._probe(partial(_anywhere, path), [point])

    def _probe(self, read: Callable[[Any], Any], found: list[Point]) -> Probe:
        self._points.extend(found)
        return Probe(read, found)


def _parameter(key: tuple[str, str], schema: Schema) -> Callable[[RequestContent], Any]:
    """Reads a parameter, parsed where the schema expects an integer or a boolean."""

    def read(content: RequestContent) -> Any:
        text = content.parameters.get(key)
        if text is None:
            return LEFT_OUT
        if schema.get("type") == "string":
            return text
        if schema.get("type") == "boolean":
            return {"true": True, "false": False}.get(text, text)
        with suppress(ValueError):
            return int(text) if re.fullmatch(r"-?[0-9]{1,18}", text) else text
        return text

    return read


def _member(media_type: str, path: tuple[str, ...]) -> Callable[[RequestContent], Any]:
    """Reads a property of the body; without an object as the body, no property counts as left out."""

    def read(content: RequestContent) -> Any:
        body = content.bodies.get(media_type, LEFT_OUT)
        if not isinstance(body, dict):
            return NOT_APPLICABLE
        found = at(body, path)
        return found[0] if found else LEFT_OUT

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
    """The parsed body; NOT_APPLICABLE for one that is not JSON."""
    return body if body is None or isinstance(body, dict | list | str | int | float) else NOT_APPLICABLE


def _content(exchange: RecordedExchange, path: Mapping[str, str]) -> RequestContent:
    parameters = {("path", name): unquote(text) for name, text in path.items()}
    query = parse_qs(urlsplit(exchange.url).query, keep_blank_values=True)
    parameters |= {("query", name): values[0] for name, values in query.items()}
    if exchange.request_body is None:
        return RequestContent(parameters, {})
    header = next((value for name, value in exchange.request_headers if name.lower() == "content-type"), "")
    media_type = header.partition(";")[0].strip().lower()
    return RequestContent(parameters, {media_type: _value(exchange.request_json)})
