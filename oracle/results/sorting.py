"""Whether values are in order, judged only where every collation agrees."""

import re
from collections.abc import Sequence
from itertools import combinations
from typing import Final

from oracle.values.json_values import ABSENT, Json

_PLAIN: Final = frozenset("abdefghikmoprtu")
"""Letters whose place is the same in the alphabets of all languages written with Latin letters."""
_PAIR: Final = re.compile("aa|dd|dh|dz|gh|gy|ph|rh|rr|th|ty|ae|oe|ue|kh|gj|dj|ng|ny|mh|bh|uo", re.IGNORECASE)
"""Two letters that some alphabet sorts as one."""
_DIGITS: Final = re.compile(r"\d+", re.ASCII)


def is_sorted(values: Sequence[Json], descending: bool = False) -> bool:
    """Whether no two values are in an order that every reasonable collation would call wrong.

    Decides numbers, and texts whose first difference is between two digits (in runs of one length, so that
    reading them as numbers agrees) or two plain letters of one case. null and all else may stand anywhere.
    """
    wrong = -1 if descending else 1
    return all(compare(one, other) != wrong for one, other in combinations(values, 2))


def compare(one: Json, other: Json) -> int | None:
    """-1, 0 or 1 as the first is before, equal to or after the second in every collation; None: undecided."""
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
    place = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if place is None:
        following = max(one, other, key=len)[min(len(one), len(other)) :][:2]
        plain = following.isascii() and following[:1].isalnum()
        return (-1 if len(one) < len(other) else 1) if plain else None
    if not all(_settled(text, place) for text in (one, other)):
        return None
    a, b = one[place], other[place]
    digits = a.isdigit() and b.isdigit() and len(_run(one, place)) == len(_run(other, place))
    letters = a.isalpha() and b.isalpha() and a.isupper() == b.isupper() and {a.lower(), b.lower()} <= _PLAIN
    if not (digits or letters):
        return None
    return -1 if a < b else 1


def _settled(text: str, place: int) -> bool:
    """Whether the character stands for itself: ASCII, with no neighbour that combines with it."""
    around = text[max(0, place - 1) : place + 2]
    return around.isascii() and _PAIR.search(around) is None


def _run(text: str, place: int) -> str:
    """The run of digits that the place is in."""
    return next(run.group() for run in _DIGITS.finditer(text) if run.start() <= place < run.end())
