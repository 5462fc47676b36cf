"""A loopback proxy that passes each part of a response on after a delay: `python -m bench.latency PORT SECONDS`."""

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Final

HOST: Final = "127.0.0.1"
PART: Final = 65_536
"""Bytes that are passed on at once."""


async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float) -> None:
    """Pass on what arrives, each part after a delay in seconds, until the connection closes."""
    with suppress(ConnectionError):
        while part := await reader.read(PART):
            await asyncio.sleep(delay)
            writer.write(part)
            await writer.drain()
    writer.close()


async def serve(port: int, delay: float, started: Callable[[int], object]) -> None:
    """Forward connections to the port; `started` is called with the port of the proxy."""

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream_reader, upstream_writer = await asyncio.open_connection(HOST, port)
        await asyncio.gather(pipe(reader, upstream_writer, 0), pipe(upstream_reader, writer, delay))

    server = await asyncio.start_server(forward, HOST, 0)
    started(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def print_port(port: int) -> None:
    """Print the port for the process that has started the proxy."""
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2]), print_port))
