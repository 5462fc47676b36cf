"""Every seeded defect is detected by its clause, and no conforming variation is a false positive.

A run on a defect executes only the tests of its clause, up to the first failure; for probabilistic defects it
executes the whole suite. Outcomes arrive in the order of the runs, and each test waits for its own.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from meta_tests.effectiveness.jobs import Job, Outcome
from meta_tests.effectiveness.matrix_runs import PROCESSES, run
from meta_tests.effectiveness.variation_packs import INCOMPATIBLE, packs
from meta_tests.effectiveness.write_detections import defects_by_clause
from meta_tests.support.readings import expected_readings
from mock_tenant import defects as _defects  # noqa: F401 - importing the package registers its defects
from mock_tenant.registry import DEFECTS, VARIATIONS
from reporting.model.detections import detections
from spec import clauses

RACE_ATTEMPTS = 4
"""How many seeds are tried for a defect of concurrent requests, which may not overlap in a run."""
PACKS = packs(seed=25, size=20)
"""Seven: with other seeds there is often one more, which costs a whole run."""


class Outcomes:
    """The outcomes of runs by the name of the job."""

    def __init__(self, outcomes: Iterator[Outcome]) -> None:
        self._outcomes = outcomes
        self._received: dict[str, Outcome] = {}

    def wait_for(self, name: str) -> Outcome:
        """The outcome of a job; waits until its run has ended."""
        while name not in self._received:
            outcome = next(self._outcomes)
            self._received[outcome.job.name] = outcome
        return self._received[name]


def selected(request: pytest.FixtureRequest, parameter: str) -> list[Any]:
    """The values of a parameter in the selected tests of this module."""
    items = [item for item in request.session.items if item.path == request.path]
    specs = (getattr(item, "callspec", None) for item in items)
    return [spec.params[parameter] for spec in specs if spec is not None and parameter in spec.params]


@pytest.fixture(scope="module")
def outcomes(request: pytest.FixtureRequest) -> Outcomes:
    """A run for each selected pack and defect. Packs come first and mostly wait, so they get extra processes."""
    pack_jobs = [Job(variations=pack, workers=workers_for(pack)) for pack in selected(request, "pack")]
    defect_jobs = [detection_job(name) for name in selected(request, "name")]
    return Outcomes(run([*pack_jobs, *defect_jobs], processes=PROCESSES + min(len(pack_jobs), 3)))


def workers_for(pack: tuple[str, ...]) -> int:
    """A slow tenant is tested with workers, as every run of a live one is."""
    return 4 if "slow" in pack else 0


def detection_job(name: str) -> Job:
    """The run that must detect this defect; neither a minimal example nor a clean-up nor its output is needed.

    Of a customer that another write has changed, the first failure is often one of another clause.
    """
    defect = DEFECTS[name]
    stop = not defect.clause.endswith(".others.unchanged")
    job = Job(defects=(name,), stop=stop, shrinks=False, cleans_up=False, prints=False)
    return job if defect.probabilistic else replace(job, clause=defect.clause)


def is_detected(outcome: Outcome) -> bool:
    """Whether a clause has failed that the defect violates."""
    (name,) = outcome.job.defects
    return any(DEFECTS[name].violates(clause) for clause in outcome.failed)


def output_of(job: Job) -> str:
    """The end of what the run prints, in another run."""
    (outcome,) = run([replace(job, prints=True)])
    return outcome.log[-2000:]


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_detected_by_its_clause(outcomes: Outcomes, name: str) -> None:
    outcome, defect = outcomes.wait_for(name), DEFECTS[name]
    if outcome.failed and not is_detected(outcome):  # the first test has failed on another clause
        (outcome,) = run([replace(outcome.job, stop=False)])
    for seed in range(1, RACE_ATTEMPTS) if defect.clause.startswith("concurrency.") else ():
        if not is_detected(outcome):
            (outcome,) = run([replace(outcome.job, stop=False, seed=seed)])
    assert is_detected(outcome), (
        f"{defect.description} It violates {defect.clause}, but the failed clauses are "
        f"{outcome.failed or 'none'}.\n{output_of(outcome.job)}"
    )


@pytest.mark.parametrize("pack", PACKS, ids=" + ".join)
def test_a_tenant_with_conforming_variations_passes(outcomes: Outcomes, pack: tuple[str, ...]) -> None:
    outcome = outcomes.wait_for(" + ".join(pack))
    assert (outcome.exit_code, outcome.must, outcome.left) == (0, (), 0), outcome.log[-4000:]
    expected = expected_readings(pack)
    assert outcome.readings == {clause: expected[clause] for clause in outcome.readings}


def test_a_conforming_tenant_passes_the_smoke_profile() -> None:
    (outcome,) = run([Job(profile="smoke")])
    assert (outcome.exit_code, outcome.failed, outcome.left) == (0, (), 0)
    assert outcome.requests <= 150


def test_every_testable_clause_has_a_defect() -> None:
    violated = {defect.clause for defect in DEFECTS.values()}
    testable = {
        name for name, clause in clauses().items() if clause.level != "unspecified" and not clause.untestable
    }
    assert not testable - violated, "seed a defect in mock_tenant/defects/ for each of these clauses"
    assert not violated - testable


def test_the_report_names_every_defect_by_clause() -> None:
    assert detections() == {clause: list(names) for clause, names in defects_by_clause().items()}, (
        "update the file with python -m meta_tests.effectiveness.write_detections"
    )


def test_every_variation_is_in_one_pack_of_compatible_variations() -> None:
    assert sorted(name for pack in PACKS for name in pack) == sorted(VARIATIONS)
    assert not [pack for pack in PACKS for names in INCOMPATIBLE if len(names & set(pack)) > 1]
    assert not [name for names in INCOMPATIBLE for name in names if name not in VARIATIONS]
