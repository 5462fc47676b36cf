"""Runs of the suite against planted defects and permitted variations, several at a time.

One process imports and collects; every run is a fork of it, and so is the mock tenant that the run asks. What a
run costs beyond its requests is a tenth of a second instead of five.
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
LEFT_OUT = ("cacheprovider", "allure_pytest")
"""Plugins of pytest whose files nobody reads here."""
FORK = multiprocessing.get_context("fork")


def run(jobs: Iterable[Job], processes: int = PROCESSES) -> Iterator[Outcome]:
    """The outcome of each job as it ends, several at a time; RuntimeError where the runs cannot be made."""
    for profile, group in groupby(jobs, lambda job: job.profile):
        yield from _run(profile, list(group), processes)


def _run(profile: str, jobs: Sequence[Job], processes: int) -> Iterator[Outcome]:
    folder = Path(tempfile.mkdtemp(prefix="contract-runs-"))
    ours, theirs = FORK.Pipe(duplex=False)
    process = FORK.Process(target=_nurse, args=(profile, jobs, processes, ours, theirs, folder))
    process.start()
    theirs.close()
    try:
        for _ in jobs:
            yield ours.recv()
    except EOFError:
        said = (folder / "log").read_text(encoding="utf-8", errors="replace")
        raise RuntimeError(f"the runs ended before their time: {said[-2000:]}") from None
    finally:
        # A caller that has seen enough leaves the runs to end by themselves: nobody hears them any more.
        ours.close()
        process.join()
        shutil.rmtree(folder, ignore_errors=True)


def _nurse(
    profile: str, jobs: Sequence[Job], processes: int, heard: Connection, told: Connection, folder: Path
) -> None:
    """In the child: pytest, which collects once and forks for each job."""
    heard.close()  # or the pipe would stay open, and fill, when the caller has seen enough
    os.dup2(os.open(folder / "log", os.O_WRONLY | os.O_CREAT), 1)
    os.dup2(1, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.chdir(ROOT)
    arguments = ["tests", f"--hypothesis-profile={profile}", f"--report-dir={folder / 'report'}"]
    without = [word for name in LEFT_OUT for word in ("-p", f"no:{name}")]
    command = ["-q", "-s", "--assert=plain", *without, f"--rootdir={ROOT}", *arguments]
    code = pytest.main(command, plugins=[ForkServer(jobs, processes, told, folder)])
    os._exit(int(code))
