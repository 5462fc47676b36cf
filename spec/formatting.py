"""How values are shown, so that a difference the eye would miss can be seen."""

import json
import unicodedata
from typing import Any

from spec.absent import ABSENT, Absent

Json = Any

WIDTH = 100
"""Characters of a value that are shown at most."""


def show(value: Json | Absent) -> str:
    """The value as JSON; characters that cannot be seen or that combine are escaped, long texts cut."""
    if value is ABSENT:
        return "nothing"
    if isinstance(value, str):
        return _cut(_visible(value), f"{len(value)} characters")
    text = json.dumps(value, sort_keys=True, default=repr)
    return _cut(text, f"{len(text)} characters of JSON")


def contrast(expected: Json | Absent, actual: Json | Absent) -> tuple[str, str]:
    """Both values as text; for two strings with lengths, normal forms and the first place they differ."""
    if not (isinstance(expected, str) and isinstance(actual, str)):
        return show(expected), show(actual)
    pairs = enumerate(zip(expected, actual, strict=False))
    place = next((index for index, (one, other) in pairs if one != other), min(len(expected), len(actual)))
    start = max(0, place - WIDTH // 2) if max(len(expected), len(actual)) > WIDTH else 0
    shown = tuple(
        f"{_window(text, start)} ({len(text)} characters{_form(text)})" for text in (expected, actual)
    )
    where = f"; differs at index {place}: {_code(actual, place)} for {_code(expected, place)}"
    return shown[0], shown[1] + where


def _visible(text: str) -> str:
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    hidden = unicodedata.category(character)[0] in "CM" or (character.isspace() and character != " ")
    if not hidden:
        return character
    point = ord(character)
    return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"


def _cut(text: str, length: str) -> str:
    return text if len(text) <= WIDTH else f"{text[:WIDTH]}… ({length})"


def _window(text: str, start: int) -> str:
    part = text[start : start + WIDTH]
    before = "…" if start else ""
    after = "…" if start + WIDTH < len(text) else ""
    return before + _visible(part) + after


def _form(text: str) -> str:
    if text.isascii():
        return ""
    forms = [form for form in ("NFC", "NFD") if unicodedata.normalize(form, text) == text]
    return f", {' and '.join(forms) or 'neither NFC nor NFD'}"


def _code(text: str, place: int) -> str:
    return f"U+{ord(text[place]):04X}" if place < len(text) else "the end"
