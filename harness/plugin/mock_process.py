"""The mock tenant in a process of its own, which ends with the suite."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from client import ConfigurationError, PreflightError

ROOT: Final = Path(__file__).parents[2]
MOCK_CONFIGURATION: Final = ROOT / "mock_tenant" / "tenant.toml"
USAGE_ERROR: Final = 2
"""Exit code of the mock for arguments or a tenant.toml that it cannot use."""
STOP_TIMEOUT: Final = 5.0
"""Seconds within which the process must end after its standard input is closed."""


@dataclass
class EmbeddedTenant:
    """A running mock tenant: its process, the environment variables that name it, and its tenant.toml."""

    process: subprocess.Popen[str]
    environ: Mapping[str, str]
    tenant_config: Mapping[str, Any]

    @classmethod
    def start(cls, configuration: Path, arguments: Sequence[str] = ()) -> Self:
        """Start it on a free loopback port and wait for its ready line.

        If it ends before that: ConfigurationError for wrong arguments, otherwise PreflightError. It has a session
        of its own, so that Ctrl-C ends the run and not the mock, which the clean-up needs.
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
        if line := process.stdout.readline():
            ready = json.loads(line)
            return cls(process, ready["environ"], ready["tenant_config"])
        reason = process.stderr.read().strip() or "the process ended without a message"
        cls(process, {}, {}).stop()
        error = ConfigurationError if process.returncode == USAGE_ERROR else PreflightError
        raise error(f"The mock tenant does not start: {reason}")

    def stop(self) -> None:
        """End the process."""
        try:
            self.process.communicate(timeout=STOP_TIMEOUT)  # closes its standard input
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
