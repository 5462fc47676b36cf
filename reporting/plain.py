"""Values as JSON can hold them, and text as a reader can see it."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

# Controls other than tab and line feed, marks that reorder or join invisibly, and halves of surrogate pairs:
# they hide what came, or steer the terminal and the page that show it.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def plain(value: Any) -> Any:
    """`value` as JSON can hold it: numbers without a JSON form and foreign types become their text."""
    if isinstance(value, Mapping):
        return {str(key): plain(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [plain(member) for member in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, str | int | float):
        return value
    return str(value)


def seen(text: str) -> str:
    """`text` with every character that a reader cannot see, or that steers the display, as its code point."""
    return UNSEEN.sub(lambda match: f"<U+{ord(match.group()):04X}>", text)


def clipped(text: str, limit: int) -> str:
    """`text`, or its first `limit` characters and how many more there are."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]} … {len(text) - limit:,} characters more"


def body_text(body: Any, indent: int | None = 2) -> str:
    """The body of an exchange for the eye: text as it is, JSON laid out, nothing for none."""
    if body is None or isinstance(body, str):
        return body or ""
    return json.dumps(plain(body), ensure_ascii=False, indent=indent)


def plural(number: int, noun: str) -> str:
    """A count with its noun, such as "1 request" or "2,500 requests"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
