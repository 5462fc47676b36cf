"""A mock tenant in a subprocess, for tests over real HTTP."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

TIMEOUT = 20.0


def command(*options: str) -> list[str]:
    """The command line of a mock tenant on a free port."""
    return [sys.executable, "-m", "mock_tenant", "--port", "0", *options]


@contextmanager
def running(*options: str) -> Iterator[dict[str, Any]]:
    """Starts a mock tenant, yields the content of its ready line, and stops it by closing its standard input."""
    with subprocess.Popen(
        [*command(*options), "--until-stdin-closes"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.stdin.close()
            assert process.wait(TIMEOUT) == 0


def token(ready: dict[str, Any], client: str = "", **fields: str) -> httpx.Response:
    """The response to a token request; by default without a scope. `client` is "", "OTHER_" or "RESTRICTED_"."""
    variables = ready["environ"]
    form = {
        "grant_type": "client_credentials",
        "client_id": variables[f"EMPORIX_{client}CLIENT_ID"],
        "client_secret": variables[f"EMPORIX_{client}CLIENT_SECRET"],
        **fields,
    }
    return httpx.post(f"{ready['api_url']}/oauth/token", data=form)


@contextmanager
def customers(ready: dict[str, Any], client: str = "", **fields: str) -> Iterator[httpx.Client]:
    """An HTTP client with a token, whose base URL is that of the tenant, without /customers."""
    tenant = ready["environ"]["EMPORIX_OTHER_TENANT" if client == "OTHER_" else "EMPORIX_TENANT"]
    headers = {
        "Authorization": f"Bearer {token(ready, client, **fields).json()['access_token']}",
        "Emporix-Tenant": tenant,
    }
    base = f"{ready['api_url']}/customer/{tenant}"
    with httpx.Client(base_url=base, headers=headers, timeout=TIMEOUT) as http_client:
        yield http_client
