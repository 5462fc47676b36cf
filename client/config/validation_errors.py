"""Validation errors of tenant.toml as one sentence that names the key and the remedy."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from pydantic import BaseModel, ValidationError

RENAMED: Final[Mapping[str, str]] = {"pace": "rate_limit"}
"""The tables of the first edition that have another name now."""

_REMEDIES: Final[Mapping[str, str]] = {
    "bool_type": "write true or false",
    "float_type": "write a number",
    "int_type": "write a whole number",
    "string_type": "write a string in quotes",
    "tuple_type": 'write a list of strings, such as ["DE"]',
    "model_type": "write a table",
    "greater_than": "write a number above {gt}",
    "greater_than_equal": "write a number of at least {ge}",
    "finite_number": "write a finite number",
    "string_too_short": "write a string that is not empty",
}
"""By the error type of pydantic."""


def format_error(error: ValidationError, model: type[BaseModel]) -> str:
    """One sentence about the first error; `model` is what the file was validated against."""
    first = error.errors(include_url=False)[0]
    location = first["loc"]
    if (table := str(location[0])) in RENAMED:
        return f"[{table}] is called [{RENAMED[table]}] now; rename the table."
    if first["type"] == "extra_forbidden":
        return _format_unknown(location, model)
    remedy = _REMEDIES.get(first["type"], "correct it as the documentation shows")
    remedy = remedy.format(**first.get("ctx", {}))
    return f"{_format_location(location)} is {_format_value(first['input'])}; {remedy}."


def _format_unknown(location: Sequence[int | str], model: type[BaseModel]) -> str:
    table, key = str(location[0]), str(location[-1])
    is_table = len(location) == 1
    tables = model.model_fields
    fields = tables if is_table else getattr(tables[table].annotation, "model_fields", tables)
    similar = get_close_matches(key, fields, n=1, cutoff=0.5)
    remedy = f"did you mean {similar[0]}?" if similar else f"use one of {', '.join(fields)}."
    return (
        f"there is no table or key {key!r}; {remedy}"
        if is_table
        else f"[{table}] has no key {key!r}; {remedy}"
    )


def _format_location(location: Sequence[int | str]) -> str:
    table, *rest = location
    keys = [f" {part}" if isinstance(part, str) else f", entry {part + 1}" for part in rest]
    return f"[{table}]" + "".join(keys)


def _format_value(value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
