"""q in each published form, made from a field and what is asked of it: pure functions that return text."""

import re
from collections.abc import Iterable
from typing import Literal, TypeAlias

Value: TypeAlias = str | int | float | bool
Comparison: TypeAlias = Literal[">", "<", ">=", "<="]

_SAFE = re.compile(r"[A-Za-z][A-Za-z0-9@._-]*", re.ASCII)
_MEANS_SOMETHING_ELSE = frozenset({"null", "exists", "missing", "true", "false", "and", "or", "not"})


def is_q_safe(value: object) -> bool:
    """Whether a value can stand in q as it is.

    It is a string of ASCII letters, digits and @ . _ - that begins with a letter, so that nobody reads it as
    a number or an operator, and is none of the words that q gives a meaning of their own.
    """
    return (
        isinstance(value, str)
        and _SAFE.fullmatch(value) is not None
        and value.lower() not in _MEANS_SOMETHING_ELSE
    )


def nested(*names: str) -> str:
    """The name of a nested field: its names joined by dots."""
    return ".".join(names)


def exact(field: str, value: Value) -> str:
    """Customers with exactly this value: `field:value`."""
    return f"{field}:{_written(value)}"


def boolean(field: str, flag: bool) -> str:
    """Customers whose flag is so: `field:true`."""
    return exact(field, flag)


def comparison(field: str, operator: Comparison, number: float) -> str:
    """Customers whose number compares so: `field:>5`."""
    return f"{field}:{operator}{_written(number)}"


def between(field: str, low: float, high: float) -> str:
    """Customers whose number lies between two, both included: `field:(>=1 AND <=9)`."""
    return f"{field}:(>={_written(low)} AND <={_written(high)})"


def date_comparison(field: str, operator: Comparison, date: str) -> str:
    """Customers whose date (ISO 8601) compares so: `field:>"2026-01-01T00:00:00.000Z"`."""
    return f'{field}:{operator}"{date}"'


def dates_between(field: str, first: str, last: str) -> str:
    """Customers whose date lies between two, both included: `field:(>="…" AND <="…")`."""
    return f'{field}:(>="{first}" AND <="{last}")'


def null(field: str) -> str:
    """Customers whose field is null or does not exist: `field:null`."""
    return f"{field}:null"


def exists(field: str) -> str:
    """Customers that have the field: `field:exists`."""
    return f"{field}:exists"


def missing(field: str) -> str:
    """Customers that lack the field: `field:missing`."""
    return f"{field}:missing"


def any_of(field: str, values: Iterable[Value]) -> str:
    """Customers with one of the values: `field:(v1,v2)`."""
    return f"{field}:({','.join(map(_written, values))})"


def all_of(*conditions: str) -> str:
    """Customers that meet every condition: `f1:v1 f2:v2`."""
    return " ".join(conditions)


def regex(field: str, pattern: str) -> str:
    """Customers whose field matches a pattern without spaces: `field:~pattern`."""
    return f"{field}:~{pattern}"


def regex_words(field: str, pattern: str) -> str:
    """Customers whose field matches a pattern that holds spaces: `field:(~two words)`."""
    return f"{field}:(~{pattern})"


def _written(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)
