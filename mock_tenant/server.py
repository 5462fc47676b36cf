"""The server of one mock tenant on a loopback port; its first line of output is the ready line, a JSON object."""

import asyncio
import json
import os
import socket
import sys
import threading
from collections.abc import Mapping

import uvicorn
from starlette.types import ASGIApp

from mock_tenant.application import application
from mock_tenant.behaviour import Behaviour
from mock_tenant.clients import environment

HOST = "127.0.0.1"


class PortError(OSError):
    """The port is not available; the message is one sentence."""


def bind(port: int) -> socket.socket:
    """A listening socket on the loopback address; PortError if the port is in use or not permitted."""
    # asyncio disables Nagle's algorithm only if the protocol is given explicitly.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(1024)
    except OSError as error:
        listener.close()
        raise PortError(
            f"Port {port} of {HOST} cannot be used ({error.strerror}); choose another, or 0 for any."
        ) from error
    return listener


def serve(
    endpoint: ASGIApp, listener: socket.socket, ready: Mapping[str, object], *, until_stdin_closes: bool
) -> None:
    """Prints the ready line and serves requests until a signal arrives, or until the standard input closes."""
    server = server_of(endpoint)
    if until_stdin_closes:
        threading.Thread(target=_stop_when_stdin_closes, args=(server,), daemon=True).start()
    try:
        asyncio.run(_serve(server, ready, listener))
    except KeyboardInterrupt:
        return
    finally:
        listener.close()


def server_of(endpoint: ASGIApp) -> uvicorn.Server:
    """A server of this endpoint, which has not started."""
    return uvicorn.Server(
        uvicorn.Config(
            application(endpoint),
            access_log=False,
            log_level="error",
            lifespan="off",
            server_header=False,
            timeout_keep_alive=60,
            timeout_graceful_shutdown=1,
        )
    )


async def _serve(server: uvicorn.Server, ready: Mapping[str, object], listener: socket.socket) -> None:
    # The socket already listens: a client that connects after the ready line waits in its backlog, at worst.
    print(json.dumps(ready), flush=True)  # noqa: T201 - part of the interface
    await server.serve(sockets=[listener])


def ready_line(behaviour: Behaviour, listener: socket.socket) -> dict[str, object]:
    """The content of the ready line: address, process id, environment variables, tables of the tenant.toml."""
    url = f"http://{HOST}:{listener.getsockname()[1]}"
    return {
        "api_url": url,
        "pid": os.getpid(),
        "environ": environment(behaviour.clients, url),
        "tenant_config": behaviour.configuration.tenant_config(),
    }


def _stop_when_stdin_closes(server: uvicorn.Server) -> None:
    # os.read, not sys.stdin: if a signal ends the process while a thread holds the buffer's lock, Python aborts.
    while os.read(sys.stdin.fileno(), 4096):
        pass
    server.should_exit = True
