"""The signature of a failure: what was expected, what was returned and where, without what differs in each run."""

import re
from collections.abc import Sequence
from typing import Any, Final

from spec import ABSENT, Kind, Mismatch, OneOf, Rule

LONGEST: Final = 120
_RUN_NAME: Final = r"(?i:cct[-_]?[a-z0-9]{5}(?:[-_]|x(?=\d))[^\s'\",;)\]}]*)"
_RUN_NAMES: Final = re.compile(_RUN_NAME)
_INDEX: Final = re.compile(r"""\[(?:\d+|\?@\.id==(?:"[^"]*"|'[^']*'))\]""")
_VARIABLE: Final = re.compile(
    rf"""{_RUN_NAME}|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\b(?=[\w-]*\d)[A-Za-z0-9-]{{6,}}\b|(?P<number>\b\d+\b)"""
)
"""What differs between runs within a rule: names made up by a run, quoted values, generated ids and numbers."""


def signature(mismatch: Mismatch) -> str:
    """Such as `201 instead of 400`, or `$.firstName: nothing instead of text`.

    Equal in every run and for every seed: statuses and property names are kept, values become their JSON type,
    generated ids and indices are replaced.
    """
    if mismatch.kind in (Kind.CUSTOMERS, Kind.ORDER) and (words := _membership(mismatch)):
        said = words
    else:
        said = f"{_word(mismatch.kind, mismatch.actual)} instead of {_word(mismatch.kind, mismatch.expected)}"
    place = _RUN_NAMES.sub("*", _INDEX.sub("[*]", mismatch.path))
    return (f"{place}: {said}" if place else said)[:LONGEST]


def key(clause_id: str, mismatch: Mismatch) -> tuple[str, str]:
    """What makes two failures the same one: the clause and the signature."""
    return clause_id, signature(mismatch)


def _word(kind: Kind, operand: Any) -> str:
    match operand:
        case OneOf(values):
            return " or ".join(dict.fromkeys(_word(kind, each) for each in values))
        case Rule(text):
            return _masked(text, keep_numbers=kind is Kind.STATUS)
        case _ if operand is ABSENT:
            return "nothing"
        case bool():
            return str(operand).lower()
        case int() if kind is Kind.STATUS:
            return str(operand)
        case None:
            return "null"
        case str():
            return "text"
        case int() | float():
            return "a number"
        case list() | tuple():
            return "an array" if operand else "an empty array"
        case _:
            return "an object"


def _membership(mismatch: Mismatch) -> str:
    """How two lists of customers differ; empty where the operands are not two lists of texts."""
    expected, actual = mismatch.expected, mismatch.actual
    if not (_is_names(expected) and _is_names(actual)):
        return ""
    words = [
        word
        for word, names in (
            ("missing", set(expected) - set(actual)),
            ("unexpected", set(actual) - set(expected)),
        )
        if names
    ]
    return f"{' and '.join(words)} customers" if words else "another order"


def _is_names(value: Any) -> bool:
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and all(isinstance(each, str) for each in value)
    )


def _masked(text: str, *, keep_numbers: bool) -> str:
    """A rule without what differs in each run."""

    def mask(match: re.Match[str]) -> str:
        if match["number"] is None:
            return "…"
        return match["number"] if keep_numbers else "n"

    return " ".join(_VARIABLE.sub(mask, text.partition("\n")[0]).split()) or "nothing"
