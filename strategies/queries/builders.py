"""q in the published forms: pure functions that return text."""

from collections.abc import Iterable
from typing import TypeAlias

Value: TypeAlias = str | int | float | bool


def exact(field: str, value: Value) -> str:
    """Customers with exactly this value: `field:value`."""
    return f"{field}:{_written(value)}"


def boolean(field: str, flag: bool) -> str:
    """Customers whose flag has this value: `field:true`."""
    return exact(field, flag)


def null(field: str) -> str:
    """Customers whose field is null or does not exist: `field:null`."""
    return f"{field}:null"


def exists(field: str) -> str:
    """Customers that have the field: `field:exists`."""
    return f"{field}:exists"


def missing(field: str) -> str:
    """Customers that do not have the field: `field:missing`."""
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
    """Customers whose field matches a pattern with spaces: `field:(~two words)`."""
    return f"{field}:(~{pattern})"


def tilde_before_parenthesis(field: str, pattern: str) -> str:
    """As `regex_words`, in the other form: `field:~(two words)`."""
    return f"{field}:~({pattern})"


def _written(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)
