"""The workers of a run, from their start to their end: processes, pipes and heartbeats."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from ctypes import Structure, c_bool, c_double
from dataclasses import dataclass, field
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from multiprocessing.sharedctypes import RawValue
from typing import Any, Final

from harness.plugin.status import Totals
from harness.plugin.workers.messages import Assignment, Result

HEARTBEAT_TIMEOUT: Final = 1800.0
"""Seconds without a heartbeat after which a worker is killed: longer than the longest request with its retries."""
POLL: Final = 0.2
"""Seconds between two checks for signals and for workers without a heartbeat."""


class WorkerState(Structure):
    """Shared memory of a worker: its last heartbeat (monotonic seconds), and whether it must end."""

    _fields_ = (("heartbeat_at", c_double), ("must_end", c_bool))


RunWorker = Callable[["Connection[Any, Any]", Sequence["Connection[Any, Any]"], WorkerState, int], None]
"""What a fork does: it gets its pipe, those of other processes to close, its shared memory and its number."""


@dataclass
class WorkerProcess:
    """A worker as the process of the run sees it; `assigned` are the tests that it has not finished."""

    process: BaseProcess
    connection: "Connection[Any, Any]"
    state: WorkerState
    assigned: list[int] = field(default_factory=list)
    totals: Totals = field(default_factory=Totals)

    def assign(self, assignment: Assignment) -> None:
        """Have the worker run these tests."""
        self.assigned = [*assignment.tests]
        self.state.heartbeat_at = time.monotonic()
        with suppress(OSError):  # a killed worker is noticed when its pipe is read
            self.connection.send(assignment)


@dataclass
class Pool:
    """Starts workers, receives what they send, and ends them. Each wait has a deadline.

    is_ending: whether the workers clean up.
    """

    run_worker: RunWorker
    ended: list[Totals] = field(default_factory=list)
    workers: list[WorkerProcess] = field(default_factory=list)
    is_ending: bool = False

    def start(self) -> None:
        """Fork a worker; this process has no other threads, whose locks the fork would never see released."""
        ours, theirs = Pipe()
        state = RawValue(WorkerState)
        inherited = [ours, *(each.connection for each in self.workers)]
        number = len(self.workers) + len(self.ended) + 1
        process = get_context("fork").Process(target=self.run_worker, args=(theirs, inherited, state, number))
        process.start()
        theirs.close()
        self.workers.append(WorkerProcess(process, ours, state))

    @property
    def totals(self) -> Totals:
        """What all workers have done so far."""
        return sum((each.totals for each in self.workers), sum(self.ended, Totals()))

    def receive(self) -> Iterator[tuple[WorkerProcess, Result | Totals | None]]:
        """What workers have sent within POLL; None from one that has ended, also by a signal."""
        by_connection = {each.connection: each for each in self.workers}
        for connection in wait([*by_connection], POLL):
            worker = by_connection[connection]  # type: ignore[index]
            try:
                message = worker.connection.recv()
            except (EOFError, OSError):
                self._remove(worker)
                yield worker, None
                continue
            worker.totals = message if isinstance(message, Totals) else message.totals
            yield worker, message
        for worker in self.workers:
            is_busy = self.is_ending or worker.assigned or worker.state.must_end
            if is_busy and time.monotonic() - worker.state.heartbeat_at > HEARTBEAT_TIMEOUT:
                worker.process.kill()

    def end(self, *, at_once: bool, is_urgent: Callable[[], bool]) -> None:
        """Have the workers clean up and end; `at_once` before their next example, otherwise when they are idle.

        Once it `is_urgent`, they are not waited for.
        """
        self.is_ending = True
        for worker in self.workers:
            worker.state.must_end = worker.state.must_end or at_once
            worker.state.heartbeat_at = time.monotonic()
            with suppress(OSError):
                worker.connection.send(None)
        while self.workers and not is_urgent():
            for _ in self.receive():
                pass

    def kill(self) -> None:
        """End the workers without clean-up."""
        for worker in [*self.workers]:
            worker.process.kill()
            self._remove(worker)

    def _remove(self, worker: WorkerProcess) -> None:
        worker.connection.close()
        worker.process.join()
        self.workers.remove(worker)
        self.ended.append(worker.totals)
