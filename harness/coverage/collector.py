"""Measures coverage during a run: exchanges are observed and not kept, so memory depends on the document alone."""

import re
import threading
from collections.abc import Iterator, Mapping
from functools import cache, partial
from itertools import chain
from typing import Any, Final
from urllib.parse import unquote

from client import Exchange
from harness.coverage.points import (
    LEFT_OUT,
    Content,
    Point,
    Schema,
    at,
    constraints,
    dotted,
    presence,
    properties,
)
from reporting.model.coverage import KINDS, Coverage, Points
from spec import ABSENT, document, operations
from spec.references import resolved

JSON: Final = "application/json"
MERGE_PATCH: Final = "application/merge-patch+json"
BODIES: Final = {JSON: "body", MERGE_PATCH: "merge-patch"}
SOME_VALUE: Final[Schema] = {"contains": {"not": {"type": "null"}}}
REJECTED_UNREAD: Final = frozenset({401, 403, 429})
"""Statuses of requests that were rejected before the tenant read their parameters and bodies."""


class CoverageCollector:
    """Collects which points of the OpenAPI document the exchanges so far exercised; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._reached: set[str] = set()
        self._pending = {name: [*points] for name, points in points_of_the_document().items()}
        points = list(chain(*self._pending.values()))
        self._names = {
            kind: list(dict.fromkeys(point.name for point in points if point.kind == kind)) for kind in KINDS
        }

    def observe(self, exchange: Exchange) -> None:
        """Observe one exchange; one that belongs to no operation is ignored."""
        operation = operations().get(exchange.operation)
        if operation is None or exchange.method != operation.method:
            return
        path = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]*)", operation.path), exchange.path)
        if path is None:
            return
        content = _content(exchange, path.groupdict())
        was_read = exchange.status not in REJECTED_UNREAD and exchange.status < 500
        with self._lock:
            self._check(self._pending.get(f"{operation.name} {exchange.status}", []), content)
            if was_read:
                self._check(self._pending[operation.name], content)

    def coverage(self) -> Coverage:
        """What the exchanges so far exercised."""
        with self._lock:
            return {
                kind: Points(
                    tuple(name for name in names if name in self._reached),
                    tuple(name for name in names if name not in self._reached),
                )
                for kind, names in self._names.items()
            }

    def _check(self, pending: list[Point], content: Content) -> None:
        """Remove the points that the content reaches from `pending`."""
        for point in [point for point in pending if point.is_reached(content)]:
            self._reached.add(point.name)
            pending.remove(point)


@cache
def points_of_the_document() -> Mapping[str, tuple[Point, ...]]:
    """The points of each operation's requests (`get`) and of its responses by status code (`get 404`)."""
    whole, points = document(), {}
    for name, operation in operations().items():
        entry = resolved(
            whole["paths"][operation.path][operation.method.lower()], whole, place="openapi.yaml"
        )
        points[name] = tuple(_of_request(name, entry))
        for status, response in entry["responses"].items():
            points[f"{name} {status}"] = tuple(_of_response(name, int(status), response))
    return points


def _of_request(name: str, entry: Schema) -> Iterator[Point]:
    for parameter in entry.get("parameters", ()):
        yield from _of_parameter(name, parameter)
    for media_type, content in entry.get("requestBody", {}).get("content", {}).items():
        yield from _of_body(name, media_type, content["schema"])


def _of_parameter(name: str, parameter: Schema) -> Iterator[Point]:
    key, schema = (parameter["in"], parameter["name"]), parameter["schema"]
    place, read = f"{name} {key[0]}.{key[1]}", partial(_parameter, key, schema.get("type"))
    yield from presence("parameters", place, read, optional=not parameter.get("required", False))
    yield from constraints(place, read, schema, text=True)


def _of_body(name: str, media_type: str, schema: Schema) -> Iterator[Point]:
    for path, member in (((), schema), *properties(schema)):
        place = dotted((f"{name} {BODIES[media_type]}", *path))
        read = partial(_in_body, media_type, path)
        yield from presence("properties", place, read, optional=bool(path) or media_type == JSON)
        yield from constraints(place, read, member)


def _of_response(name: str, status: int, response: Schema) -> Iterator[Point]:
    yield Point("statuses", f"{name} {status}", lambda _: None, {})
    schema = response.get("content", {}).get(JSON, {}).get("schema")
    if schema is None:
        return
    if status >= 400:
        known = [{"required": [each]} for each in schema.get("properties", ())]
        shape = {"type": "object", "required": schema.get("required", []), "anyOf": known}
        yield Point("errors", f"{name} {status}: in its shape", lambda content: content.answer, shape)
    for path, _ in properties(schema):
        read = partial(_returned, path)
        if status < 400:
            yield Point("answers", f"{name} answer.{dotted(path)}", read, SOME_VALUE)
        else:
            error = "token error" if "fault" in path else "error"
            yield Point("errors", f"any {error}.{dotted(path)}", read, SOME_VALUE)


def _parameter(key: tuple[str, str], stated: str | None, content: Content) -> Any:
    """A parameter, parsed where the schema states an integer or a boolean."""
    text = content.parameters.get(key)
    if text is None:
        return LEFT_OUT
    if stated == "boolean":
        return {"true": True, "false": False}.get(text, text)
    return int(text) if stated == "integer" and re.fullmatch(r"-?[0-9]{1,18}", text) else text


def _in_body(media_type: str, path: tuple[str, ...], content: Content) -> Any:
    """The body, or a property of it; without an object as the body, no property counts as left out."""
    body = content.bodies.get(media_type, LEFT_OUT)
    if not path:
        return body
    if not isinstance(body, dict):
        return ABSENT
    found = at(body, path)
    return found[0] if found else LEFT_OUT


def _returned(path: tuple[str, ...], content: Content) -> list[Any]:
    """The values at the path, where `details` may be one object instead of an array of them."""
    return at(content.answer, path) or at(content.answer, tuple(step for step in path if step != "[]"))


def _content(exchange: Exchange, path: Mapping[str, str]) -> Content:
    parameters = {("path", name): unquote(text) for name, text in path.items()}
    parameters |= {("query", name): text for name, text in exchange.query.items()}
    bodies: dict[str, Any] = {}
    if exchange.request_body is not None:
        media_type = (exchange.sent_header("content-type") or "").partition(";")[0].strip().lower()
        bodies = dict.fromkeys(BODIES, ABSENT) | {media_type: exchange.request_json}
    return Content(parameters, bodies, exchange.json)
