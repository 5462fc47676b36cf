"""Whether values are in order, decided only where every collation agrees."""

import re
from collections.abc import Sequence
from itertools import combinations
from typing import Final

from oracle.json_values import Json
from spec import ABSENT

_PLAIN: Final = frozenset("abdefghikmoprtu")
"""Letters with the same position in the alphabets of all languages with Latin letters."""
_PAIR: Final = re.compile("aa|dd|dh|dz|gh|gy|ph|rh|rr|th|ty|ae|oe|ue|kh|gj|dj|ng|ny|mh|bh|uo", re.IGNORECASE)
"""Two letters that an alphabet sorts as one."""
_DIGITS: Final = re.compile(r"\d+", re.ASCII)


def is_sorted(values: Sequence[Json], descending: bool = False) -> bool:
    """Whether no two values are in an order that is wrong in every reasonable collation.

    Compared are numbers, and texts whose first difference is between two digits (in runs of equal length, so that
    the numeric order agrees) or two plain letters of one case. null and all other values may be anywhere.
    """
    wrong = -1 if descending else 1
    return all(compare(one, other) != wrong for one, other in combinations(values, 2))


def compare(one: Json, other: Json) -> int | None:
    """-1, 0 or 1: the first is before, equal to or after the second in every collation; None: collations differ."""
    if one is None or other is None or one is ABSENT or other is ABSENT:
        return None
    if isinstance(one, bool) or isinstance(other, bool):
        return 0 if one is other else None
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return (one > other) - (one < other)
    if isinstance(one, str) and isinstance(other, str):
        return 0 if one == other else _compare_texts(one, other)
    return None


def _compare_texts(one: str, other: str) -> int | None:
    index = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if index is None:
        following = max(one, other, key=len)[min(len(one), len(other)) :][:2]
        plain = following.isascii() and following[:1].isalnum()
        return (-1 if len(one) < len(other) else 1) if plain else None
    if not all(_is_independent(text, index) for text in (one, other)):
        return None
    a, b = one[index], other[index]
    digits = a.isdigit() and b.isdigit() and len(_run(one, index)) == len(_run(other, index))
    letters = a.isalpha() and b.isalpha() and a.isupper() == b.isupper() and {a.lower(), b.lower()} <= _PLAIN
    if not (digits or letters):
        return None
    return -1 if a < b else 1


def _is_independent(text: str, index: int) -> bool:
    """Whether the character is ASCII and no adjacent character combines with it."""
    around = text[max(0, index - 1) : index + 2]
    return around.isascii() and _PAIR.search(around) is None


def _run(text: str, index: int) -> str:
    """The run of digits around the index."""
    return next(run.group() for run in _DIGITS.finditer(text) if run.start() <= index < run.end())
