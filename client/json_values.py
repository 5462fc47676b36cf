"""What the client reads out of JSON that may have any form."""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from spec.absent import ABSENT


def parsed(text: str | bytes, object_hook: Callable[[dict[str, Any]], Any] | None = None) -> Any:
    """The JSON value of a text; ABSENT where it is no JSON (RFC 8259). `object_hook` replaces each object."""
    try:
        return json.loads(text, parse_int=_integer, object_hook=object_hook)
    except (ValueError, RecursionError):
        return ABSENT


def _integer(digits: str) -> int | Decimal:
    """Exact also beyond the number of digits that Python converts (`sys.set_int_max_str_digits`); JSON has no limit."""
    try:
        return int(digits)
    except ValueError:
        return Decimal(digits)


def text_member(value: Any, name: str) -> str | None:
    """The member of an object if it is text that is not empty."""
    member = value.get(name) if isinstance(value, dict) else None
    return member if isinstance(member, str) and member else None


def members(value: Any) -> Iterator[tuple[str, Any]]:
    """Name and value of every member of every object in the value, at any depth."""
    pending = [value]
    while pending:
        part = pending.pop()
        if isinstance(part, dict):
            yield from part.items()
            pending.extend(part.values())
        elif isinstance(part, list):
            pending.extend(part)
