"""JSON values: equality as JSON means it, absence, and what is left open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from spec.absent import ABSENT as ABSENT
from spec.absent import Absent as Absent

Json = Any
"""A value as `json.loads` returns it."""


@dataclass(frozen=True, slots=True)
class Anything:
    """Any value the tenant likes, except those a client tried to smuggle in."""

    but: tuple[Json, ...] = ()


ANYTHING: Final = Anything()

Alternatives = tuple[Json | Absent | Anything, ...]
"""The acceptable values of one property: one is certain, several are what the contract leaves open."""


def is_json(value: object) -> bool:
    """Whether the value could have come out of a JSON text; sentinels of any make are not JSON."""
    return value is None or isinstance(value, (bool, int, float, str, list, dict))


def present(value: Json | Absent) -> Json | Absent:
    """The value, or ABSENT for null and for anything that is no JSON value."""
    return ABSENT if value is None or not is_json(value) else value


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
    """The values without repetition, in the order they came."""
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


def instant(text: Json | Absent) -> datetime | None:
    """The moment an ISO 8601 text names, UTC where it names no zone; None for any other value."""
    if not isinstance(text, str) or not text[:4].isdigit():
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
