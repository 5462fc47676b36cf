"""A mock tenant in a subprocess, for tests in Python."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode
from urllib.request import Request, urlopen

PACKAGE_PARENT: Final = Path(__file__).parents[2]
STOP_TIMEOUT: Final = 5.0
"""Seconds within which the process ends after its standard input is closed."""


class MockStartError(Exception):
    """The mock does not start; the message names its options."""


@dataclass(frozen=True)
class RunningMock:
    """A running mock tenant: its base URL, its name, the environment variables that name it, and its tenant.toml."""

    api_url: str
    tenant: str
    environ: Mapping[str, str]
    tenant_config: Mapping[str, Any]

    def access_token(self, scope: str = "") -> str:
        """A token of the client, with these scopes, separated by spaces; by default with all."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self.environ["EMPORIX_CLIENT_ID"],
            "client_secret": self.environ["EMPORIX_CLIENT_SECRET"],
            "scope": scope,
        }
        return str(self._send("POST", "/oauth/token", urlencode(form).encode())["access_token"])

    def reset(self) -> None:
        """Restores the initial customers and empties the log of requests; tokens stay valid."""
        self._send("POST", "/mock/reset")

    def requests(self) -> list[dict[str, Any]]:
        """The requests since the start or the last reset, the latest 1,000, without tokens and secrets.

        Each has number, method, target, headers, body, status and response; bodies are JSON values where they can be.
        """
        return list(self._send("GET", "/mock/requests"))

    def _send(self, method: str, path: str, form: bytes | None = None) -> Any:
        request = Request(self.api_url + path, data=form, method=method)  # noqa: S310 - the scheme is http
        with urlopen(request, timeout=20) as response:  # noqa: S310
            return json.loads(response.read() or "null")


@contextmanager
def running_mock(*options: str, cwd: Path | None = None) -> Iterator[RunningMock]:
    """Starts `python -m mock_tenant` on a free port with these options, and stops it at the end.

    MockStartError if it does not start.
    """
    paths = [str(PACKAGE_PARENT), *filter(None, [os.environ.get("PYTHONPATH")])]
    process = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "mock_tenant", "--port", "0", "--until-stdin-closes", *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=None,
        text=True,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )
    assert process.stdin is not None  # noqa: S101 - for the type checker
    assert process.stdout is not None  # noqa: S101
    try:
        line = process.stdout.readline()
        if not line:
            raise MockStartError(f"The mock tenant does not start with the options {' '.join(options)}.")
        ready = json.loads(line)
        yield RunningMock(
            ready["api_url"], ready["environ"]["EMPORIX_TENANT"], ready["environ"], ready["tenant_config"]
        )
    finally:
        process.stdin.close()
        try:
            process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
