"""Runs of the suite as a user starts them: pytest with options and an environment, and what comes of it."""

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
FORK = multiprocessing.get_context("fork")
DEADLINE = 60.0
"""Seconds within which a run of few tests ends."""


@dataclass(frozen=True)
class Ended:
    """A run that ended: its exit code, all that it printed, and where its report is."""

    code: int | None
    said: str
    folder: Path

    @property
    def lines(self) -> list[str]:
        """What it printed, without empty lines."""
        return [line for line in self.said.splitlines() if line.strip()]


def environment(**variables: str) -> dict[str, str]:
    """The environment of this process with these variables, and neither a tenant nor a CI system beside them."""
    foreign = ("EMPORIX_", "GITHUB_")
    return {name: value for name, value in os.environ.items() if not name.startswith(foreign)} | variables


@dataclass(frozen=True)
class Running:
    """A run that has begun, in a forked process, which saves the seconds of its imports."""

    process: BaseProcess
    log: Path
    folder: Path

    def ended(self) -> Ended:
        """The run when it has ended; TimeoutError where that takes too long."""
        self.process.join(DEADLINE)
        if self.process.exitcode is None:
            self.process.kill()
            self.process.join()
            raise TimeoutError(f"the run has not ended within {DEADLINE:.0f} seconds")
        said = self.log.read_text(encoding="utf-8", errors="replace")
        return Ended(self.process.exitcode, said, self.folder)


def begun(
    folder: Path,
    *arguments: str,
    environ: Mapping[str, str] | None = None,
    plugins: Sequence[object] = (),
    cwd: Path = ROOT,
) -> Running:
    """Start pytest with these arguments; its report goes to `folder` unless they say otherwise.

    Elsewhere than in the project's folder, paths of tests must be whole.
    """
    log = folder.with_suffix(".log")
    command = ["-q", "-p", "no:cacheprovider", f"--rootdir={ROOT}", *arguments]
    if not any(argument.startswith("--report-dir") for argument in arguments):
        command.append(f"--report-dir={folder}")
    told = dict(environ or environment())
    process = FORK.Process(target=_run, args=(command, told, log, plugins, cwd))
    process.start()
    return Running(process, log, folder)


def ended(folder: Path, *arguments: str, **how: Any) -> Ended:
    """Run pytest with these arguments until it ends; `environ`, `plugins` and `cwd` as for `begun`."""
    return begun(folder, *arguments, **how).ended()


def _run(
    command: Sequence[str], environ: Mapping[str, str], log: Path, plugins: Sequence[object], cwd: Path
) -> None:
    """In the child: pytest, its output in a file."""
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(handle, stream)
    # What the parent's pytest put in their place would keep the words of this run to itself.
    sys.stdout, sys.stderr = (os.fdopen(stream, "w", encoding="utf-8", buffering=1) for stream in (1, 2))
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(cwd)
    code = pytest.main([*command], plugins=[*plugins])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(int(code))
