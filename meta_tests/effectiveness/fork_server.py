"""A fork server: a pytest plugin that collects once, forks a run for each job, and sends the outcomes."""

import gc
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast

import pytest
from _pytest.junitxml import xml_key
from hypothesis import core
from hypothesis.internal.conjecture import engine

from client.transport.network import NetworkTransport
from harness.coverage import points_of_the_document
from harness.plugin.execution.profiles import declared_clauses
from harness.plugin.hooks import RUN, register_run
from harness.plugin.output.finalize import versions
from harness.plugin.run import Run
from meta_tests.effectiveness.jobs import TIMED_OUT, TIMELINE, Job, read_outcome, write_verdicts
from meta_tests.effectiveness.tenant_host import TenantHost

TIME_LIMIT = 900.0
"""Seconds after which a run is killed."""
POLL_INTERVAL = 0.01
"""Seconds between two checks of the runs."""


@dataclass
class RunningJob:
    """A job that runs in a process of its own."""

    job: Job
    folder: Path
    started: float


class Timeline:
    """Writes a line for each test of a run, when it ends: `TestRun`."""

    def __init__(self, path: Path, run: Run) -> None:
        self._path = path
        self._run = run
        self._failed: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Notes a failure in any phase, and writes the line after the last one."""
        if report.failed:
            self._failed.add(report.nodeid)
        if report.when == "teardown":
            line = json.dumps(
                [report.nodeid, report.nodeid in self._failed, self._run.totals().requests.total]
            )
            with self._path.open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")


class ForkServer:
    """Forks a run for each job, at most `processes` at a time, and sends each outcome when its run ends."""

    _host: TenantHost

    def __init__(self, jobs: Sequence[Job], processes: int, outcomes: Connection, folder: Path) -> None:
        self._queue = list(reversed(jobs))
        self._processes = processes
        self._outcomes = outcomes
        self._folder = folder
        self._running: dict[int, RunningJob] = {}
        self._is_fork = False
        self._clauses: Mapping[pytest.Item, Collection[str]] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> object:
        """In the server: starts and supervises the runs. In a fork: lets pytest run the tests."""
        if self._is_fork or session.testsfailed:
            return None
        # Loaded and computed once for all forks.
        NetworkTransport().close()
        points_of_the_document()
        versions()
        self._clauses = {item: declared_clauses(item) for item in session.items}
        gc.collect()
        gc.freeze()  # frozen objects are not touched by the collector, so forks share their memory
        self._host = TenantHost.start(self._folder / "tenants")
        while self._queue or self._running:
            while self._queue and len(self._running) < self._processes:
                job = self._queue.pop()
                if self._fork(job):
                    self._configure(session, job)
                    return session.config.hook.pytest_runtestloop(session=session)
            self._reap()
        self._host.stop()
        return True

    def _fork(self, job: Job) -> bool:
        """Forks a process for a job; True in the fork."""
        folder = self._folder / f"run-{len(self._queue)}"
        folder.mkdir()
        sys.stdout.flush()
        sys.stderr.flush()
        process = os.fork()
        if process:
            self._running[process] = RunningJob(job, folder, time.monotonic())
            return False
        log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT)
        os.dup2(log, 1)
        os.dup2(log, 2)
        self._outcomes.close()
        self._folder = folder
        self._is_fork = True
        return True

    def _configure(self, session: pytest.Session, job: Job) -> None:
        """Configures the fork as if the parameters of the job had been on the command line."""
        option = session.config.option
        option.mock_defect, option.mock_variation = [*job.defects], [*job.variations]
        option.report_dir = self._folder
        option.hypothesis_seed = str(job.seed)
        option.workers = job.workers
        option.maxfail = 1 if job.stop else 0
        core.global_force_seed = job.seed  # type: ignore[assignment] # what --hypothesis-seed sets
        if not job.shrinks:
            engine.MAX_SHRINKS = 0
        register_run(session.config)
        run = session.config.stash[RUN]
        run.start_mock = partial(cast(Any, self._host.tenant), latency=job.latency)
        session.config.pluginmanager.register(Timeline(self._folder / TIMELINE, run))
        session.config.stash[xml_key].logfile = str(self._folder / "junit.xml")
        run.cleans_up = job.cleans_up
        run.writers = (write_verdicts,)
        if job.clause:
            option.clause = [job.clause]
            session.items = [item for item, ids in self._clauses.items() if not ids or job.clause in ids]
        if not job.prints:
            session.config.pluginmanager.unregister(name="terminalreporter")

    def _reap(self) -> None:
        """Sends the outcome of a run that has ended, or kills the runs that exceed the time limit."""
        process, status, usage = os.wait4(-1, os.WNOHANG)
        if process in self._running:
            processor = usage.ru_utime + usage.ru_stime
            self._send_outcome(self._running.pop(process), os.waitstatus_to_exitcode(status), processor)
            return
        for process, run in list(self._running.items()):
            if time.monotonic() - run.started > TIME_LIMIT:
                os.kill(process, signal.SIGKILL)
                os.waitpid(process, 0)
                del self._running[process]
                self._send_outcome(run, TIMED_OUT)
        time.sleep(POLL_INTERVAL)

    def _send_outcome(self, run: RunningJob, exit_code: int, processor: float = 0.0) -> None:
        seconds = time.monotonic() - run.started
        outcome = replace(
            read_outcome(run.job, exit_code, run.folder, seconds), processor_seconds=round(processor, 2)
        )
        shutil.rmtree(run.folder, ignore_errors=True)
        try:
            self._outcomes.send(outcome)
        except BrokenPipeError:  # the caller has stopped reading
            self._queue.clear()
