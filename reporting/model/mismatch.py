"""`spec.Mismatch` as a report keeps it: redacted, with long values cut."""

from collections.abc import Callable, Mapping
from functools import partial
from math import isfinite
from typing import Any, Final, Literal, Self

from pydantic.dataclasses import dataclass

from reporting.model.base import STRICT, Text, encodable
from reporting.text import truncate
from spec import Absent, Kind, Mismatch, OneOf, Rule

CHARACTERS_KEPT: Final = 1_000
MEMBERS_KEPT: Final = 100
DEPTH_KEPT: Final = 11


@dataclass(frozen=True, slots=True, config=STRICT)
class Value:
    """A JSON value."""

    value: Any


@dataclass(frozen=True, slots=True, config=STRICT)
class NoValue:
    """No value at all, where null would be a value."""

    absent: Literal[True]


@dataclass(frozen=True, slots=True, config=STRICT)
class Alternatives:
    """Several permitted values."""

    one_of: tuple["Operand", ...]


@dataclass(frozen=True, slots=True, config=STRICT)
class Description:
    """What is permitted, or what was returned, in words."""

    rule: Text


Operand = Value | NoValue | Alternatives | Description


@dataclass(frozen=True, slots=True, config=STRICT)
class MismatchData:
    """A failed check: what was compared (`kind`), where (`path`), for which input (`about`), and both operands."""

    kind: Kind
    path: Text
    about: Text
    expected: Operand
    actual: Operand

    @classmethod
    def of(cls, mismatch: Mismatch, redacted: Callable[[str], str] = str) -> Self:
        """The mismatch with `redacted` applied to each text in it, and long values cut."""
        kept = partial(_kept, redacted)
        return cls(
            mismatch.kind,
            kept(mismatch.path),
            kept(mismatch.about),
            _operand(mismatch.expected, kept),
            _operand(mismatch.actual, kept),
        )


def _operand(operand: Any, kept: Callable[[Any], Any]) -> Operand:
    match operand:
        case Absent():
            return NoValue(True)
        case OneOf(values):
            return Alternatives(tuple(_operand(each, kept) for each in values))
        case Rule(text):
            return Description(kept(text))
        case _:
            return Value(kept(operand))


def _kept(redacted: Callable[[str], str], value: Any, depth: int = DEPTH_KEPT) -> Any:
    """The value as JSON, with an ellipsis, and how much is left out, in place of what a report has no room for."""
    match value:
        case None | bool() | int():
            return value
        case float() if isfinite(value):
            return value
        case Mapping() | list() | tuple() if depth == 0:
            return "…"
        case Mapping():
            kept = {
                encodable(redacted(str(key))): _kept(redacted, each, depth - 1)
                for key, each in list(value.items())[:MEMBERS_KEPT]
            }
            more = len(value) - MEMBERS_KEPT
            return kept | ({"…": f"{more:,} members more"} if more > 0 else {})
        case list() | tuple():
            kept_items = [_kept(redacted, each, depth - 1) for each in value[:MEMBERS_KEPT]]
            more = len(value) - MEMBERS_KEPT
            return kept_items + ([f"… {more:,} items more"] if more > 0 else [])
        case _:
            return encodable(truncate(redacted(str(value)), CHARACTERS_KEPT))
