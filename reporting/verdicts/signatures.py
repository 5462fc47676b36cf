"""The kind of a failure: what was accepted, what came and where, without what is different in every run."""

import json
import re
from typing import Final

LONGEST: Final = 120
_STATUS: Final = re.compile(r"([1-5]\d\d)(?!\d)")
_PATH: Final = re.compile(r"\$[^\s;]*")
_RUN: Final = re.compile(r"cct([-_]?)[a-z0-9]{5}(?:[-_]|x(?=\d))[^\s'\",;)\]}]*", re.IGNORECASE)
_SAID_OF_TEXT: Final = re.compile(r" \(\d+ characters(?:, [A-Za-z ]+)?\)(?:; differs at .*)?$", re.DOTALL)
_FORGOTTEN: Final = (
    (_RUN, "…"),
    (re.compile(r"""(["'])(?:(?!\1)[^\\]|\\.)*\1""", re.DOTALL), "…"),
    (re.compile(r"[\[{].*[\]}]", re.DOTALL), "…"),
    (re.compile(r"\b(?=[a-z0-9]*\d)[a-z0-9-]{6,}\b", re.IGNORECASE), "…"),
    (re.compile(r"\d+"), "n"),
    (re.compile(r"…(?:[\s,.:…]*…)+"), "…"),
)


def signature(expected: str, actual: str, detail: str) -> str:
    """The kind of a failure, the same in every run and for every seed that meets it.

    Such as `201 instead of 400`, or `$.firstName: nothing instead of text`. Values, ids and indices are left
    out; statuses, types and properties stay.
    """
    place = _place(detail)
    said = f"{_kind(actual)} instead of {_kind(expected)}"
    return (f"{place}: {said}" if place else said)[:LONGEST]


def _place(detail: str) -> str:
    found = _PATH.match(detail)
    if found is None:
        return ""
    path = re.sub(r"\[\d+\]", "[*]", found.group().rstrip(".:,"))
    return _RUN.sub("*", path)


def _kind(text: str) -> str:
    """A status as it is, a value as its type, a sentence without the values in it."""
    if text.startswith(("no 5xx", "no server error")):
        return "no 5xx"
    if found := _STATUS.match(text):
        allowed = re.match(r"[1-5]\d\d(?: or [1-5]\d\d)*", text)
        return allowed.group() if allowed is not None else found.group()
    return _type(text) or _sentence(text)


def _type(text: str) -> str:
    bare = _SAID_OF_TEXT.sub("", text)
    if bare.startswith(('"', '…"')):
        return "text"
    if bare.startswith("nothing"):
        return "nothing"
    try:
        value = json.loads(bare)
    except (ValueError, RecursionError):
        return {"{": "an object", "[": "an array"}.get(bare[:1], "")
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case dict():
            return "an object"
        case list():
            return "an array" if value else "an empty array"
        case _:
            return "a number"


def _sentence(text: str) -> str:
    words = text.split("\n", 1)[0]
    for pattern, instead in _FORGOTTEN:
        words = pattern.sub(instead, words)
    return " ".join(words.split()) or "nothing"
