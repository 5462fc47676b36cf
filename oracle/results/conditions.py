"""The conditions of a query, applied to one value: true, false or indeterminate."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from oracle.values.json_values import Json, instant
from spec import ABSENT, Absent

Verdict = bool | None
"""None: the contract does not determine it."""

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
    test: Callable[[Json | Absent], Verdict]


def equals(literal: Literal) -> Callable[[Json | Absent], Verdict]:
    """The test of `field:value`: exactly that text, number or flag."""

    def test(value: Json | Absent) -> Verdict:
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

    return test


def compares(sign: str, literal: Literal) -> Callable[[Json | Absent], Verdict]:
    """The test of `field:>value`, `<`, `>=` and `<=`: numbers, and quoted dates; other texts are indeterminate."""

    def test(value: Json | Absent) -> Verdict:
        if value is None or value is ABSENT:
            return False
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            if not _NUMBER.fullmatch(literal.text):
                return None
            bound = float(literal.text)
            return _holds(sign, (value > bound) - (value < bound))
        moment, limit = instant(value), instant(literal.text)
        if moment is None or limit is None or not literal.quoted:
            return None
        return _holds(sign, (moment > limit) - (moment < limit))

    return test


def searches(expression: str) -> Callable[[Json | Absent], Verdict]:
    """The test of `field:~regex`: the text contains a match of the expression."""
    pattern = re.compile(expression)

    def test(value: Json | Absent) -> Verdict:
        if isinstance(value, str):
            return pattern.search(value) is not None
        return False if value is None or value is ABSENT else None

    return test


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


def any_of(tests: tuple[Callable[[Json | Absent], Verdict], ...]) -> Callable[[Json | Absent], Verdict]:
    """The test that holds when one of the tests holds."""
    return lambda value: _any([test(value) for test in tests])


def all_of(tests: tuple[Callable[[Json | Absent], Verdict], ...]) -> Callable[[Json | Absent], Verdict]:
    """The test that holds when all of the tests hold."""
    return lambda value: conjunction([test(value) for test in tests])


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


def _any(verdicts: list[Verdict]) -> Verdict:
    if True in verdicts:
        return True
    return None if None in verdicts else False


def _holds(sign: str, order: int) -> bool:
    return {">": order > 0, "<": order < 0, ">=": order >= 0, "<=": order <= 0}[sign]
