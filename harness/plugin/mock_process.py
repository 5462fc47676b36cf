"""The embedded tenant: the mock in a process of its own, which never outlives the suite."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self

from client import ConfigurationError, PreflightError

ROOT = Path(__file__).parents[2]
WRONG_USAGE = 2
"""What the mock exits with when its arguments or its contract file cannot be used."""
STOPPED_WITHIN = 5.0
"""Seconds that the process has to end once its standard input is closed."""


class Embedded(Protocol):
    """A tenant that a run starts for itself: how to reach it, what it promises, and how to end it."""

    @property
    def environ(self) -> Mapping[str, str]:
        """The variables that lead to it."""

    @property
    def tenant_config(self) -> Mapping[str, Any]:
        """The tables of the tenant.toml that goes with it."""

    def stop(self) -> None:
        """End it."""


@dataclass
class EmbeddedTenant:
    """A running mock tenant, the environment that leads to it, and the tenant.toml that goes with it."""

    process: subprocess.Popen[str]
    environ: Mapping[str, str]
    tenant_config: Mapping[str, Any]

    @classmethod
    def start(cls, configuration: Path, arguments: Sequence[str] = ()) -> Self:
        """Start it on a free loopback port and wait for its ready line.

        Where none comes, its complaint: ConfigurationError where it was told wrong, else PreflightError. It
        has a session of its own, so that Ctrl-C ends the run and leaves it to be cleaned up.
        """
        command = [sys.executable, "-m", "mock_tenant", "--port", "0", "--until-stdin-closes"]
        process = subprocess.Popen(  # noqa: S603 - our own module
            [*command, "--tenant-config", str(configuration.resolve()), *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        ready = process.stdout.readline()
        if ready:
            told = json.loads(ready)
            return cls(process, told["environ"], told["tenant_config"])
        complaint = process.stderr.read().strip() or "it ended without a word"
        cls(process, {}, {}).stop()
        error = ConfigurationError if process.returncode == WRONG_USAGE else PreflightError
        raise error(f"The embedded tenant does not start: {complaint}")

    def stop(self) -> None:
        """End the process."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        try:
            self.process.wait(STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()
