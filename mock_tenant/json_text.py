"""JSON as RFC 8259 has it: strict where Python is lenient, never deeper than can be written again."""

import json
import math
from typing import Any

DEEPEST = 200


def parse(content: bytes) -> Any:
    """The value of a JSON text in UTF-8; ValueError for whatever is none or nests deeper than 200 levels."""
    text = content.decode("utf-8")
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("the text is nested too deeply") from None
    _check(value)
    return value


def encode(value: Any) -> bytes:
    """A value as a compact JSON text, in ASCII so that no character of it can go wrong on the way."""
    return json.dumps(value, separators=(",", ":")).encode("ascii")


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON value")


def _check(value: Any) -> None:
    level = [value]
    for _ in range(DEEPEST):
        deeper: list[Any] = []
        for item in level:
            if isinstance(item, str):
                _check_text(item)
            elif isinstance(item, float):
                if not math.isfinite(item):
                    raise ValueError("a number is too large")
            elif isinstance(item, list):
                deeper += item
            elif isinstance(item, dict):
                deeper += item
                deeper += item.values()
        if not deeper:
            return
        level = deeper
    raise ValueError("the text is nested too deeply")


def _check_text(text: str) -> None:
    # A lone surrogate is no character: it could be stored, but never sent back as UTF-8.
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError("a text holds half of a surrogate pair") from None
