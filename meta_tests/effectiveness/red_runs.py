"""`python -m meta_tests.effectiveness.red_runs`: what a run costs on a seeded defect, beside a green run.

The defects are every n-th of all, ordered by clause. Each has a gate run without workers, and --latency seconds are
added to each response. The summary has requests, wall time and processor time as multiples of the green run, the lines
that the run prints, the size of junit.xml, and the requests to the first failing test without clean-up. --stop ends
each run at its first failure, for the curve of detection alone. Exit code 1 where a limit is exceeded.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from statistics import median

from meta_tests.effectiveness.jobs import Job, Outcome
from meta_tests.effectiveness.matrix_runs import PROCESSES, run
from mock_tenant import defects as _defects  # noqa: F401 - importing the package registers its defects
from mock_tenant.registry import DEFECTS

OUTPUT = Path("reports") / "red-runs.json"
MOST_REQUESTS, MOST_REQUESTS_OF_NINE_TENTHS = 1.6, 1.3
MOST_SECONDS, MEDIAN_SECONDS = 3.0, 1.5
MOST_LINES = 100
MEDIAN_REQUESTS_TO_FAILURE = 400
"""The limits: multiples of the green run, lines of the terminal, and requests."""
STEPS = (50, 100, 200, 400, 800, 1600)
"""Numbers of requests for the curve of detection."""


@dataclass(frozen=True)
class RedRun:
    """The cost of one run; requests, seconds and processor time as multiples of the green run."""

    defect: str
    clause: str
    requests: float
    seconds: float
    processor: float
    lines: int
    junit_bytes: int
    first_failure: int | None
    is_attributed: bool


def sample(size: int, start: int = 0) -> list[str]:
    """The names of `size` defects, spread evenly over the clauses that they violate, from the one at `start`."""
    names = sorted(DEFECTS, key=lambda name: (DEFECTS[name].clause, name))[start:]
    return [names[number * len(names) // size] for number in range(min(size, len(names)))]


def red_run(outcome: Outcome, green: Outcome) -> RedRun:
    """The cost of a run on a defect beside that of the green run."""
    defect = DEFECTS[outcome.job.defects[0]]
    return RedRun(
        outcome.job.name,
        defect.clause,
        round(outcome.requests / green.requests, 3),
        round(outcome.seconds / green.seconds, 3),
        round(outcome.processor_seconds / (green.processor_seconds or 1.0), 3),
        len(outcome.log.splitlines()),
        outcome.junit_bytes,
        outcome.requests_to_failure,
        any(defect.violates(clause) for clause in outcome.failed),
    )


def detected_within(runs: Sequence[RedRun], requests: int) -> float:
    """The share of the defects whose first failing test ends within so many requests."""
    found = [each for each in runs if each.first_failure is not None and each.first_failure <= requests]
    return len(found) / len(runs)


def exceeded(runs: Sequence[RedRun]) -> list[str]:
    """The measures that exceed their limit, one line each."""
    requests, seconds = sorted(each.requests for each in runs), sorted(each.seconds for each in runs)
    found = [each.first_failure for each in runs if each.first_failure is not None]
    measures: list[tuple[str, float, float]] = [
        ("requests of nine tenths", requests[len(requests) * 9 // 10], MOST_REQUESTS_OF_NINE_TENTHS),
        ("requests", requests[-1], MOST_REQUESTS),
        ("median wall time", median(seconds), MEDIAN_SECONDS),
        ("wall time", seconds[-1], MOST_SECONDS),
        ("lines", max(each.lines for each in runs), MOST_LINES),
        ("median requests to the first failure", median(found or [0]), MEDIAN_REQUESTS_TO_FAILURE),
    ]
    return [
        f"EXCEEDED {name}: {value:g}, limit {limit:g}" for name, value, limit in measures if value > limit
    ]


def summary(runs: Sequence[RedRun], green: Outcome) -> str:
    """One line for each measure."""
    requests, seconds = sorted(each.requests for each in runs), sorted(each.seconds for each in runs)
    found = [each.first_failure for each in runs if each.first_failure is not None]
    passing = ", ".join(each.defect for each in runs if each.first_failure is None)
    wrong = ", ".join(each.defect for each in runs if not each.is_attributed)
    curve = ", ".join(f"{step:,}: {detected_within(runs, step):.0%}" for step in STEPS)
    return "\n".join(
        [
            *exceeded(runs),
            f"green run: {green.requests:,} requests, {green.seconds:.1f} s "
            f"({green.processor_seconds:.1f} s of processor time), "
            f"{len(green.log.splitlines())} lines, junit.xml of {green.junit_bytes:,} bytes",
            f"requests of {len(runs)} red runs / green: median {median(requests):.2f}, "
            f"nine tenths {requests[len(requests) * 9 // 10]:.2f}, most {requests[-1]:.2f}",
            f"wall time / green: median {median(seconds):.2f}, most {seconds[-1]:.2f}",
            f"processor time / green: median {median(each.processor for each in runs):.2f}, "
            f"most {max(each.processor for each in runs):.2f}",
            f"lines: median {median(each.lines for each in runs):.0f}, most {max(each.lines for each in runs):,}",
            f"junit.xml: median {median(each.junit_bytes for each in runs):,.0f} bytes, "
            f"most {max(each.junit_bytes for each in runs):,}",
            f"requests to the first failing test: median {median(found or [0]):.0f}, most {max(found or [0]):,}",
            f"detected within: {curve}",
            f"without a failing test, as where only a SHOULD clause fails: {passing or 'none'}",
            f"wrong clause: {wrong or 'none'}",
        ]
    )


def main(arguments: Sequence[str]) -> int:
    """Runs the sample and prints the table; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m meta_tests.effectiveness.red_runs", description=__doc__)
    parser.add_argument("--defects", type=int, default=48, help="how many defects")
    parser.add_argument("--only", nargs="*", help="these defects instead")
    parser.add_argument("--start", type=int, default=0, help="the first defect of the order that is used")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds added to each response")
    parser.add_argument("--stop", action="store_true", help="end each run at its first failure")
    parser.add_argument("--processes", type=int, default=PROCESSES)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args(arguments)
    names = options.only or sample(options.defects, options.start)
    jobs = [Job(latency=options.latency)]
    jobs += [Job(defects=(name,), latency=options.latency, stop=options.stop) for name in names]
    outcomes: list[Outcome] = []
    for outcome in run(jobs, options.processes):
        outcomes.append(outcome)
        sys.stdout.write(
            f"[{len(outcomes)}/{len(jobs)}] {outcome.job.name}: {outcome.requests} requests, "
            f"{outcome.seconds:.1f} s, {len(outcome.log.splitlines())} lines, first failure after "
            f"{outcome.requests_to_failure}\n"
        )
        sys.stdout.flush()
    green = next(each for each in outcomes if not each.job.defects)
    runs = [red_run(each, green) for each in outcomes if each.job.defects]
    options.output.parent.mkdir(parents=True, exist_ok=True)
    timelines = {each.job.name: [astuple(test) for test in each.timeline] for each in outcomes}
    data = {"runs": [asdict(each) for each in runs], "timelines": timelines}
    options.output.write_text(json.dumps(data, indent=1), encoding="utf-8")
    sys.stdout.write(f"{summary(runs, green)}\n")
    return int(bool(exceeded(runs)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
