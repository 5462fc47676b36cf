"""A pytest plugin that, once everything is collected, forks a run for each job and tells of its outcome."""

import gc
import os
import shutil
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Self

import pytest
from hypothesis import core
from hypothesis.internal.conjecture import engine

from client.transport.network import NetworkTransport
from harness.plugin import profiles
from harness.plugin.registration import RUN, wire
from meta_tests.effectiveness.jobs import HANGING, Job, outcome
from mock_tenant.cli import parser
from mock_tenant.configuration import read_configuration
from mock_tenant.registry import compose
from mock_tenant.server import bind, ready, serve
from reporting import write_json

DEADLINE = 900.0
"""Seconds after which a run is ended, and reported as hanging."""
POLL = 0.01
"""Seconds between two looks at the runs."""


@dataclass
class Running:
    """A run in a process of its own."""

    job: Job
    folder: Path
    started: float


class ForkServer:
    """Forks a run for each job, `processes` of them at a time, and sends each outcome as it comes."""

    def __init__(self, jobs: Sequence[Job], processes: int, told: Connection, folder: Path) -> None:
        self._waiting = list(reversed(jobs))
        self._processes = processes
        self._told = told
        self._folder = folder
        self._running: dict[int, Running] = {}
        self._is_run = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> object:
        """In the parent, look after the runs; in a run, go on as pytest would."""
        if self._is_run or session.testsfailed:
            return None
        NetworkTransport().close()  # certificates are read once, for all forks
        gc.collect()
        gc.freeze()  # what the collector leaves alone stays shared with the forks
        while self._waiting or self._running:
            while self._waiting and len(self._running) < self._processes:
                job = self._waiting.pop()
                if self._fork(job):
                    self._become(session, job)
                    return session.config.hook.pytest_runtestloop(session=session)
            self._look()
        return True

    def _fork(self, job: Job) -> bool:
        """Whether this is the new process."""
        folder = self._folder / f"run-{len(self._waiting)}"
        folder.mkdir()
        sys.stdout.flush()
        sys.stderr.flush()
        process = os.fork()
        if process:
            self._running[process] = Running(job, folder, time.monotonic())
            return False
        log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT)
        os.dup2(log, 1)
        os.dup2(log, 2)
        self._told.close()
        self._folder = folder
        self._is_run = True
        return True

    def _become(self, session: pytest.Session, job: Job) -> None:
        """Turn this process into the run that the job asks for, as if its options had been on the command line."""
        option = session.config.option
        option.mock_defect, option.mock_variation = [*job.defects], [*job.variations]
        option.report_dir = self._folder
        option.hypothesis_seed = str(job.seed)
        option.maxfail = 1 if job.stop else 0
        core.global_force_seed = job.seed
        if not job.shrinks:
            engine.MAX_SHRINKS = 0
        wire(session.config)
        run = session.config.stash[RUN]
        run.embed = ForkedTenant.start
        run.writers = (write_json,)  # pages for people would take an eighth of the time
        if job.clause:
            option.clause = [job.clause]
            profiles.select(session.items, [job.clause])

    def _look(self) -> None:
        """Wait for a run to end, or for one that takes too long."""
        process, status = os.waitpid(-1, os.WNOHANG)
        if process in self._running:
            run = self._running.pop(process)
            self._tell(run, os.waitstatus_to_exitcode(status))
            return
        for process, run in list(self._running.items()):
            if time.monotonic() - run.started > DEADLINE:
                os.kill(process, signal.SIGKILL)
                os.waitpid(process, 0)
                del self._running[process]
                self._tell(run, HANGING)
        time.sleep(POLL)

    def _tell(self, run: Running, exit_code: int) -> None:
        seconds = time.monotonic() - run.started
        told = outcome(run.job, exit_code, run.folder, seconds)
        shutil.rmtree(run.folder, ignore_errors=True)
        try:
            self._told.send(told)
        except BrokenPipeError:  # the caller has seen enough
            self._waiting.clear()


@dataclass
class ForkedTenant:
    """A mock tenant in a fork of this process, which ends when this process does."""

    process: int
    lifeline: int
    environ: Mapping[str, str]
    tenant_config: Mapping[str, Any]

    @classmethod
    def start(cls, configuration: Path, arguments: Sequence[str] = ()) -> Self:
        """Start it on a free loopback port."""
        options = parser().parse_args([*arguments])
        behaviour, tenant_config = compose(options.defect, options.variation)
        tenant = behaviour(read_configuration(configuration).but(**tenant_config))
        listener = bind(0)
        told: dict[str, Any] = ready(tenant, listener)
        reading, writing = os.pipe()
        process = os.fork()
        if not process:
            os.close(writing)
            os.dup2(reading, 0)
            sys.stdin = os.fdopen(0)
            serve(tenant, listener, until_stdin_closes=True)
            os._exit(0)
        os.close(reading)
        listener.close()
        return cls(process, writing, told["environ"], told["tenant_config"])

    def stop(self) -> None:
        """End it, and not gently: nobody asks it any more, and it has nothing to lose."""
        os.kill(self.process, signal.SIGKILL)
        os.close(self.lifeline)
        os.waitpid(self.process, 0)
