"""Runs of the suite against planted defects and permitted variations, each in a forked process of its own.

Forking after the imports saves a second and a half a run, which is most of what a run of few tests costs.
"""

import json
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
PROCESSES = os.cpu_count() or 2
DEADLINE = 900.0
"""Seconds after which a run is ended, and reported as hanging."""
HANGING = -1
FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Job:
    """One run of the suite: what is planted, and what pytest is asked beyond that."""

    defects: tuple[str, ...] = ()
    variations: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What is planted, for people."""
        return " + ".join((*self.defects, *self.variations)) or "nothing planted"

    def command(self, report_dir: Path) -> list[str]:
        """The arguments of pytest."""
        planted = [f"--mock-defect={name}" for name in self.defects]
        varied = [f"--mock-variation={name}" for name in self.variations]
        quiet = ["-q", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:allure_pytest"]
        places = [f"--rootdir={ROOT}", f"--report-dir={report_dir}"]
        return [*quiet, *places, *planted, *varied, *(self.arguments or (str(ROOT / "tests"),))]


@dataclass(frozen=True)
class Outcome:
    """What a run found: its exit code, the clauses that failed by level, those in error, requests and seconds."""

    job: Job
    exit_code: int
    must: tuple[str, ...]
    should: tuple[str, ...]
    errors: tuple[str, ...]
    requests: int
    left: int
    seconds: float
    log: str

    @property
    def red(self) -> tuple[str, ...]:
        """Every clause that failed."""
        return (*self.must, *self.should)


def run(jobs: Iterable[Job], processes: int = PROCESSES) -> Iterator[Outcome]:
    """The outcome of each job as it ends, several at a time."""
    waiting = iter(jobs)
    running: dict[Any, tuple[BaseProcess, Job, Path, float]] = {}
    while True:
        while len(running) < processes and (job := next(waiting, None)) is not None:
            folder = Path(tempfile.mkdtemp(prefix="contract-run-"))
            process = FORK.Process(target=_ask, args=(job.command(folder), folder))
            process.start()
            running[process.sentinel] = (process, job, folder, time.monotonic())
        if not running:
            return
        for sentinel in wait(list(running), timeout=1.0):
            process, job, folder, started = running.pop(sentinel)
            process.join()
            yield _outcome(job, process.exitcode or 0, folder, time.monotonic() - started)
        for sentinel, (process, job, folder, started) in list(running.items()):
            if time.monotonic() - started > DEADLINE:
                del running[sentinel]
                process.kill()
                process.join()
                yield _outcome(job, HANGING, folder, DEADLINE)


def _ask(command: Sequence[str], folder: Path) -> None:
    """In the child: pytest, its output in a file."""
    log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT)
    for stream in (1, 2):
        os.dup2(log, stream)
    sys.stdin.close()
    os.chdir(ROOT)
    code = pytest.main([*command])
    sys.stdout.flush()
    os._exit(int(code))


def _outcome(job: Job, exit_code: int, folder: Path, seconds: float) -> Outcome:
    try:
        report = json.loads((folder / "conformance.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        report = {"clauses": [], "requests": {"total": 0}, "data": {"left": 0}}
    log = (folder / "log").read_text(encoding="utf-8", errors="replace") if (folder / "log").exists() else ""
    shutil.rmtree(folder, ignore_errors=True)

    def named(verdict: str, *levels: str) -> tuple[str, ...]:
        return tuple(
            each["id"] for each in report["clauses"] if each["verdict"] == verdict and each["level"] in levels
        )

    return Outcome(
        job=job,
        exit_code=exit_code,
        must=named("fail", "must"),
        should=named("fail", "should"),
        errors=named("error", "must", "should", "open"),
        requests=report["requests"]["total"],
        left=report["data"]["left"],
        seconds=seconds,
        log=log,
    )
