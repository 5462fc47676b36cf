"""The body of a response, decoded piece by piece within limits of size and time (RFC 9110 section 8.4)."""

import time
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from client.errors import TransportError

ACCEPTED_CODINGS: Final = "gzip, deflate"
MAX_BYTES: Final = (
    32 * 1024 * 1024
)  # after decoding; the vendor allows a payload of 10 MB, with room to spare
MAX_SECONDS: Final = 60.0  # from sending the request to the last byte of the body
_PIECE: Final = 64 * 1024  # bytes that a decoder may produce in one step
_GZIP: Final = zlib.MAX_WBITS | 16
_RAW_DEFLATE: Final = -zlib.MAX_WBITS


def read_body(
    chunks: Iterable[bytes], content_encoding: str, *, max_bytes: int, deadline: float, max_seconds: float
) -> bytes:
    """The decoded body; codings other than gzip and deflate were not accepted and are left as they are.

    `deadline` is monotonic. TransportError where the body is too long, takes too long or cannot be decoded; no more
    than `max_bytes` and one piece for each coding are held in memory.
    """

    def limited(pieces: Iterable[bytes]) -> Iterator[bytes]:
        size = 0
        for piece in pieces:
            size += len(piece)
            if size > max_bytes:
                raise TransportError(f"the response is larger than {max_bytes:,} bytes", sent=True)
            if time.monotonic() > deadline:
                raise TransportError(f"the response took longer than {max_seconds:g} s", sent=True)
            yield piece

    pieces = limited(chunks)
    for coding in reversed([name.strip().lower() for name in content_encoding.split(",")]):
        if coding in ("gzip", "x-gzip"):
            pieces = limited(_inflated(pieces, zlib.decompressobj(_GZIP)))
        elif coding == "deflate":
            pieces = limited(_deflated(pieces))
    try:
        return b"".join(pieces)
    except zlib.error as error:
        raise TransportError(f"the response cannot be decoded ({error})", sent=True) from None


def _inflated(pieces: Iterable[bytes], decoder: "zlib._Decompress") -> Iterator[bytes]:
    """The decoded pieces, each of a bounded size; what follows the end of the compressed data is ignored."""
    for data in pieces:
        while not decoder.eof:
            piece = decoder.decompress(data, _PIECE)
            yield piece
            data = decoder.unconsumed_tail
            if not data and len(piece) < _PIECE:
                break


def _deflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Deflate with the header of zlib (RFC 1950), or without it as some servers send it."""
    source = iter(pieces)
    first = next(source, b"")
    try:
        zlib.decompressobj().decompress(first, _PIECE)
        decoder = zlib.decompressobj()
    except zlib.error:
        decoder = zlib.decompressobj(_RAW_DEFLATE)
    yield from _inflated(chain([first], source), decoder)
