"""Where expected and actual differ, line by line or within the line."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher, ndiff
from typing import Literal

from reporting.text import body_text

Sign = Literal["same", "expected", "actual"]
SIMILAR = 0.5
"""Share of a text that must be equal for a comparison within the line to be readable."""
COMPARED = 2_000
"""Characters of a text that are compared; comparing longer ones takes too long."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a comparison: in both values, only in the expected one, or only in the actual one."""

    sign: Sign
    text: str


def lines(expected: str, actual: str) -> list[Piece]:
    """The difference of two JSON objects or arrays, or of two texts of several lines, a piece a line.

    Empty where a comparison by lines adds nothing to the values themselves.
    """
    one, other = body_text(expected).splitlines(), body_text(actual).splitlines()
    is_too_long = max(len(expected), len(actual)) > COMPARED
    if is_too_long or min(len(one), len(other)) < 2 or one == other:
        return []
    signs: dict[str, Sign] = {"  ": "same", "- ": "expected", "+ ": "actual"}
    return [Piece(signs[line[:2]], line[2:]) for line in ndiff(one, other) if line[:2] in signs]


def within(expected: str, actual: str) -> tuple[list[Piece], list[Piece]]:
    """Both values in pieces, those that differ marked; each in one piece where they have little in common."""
    whole: tuple[list[Piece], list[Piece]] = ([Piece("same", expected)], [Piece("same", actual)])
    if expected == actual or max(len(expected), len(actual)) > COMPARED:
        return whole
    matcher = SequenceMatcher(None, expected, actual, autojunk=False)
    if matcher.ratio() < SIMILAR:
        return whole
    return list(_side(matcher, expected, "expected")), list(_side(matcher, actual, "actual"))


def _side(matcher: SequenceMatcher[str], text: str, sign: Sign) -> Iterator[Piece]:
    for tag, start, end, other_start, other_end in matcher.get_opcodes():
        first, last = (start, end) if sign == "expected" else (other_start, other_end)
        if first < last:
            yield Piece("same" if tag == "equal" else sign, text[first:last])
