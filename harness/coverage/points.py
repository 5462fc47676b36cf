"""The points of the OpenAPI document that a run can exercise, each with a predicate over values."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from operator import eq
from typing import Any, Final

import jsonschema_rs

from reporting.model.coverage import Kind
from spec import ABSENT

LEFT_OUT: Final = object()
"""Stands for a value that could have been sent and was not; ABSENT for one that could not have been sent."""

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Content:
    """What an exchange contains: parameters as text by "in" and name, the sent body by media type, and the answer."""

    parameters: Mapping[tuple[str, str], str]
    bodies: Mapping[str, Any]
    answer: Any


Read = Callable[[Content], Any]
"""Returns the value at a place of an exchange, LEFT_OUT or ABSENT."""


@dataclass(frozen=True, slots=True)
class Point:
    """One event that is possible at a place of an exchange: `matches` is true of the value that `read` returns."""

    kind: Kind
    name: str
    read: Read
    matches: Callable[[Any], bool]

    def is_reached(self, content: Content) -> bool:
        """Whether the event happened in the exchange with this content."""
        value = self.read(content)
        return value is not ABSENT and self.matches(value)


def presence(kind: Kind, place: str, read: Read, *, optional: bool) -> Iterator[Point]:
    """That a value is sent and, where that is allowed, left out."""
    yield Point(kind, f"{place}: sent", read, lambda value: value is not LEFT_OUT)
    if optional:
        yield Point(kind, f"{place}: left out", read, lambda value: value is LEFT_OUT)


def constraints(place: str, read: Read, schema: Schema, *, text: bool = False) -> Iterator[Point]:
    """Both sides of each constraint of the schema, including the type.

    `text`: a value that is always sent as text, so that a string cannot be of another type.
    """
    types = () if text and schema.get("type") == "string" else _types(schema)
    for name, matches in (*types, *_bounds(schema)):
        yield Point("bounds", f"{place}: {name}", read, matches)


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


Side = tuple[str, Callable[[Any], bool]]

_TYPES: Final[Mapping[str, Callable[[Any], bool]]] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "null": lambda value: value is None,
}


def _types(schema: Schema) -> Iterator[Side]:
    stated = schema.get("type", [])
    types = [stated] if isinstance(stated, str) else stated
    for name in types:
        if name == "boolean":
            yield "true", lambda value: value is True
            yield "false", lambda value: value is False
        else:
            yield "null" if name == "null" else f"of type {name}", _TYPES[name]
    if types:
        yield (
            "of another type",
            lambda value: value is not LEFT_OUT and not any(_TYPES[name](value) for name in types),
        )


def _bounds(schema: Schema) -> Iterator[Side]:
    if "minLength" in schema:
        yield _long(schema["minLength"])
        yield _long(schema["minLength"] - 1, ", too few")
    if "maxLength" in schema:
        if schema["maxLength"] != schema.get("minLength"):
            yield _long(schema["maxLength"])
        yield _long(schema["maxLength"] + 1, ", too many")
    if "minimum" in schema:
        yield f"{schema['minimum']}, the least", partial(eq, schema["minimum"])
        yield f"{schema['minimum'] - 1}, too little", partial(eq, schema["minimum"] - 1)
    if "maximum" in schema:
        yield f"{schema['maximum']}, the most", partial(eq, schema["maximum"])
        yield f"{schema['maximum'] + 1}, too much", partial(eq, schema["maximum"] + 1)
    if "pattern" in schema:
        matcher = jsonschema_rs.validator_for({"type": "string", "pattern": schema["pattern"]})
        yield "fits the pattern", lambda value: isinstance(value, str) and _is_valid(matcher, value)
        yield "breaks the pattern", lambda value: isinstance(value, str) and not _is_valid(matcher, value)


def _long(length: int, remark: str = "") -> Side:
    noun = "character" if length == 1 else "characters"
    return f"{length} {noun}{remark}", lambda value: isinstance(value, str) and len(value) == length


def _is_valid(matcher: jsonschema_rs.Validator, value: str) -> bool:
    # The validator accepts only valid UTF-8, and no pattern here concerns half a surrogate pair.
    return matcher.is_valid(value.encode("utf-8", "replace").decode("utf-8"))
