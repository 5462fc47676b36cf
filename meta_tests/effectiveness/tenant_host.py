"""Mock tenants of many runs in one process: a process for each would cost a fifth of the processor time of a run."""

import asyncio
import json
import multiprocessing
import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Self

from mock_tenant.application import Endpoint
from mock_tenant.behaviour import Behaviour
from mock_tenant.cli import parser
from mock_tenant.configuration import read_configuration
from mock_tenant.messages import ApiRequest, ApiResponse
from mock_tenant.registry import compose
from mock_tenant.server import bind, ready_line, server_of

FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class HostedTenant:
    """A tenant that ends with its connection to the host, and so with the process of the run that holds it."""

    connection: socket.socket
    environ: Mapping[str, str]
    tenant_config: Mapping[str, Any]

    def stop(self) -> None:
        """Ends the tenant, also while workers of the run hold the connection too."""
        self.connection.shutdown(socket.SHUT_RDWR)
        self.connection.close()


@dataclass(frozen=True)
class TenantHost:
    """A process that serves tenants, each on a loopback port of its own; runs reach it by the path of its socket."""

    process: BaseProcess
    path: Path

    @classmethod
    def start(cls, path: Path) -> Self:
        """Starts a host that listens at this path."""
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        listener.listen(64)
        process = FORK.Process(target=_serve, args=(listener,))
        process.start()
        listener.close()
        return cls(process, path)

    def tenant(
        self, configuration: Path, arguments: Sequence[str] = (), *, latency: float = 0.0
    ) -> HostedTenant:
        """A new tenant; `arguments` are those of `python -m mock_tenant`.

        `latency`: seconds that are added to each response.
        """
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(str(self.path))
        with connection.makefile("rw", encoding="utf-8") as file:
            file.write(f"{json.dumps([str(configuration), [*arguments], latency])}\n")
            file.flush()
            ready = json.loads(file.readline())
        return HostedTenant(connection, ready["environ"], ready["tenant_config"])

    def stop(self) -> None:
        """Ends the host with all tenants, which have no state to save."""
        self.process.kill()
        self.process.join()


def _serve(listener: socket.socket) -> None:
    """Serves tenants until the process that has started this one stops it, or ends."""

    async def serve() -> None:
        server = await asyncio.start_unix_server(_serve_tenant, sock=listener)
        parent = multiprocessing.parent_process()
        assert parent is not None
        asyncio.get_running_loop().add_reader(parent.sentinel, os._exit, 0)
        await server.serve_forever()

    asyncio.run(serve())


async def _serve_tenant(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Serves the tenant that a run requests for as long as the connection is open."""
    configuration, arguments, latency = json.loads(await reader.readline())
    options = parser().parse_args(arguments)
    behaviour, tenant_config = compose(options.defect, options.variation)
    if latency:
        behaviour = _delayed(behaviour, latency)
    tenant = behaviour(read_configuration(Path(configuration)).replace(**tenant_config))
    listener = bind(0)
    server = server_of(Endpoint(tenant))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    writer.write(f"{json.dumps(ready_line(tenant, listener))}\n".encode())
    await reader.read()
    server.should_exit = server.force_exit = True
    await serving
    writer.close()


def _delayed(behaviour: type[Behaviour], latency: float) -> type[Behaviour]:
    async def before_request(self: Any, request: ApiRequest) -> ApiResponse | None:
        await asyncio.sleep(latency)
        return await behaviour.before_request(self, request)

    return type(behaviour.__name__, (behaviour,), {"before_request": before_request})
