"""Runs the gateway of `meta_tests.resilience.gateway` in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from meta_tests.resilience.gateway import COUNTS, DEADLINE, ROOT


@dataclass(frozen=True)
class RunningGateway:
    """A gateway that is running: its URL, and what it has done so far."""

    url: str

    def counts(self, **options: Any) -> dict[str, int]:
        """The counts of requests, tokens and faults so far."""
        origin = "/".join(self.url.split("/")[:3])
        counts: dict[str, int] = httpx.get(f"{origin}{COUNTS}", **options).json()
        return counts


@contextmanager
def running_gateway(upstream: str, *options: str) -> Iterator[RunningGateway]:
    """A gateway in a process of its own for as long as the block lasts."""
    command = [sys.executable, "-m", "meta_tests.resilience.gateway", "--upstream", upstream, *options]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield RunningGateway(json.loads(process.stdout.readline())["url"])
        finally:
            process.stdin.close()
            try:
                process.wait(DEADLINE)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
