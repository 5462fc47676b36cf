"""A mock tenant in a fork of the process of a run."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from mock_tenant.application import Endpoint
from mock_tenant.behaviour import Behaviour
from mock_tenant.cli import parser
from mock_tenant.clients import environment
from mock_tenant.configuration import read_configuration
from mock_tenant.messages import ApiRequest, ApiResponse
from mock_tenant.registry import compose
from mock_tenant.server import HOST, bind, ready_line, serve


@dataclass
class ForkedTenant:
    """A running mock tenant. It ends with the process of the run, because its standard input closes then."""

    process: int
    stdin: int
    environ: Mapping[str, str]
    tenant_config: Mapping[str, Any]

    @classmethod
    def start(cls, configuration: Path, arguments: Sequence[str] = (), *, latency: float = 0.0) -> Self:
        """Starts a tenant on a free loopback port; `arguments` are those of `python -m mock_tenant`.

        `latency`: seconds that are added to each response.
        """
        options = parser().parse_args([*arguments])
        behaviour, tenant_config = compose(options.defect, options.variation)
        if latency:
            behaviour = _delayed(behaviour, latency)
        tenant = behaviour(read_configuration(configuration).replace(**tenant_config))
        listener = bind(0)
        environ = environment(tenant.clients, f"http://{HOST}:{listener.getsockname()[1]}")
        read_end, write_end = os.pipe()
        process = os.fork()
        if not process:
            os.close(write_end)
            os.dup2(read_end, 0)
            sys.stdin = os.fdopen(0)
            serve(Endpoint(tenant), listener, ready_line(tenant, listener), until_stdin_closes=True)
            os._exit(0)
        os.close(read_end)
        listener.close()
        return cls(process, write_end, environ, tenant.configuration.tenant_config())

    def stop(self) -> None:
        """Kills the tenant, which has no state to save."""
        os.kill(self.process, signal.SIGKILL)
        os.close(self.stdin)
        os.waitpid(self.process, 0)


def _delayed(behaviour: type[Behaviour], latency: float) -> type[Behaviour]:
    async def before_request(self: Any, request: ApiRequest) -> ApiResponse | None:
        await asyncio.sleep(latency)
        return await behaviour.before_request(self, request)

    return type(behaviour.__name__, (behaviour,), {"before_request": before_request})
