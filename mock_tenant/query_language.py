"""The query language of q: parses conditions and evaluates them on a document."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from mock_tenant.constants import ABSENT

NAME = re.compile(r"[A-Za-z0-9_.-]+")
COMPARISON = re.compile(r'(<=|>=|<|>)\s*("[^"]*"|[^\s"()]+)')
RANGE = re.compile(rf"\s*{COMPARISON.pattern}(?:\s+AND\s+{COMPARISON.pattern})?\s*")
MAX_EXPRESSION_LENGTH = 200
FORBIDDEN_IN_EXPRESSION = re.compile(r"""[\[\]()"']""")


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: a property path with dots, one of the published forms, and its operands.

    Forms: exact, boolean, compare, range, null, exists, missing, any-of, regex, regex-words, regex-group.
    """

    name: str
    form: str
    operands: tuple[Any, ...] = ()


def parse_query(text: str) -> list[Condition]:
    """The conditions of a q, all of which must hold; ValueError with one sentence if the q is invalid."""
    found = []
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        name = NAME.match(text, position)
        if name is None or name.end() >= len(text) or text[name.end()] != ":":
            raise ValueError("Each condition of q is a property, a colon and a value.")
        start = name.end() + 1
        end = _end_of_value(text, start)
        found.append(_condition(name.group(), text[start:end]))
        position = end
    return found


def _end_of_value(text: str, start: int) -> int:
    if text.startswith(("(", "~("), start):
        closing = text.find(")", start)
        if closing < 0:
            raise ValueError("A bracket in q is not closed.")
        return closing + 1
    position, quoted = start, False
    while position < len(text) and (quoted or not text[position].isspace()):
        quoted ^= text[position] == '"'
        position += 1
    if quoted:
        raise ValueError("A quote in q is not closed.")
    return position


def _condition(name: str, value: str) -> Condition:
    if not value:
        raise ValueError("A condition in q has no value.")
    if value in ("null", "exists", "missing"):
        return Condition(name, value)
    if value in ("true", "false"):
        return Condition(name, "boolean", (value,))
    if value.startswith("("):
        return _bracketed(name, value[1:-1].strip())
    if value.startswith("~("):
        return Condition(name, "regex-group", (_expression(value[2:-1]),))
    if value.startswith("~"):
        return Condition(name, "regex", (_expression(value[1:]),))
    if value[0] in "<>":
        comparison = COMPARISON.fullmatch(value)
        if comparison is None:
            raise ValueError("A comparison in q has no value.")
        return Condition(name, "compare", ((comparison[1], comparison[2]),))
    return Condition(name, "exact", (unquoted(value),))


def _bracketed(name: str, inner: str) -> Condition:
    if inner.startswith("~"):
        return Condition(name, "regex-words", (_expression(inner[1:]),))
    if inner.startswith(("<", ">")):
        bounds = RANGE.fullmatch(inner)
        if bounds is None:
            raise ValueError("A range in q is two comparisons joined by AND.")
        pairs = [(bounds[1], bounds[2])] + ([(bounds[3], bounds[4])] if bounds[3] else [])
        return Condition(name, "range", tuple(pairs))
    values = tuple(unquoted(value.strip()) for value in inner.split(","))
    if not all(values):
        raise ValueError("A list of values in q has an empty value.")
    return Condition(name, "any-of", values)


def _expression(text: str) -> re.Pattern[str]:
    if not text.strip() or len(text) > MAX_EXPRESSION_LENGTH or FORBIDDEN_IN_EXPRESSION.search(text):
        raise ValueError("A regular expression in q is empty, too long, or contains brackets or quotes.")
    try:
        return re.compile(text)
    except (re.error, OverflowError, RecursionError):
        raise ValueError("A regular expression in q is not valid.") from None


def unquoted(value: str) -> str:
    """A value without the double quotes around it."""
    return value[1:-1] if len(value) >= 2 and value[0] == value[-1] == '"' else value


def resolve(document: Mapping[str, Any], name: str) -> Any:
    """The value at a property path with dots; ABSENT if there is none. A path into an array yields a list."""
    if name in document:
        return document[name]
    value: Any = document
    for part in name.split("."):
        if isinstance(value, list):
            value = [item[part] for item in value if isinstance(item, Mapping) and part in item] or ABSENT
        elif isinstance(value, Mapping) and part in value:
            value = value[part]
        else:
            return ABSENT
    return value


def holds(condition: Condition, document: Mapping[str, Any]) -> bool:
    """Whether a document matches a condition."""
    value = resolve(document, condition.name)
    form = condition.form
    if form == "exact":
        return equals(value, condition.operands[0])
    if form in ("null", "missing"):
        return value is ABSENT or (form == "null" and value is None)
    if form == "exists":
        return value is not ABSENT
    if form in ("boolean", "any-of"):
        return any(equals(value, operand) for operand in condition.operands)
    if form in ("regex", "regex-words", "regex-group"):
        return isinstance(value, str) and condition.operands[0].search(value) is not None
    return all(compares(value, sign, operand) for sign, operand in condition.operands)


def equals(value: Any, text: str) -> bool:
    """Whether a value equals the one written in a text; for an array, whether one of its items does."""
    if isinstance(value, str):
        return value == text
    if isinstance(value, bool):
        return text == ("true" if value else "false")
    if isinstance(value, list):
        return any(equals(item, text) for item in value)
    if isinstance(value, int | float):
        return _number(text) == value
    return False


def compares(value: Any, sign: str, text: str) -> bool:
    """Whether a number, a date or a string compares as `sign` to the value written in a text."""
    left: Any = value
    right: Any
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return False
    if isinstance(value, str):
        right = unquoted(text)
        dates = _date(value), _date(right)
        if None not in dates:
            left, right = dates
    elif (right := _number(unquoted(text))) is None:
        return False
    if sign == "<":
        return bool(left < right)
    if sign == ">":
        return bool(left > right)
    return bool(left <= right) if sign == "<=" else bool(left >= right)


def _number(text: str) -> float | None:
    try:
        return int(text) if text.lstrip("+-").isdecimal() else float(text)
    except ValueError:
        return None


def _date(text: str) -> datetime | None:
    if len(text) < 10 or not text[:4].isdecimal():
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
