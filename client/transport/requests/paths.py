"""What a request target addresses, in every way in which a server could interpret it (RFC 3986 section 6.2.2)."""

from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import quote, unquote

_DEEPEST: Final = 4  # times that a path may be percent-encoded over
_UNTOUCHED: Final = "/%!$&'()*+,;=:@~-._?[]|^`{}\"<>\\"


Kind = Literal["collection", "search", "item", "elsewhere"]


@dataclass(frozen=True, slots=True)
class Address:
    """One interpretation of a path; `kind` is what it addresses, `id` the decoded customerNumber of an item.

    `tenant` is empty where the path addresses something else than customers, `id` where it addresses no item. `below`
    is what follows the id: the path of something that belongs to the customer, such as its addresses.
    """

    kind: Kind
    tenant: str = ""
    id: str = ""
    below: tuple[str, ...] = ()


SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})  # RFC 9110 section 9.2.1


def literal(path: str | bytes) -> str:
    """The path as it can stand in a request line: what cannot is percent-encoded, all else is as given."""
    if isinstance(path, bytes):
        return quote(path, safe=_UNTOUCHED)
    return quote(path.encode("utf-8", "surrogatepass"), safe=_UNTOUCHED)


def segment(value: str) -> str:
    """A value as one path segment; the dots of "." and ".." are encoded, so that no server resolves them."""
    encoded = quote(value.encode("utf-8", "surrogatepass"), safe="")
    return encoded.replace(".", "%2E") if encoded in (".", "..") else encoded


def interpretations(path: str) -> set[Address]:
    """Every address that this path below the API URL has for some server.

    Servers differ in when they decode, whether an encoded slash separates, whether a backslash does, and
    whether dots and empty segments are resolved; a path is only as safe as its most dangerous
    interpretation.
    """
    path = path.partition("?")[0].partition("#")[0]
    found: set[Address] = set()
    for text in _decoded(path):
        found.add(_address(text.split("/"), decode=text is path))
        for resolved in (text, text.replace("\\", "/")):
            found.add(_address(_without_dots(resolved), decode=text is path))
    return found


def has_dot_segments(path: str) -> bool:
    """Whether some server could find a ".." segment in the path."""
    return any(".." in text.replace("\\", "/").split("/") for text in _decoded(path))


def parse(path: str) -> Address:
    """The ordinary interpretation: split at slashes, then decode each segment once."""
    return _address(path.partition("?")[0].split("/"), decode=True)


def creates(method: str, path: str) -> bool:
    """Whether some server could interpret the request as one that creates a customer."""
    kind = {"POST": "collection", "PUT": "item"}.get(method.upper())
    return kind is not None and any(address.kind == kind for address in {parse(path), *interpretations(path)})


def _decoded(path: str) -> list[str]:
    """The path, and the path percent-decoded once, twice and so on."""
    texts = [path]
    while len(texts) <= _DEEPEST and (further := unquote(texts[-1])) != texts[-1]:
        texts.append(further)
    return texts


def _address(segments: list[str], *, decode: bool) -> Address:
    parts = [unquote(part) if decode else part for part in segments]
    if len(parts) < 4 or parts[0] or parts[1].lower() != "customer" or parts[3].lower() != "customers":
        return Address("elsewhere")
    tenant, rest = parts[2], parts[4:]
    if not any(rest):
        return Address("collection", tenant)
    if rest[0].lower() == "search" and not any(rest[1:]):
        return Address("search", tenant)
    id, *below = (part for part in rest if part)
    return Address("item", tenant, id, tuple(below))


def _without_dots(path: str) -> list[str]:
    resolved: list[str] = []
    for part in path.split("/"):
        if unquote(part) == "..":
            resolved = resolved[:-1]
        elif part and unquote(part) != ".":
            resolved.append(part)
    return ["", *resolved]
