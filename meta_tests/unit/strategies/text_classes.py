"""Classes of text that break real systems, to measure what the strategies reach."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

_ZERO_WIDTH = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")
_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_JSON_WORDS = frozenset({"true", "false", "null", "undefined", "nan", "none", "no", "yes"})
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?([eE][+-]?\d+)?")
_TEMPLATE = re.compile(r"\{\{|\$\{|%[sdn]|<%")
_MARKUP = re.compile(r"<[/a-z]", re.IGNORECASE)
_ENTITY = re.compile(r"&#?\w+;")
_SQL = re.compile(r"';|--|\bDROP\b|%_")


def _has_category(value: str, *initials: str) -> bool:
    return any(unicodedata.category(character).startswith(initials) for character in value)


def _reads_right_to_left(value: str) -> bool:
    return any(
        character in _BIDI_CONTROLS or unicodedata.bidirectional(character) in ("R", "AL")
        for character in value
    )


def _changes_length_with_case(value: str) -> bool:
    return value.casefold() != value.lower() or value.upper().lower() != value.lower()


_ASCII_PREDICATES: dict[str, Callable[[str], bool]] = {
    "empty": lambda value: not value,
    "plain": lambda value: bool(value) and value.replace(" ", "").isalpha() and value.strip() == value,
    "leading-space": lambda value: value[:1].isspace(),
    "trailing-space": lambda value: value[-1:].isspace(),
    "several-spaces": lambda value: "  " in value.strip(),
    "tab": lambda value: "\t" in value,
    "newline": lambda value: "\n" in value,
    "markup": lambda value: bool(_MARKUP.search(value)),
    "entity": lambda value: bool(_ENTITY.search(value)),
    "ampersand": lambda value: "&" in value,
    "quote": lambda value: "'" in value or '"' in value,
    "backslash": lambda value: "\\" in value,
    "sql": lambda value: bool(_SQL.search(value)),
    "template": lambda value: bool(_TEMPLATE.search(value)),
    "percent": lambda value: "%" in value,
    "numeric": lambda value: bool(_NUMBER.fullmatch(value)),
    "word-of-json": lambda value: value.lower() in _JSON_WORDS,
    "length-255-and-more": lambda value: len(value) >= 255,
    "length-1000-and-more": lambda value: len(value) >= 1000,
    "length-2000-and-more": lambda value: len(value) >= 2000,
}
_UNICODE_PREDICATES: dict[str, Callable[[str], bool]] = {
    "combining": lambda value: _has_category(value, "M"),
    "decomposed": lambda value: not unicodedata.is_normalized("NFC", value),
    "composed": lambda value: not unicodedata.is_normalized("NFD", value),
    "compatibility": lambda value: (
        unicodedata.normalize("NFKC", value) != unicodedata.normalize("NFC", value)
    ),
    "astral": lambda value: any(character > "\uffff" for character in value),
    "right-to-left": _reads_right_to_left,
    "zero-width": lambda value: not _ZERO_WIDTH.isdisjoint(value),
    "case-sensitive": _changes_length_with_case,
    "ideographs": lambda value: any("\u4e00" <= character <= "\u9fff" for character in value),
}

CLASSES: Final = frozenset(_ASCII_PREDICATES) | frozenset(_UNICODE_PREDICATES) | {"non-ascii"}


@lru_cache(maxsize=4096)
def classes_of(value: str) -> frozenset[str]:
    """The names of all classes, out of CLASSES, to which this text belongs."""
    reached = {name for name, holds in _ASCII_PREDICATES.items() if holds(value)}
    if not value.isascii():
        reached.add("non-ascii")
        reached.discard("plain")
        reached |= {name for name, holds in _UNICODE_PREDICATES.items() if holds(value)}
    return frozenset(reached)


def classes_of_body(body: Mapping[str, Any]) -> frozenset[str]:
    """The classes of the strings of a body, at any depth."""
    return frozenset().union(*map(classes_of, _strings(body)))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    members = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    for member in members:
        yield from _strings(member)
