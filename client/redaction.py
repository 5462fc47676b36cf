"""The one place that removes secrets from what is shown, written or reported."""

import binascii
import html
import json
import re
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final
from urllib.parse import unquote

from client.json_values import members, parsed

REDACTED: Final = "[redacted]"

_HEADERS: Final = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key"})
_MEMBERS: Final = frozenset({"password", "client_secret", "access_token", "refresh_token"})
_NAMES: Final = "|".join(sorted(_MEMBERS))
# For text that no longer parses: a member and its value, up to a quote, comma or brace; a form field.
_IN_JSON: Final = re.compile(
    rf'"(?:{_NAMES})"\s*:\s*(?:"(?P<text>(?:[^"\\]|\\.)+)|(?P<other>[^\s",}}\]]+))', re.IGNORECASE | re.DOTALL
)
_IN_FORM: Final = re.compile(rf"(?:^|[&?\s])(?:{_NAMES})=(?P<value>[^&\s]+)", re.IGNORECASE)
_BEARER: Final = re.compile(r"\bBearer\s+(?!\$)(?P<value>[A-Za-z0-9._~+/=-]{16,})", re.IGNORECASE)
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
_STANDARD: Final = str.maketrans("-_", "+/")
_SHORTEST: Final = 6  # a shorter value may be ordinary text
_BEGINNING: Final = 4  # characters
_PASSWORDS_KEPT: Final = 512
_DEEPEST: Final = 4  # JSON in a string of JSON in a URL is three
_ESCAPE: Final = re.compile(
    r"(?P<json>(?:\\u[0-9a-fA-F]{4})+|\\[\"'\\/bfnrt])|(?P<percent>(?:%[0-9a-fA-F]{2})+)|(?P<html>&#?\w{2,8};)"
)


class Redactor:
    """Removes every secret of a run from headers, bodies and text; safe between threads."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._secrets: set[str] = set()
        self._passwords: deque[str] = deque(maxlen=_PASSWORDS_KEPT)
        self._known: dict[str, list[str]] | None = None
        for secret in secrets:
            self.know(secret)

    def know(self, secret: str) -> None:
        """Remove this value from now on, in every spelling."""
        if secret:
            with self._lock:
                self._secrets.add(secret)
                self._known = None

    def know_password(self, password: str) -> None:
        """Take the password of a test customer out as well; of many, only the latest are known."""
        with self._lock:
            if len(password) >= _SHORTEST and password not in self._passwords:
                self._passwords.append(password)
                self._known = None

    def text(self, text: str) -> str:
        """The text without any known secret: as it is, escaped, escaped again, or in base64."""
        with self._lock:
            if self._known is None:
                self._known = _by_beginning((*self._secrets, *self._passwords))
            known = self._known
        spans = []
        for decoded, starts, ends in _decodings(text):
            spans += [(starts[start], ends[end - 1]) for start, end in _found(decoded, known)]
        return _without(text, spans)

    def headers(self, headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """The headers with credentials replaced; the scheme of Authorization stays."""
        return [(name, self._header(name, value)) for name, value in headers]

    def body(self, body: bytes | None) -> str | None:
        """The body as text; bytes that are no UTF-8 are shown as \\xNN."""
        if body is None:
            return None
        text = body.decode("utf-8", "backslashreplace")
        if any(name.lower() in _MEMBERS for name, _ in members(parsed(text))):
            cleaned = parsed(text, object_hook=_without_secrets)
            text = json.dumps(cleaned, ensure_ascii=False, default=str)  # a Decimal is a long integer
        return self.text(text)

    def _header(self, name: str, value: str) -> str:
        if name.lower() not in _HEADERS:
            return self.text(value)
        scheme, _, credentials = value.partition(" ")
        keeps_scheme = name.lower() == "authorization" and credentials and scheme.isalpha()
        return f"{scheme} {REDACTED}" if keeps_scheme else REDACTED


def passwords(value: Any) -> list[str]:
    """Every string under a member named password, at any depth."""
    return [member for name, member in members(value) if name == "password" and isinstance(member, str)]


def _without_secrets(item: dict[str, Any]) -> dict[str, Any]:
    """A JSON object with its secret members redacted."""
    return {name: REDACTED if name.lower() in _MEMBERS else value for name, value in item.items()}


def _by_beginning(known: Iterable[str]) -> dict[str, list[str]]:
    """Secrets by their first characters: a text without these contains none of the secrets."""
    groups: dict[str, list[str]] = {}
    for secret in known:
        for spelt in {secret, secret.replace(" ", "+")}:  # as a form has it
            groups.setdefault(spelt[:_BEGINNING], []).append(spelt)
    return groups


def _candidates(text: str, known: Mapping[str, Iterable[str]]) -> list[str]:
    """The secrets that the text may contain, by their first characters."""
    return [secret for beginning, group in known.items() if beginning in text for secret in group]


def _found(text: str, known: Mapping[str, Iterable[str]]) -> Iterator[tuple[int, int]]:
    """The spans of a decoded text that are a known secret, or the value of a secret member, field or header."""
    for secret in _candidates(text, known):
        yield from (match.span() for match in re.finditer(re.escape(secret), text))
    words = [(match.span(), _from_base64(match[0])) for match in _BASE64.finditer(text)]
    candidates = _candidates("\n".join(decoded for _, decoded in words), known)
    hidden = [secret for secret in candidates if len(secret) >= _SHORTEST]
    yield from (span for span, decoded in words if any(secret in decoded for secret in hidden))
    for named in (*_IN_JSON.finditer(text), *_IN_FORM.finditer(text), *_BEARER.finditer(text)):
        kind = named.lastgroup or 0
        if REDACTED not in named[kind]:
            yield named.span(kind)


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with the spans replaced, those that touch by one replacement."""
    parts: list[str] = []
    end = 0
    for start, stop in sorted(spans):
        if start >= end and (start > end or not parts):
            parts += [text[end:start], REDACTED]
        end = max(end, stop)
    return "".join([*parts, text[end:]])


def _from_base64(word: str) -> str:
    """What the word is the base64 of (RFC 4648, either alphabet), alone or as the end of a longer one."""
    letters = word.rstrip("=").translate(_STANDARD)
    decoded = []
    for start in range(4):
        part = letters[start:]
        part = part[: len(part) - (len(part) % 4 == 1)]
        decoded.append(binascii.a2b_base64(part + "=" * (-len(part) % 4)))
    return b"\n".join(decoded).decode("utf-8", "replace")


def _decodings(text: str) -> Iterator[tuple[str, Sequence[int], Sequence[int]]]:
    """The text itself, and the text with one layer of escapes after the other decoded.

    JSON (RFC 8259 section 7), percent-encoding (RFC 3986 section 2.1) and character references of HTML. Each has the
    places in the original at which its characters start and end.
    """
    starts: Sequence[int] = range(len(text))
    ends: Sequence[int] = range(1, len(text) + 1)
    for _ in range(_DEEPEST):
        yield text, starts, ends
        parts: list[tuple[str, Sequence[int], Sequence[int]]] = []
        at = 0
        for match in _ESCAPE.finditer(text):
            start, end = match.span()
            character = _character(match)
            parts.append((text[at:start], starts[at:start], ends[at:start]))
            parts.append((character, [starts[start]] * len(character), [ends[end - 1]] * len(character)))
            at = end
        if not parts:
            return
        parts.append((text[at:], starts[at:], ends[at:]))
        texts, all_starts, all_ends = zip(*parts, strict=True)
        text, starts, ends = "".join(texts), [*chain(*all_starts)], [*chain(*all_ends)]


def _character(match: re.Match[str]) -> str:
    written = match[0]
    if match["percent"]:
        return unquote(written, errors="replace")
    if match["html"]:
        return html.unescape(written)
    written = written.replace("\\'", "'")  # an escape of JavaScript, not of JSON
    return str(json.loads(f'"{written}"'))
