"""One run of the suite against something planted: what is asked for, and what came of it."""

import json
from dataclasses import dataclass
from pathlib import Path

HANGING = -1
"""The exit code of a run that was ended because it took too long."""


@dataclass(frozen=True)
class Job:
    """One run: what is planted, and what is asked.

    Without `clause` everything is asked; `stop` ends the run at the first red; without `shrinks` a failing example
    is told as it was drawn.
    """

    defects: tuple[str, ...] = ()
    variations: tuple[str, ...] = ()
    clause: str = ""
    seed: int = 0
    profile: str = "gate"
    stop: bool = False
    shrinks: bool = True

    @property
    def name(self) -> str:
        """What is planted, for people."""
        return " + ".join((*self.defects, *self.variations)) or "nothing planted"


@dataclass(frozen=True)
class Outcome:
    """What a run found: its exit code, the clauses that failed by level, those in error, requests and seconds.

    Clauses are in the order of the catalogue.
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
    tests: tuple[str, ...] = ()
    """For each failed clause of `red`, in its order, the test that told of it."""

    @property
    def red(self) -> tuple[str, ...]:
        """Every clause that failed, MUST before SHOULD."""
        return (*self.must, *self.should)


def outcome(job: Job, exit_code: int, folder: Path, seconds: float) -> Outcome:
    """What a run left in its folder, as an outcome; of a run that left no report, only its exit code and log."""
    try:
        report = json.loads((folder / "conformance.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        report = {"clauses": [], "requests": {"total": 0}, "data": {"left": 0}}
    log = (folder / "log").read_text(encoding="utf-8", errors="replace") if (folder / "log").exists() else ""

    def named(verdict: str, *levels: str) -> tuple[str, ...]:
        return tuple(
            each["id"] for each in report["clauses"] if each["verdict"] == verdict and each["level"] in levels
        )

    told_by = {
        each["id"]: each["failures"][0]["test"] for each in report["clauses"] if each["verdict"] == "fail"
    }
    must, should = named("fail", "must"), named("fail", "should")
    return Outcome(
        job=job,
        exit_code=exit_code,
        must=must,
        should=should,
        errors=named("error", "must", "should", "unspecified"),
        requests=report["requests"]["total"],
        left=report["data"]["left"],
        seconds=seconds,
        log=log,
        tests=tuple(told_by[name] for name in (*must, *should)),
    )
