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


DEPTH_KEPT = 64  # levels of nesting; tests send far deeper values on purpose


def plain(value: Any, depth: int = DEPTH_KEPT) -> Any:
    """`value` as JSON can hold it: numbers without a JSON form and foreign types become their text.

    What lies deeper than `depth` levels becomes an ellipsis.
    """
    if isinstance(value, Mapping | list | tuple) and depth == 0:
        return "…"
    if isinstance(value, Mapping):
        return {str(key): plain(member, depth - 1) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [plain(member, depth - 1) for member in value]
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


def body_text(body: Any) -> str:
    """The body of an exchange for the eye: JSON laid out, other text as it is, nothing for none."""
    if body is None:
        return ""
    if isinstance(body, str):
        return _laid_out(body)
    return json.dumps(plain(body), ensure_ascii=False, indent=2)


def _laid_out(text: str) -> str:
    """JSON text laid out where that hides nothing, such as a name that occurs twice or an unusual escape."""
    try:
        value = json.loads(text)
        faithful = any(
            json.dumps(value, ensure_ascii=ascii_only, separators=separators) == text
            for ascii_only in (False, True)
            for separators in ((",", ":"), (", ", ": "))
        )
        return json.dumps(value, ensure_ascii=False, indent=2) if faithful else text
    except (ValueError, RecursionError):
        return text


def plural(number: int, noun: str) -> str:
    """A count with its noun, such as "1 request" or "2,500 requests"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
