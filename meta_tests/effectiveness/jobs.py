"""One run of the suite on a mock tenant with defects or variations: its parameters and its outcome."""

import json
import pickle
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reporting import Report

TIMED_OUT = -1
"""The exit code of a run that was killed because it exceeded its time limit."""
VERDICTS = "verdicts.pickle"
"""In the folder of a run: the fields of `Outcome` that its report determines."""
TIMELINE = "timeline.jsonl"
"""In the folder of a run: one line for each test, as `TestRun`."""


@dataclass(frozen=True)
class Job:
    """The parameters of one run.

    `clause` selects the tests of one clause (empty: all tests), and `stop` ends the run at its first failure. Without
    `shrinks` Hypothesis reports a failing example as it was generated, without `cleans_up` the customers are left in
    the tenant, which ends with the run, and without `prints` the log is empty. `latency` is added to each response, in
    seconds. `workers` is the value of -n.
    """

    defects: tuple[str, ...] = ()
    variations: tuple[str, ...] = ()
    clause: str = ""
    seed: int = 0
    profile: str = "gate"
    stop: bool = False
    shrinks: bool = True
    cleans_up: bool = True
    prints: bool = True
    latency: float = 0.0
    workers: int | None = 0

    @property
    def name(self) -> str:
        """The names of the defects and variations."""
        return " + ".join((*self.defects, *self.variations)) or "no defect, no variation"


@dataclass(frozen=True)
class TestRun:
    """One test in a run: whether it failed, and how many requests the run had sent when it ended."""

    __test__ = False
    test: str
    failed: bool
    requests: int


@dataclass(frozen=True)
class Outcome:
    """The outcome of one run: exit code, failed clauses by level, clauses in error, and what the run cost.

    Clauses are in the order of the catalogue; `left` is the number of customers that were not deleted.
    """

    job: Job
    exit_code: int
    seconds: float
    log: str
    must: tuple[str, ...] = ()
    should: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    requests: int = 0
    left: int = 0
    readings: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """What was observed, by unspecified clause."""
    tests: tuple[str, ...] = ()
    """For each clause in `failed`, the test of its first failure."""
    timeline: tuple[TestRun, ...] = ()
    """The tests that ran, in their order."""
    junit_bytes: int = 0
    processor_seconds: float = 0.0
    """Of the run without its mock tenant."""

    @property
    def failed(self) -> tuple[str, ...]:
        """The failed clauses, MUST before SHOULD."""
        return (*self.must, *self.should)

    @property
    def requests_to_failure(self) -> int | None:
        """The requests until the first failing test ended, clean-up not counted; None where no test failed."""
        return next((each.requests for each in self.timeline if each.failed), None)


def write_verdicts(report: Report, folder: Path) -> Path:
    """Writes what the report determines of the outcome, at a tenth of the cost of conformance.json."""
    must, should = report.select("fail", "must"), report.select("fail", "should")
    fields = {
        "must": tuple(clause.id for clause in must),
        "should": tuple(clause.id for clause in should),
        "errors": tuple(clause.id for clause in report.select("error")),
        "requests": report.requests.total,
        "left": report.data.left,
        "readings": {
            clause.id: frozenset(clause.reading.split("; ")) for clause in report.select("observed")
        },
        "tests": tuple(clause.failures[0].test for clause in (*must, *should)),
    }
    path = folder / VERDICTS
    path.write_bytes(pickle.dumps(fields))
    return path


def read_outcome(job: Job, exit_code: int, folder: Path, seconds: float) -> Outcome:
    """Reads the outcome of a run from its folder; without a report, it has only the exit code and the log."""
    verdicts = folder / VERDICTS
    fields = pickle.loads(verdicts.read_bytes()) if verdicts.exists() else {}  # noqa: S301 - written by a fork
    return Outcome(
        job=job,
        exit_code=exit_code,
        seconds=seconds,
        log=log.read_text(encoding="utf-8", errors="replace") if (log := folder / "log").exists() else "",
        timeline=_timeline(folder / TIMELINE),
        junit_bytes=junit.stat().st_size if (junit := folder / "junit.xml").exists() else 0,
        **fields,
    )


def _timeline(path: Path) -> tuple[TestRun, ...]:
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else ()
    return tuple(TestRun(*json.loads(line)) for line in lines)
