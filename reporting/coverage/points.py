"""The points of the OpenAPI document that a run can exercise, each with a predicate over values."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import partial
from operator import eq
from typing import Any, Final

import jsonschema_rs

from reporting.model.coverage import Kind


class Missing(Enum):
    """Why there is no value at a place, where null would be a value."""

    LEFT_OUT = "left out"
    NOT_APPLICABLE = "the object that could contain it was not sent"


LEFT_OUT: Final = Missing.LEFT_OUT
NOT_APPLICABLE: Final = Missing.NOT_APPLICABLE

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Point:
    """One event that is possible at a place of a request or a response."""

    kind: Kind
    name: str
    matches: Callable[[Any], bool]


def presence(kind: Kind, place: str, *, optional: bool) -> Iterator[Point]:
    """That a value is sent and, where that is allowed, left out."""
    yield Point(kind, f"{place}: sent", lambda value: value is not LEFT_OUT)
    if optional:
        yield Point(kind, f"{place}: left out", lambda value: value is LEFT_OUT)


def constraints(place: str, schema: Schema, *, text: bool = False) -> Iterator[Point]:
    """Both sides of each constraint of the schema, including the type.

    `text`: a value that is always sent as text, so that a string cannot be of another type.
    """
    types = () if text and schema.get("type") == "string" else _types(schema)
    for name, matches in (*types, *_lengths(schema), *_sizes(schema), *_forms(schema)):
        yield Point("bounds", f"{place}: {name}", matches)


def returned(place: str) -> Point:
    """That a response has a value at the place; the predicate takes the list of values there."""
    return Point("answers", place, lambda values: any(value is not None for value in values))


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

_KNOWN: Final[Mapping[str, tuple[str, Callable[[Any], bool]]]] = {
    "string": ("string", lambda value: isinstance(value, str)),
    "integer": ("integer", lambda value: isinstance(value, int) and not isinstance(value, bool)),
    "boolean": ("boolean", lambda value: isinstance(value, bool)),
    "object": ("object", lambda value: isinstance(value, dict)),
    "array": ("array", lambda value: isinstance(value, list)),
}


def _types(schema: Schema) -> Iterator[Side]:
    named = schema.get("type", ())
    types = [named] if isinstance(named, str) else list(named)
    for name in types:
        if name == "null":
            yield "null", lambda value: value is None
        elif name == "boolean":
            yield "true", lambda value: value is True
            yield "false", lambda value: value is False
        elif name in _KNOWN:
            word, fits = _KNOWN[name]
            yield f"of type {word}", fits
    tests = [_KNOWN[name][1] for name in types if name in _KNOWN]
    if tests:
        nullable = "null" in types
        yield (
            "of another type",
            lambda value: (
                value is not LEFT_OUT
                and not any(fits(value) for fits in tests)
                and not (nullable and value is None)
            ),
        )


def _lengths(schema: Schema) -> Iterator[Side]:
    if "minLength" in schema:
        least = int(schema["minLength"])
        yield _long(least)
        yield _long(least - 1, ", too few")
    if "maxLength" in schema:
        most = int(schema["maxLength"])
        if schema.get("minLength") != most:
            yield _long(most)
        yield _long(most + 1, ", too many")


def _long(length: int, remark: str = "") -> Side:
    noun = "character" if length == 1 else "characters"
    return f"{length} {noun}{remark}", lambda value: isinstance(value, str) and len(value) == length


def _sizes(schema: Schema) -> Iterator[Side]:
    if "minimum" in schema:
        least = schema["minimum"]
        yield f"{least}, the least", lambda value: _number(value) and value == least
        yield f"{least - 1}, too little", lambda value: _number(value) and value == least - 1
    if "maximum" in schema:
        most = schema["maximum"]
        yield f"{most}, the most", lambda value: _number(value) and value == most
        yield f"{most + 1}, too much", lambda value: _number(value) and value == most + 1


def _forms(schema: Schema) -> Iterator[Side]:
    if "pattern" in schema:
        matcher = jsonschema_rs.Draft202012Validator({"pattern": schema["pattern"]})
        yield "fits the pattern", lambda value: isinstance(value, str) and _valid(matcher, value)
        yield "breaks the pattern", lambda value: isinstance(value, str) and not _valid(matcher, value)
    for member in schema.get("enum", ()):
        yield f"{member!r}", partial(eq, member)
    if "enum" in schema:
        members = list(schema["enum"])
        yield "no member of the enumeration", lambda value: value is not LEFT_OUT and value not in members


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _valid(matcher: jsonschema_rs.Draft202012Validator, value: str) -> bool:
    # The validator accepts only valid UTF-8, and no pattern here concerns half a surrogate pair.
    return matcher.is_valid(value.encode("utf-8", "replace").decode("utf-8"))
