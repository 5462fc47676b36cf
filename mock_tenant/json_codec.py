"""JSON according to RFC 8259: stricter than the json module, with a limit on nesting."""

import json
import math
from typing import Any

MAX_DEPTH = 200


def parse(content: bytes) -> Any:
    """The value of a JSON text in UTF-8; ValueError if it is invalid or nested deeper than 200 levels."""
    text = content.decode("utf-8")
    try:
        value = json.loads(text, parse_constant=_reject_constant)
    except RecursionError:
        raise ValueError("the text is nested too deeply") from None
    _check(value)
    return value


def encode(value: Any) -> bytes:
    """A value as a compact JSON text in ASCII."""
    return json.dumps(value, separators=(",", ":")).encode("ascii")


def _reject_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON value")


def _check(value: Any) -> None:
    level = [value]
    for _ in range(MAX_DEPTH):
        deeper: list[Any] = []
        for item in level:
            if isinstance(item, str):
                _check_string(item)
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


def _check_string(text: str) -> None:
    # A lone surrogate could be stored, but not encoded in UTF-8 again.
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError("a string has a lone surrogate") from None
