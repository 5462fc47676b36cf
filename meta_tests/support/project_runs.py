"""Runs the suite as a user does: pytest with options and an environment, in a process of its own."""

import faulthandler
import multiprocessing
import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).parents[2]
FORK: Final = multiprocessing.get_context("fork")
DEADLINE: Final = 60.0
"""Seconds within which a run of few tests ends."""
WHOLE_RUN_DEADLINE: Final = 240.0
"""Seconds within which a run of all tests ends."""
LATE: Final = re.compile(r"Timeout \([\d:]+\)!$", re.MULTILINE)
"""What faulthandler prints before the stacks."""


@dataclass(frozen=True)
class SuiteResult:
    """The result of a run: its exit code, everything it printed, and the folder of its report."""

    code: int | None
    output: str
    folder: Path

    @property
    def lines(self) -> list[str]:
        """What it printed, without empty lines."""
        return [line for line in self.output.splitlines() if line.strip()]


@dataclass(frozen=True)
class RunningSuite:
    """A run in a forked process, which saves the seconds of its imports."""

    process: BaseProcess
    log: Path
    folder: Path

    def wait(self) -> SuiteResult:
        """The result at the end of the run; TimeoutError, with the stack of each thread, if the deadline ended it."""
        self.process.join()
        output = self.log.read_text(encoding="utf-8", errors="replace")
        if LATE.search(output):
            raise TimeoutError(output)
        return SuiteResult(self.process.exitcode, output, self.folder)


def environment(**variables: str) -> dict[str, str]:
    """The environment of this process with these variables, without a tenant and without a CI system."""
    foreign = ("EMPORIX_", "GITHUB_")
    return {name: value for name, value in os.environ.items() if not name.startswith(foreign)} | variables


def start_suite(
    folder: Path,
    *arguments: str,
    environ: Mapping[str, str] | None = None,
    plugins: Sequence[object] = (),
    cwd: Path = ROOT,
    deadline: float = DEADLINE,
) -> RunningSuite:
    """Start pytest with these arguments; its report goes to `folder` unless they name another.

    With another working directory, the paths of tests must be absolute. The deadline is in seconds.
    """
    log = folder.with_suffix(".log")
    # The plugin of pytest would cancel the deadline when a test fails.
    command = ["-q", "-p", "no:cacheprovider", "-p", "no:faulthandler", f"--rootdir={ROOT}", *arguments]
    if not any(argument.startswith("--report-dir") for argument in arguments):
        command.append(f"--report-dir={folder}")
    variables = dict(environ or environment())
    process = FORK.Process(target=_run, args=(command, variables, log, plugins, cwd, deadline))
    process.start()
    return RunningSuite(process, log, folder)


def run_suite(folder: Path, *arguments: str, **options: Any) -> SuiteResult:
    """Run pytest with these arguments to its end; options as for `start_suite`."""
    return start_suite(folder, *arguments, **options).wait()


def _run(
    command: Sequence[str],
    environ: Mapping[str, str],
    log: Path,
    plugins: Sequence[object],
    cwd: Path,
    deadline: float,
) -> None:
    """Run pytest in this forked process, with its output in a file."""
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(handle, stream)
    faulthandler.dump_traceback_later(deadline, exit=True, file=handle)
    # The pytest of the parent process has replaced both streams.
    sys.stdout, sys.stderr = (os.fdopen(stream, "w", encoding="utf-8", buffering=1) for stream in (1, 2))
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(cwd)
    code = pytest.main([*command], plugins=[*plugins])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(int(code))
