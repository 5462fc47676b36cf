"""Runs of the suite on seeded defects and conforming variations, several in parallel.

One process imports and collects. Every run is a fork of it, and another fork serves the mock tenants of all runs, so
that a run costs less than a tenth of a second beyond its requests instead of five.
"""

import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from meta_tests.effectiveness.fork_server import ForkServer
from meta_tests.effectiveness.jobs import Job, Outcome

ROOT = Path(__file__).parents[2]
PROCESSES = os.cpu_count() or 2
DISABLED_PLUGINS = ("cacheprovider", "allure_pytest", "unraisableexception", "threadexception")
"""Plugins of pytest whose files are not needed, and those that collect garbage at the end of each run."""
FORK = multiprocessing.get_context("fork")


def run(jobs: Iterable[Job], processes: int = PROCESSES) -> Iterator[Outcome]:
    """Yields the outcome of each job when its run ends; RuntimeError if the fork server fails."""
    for profile, group in groupby(jobs, lambda job: job.profile):
        yield from _run(profile, list(group), processes)


def _run(profile: str, jobs: Sequence[Job], processes: int) -> Iterator[Outcome]:
    folder = Path(tempfile.mkdtemp(prefix="contract-runs-"))
    receiver, sender = FORK.Pipe(duplex=False)
    process = FORK.Process(target=_serve, args=(profile, jobs, processes, receiver, sender, folder))
    process.start()
    sender.close()
    try:
        for _ in jobs:
            yield receiver.recv()
    except EOFError:
        log = (folder / "log").read_text(encoding="utf-8", errors="replace")
        raise RuntimeError(f"the fork server ended before its last job: {log[-2000:]}") from None
    finally:
        # A caller that stops early closes the pipe; the server then starts no further runs.
        receiver.close()
        process.join()
        shutil.rmtree(folder, ignore_errors=True)


def _serve(
    profile: str,
    jobs: Sequence[Job],
    processes: int,
    receiver: Connection,
    sender: Connection,
    folder: Path,
) -> None:
    """In the child process: runs pytest with the fork server."""
    receiver.close()  # otherwise the pipe would stay open, and fill, after the caller has stopped reading
    os.dup2(os.open(folder / "log", os.O_WRONLY | os.O_CREAT), 1)
    os.dup2(1, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.chdir(ROOT)
    arguments = ["tests", f"--hypothesis-profile={profile}", f"--report-dir={folder / 'report'}"]
    disabled = [word for name in DISABLED_PLUGINS for word in ("-p", f"no:{name}")]
    command = ["-q", "-s", "--assert=plain", *disabled, f"--rootdir={ROOT}", *arguments]
    code = pytest.main(command, plugins=[ForkServer(jobs, processes, sender, folder)])
    os._exit(int(code))
