"""Text with its escapes decoded, each character with its place in the original."""

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
class DecodedText:
    """`text` is the decoded text; `starts` and `ends` give the place of each character in the original."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where in the original the characters from start to end come from."""
        return self.starts[start], self.ends[end - 1]


def decodings(text: str) -> Iterator[DecodedText]:
    """The text itself, and the text with one layer of escapes after the other decoded.

    JSON (RFC 8259 section 7), percent-encoding (RFC 3986 section 2.1) and character references of HTML.
    """
    decoded = DecodedText(text, range(len(text)), range(1, len(text) + 1))
    for _ in range(DEEPEST):
        yield decoded
        further = _decode_once(decoded)
        if further is None:
            return
        decoded = further


def _decode_once(decoded: DecodedText) -> DecodedText | None:
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for match in _ESCAPE.finditer(decoded.text):
        characters.append(decoded.text[at : match.start()])
        starts += decoded.starts[at : match.start()]
        ends += decoded.ends[at : match.start()]
        character = _character(match)
        start, end = decoded.span(match.start(), match.end())
        characters.append(character)
        starts += [start] * len(character)
        ends += [end] * len(character)
        at = match.end()
    if at == 0:
        return None
    characters.append(decoded.text[at:])
    starts += decoded.starts[at:]
    ends += decoded.ends[at:]
    return DecodedText("".join(characters), starts, ends)


def _character(match: re.Match[str]) -> str:
    written = match[0]
    if match["percent"]:
        return unquote(written, errors="replace")
    if match["html"]:
        return html.unescape(written)
    written = written.replace("\\'", "'")  # an escape of JavaScript, not of JSON
    return str(json.loads(f'"{written}"'))
