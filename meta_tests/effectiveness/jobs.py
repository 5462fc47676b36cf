"""One run of the suite on a mock tenant with defects or variations: its parameters and its outcome."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

TIMED_OUT = -1
"""The exit code of a run that was killed because it exceeded its time limit."""
TIMELINE = "timeline.jsonl"
"""In the folder of a run: one line for each test, as `TestRun`."""


@dataclass(frozen=True)
class Job:
    """The parameters of one run.

    `clause` selects the tests of one clause (empty: all tests), `stop` ends the run at its first failure, and
    without `shrinks` Hypothesis reports a failing example as it was generated, and without `cleans_up` the customers
    are left in the tenant, which ends with the run. `latency` is added to each response, in seconds. `workers` is the
    value of -n.
    """

    defects: tuple[str, ...] = ()
    variations: tuple[str, ...] = ()
    clause: str = ""
    seed: int = 0
    profile: str = "gate"
    stop: bool = False
    shrinks: bool = True
    cleans_up: bool = True
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
    must: tuple[str, ...]
    should: tuple[str, ...]
    errors: tuple[str, ...]
    requests: int
    left: int
    seconds: float
    log: str
    readings: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """What was observed, by unspecified clause."""
    tests: tuple[str, ...] = ()
    """For each clause in `failed`, the test of its first failure."""
    timeline: tuple[TestRun, ...] = ()
    """The tests that ran, in their order."""
    junit_bytes: int = 0
    processor_seconds: float = 0.0
    """Of the run and its mock tenant."""

    @property
    def failed(self) -> tuple[str, ...]:
        """The failed clauses, MUST before SHOULD."""
        return (*self.must, *self.should)

    @property
    def requests_to_failure(self) -> int | None:
        """The requests until the first failing test ended, clean-up not counted; None where no test failed."""
        return next((each.requests for each in self.timeline if each.failed), None)


def read_outcome(job: Job, exit_code: int, folder: Path, seconds: float) -> Outcome:
    """Reads the outcome of a run from its folder; without a report, it has only the exit code and the log."""
    try:
        report = json.loads((folder / "conformance.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        report = {"clauses": [], "requests": {"total": 0}, "data": {"left": 0}}
    log = (folder / "log").read_text(encoding="utf-8", errors="replace") if (folder / "log").exists() else ""

    def clauses(verdict: str, *levels: str) -> tuple[str, ...]:
        return tuple(
            each["id"] for each in report["clauses"] if each["verdict"] == verdict and each["level"] in levels
        )

    test_of = {
        each["id"]: each["failures"][0]["test"] for each in report["clauses"] if each["verdict"] == "fail"
    }
    must, should = clauses("fail", "must"), clauses("fail", "should")
    return Outcome(
        job=job,
        exit_code=exit_code,
        must=must,
        should=should,
        errors=clauses("error", "must", "should", "unspecified"),
        requests=report["requests"]["total"],
        left=report["data"]["left"],
        seconds=seconds,
        log=log,
        readings={
            each["id"]: frozenset(each["reading"].split("; "))
            for each in report["clauses"]
            if each["verdict"] == "observed"
        },
        tests=tuple(test_of[clause] for clause in (*must, *should)),
        timeline=_timeline(folder / TIMELINE),
        junit_bytes=junit.stat().st_size if (junit := folder / "junit.xml").exists() else 0,
    )


def _timeline(path: Path) -> tuple[TestRun, ...]:
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else ()
    return tuple(TestRun(*json.loads(line)) for line in lines)
