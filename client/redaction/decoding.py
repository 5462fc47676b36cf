"""Text as it reads once its escapes are undone, each character with the place that it came from."""

import html
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

DEEPEST: Final = 4  # JSON in a string of JSON in a URL is three
_ESCAPE: Final = re.compile(
    r"(?P<json>(?:\\u[0-9a-fA-F]{4})+|\\[\"'\\/bfnrt])|(?P<percent>(?:%[0-9a-fA-F]{2})+)|(?P<html>&#?\w{2,8};)"
)


@dataclass(frozen=True, slots=True)
class View:
    """`text` is what is read; `starts` and `ends` say for each character where it lies in the original."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where in the original the characters from start to end come from."""
        return self.starts[start], self.ends[end - 1]


def views(text: str) -> Iterator[View]:
    """The text itself, and how it reads with one layer of escapes after the other undone.

    JSON (RFC 8259 section 7), percent-encoding (RFC 3986 section 2.1) and character references of HTML.
    """
    view = View(text, range(len(text)), range(1, len(text) + 1))
    for _ in range(DEEPEST):
        yield view
        further = _undone(view)
        if further is None:
            return
        view = further


def _undone(view: View) -> View | None:
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for match in _ESCAPE.finditer(view.text):
        characters.append(view.text[at : match.start()])
        starts += view.starts[at : match.start()]
        ends += view.ends[at : match.start()]
        read = _read(match)
        start, end = view.span(match.start(), match.end())
        characters.append(read)
        starts += [start] * len(read)
        ends += [end] * len(read)
        at = match.end()
    if at == 0:
        return None
    characters.append(view.text[at:])
    starts += view.starts[at:]
    ends += view.ends[at:]
    return View("".join(characters), starts, ends)


def _read(match: re.Match[str]) -> str:
    written = match[0]
    if match["percent"]:
        return unquote(written, errors="replace")
    if match["html"]:
        return html.unescape(written)
    if written == "\\'":
        return "'"
    read: str = json.loads(f'"{written}"')
    return read
