"""The body of a response: decoded, and read within limits of memory and time."""

import gzip
import json
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from itertools import repeat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client import Client, RetryPolicy, Run, TransientError, load_settings
from client.errors import TransportError
from client.transport.body import MAX_BYTES, read_body
from meta_tests.support.loopback_tenant import LoopbackTenant, Reply, loopback_tenant, times

MEBIBYTE = 1024 * 1024
ENDLESS = repeat(b"x" * 65536)
JSON = b'[{"id": "1"}]'


def raw_deflate(data: bytes) -> bytes:
    """The data in deflate without the header of zlib (RFC 1951)."""
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush()


def gzip_bomb(mebibytes: int) -> bytes:
    """Zeros of this size in gzip, a thousand times smaller: one block, repeated."""
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    block = compressor.compress(bytes(MEBIBYTE)) + compressor.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08" + bytes(7) + block * mebibytes + raw_deflate(b"") + bytes(8)


def read(*chunks: bytes, coding: str = "", max_bytes: int = MAX_BYTES, seconds: float = 60.0) -> bytes:
    """The body of these chunks."""
    deadline = time.monotonic() + seconds
    return read_body(chunks, coding, max_bytes=max_bytes, deadline=deadline, max_seconds=seconds)


@pytest.fixture
def server() -> Iterator[LoopbackTenant]:
    with loopback_tenant() as server:
        yield server


@pytest.fixture
def client(server: LoopbackTenant, tmp_path: Path) -> Iterator[Client]:
    policy = RetryPolicy(attempts=2, first_wait=0.005, jitter=0.005)
    client = Client(load_settings(None, server.environ()), Run("abcde", tmp_path), retry_policy=policy)
    yield client
    client.close()


@pytest.mark.parametrize(
    ("coding", "encode"),
    [
        ("gzip", gzip.compress),
        ("GZip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", raw_deflate),
        ("deflate, gzip", lambda data: gzip.compress(zlib.compress(data))),
        ("identity", bytes),
        ("br", bytes),
    ],
)
def test_each_content_coding_of_a_response(
    server: LoopbackTenant, client: Client, coding: str, encode: Callable[[bytes], bytes]
) -> None:
    headers = {"Content-Encoding": coding}
    server.faults.append(times(1, Reply(200, headers=headers, chunks=[encode(JSON)])))
    exchange = client.as_("client").list()
    assert exchange.json == json.loads(JSON)
    assert exchange.header("Content-Encoding") == coding, "the headers are those that were received"
    assert exchange.response.json() == exchange.json
    assert server.seen[-1].headers["accept-encoding"] == "gzip, deflate"


@given(st.binary(max_size=300_000), st.sampled_from([1, 2, 1000, 65536]))
def test_any_bytes_in_any_chunks_are_decoded(data: bytes, size: int) -> None:
    encoded = gzip.compress(data, compresslevel=1)
    chunks = [encoded[start : start + size] for start in range(0, len(encoded), size)]
    assert read(*chunks, coding="gzip") == data


@pytest.mark.parametrize(
    "reply",
    [
        Reply(chunks=ENDLESS),
        Reply(chunks=[gzip_bomb(2048)], headers={"Content-Encoding": "gzip"}),
        Reply(chunks=[gzip.compress(gzip_bomb(2048))], headers={"Content-Encoding": "gzip, gzip"}),
    ],
    ids=["endless", "2 MB of gzip for 2 GiB", "gzip twice"],
)
def test_a_response_beyond_the_limit_is_an_error_in_bounded_memory_and_time(
    server: LoopbackTenant, client: Client, reply: Reply
) -> None:
    client.as_("client").list()
    server.faults.append(times(2, reply))
    started = time.monotonic()
    tracemalloc.start()
    try:
        with pytest.raises(TransientError, match="larger than 33,554,432 bytes") as caught:
            client.as_("client").list()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "\n" not in str(caught.value)
    assert peak < MAX_BYTES + 16 * MEBIBYTE
    assert time.monotonic() - started < 10
    assert client.as_("client").list().status == 200, "the connection is not used again"


def test_a_response_of_the_limit_is_read() -> None:
    assert len(read(*[bytes(MEBIBYTE)] * 32)) == MAX_BYTES
    with pytest.raises(TransportError, match="larger"):
        read(*[bytes(MEBIBYTE)] * 32, b"x")


def test_a_body_that_takes_too_long_is_an_error() -> None:
    with pytest.raises(TransportError, match="took longer than 0 s"):
        read(JSON, seconds=0)


@pytest.mark.parametrize(("coding", "data"), [("gzip", b"plain"), ("deflate", b"\xff\xff\xff")])
def test_a_body_that_cannot_be_decoded_is_an_error(coding: str, data: bytes) -> None:
    with pytest.raises(TransportError, match="cannot be decoded"):
        read(data, coding=coding)


def test_bytes_after_the_end_of_the_compressed_data_are_ignored() -> None:
    assert read(gzip.compress(JSON) + b"more", b"and more", coding="gzip") == JSON
