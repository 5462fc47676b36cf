"""Text as a reader can see it: invisible characters escaped, long values cut, JSON laid out."""

import json
import re
from typing import Any, Final

# Controls other than tab and line feed, marks that reorder or join invisibly, and halves of surrogate pairs:
# they hide what was returned, or control the terminal and the page that show it.
INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def escape_invisible(text: str) -> str:
    """`text` with every character that is invisible, or controls the display, as its code point."""
    return INVISIBLE.sub(lambda match: f"<U+{ord(match.group()):04X}>", text)


def truncate(text: str, limit: int) -> str:
    """`text`, or its first `limit` characters and how many more there are."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]} … {len(text) - limit:,} characters more"


def one_line(text: str, limit: int) -> str:
    """`text` on one line, escaped and cut."""
    return truncate(" ".join(escape_invisible(text).split()), limit)


def markdown(text: str) -> str:
    """`text` on one line, escaped, so that Markdown has no effect in it."""
    return re.sub(r"([\\`*_{}\[\]<>#|~$])", r"\\\1", " ".join(escape_invisible(text).split()))


def body_text(body: str | None) -> str:
    """A body for display: JSON laid out where that hides nothing, such as a repeated name or an unusual escape."""
    if body is None:
        return ""
    try:
        value: Any = json.loads(body)
        faithful = any(
            json.dumps(value, ensure_ascii=ascii_only, separators=separators) == body
            for ascii_only in (False, True)
            for separators in ((",", ":"), (", ", ": "))
        )
        return json.dumps(value, ensure_ascii=False, indent=2) if faithful else body
    except (ValueError, RecursionError):
        return body


def plural(number: int, noun: str) -> str:
    """A count with its noun, such as "1 request" or "2,500 requests"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}{'es' if noun.endswith('s') else 's'}"
