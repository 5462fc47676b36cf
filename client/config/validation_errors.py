"""A validation error of pydantic told as one sentence that names the key and the remedy."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Final

from pydantic import BaseModel, ValidationError

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
    "string_too_short": "write no empty string",
}


RENAMED: Final[Mapping[str, str]] = {"pace": "rate_limit"}
"""Tables of the first edition, by the name that each has now."""


def first_mistake(error: ValidationError, model: type[BaseModel]) -> str:
    """One sentence about the first mistake; `model` is what the file was read as."""
    mistake = error.errors(include_url=False)[0]
    location = [part for part in mistake["loc"] if part != "function-after"]
    if location and location[0] in RENAMED:
        return f"[{location[0]}] is called [{RENAMED[str(location[0])]}] now; rename the table."
    if mistake["type"] == "extra_forbidden":
        return _unknown(location, model)
    remedy = _REMEDIES.get(mistake["type"], "correct it as the documentation shows")
    remedy = remedy.format(**mistake.get("ctx", {}))
    return f"{_place(location)} is {_shown(mistake['input'])}; {remedy}."


def _unknown(location: list[int | str], model: type[BaseModel]) -> str:
    known = _fields(model, location[:-1])
    key = str(location[-1])
    near = get_close_matches(key, known, n=1, cutoff=0.5)
    remedy = f"did you mean {near[0]}?" if near else f"use one of {', '.join(known)}."
    if len(location) == 1:
        return f"there is no table or key {key!r}; {remedy}"
    return f"[{location[0]}] does not know the key {key!r}; {remedy}"


def _fields(model: type[BaseModel], tables: Iterable[int | str]) -> list[str]:
    for table in tables:
        annotation = model.model_fields[str(table)].annotation
        if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
            break
        model = annotation
    return list(model.model_fields)


def _place(location: list[int | str]) -> str:
    table, *rest = location
    if not rest:
        return f"[{table}]"
    key, *index = rest
    return f"[{table}] {key}" + "".join(f", entry {int(i) + 1}" for i in index if isinstance(i, int))


def _shown(value: Any) -> str:
    text = {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
