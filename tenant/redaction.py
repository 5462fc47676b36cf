"""The one place where secrets are taken out of whatever is shown, written or reported."""

import html
import json
import re
import threading
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import quote, quote_plus

REDACTED: Final = "[redacted]"

_HEADERS: Final = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key"})
_MEMBERS: Final = frozenset({"password", "client_secret", "access_token", "refresh_token"})
_NAMES: Final = "|".join(sorted(_MEMBERS))
# For text that no longer parses: a member and its value, up to a quote, comma or brace; a form field.
_IN_JSON: Final = re.compile(
    rf'("(?:{_NAMES})"\s*:\s*)("(?:[^"\\]|\\.)*"?|[^\s,}}\]]+)', re.IGNORECASE | re.DOTALL
)
_IN_FORM: Final = re.compile(rf"((?:^|[&?])(?:{_NAMES})=)[^&\s]+", re.IGNORECASE)
_BEARER: Final = re.compile(r"(\bBearer\s+)(?!\[redacted\]|\$)[A-Za-z0-9._~+/=-]{16,}", re.IGNORECASE)
_SHORTEST: Final = 6  # a shorter value cannot be told from ordinary text
_PASSWORDS_KEPT: Final = 512


class Redactor:
    """Knows every secret of a run and takes it out of headers, bodies and text; safe between threads."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._secrets: set[str] = set()
        self._passwords: OrderedDict[str, None] = OrderedDict()
        for secret in secrets:
            self.know(secret)

    def know(self, secret: str) -> None:
        """Take this value out of everything from now on, in each of the ways in which text escapes it."""
        with self._lock:
            self._secrets.update(_spellings(secret))

    def know_password(self, password: str) -> None:
        """Remember the password of a test customer; the oldest of many are forgotten."""
        if len(password) < _SHORTEST:
            return
        with self._lock:
            for spelling in _spellings(password):
                self._passwords[spelling] = None
            while len(self._passwords) > _PASSWORDS_KEPT:
                self._passwords.popitem(last=False)

    def text(self, text: str) -> str:
        """The text without the literal value of any known secret."""
        with self._lock:
            known = sorted((*self._secrets, *self._passwords), key=len, reverse=True)
        for secret in known:
            text = text.replace(secret, REDACTED)
        text = _IN_JSON.sub(rf'\1"{REDACTED}"', text)
        text = _IN_FORM.sub(rf"\1{REDACTED}", text)
        return _BEARER.sub(rf"\1{REDACTED}", text)

    def headers(self, headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """The headers with credentials replaced; the scheme of Authorization stays."""
        return [(name, self._header(name, value)) for name, value in headers]

    def body(self, body: bytes | None) -> str | None:
        """The body as text; bytes that are no UTF-8 are shown as \\xNN."""
        if body is None:
            return None
        text = body.decode("utf-8", "backslashreplace")
        try:
            parsed = json.loads(text)
        except (ValueError, RecursionError):
            return self.text(text)
        try:
            cleaned, found = _without_members(parsed)
        except RecursionError:
            return self.text(text)
        return self.text(json.dumps(cleaned, ensure_ascii=False) if found else text)

    def _header(self, name: str, value: str) -> str:
        if name.lower() not in _HEADERS:
            return self.text(value)
        scheme, _, credentials = value.partition(" ")
        keeps_scheme = name.lower() == "authorization" and credentials and scheme.isalpha()
        return f"{scheme} {REDACTED}" if keeps_scheme else REDACTED


def passwords(value: Any) -> list[str]:
    """Every string under a member named password, at any depth."""
    found: list[str] = []
    pending = [value]
    while pending:
        part = pending.pop()
        if isinstance(part, dict):
            found += [v for k, v in part.items() if k == "password" and isinstance(v, str)]
            pending.extend(part.values())
        elif isinstance(part, list):
            pending.extend(part)
    return found


def _without_members(value: Any) -> tuple[Any, bool]:
    if isinstance(value, dict):
        found = False
        cleaned = {}
        for key, member in value.items():
            if key.lower() in _MEMBERS:
                cleaned[key], found = REDACTED, True
            else:
                cleaned[key], below = _without_members(member)
                found = found or below
        return cleaned, found
    if isinstance(value, list):
        parts = [_without_members(part) for part in value]
        return [part for part, _ in parts], any(found for _, found in parts)
    return value, False


def _spellings(secret: str) -> set[str]:
    if not secret:
        return set()
    return {
        secret,
        quote(secret, safe=""),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        html.escape(secret),
    }
