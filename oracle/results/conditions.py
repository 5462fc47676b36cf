"""The conditions of a query, applied to one value: true, false or indeterminate."""

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from oracle.json_values import Json
from oracle.times import instant
from spec import ABSENT, Absent

Verdict = bool | None
"""None: the contract does not determine it."""
Test = Callable[[Json | Absent], Verdict]

_SIGNS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Literal:
    """A value in a query: its text, and whether it is in double quotes."""

    text: str
    quoted: bool = False


@dataclass(frozen=True)
class Condition:
    """One condition of a query: the dotted name, and the test of the value at that name."""

    name: str
    test: Test


def equals(literal: Literal, value: Json | Absent) -> Verdict:
    """The test of `field:value`: exactly that text, number or flag."""
    if value is None or value is ABSENT:
        return False
    if isinstance(value, bool):
        return not literal.quoted and literal.text == ("true" if value else "false")
    if isinstance(value, (int, float)):
        return _NUMBER.fullmatch(literal.text) is not None and float(literal.text) == value
    if not isinstance(value, str):
        return None
    if value == literal.text:
        return None if not literal.quoted and literal.text in ("true", "false") else True
    moment = instant(literal.text)
    return None if moment is not None and moment == instant(value) else False


def compares(sign: str, literal: Literal, value: Json | Absent) -> Verdict:
    """The test of `field:>value`, `<`, `>=` and `<=`: numbers, and quoted dates; other texts are indeterminate."""
    if value is None or value is ABSENT:
        return False
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _SIGNS[sign](value, float(literal.text)) if _NUMBER.fullmatch(literal.text) else None
    moment, limit = instant(value), instant(literal.text)
    is_known = moment is not None and limit is not None and literal.quoted
    return _SIGNS[sign](moment, limit) if is_known else None


def searches(pattern: re.Pattern[str], value: Json | Absent) -> Verdict:
    """The test of `field:~regex`: the text contains a match of the expression."""
    if isinstance(value, str):
        return pattern.search(value) is not None
    return False if value is None or value is ABSENT else None


def is_null(value: Json | Absent) -> Verdict:
    """The test of `field:null`: null or nonexistent."""
    if value == {} or value == [] or value == "null":
        return None
    return value is None or value is ABSENT


def exists(value: Json | Absent) -> Verdict:
    """The test of `field:exists`; whether null or an empty object exists is indeterminate."""
    if value is None or value == {} or value == [] or value == "exists":
        return None
    return value is not ABSENT


def is_missing(value: Json | Absent) -> Verdict:
    """The test of `field:missing`, the opposite of exists."""
    if value == "missing":
        return None
    found = exists(value)
    return None if found is None else not found


def any_of(tests: Iterable[Test], value: Json | Absent) -> Verdict:
    """The test that holds when one of the tests holds."""
    verdicts = [test(value) for test in tests]
    if True in verdicts:
        return True
    return None if None in verdicts else False


def all_of(tests: Iterable[Test], value: Json | Absent) -> Verdict:
    """The test that holds when all of the tests hold."""
    return conjunction([test(value) for test in tests])


def conjunction(verdicts: list[Verdict]) -> Verdict:
    """False where one verdict is false, otherwise indeterminate where one is, otherwise true."""
    if False in verdicts:
        return False
    return None if None in verdicts else True


def values_at(customer: Json, name: str) -> list[Json | Absent]:
    """The values at a dotted name; through a list, those of each element. Never empty."""
    places: list[Json | Absent] = [customer]
    for part in name.split("."):
        flat = [inner for place in places for inner in (place if isinstance(place, list) else [place])]
        places = [place.get(part, ABSENT) if isinstance(place, dict) else ABSENT for place in flat]
    return places or [ABSENT]


def value_at(customer: Json, name: str) -> Json:
    """The value at a dotted name, None where there is none; of several in a list, the first."""
    value = values_at(customer, name)[0]
    return None if value is ABSENT else value
