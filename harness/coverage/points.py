"""The points of the OpenAPI document that a run can exercise, each with a schema of values."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import jsonschema_rs

from reporting.model.coverage import Kind
from spec import ABSENT

LEFT_OUT: Final = object()
"""Stands for a value that could have been sent and was not; ABSENT for one that could not have been sent."""

Schema = dict[str, Any]


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


Side = tuple[str, Schema]
"""A name, and the schema of the values that are on this side of a constraint."""


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
