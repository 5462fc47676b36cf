"""The cost of runs on seeded defects: the measures and their limits, without running the suite."""

import pytest

from meta_tests.effectiveness import red_runs
from meta_tests.effectiveness.jobs import Job, Outcome, TestRun
from meta_tests.effectiveness.red_runs import RedRun, exceeded, red_run, sample
from mock_tenant.registry import DEFECTS

DEFECT = "create-cuts-company"


def outcome(job: Job, requests: int, seconds: float, *timeline: TestRun) -> Outcome:
    """A run that sent so many requests in so many seconds, and printed two lines."""
    return Outcome(
        job=job,
        exit_code=1,
        must=("create.company.round-trip",) if job.defects else (),
        should=(),
        errors=(),
        requests=requests,
        left=0,
        seconds=seconds,
        log="one\ntwo\n",
        timeline=timeline,
    )


def cost(**values: float) -> RedRun:
    """A run within all limits, with these values instead."""
    within = {
        "requests": 1.0,
        "seconds": 1.0,
        "processor": 1.0,
        "lines": 30,
        "junit_bytes": 10,
        "first_failure": 90,
    }
    return RedRun(DEFECT, "create.company.round-trip", is_attributed=True, **{**within, **values})  # type: ignore[arg-type]


def test_costs_are_multiples_of_the_green_run() -> None:
    timeline = (TestRun("test_a", False, 40), TestRun("test_b", True, 55), TestRun("test_c", True, 90))
    red = red_run(outcome(Job(defects=(DEFECT,)), 300, 6.0, *timeline), outcome(Job(), 200, 4.0))
    assert (red.requests, red.seconds, red.lines, red.first_failure) == (1.5, 1.5, 2, 55)
    assert red.is_attributed


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"requests": 1.61}, "EXCEEDED requests: 1.61, limit 1.6"),
        ({"seconds": 3.1}, "EXCEEDED wall time: 3.1, limit 3"),
        ({"lines": 101}, "EXCEEDED lines: 101, limit 100"),
    ],
)
def test_one_run_beyond_a_limit_is_named(values: dict[str, float], message: str) -> None:
    runs = [cost() for _ in range(20)]
    assert not exceeded(runs)
    assert exceeded([*runs, cost(**values)]) == [message]
    assert message in red_runs.summary([*runs, cost(**values)], outcome(Job(), 200, 4.0))


def test_medians_have_limits_of_their_own() -> None:
    runs = [cost(requests=1.4, seconds=1.6, first_failure=500)] * 2 + [cost()]
    assert [line.partition(":")[0] for line in exceeded(runs)] == [
        "EXCEEDED requests of nine tenths",
        "EXCEEDED median wall time",
        "EXCEEDED median requests to the first failure",
    ]


def test_the_curve_counts_defects_that_were_not_detected() -> None:
    runs = [cost(first_failure=50), cost(first_failure=51), cost(first_failure=None)]  # type: ignore[arg-type]
    assert [round(red_runs.detected_within(runs, step), 2) for step in (49, 50, 100)] == [0.0, 0.33, 0.67]


def test_the_sample_is_spread_over_the_clauses() -> None:
    names = sample(48)
    assert len(set(names)) == 48
    assert len({DEFECTS[name].clause.partition(".")[0] for name in names}) > 8
    assert set(sample(len(DEFECTS))) == set(DEFECTS)
