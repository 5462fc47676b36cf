"""How much of the OpenAPI document a run exercises, measured from the exchanges as they are recorded.

The document has points, such as a status, or one side of a bound of a property. Each has a schema of values, and is
reached by an exchange with such a value. Exchanges are observed and not kept: memory depends on the document alone.
"""

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain
from typing import Any, Final
from urllib.parse import unquote

import jsonschema_rs

from client import Exchange
from reporting.model.coverage import KINDS, Coverage, Kind, Points
from spec import ABSENT, document, operations
from spec.references import resolved

Schema = dict[str, Any]
Side = tuple[str, Schema]
"""A name, and the schema of the values that are on one side of a constraint."""

JSON: Final = "application/json"
MERGE_PATCH: Final = "application/merge-patch+json"
BODIES: Final = {JSON: "body", MERGE_PATCH: "merge-patch"}
SOME_VALUE: Final[Schema] = {"contains": {"not": {"type": "null"}}}
REJECTED_UNREAD: Final = frozenset({401, 403, 429})
"""Statuses of requests that were rejected before the tenant read their parameters and bodies."""
LEFT_OUT: Final = object()
"""Stands for a value that could have been sent and was not; ABSENT for one that could not have been sent."""


@dataclass(frozen=True, slots=True)
class Content:
    """What an exchange contains: parameters as text by "in" and name, the sent body by media type, and the answer."""

    parameters: Mapping[tuple[str, str], str]
    bodies: Mapping[str, Any]
    answer: Any


Read = Callable[[Content], Any]
"""Returns the value at a place of an exchange, LEFT_OUT or ABSENT."""


class Point:
    """One event that is possible at a place of an exchange: the schema describes the value that `read` returns."""

    def __init__(self, kind: Kind, name: str, read: Read, schema: Schema) -> None:
        self.kind = kind
        self.name = name
        self._read = read
        self._validator = jsonschema_rs.validator_for(schema)

    def is_reached(self, content: Content) -> bool:
        """Whether the event happened in the exchange with this content."""
        value = self._read(content)
        if isinstance(value, str):
            # The validator accepts only valid UTF-8, and no schema here concerns half a surrogate pair.
            value = value.encode("utf-8", "replace").decode("utf-8")
        return value is not ABSENT and value is not LEFT_OUT and self._validator.is_valid(value)


class LeftOut(Point):
    """The event that a value is left out."""

    def is_reached(self, content: Content) -> bool:
        """Whether the exchange with this content lacks the value."""
        return self._read(content) is LEFT_OUT


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


def presence(kind: Kind, place: str, read: Read, *, optional: bool) -> Iterator[Point]:
    """That a value is sent and, where that is allowed, left out."""
    yield Point(kind, f"{place}: sent", read, {})
    if optional:
        yield LeftOut(kind, f"{place}: left out", read, {})


def constraints(place: str, read: Read, schema: Schema, *, text: bool = False) -> Iterator[Point]:
    """Both sides of each constraint of the schema, including the type.

    `text`: a value that is always sent as text, so that a string cannot be of another type.
    """
    types = () if text and schema.get("type") == "string" else _types(schema)
    for name, side in (*types, *_bounds(schema)):
        yield Point("bounds", f"{place}: {name}", read, side)


def properties(schema: Schema, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Schema]]:
    """Every property below the schema with its path, in which `[]` steps into the items of an array."""
    if "items" in schema:
        yield from properties(schema["items"], (*path, "[]"))
    for name, member in schema.get("properties", {}).items():
        yield (*path, name), member
        yield from properties(member, (*path, name))


def at(value: Any, path: tuple[str, ...]) -> list[Any]:
    """Every value at the path."""
    found = [value]
    for step in path:
        if step == "[]":
            found = [item for each in found if isinstance(each, list) for item in each]
        else:
            found = [each[step] for each in found if isinstance(each, dict) and step in each]
    return found


def dotted(path: tuple[str, ...]) -> str:
    """A path in dot notation: `b2b.legalEntities[].id`."""
    return ".".join(path).replace(".[]", "[]").removeprefix("[].")


def _types(schema: Schema) -> Iterator[Side]:
    stated = schema.get("type", [])
    types = [stated] if isinstance(stated, str) else stated
    for name in types:
        if name == "boolean":
            yield "true", {"const": True}
            yield "false", {"const": False}
        else:
            yield "null" if name == "null" else f"of type {name}", {"type": name}
    if types:
        yield "of another type", {"not": {"type": types}}


def _bounds(schema: Schema) -> Iterator[Side]:
    if "minLength" in schema:
        yield _long(schema["minLength"])
        yield _long(schema["minLength"] - 1, ", too few")
    if "maxLength" in schema:
        if schema["maxLength"] != schema.get("minLength"):
            yield _long(schema["maxLength"])
        yield _long(schema["maxLength"] + 1, ", too many")
    if "minimum" in schema:
        yield f"{schema['minimum']}, the least", {"const": schema["minimum"]}
        yield f"{schema['minimum'] - 1}, too little", {"const": schema["minimum"] - 1}
    if "maximum" in schema:
        yield f"{schema['maximum']}, the most", {"const": schema["maximum"]}
        yield f"{schema['maximum'] + 1}, too much", {"const": schema["maximum"] + 1}
    if "pattern" in schema:
        pattern = {"pattern": schema["pattern"]}
        yield "fits the pattern", {"type": "string", **pattern}
        yield "breaks the pattern", {"type": "string", "not": pattern}


def _long(length: int, remark: str = "") -> Side:
    noun = "character" if length == 1 else "characters"
    return f"{length} {noun}{remark}", {"type": "string", "minLength": length, "maxLength": length}
