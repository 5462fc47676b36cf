"""JSON values: equality, merge patches, and values that the contract does not determine."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from spec import ABSENT, Absent

Json = Any
"""A value as `json.loads` returns it."""
Body = Mapping[str, Json]
"""A JSON object as the body of a request."""


@dataclass(frozen=True, slots=True)
class Anything:
    """Any value except these, which a client has sent and must not be able to set."""

    but: tuple[Json, ...] = ()


ANYTHING: Final = Anything()

Alternatives = tuple[Json | Absent | Anything, ...]
"""The permitted values of one property: one is definite, several are what the contract does not determine."""


def present(value: Json | Absent) -> Json | Absent:
    """The value, or ABSENT for null."""
    return ABSENT if value is None else value


def same(one: Json | Absent, other: Json | Absent) -> bool:
    """JSON equality: 1 equals 1.0, true does not equal 1, a null member of an object equals no member."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        names = one.keys() | other.keys()
        return all(same(present(one.get(name)), present(other.get(name))) for name in names)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return one == other
    return type(one) is type(other) and one == other


def distinct(values: Iterable[Json | Absent | Anything]) -> Alternatives:
    """The values without repetition, in their order."""
    kept: list[Json | Absent | Anything] = []
    for value in values:
        if not any(same(value, other) for other in kept):
            kept.append(value)
    return tuple(kept)


def merged(target: Json | Absent, patch: Json) -> Json:
    """The target after a merge patch (RFC 7396 §2), as a new value."""
    if not isinstance(patch, Mapping):
        return patch
    result = dict(target) if isinstance(target, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name, ABSENT), value)
    return result
