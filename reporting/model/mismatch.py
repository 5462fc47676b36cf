"""`spec.Mismatch` as a report keeps it: redacted, with long values cut."""

from collections.abc import Callable
from typing import Any, Final, Literal, Self

from pydantic.dataclasses import dataclass

from reporting.model.base import STRICT, Json, Text
from spec import Kind, Mismatch

CHARACTERS_KEPT: Final = 1_000
MEMBERS_KEPT: Final = 100
DEPTH_KEPT: Final = 12


@dataclass(frozen=True, slots=True, config=STRICT)
class Value:
    """A JSON value."""

    value: Json


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
        return cls(**_shortened(mismatch.as_data(), redacted))


def _shortened(value: Any, redacted: Callable[[str], str], depth: int = DEPTH_KEPT) -> Any:
    """The value with an ellipsis, and how much is left out, in place of what a report has no room for."""
    match value:
        case str():
            text = redacted(value)
            more = len(text) - CHARACTERS_KEPT
            return text if more <= 0 else f"{text[:CHARACTERS_KEPT]} … {more:,} characters more"
        case dict() | list() | tuple() if depth == 0:
            return "…"
        case dict():
            items = list(value.items())
            kept = {
                redacted(str(key)): _shortened(each, redacted, depth - 1)
                for key, each in items[:MEMBERS_KEPT]
            }
            return kept | ({"…": f"{more:,} members more"} if (more := len(items) - MEMBERS_KEPT) > 0 else {})
        case list() | tuple():
            kept_items = [_shortened(each, redacted, depth - 1) for each in value[:MEMBERS_KEPT]]
            more = len(value) - MEMBERS_KEPT
            return [*kept_items, f"… {more:,} items more"] if more > 0 else kept_items
        case _:
            return value
