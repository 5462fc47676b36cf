"""A gateway in front of a tenant, in a process of its own: faults, limits and downtime over real sockets.

`python -m meta_tests.resilience.gateway --upstream URL …` prints its URL as JSON, ends when its standard
input closes, and answers `GET /-/counts` with what it did so far.
"""

import argparse
import asyncio
import json
import random
import re
import socket
import ssl
import struct
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[2]
DEADLINE = 20.0
COUNTS = "/-/counts"
TOKEN = "/oauth/token"
BAD = ("502", "503", "504", "504-late", "reset", "reset-late", "half-closed", "cut-off", "slow-body")
"""Answers of the gateway, connections that end before or after the tenant acted, bodies that do not arrive."""
SILENCE = "silence"
"""The tenant acts, and no answer ever comes."""
LATE = frozenset({"504-late", "reset-late", "half-closed", "cut-off", "slow-body", SILENCE})
"""Those where the tenant has executed the request."""
TRICKLE = 0.15
"""Seconds that a slow body takes."""


@dataclass
class Gateway:
    """What stands between client and tenant, and what it has done; `options` as on the command line."""

    options: argparse.Namespace
    done: Counter[str] = field(default_factory=Counter)
    served: deque[float] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.options.seed)  # noqa: S311 - no secret
        parts = urlsplit(self.options.upstream)
        self.upstream = (parts.hostname or "127.0.0.1", parts.port or 80)

    def fault(self, target: str) -> str:
        """The fault that this request meets; empty for none."""
        self.done["requests"] += 1
        number = self.done["requests"]
        self.done["most in a second"] = max(self.done["most in a second"], self._rate())
        if self.options.unavailable and self.options.unavailable[0] < number <= sum(self.options.unavailable):
            return "503"
        if target.startswith(TOKEN):
            self.done["tokens"] += 1
            if self.done["tokens"] in self.options.bad_tokens:
                return str(self.options.token_fault)
        if self.options.limit and len(self.served) > self.options.limit:
            self.served.pop()
            return "429"
        if self.options.faults and self.chance.random() < self.options.faults:
            return str(self.chance.choice(self.options.kinds))
        return ""

    def _rate(self) -> int:
        """Requests that were let through in the last second, this one included."""
        now = time.monotonic()
        self.served.append(now)
        while self.served[0] <= now - 1:
            self.served.popleft()
        return len(self.served)

    async def connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of a client, for as long as it stays open."""
        above: list[Any] = []
        try:
            while await self.exchange(reader, writer, above):
                pass
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.LimitOverrunError):
            pass
        finally:
            for each in (writer, *above[1:]):
                with suppress(Exception):
                    each.close()

    async def exchange(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, above: list[Any]
    ) -> bool:
        """One request and its answer; whether the connection stays open."""
        head, body = await message(reader)
        method, target = head.split(b" ", 2)[:2]
        path = target.decode("latin-1")
        if method == b"CONNECT":
            return await self.tunnel(reader, writer, path)
        if path.startswith("http://"):
            self.done["proxied"] += 1
            path = "/" + path.split("/", 3)[3]
        if path == COUNTS:
            await reply(writer, 200, json.dumps(self.done).encode())
            return True
        if not path.startswith(self.options.base_path):
            await reply(writer, 404, b'{"status": 404, "message": "below the base path only"}')
            return True
        path = path[len(self.options.base_path) :]
        head = head.replace(target, path.encode("latin-1"), 1)
        if path.startswith(TOKEN) and self.options.token_delay:
            await asyncio.sleep(self.options.token_delay)
        fault = self.fault(path)
        if fault:
            self.done[fault] += 1
        if self.options.redirect and not path.startswith(TOKEN):
            await reply(writer, 307, b"", f"Location: {self.options.redirect}{path}")
            return True
        if fault and fault not in LATE:
            return await self.reject(writer, fault)
        answer_head, answer = await self.forward(above, method, head + body)
        if not fault:
            writer.write(answer_head + answer)
            await writer.drain()
            return b"\r\nconnection: close" not in answer_head.lower()
        return await self.spoil(writer, fault, answer_head, answer)

    async def tunnel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, to: str) -> bool:
        """Carry bytes there and back, as a proxy does for TLS (RFC 9110 section 9.3.6)."""
        self.done["tunnels"] += 1
        host, _, port = to.rpartition(":")
        there = await asyncio.open_connection(host.strip("[]"), int(port))
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")

        async def carry(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            while data := await source.read(65536):
                sink.write(data)
                await sink.drain()
            sink.close()

        await asyncio.gather(carry(reader, there[1]), carry(there[0], writer), return_exceptions=True)
        return False

    async def forward(self, above: list[Any], method: bytes, request: bytes) -> tuple[bytes, bytes]:
        """The tenant's answer."""
        if not above:
            above += await asyncio.open_connection(*self.upstream)
        above[1].write(request)
        return await message(above[0], answers=method)

    async def reject(self, writer: asyncio.StreamWriter, fault: str) -> bool:
        """Answer in the tenant's place, without forwarding the request; whether the connection stays open."""
        if fault == "reset":
            reset(writer)
            return False
        header = ""
        if fault == "429" and self.options.retry_after == "seconds":
            header = "Retry-After: 1"
        elif fault == "429" and self.options.retry_after == "date":
            header = f"Retry-After: {formatdate(time.time() + 1, usegmt=True)}"
        await reply(writer, int(fault), b"<html>Not now.</html>", header)
        return True

    async def spoil(self, writer: asyncio.StreamWriter, fault: str, head: bytes, body: bytes) -> bool:
        """Let the tenant's answer arrive late, in part or not at all; whether the connection stays open."""
        if fault == "reset-late":
            reset(writer)
            return False
        if fault == SILENCE:
            await writer.wait_closed()
            return False
        if fault == "504-late":
            await reply(writer, 504, b"<html>Gateway Time-out</html>")
            return True
        if fault == "cut-off":
            writer.write(head + body[: len(body) // 2] if body else head[: len(head) // 2])
            await writer.drain()
            return False
        if fault == "half-closed":
            # The whole answer, and no word that it was the last one of this connection.
            writer.write(head + body)
            await writer.drain()
            writer.write_eof()
            return False
        for part in (head, body[: len(body) // 2], body[len(body) // 2 :]):
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(TRICKLE / 2)
        return True


async def message(reader: asyncio.StreamReader, answers: bytes = b"") -> tuple[bytes, bytes]:
    """Head and body of an HTTP message as they came (RFC 9112); `answers` is the method that it answers."""
    head = await reader.readuntil(b"\r\n\r\n")
    status = head.split(b" ", 2)[1] if answers else b""
    if answers == b"HEAD" or status in (b"204", b"304"):
        return head, b""
    if re.search(rb"\r\ntransfer-encoding:\s*chunked", head, re.IGNORECASE):
        body = b""
        while True:
            line = await reader.readuntil(b"\r\n")
            size = int(line.split(b";")[0], 16)
            body += line + await reader.readexactly(size + 2)
            if size == 0:
                return head, body
    length = re.search(rb"\r\ncontent-length:\s*(\d+)", head, re.IGNORECASE)
    return head, await reader.readexactly(int(length[1])) if length else b""


async def reply(writer: asyncio.StreamWriter, status: int, body: bytes, *headers: str) -> None:
    """An answer of the gateway itself."""
    kind = "application/json" if body.startswith(b"{") else "text/html"
    lines = [f"HTTP/1.1 {status} .", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    lines += [f"Date: {formatdate(usegmt=True)}", *(each for each in headers if each), "", ""]
    writer.write("\r\n".join(lines).encode("latin-1") + body)
    await writer.drain()


def reset(writer: asyncio.StreamWriter) -> None:
    """End a connection by RST."""
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def parser() -> argparse.ArgumentParser:
    """The options."""
    options = argparse.ArgumentParser(prog="python -m meta_tests.resilience.gateway")
    options.add_argument("--upstream", required=True, help="the tenant, http://127.0.0.1:PORT")
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--base-path", default="", help="the path below which the API is")
    options.add_argument(
        "--certificate", default="", help="a PEM file with certificate and key: listen by TLS"
    )
    options.add_argument("--faults", type=float, default=0.0, help="share of requests that meet a fault")
    options.add_argument("--kinds", nargs="*", default=BAD, choices=(*BAD, SILENCE))
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--limit", type=int, default=0, help="requests a second; 0 is no limit")
    options.add_argument(
        "--retry-after", default="", choices=("", "seconds", "date"), help="the form of Retry-After in a 429"
    )
    options.add_argument("--token-delay", type=float, default=0.0, help="seconds that a token takes")
    options.add_argument("--token-fault", default="503", choices=("429", "500", "503", "reset"))
    options.add_argument(
        "--bad-tokens", type=int, nargs="*", default=(), help="token requests that fail, from 1"
    )
    options.add_argument(
        "--unavailable", type=int, nargs=2, help="after so many requests, so many answered 503"
    )
    options.add_argument("--redirect", default="", help="where every request but the token's is sent")
    return options


async def serve(options: argparse.Namespace) -> None:
    """Listen until the standard input closes."""
    context = None
    if options.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.certificate)
    gateway = Gateway(options)
    server = await asyncio.start_server(gateway.connection, options.host, 0, ssl=context, limit=2**24)
    port = server.sockets[0].getsockname()[1]
    host = f"[{options.host}]" if ":" in options.host else options.host
    scheme = "https" if context else "http"
    print(json.dumps({"url": f"{scheme}://{host}:{port}{options.base_path}"}), flush=True)  # noqa: T201
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()

    def listen() -> None:
        sys.stdin.read()
        loop.call_soon_threadsafe(ended.set)

    threading.Thread(target=listen, daemon=True).start()
    await ended.wait()
    server.close()


def main(arguments: Sequence[str]) -> None:
    """Run until the standard input closes."""
    asyncio.run(serve(parser().parse_args(arguments)))


if __name__ == "__main__":
    main(sys.argv[1:])
