"""What the process of a run and its workers send to each other, over one pipe for each worker."""

from collections.abc import Mapping
from ctypes import Structure, c_bool, c_double
from dataclasses import dataclass, field
from typing import Any

from harness.dataset import Dataset
from harness.plugin.evidence.known_failures import Snapshot
from reporting import Coverage, Delays, Finding, Requests
from reporting.model import coverage, delays


class WorkerState(Structure):
    """Shared memory of a worker: its last heartbeat (monotonic seconds), and whether it must end."""

    _fields_ = (("heartbeat_at", c_double), ("must_end", c_bool))


@dataclass(frozen=True)
class Assignment:
    """Tests to run, by their positions among the collected tests.

    snapshot: the failures that are known; budget: the requests that may be sent for shrinking and triage; dataset:
    where the run has one that the tests use.
    """

    tests: tuple[int, ...]
    snapshot: Snapshot
    budget: int
    dataset: Dataset | None = None


@dataclass(frozen=True)
class Part:
    """What a worker has done so far; the parts of all workers add up to the run. Coverage is measured at the end."""

    requests: Requests = field(default_factory=Requests)
    delays: Mapping[str, Delays] = field(default_factory=dict)
    coverage: Coverage = field(default_factory=dict)
    examples: int = 0

    def __add__(self, other: "Part") -> "Part":
        return Part(
            self.requests + other.requests,
            delays.added(self.delays, other.delays),
            coverage.added(self.coverage, other.coverage),
            self.examples + other.examples,
        )


@dataclass(frozen=True)
class Result:
    """The result of one test.

    reports: those of pytest, as data; findings: what the test found of its clauses; ended: why no more tests can run,
    as arguments of `Status.end`; spent: the requests for shrinking and triage; dataset: where the test has created or
    discarded one, that of the worker after it, in a tuple.
    """

    test: int
    reports: tuple[dict[str, Any], ...]
    findings: tuple[Finding, ...]
    ended: tuple[Any, ...]
    part: Part
    snapshot: Snapshot
    spent: int
    dataset: tuple[()] | tuple[Dataset | None] = ()
