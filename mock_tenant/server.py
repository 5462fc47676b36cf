"""One mock tenant on a loopback port: it says in one line of JSON where it listens, and ends when told."""

import asyncio
import json
import os
import socket
import sys
import threading

import uvicorn

from mock_tenant.application import application
from mock_tenant.behaviour import Behaviour
from mock_tenant.directory import environment

HOST = "127.0.0.1"


class PortError(OSError):
    """The port cannot be had; the message is one sentence."""


def bind(port: int) -> socket.socket:
    """A listening socket on the loopback address; PortError where the port is taken or forbidden."""
    # asyncio turns Nagle's delay off only where the protocol is named.
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


def serve(behaviour: Behaviour, listener: socket.socket, *, until_stdin_closes: bool) -> None:
    """Serves until a signal comes, or until the standard input closes."""
    server = uvicorn.Server(
        uvicorn.Config(
            application(behaviour),
            access_log=False,
            log_level="error",
            lifespan="off",
            server_header=False,
            timeout_keep_alive=60,
            timeout_graceful_shutdown=1,
        )
    )
    if until_stdin_closes:
        threading.Thread(target=_end_with_stdin, args=(server,), daemon=True).start()
    try:
        asyncio.run(_serve(server, behaviour, listener))
    except KeyboardInterrupt:
        return
    finally:
        listener.close()


async def _serve(server: uvicorn.Server, behaviour: Behaviour, listener: socket.socket) -> None:
    # The socket listens already: whoever connects after the ready line waits in its backlog, at worst.
    print(json.dumps(ready(behaviour, listener)), flush=True)  # noqa: T201 - the ready line is the interface
    await server.serve(sockets=[listener])


def ready(behaviour: Behaviour, listener: socket.socket) -> dict[str, object]:
    """What a parent process learns; `tenant_config` holds the tables of the tenant.toml that goes with it."""
    url = f"http://{HOST}:{listener.getsockname()[1]}"
    return {
        "api_url": url,
        "pid": os.getpid(),
        "environ": environment(behaviour.clients, url),
        "tenant_config": behaviour.configuration.tenant_config(),
    }


def _end_with_stdin(server: uvicorn.Server) -> None:
    # Not through the buffer: its lock, held here when a signal ends the process, would make Python abort.
    while os.read(sys.stdin.fileno(), 4096):
        pass
    server.should_exit = True
