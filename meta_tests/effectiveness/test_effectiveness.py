"""The suite bites, and bites nobody else: every planted defect reddens its clause, no variation reddens any.

Each defect is asked about by the tests of its clause alone, but for the rare ones, which the whole suite is asked
about. Outcomes are told as they come, so the tests wait for them in the order of the runs.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from meta_tests.effectiveness.jobs import Job, Outcome
from meta_tests.effectiveness.matrix_runs import PROCESSES, run
from meta_tests.effectiveness.variation_packs import RIVALS, packs
from mock_tenant import defects as _defects  # noqa: F401 - importing the package registers its defects
from mock_tenant.registry import DEFECTS, VARIATIONS
from reporting.model.detections import proofs
from spec import clauses

PACKS = packs(seed=0, size=7)


class Outcomes:
    """Outcomes by name, each waited for when it is asked for."""

    def __init__(self, outcomes: Iterator[Outcome]) -> None:
        self._outcomes = outcomes
        self._known: dict[str, Outcome] = {}

    def of(self, name: str) -> Outcome:
        """The outcome of what is named so."""
        while name not in self._known:
            outcome = next(self._outcomes)
            self._known[outcome.job.name] = outcome
        return self._known[name]


def chosen(request: pytest.FixtureRequest, parameter: str) -> list[Any]:
    """What the tests that were chosen ask about, by the name of their parameter."""
    items = [item for item in request.session.items if item.path == request.path]
    specs = (getattr(item, "callspec", None) for item in items)
    return [spec.params[parameter] for spec in specs if spec is not None and parameter in spec.params]


@pytest.fixture(scope="module")
def ran(request: pytest.FixtureRequest) -> Outcomes:
    """A run of the whole suite for each pack of variations, which mostly wait, and beside them one for each defect."""
    packs_first = [Job(variations=pack) for pack in chosen(request, "pack")]
    return Outcomes(
        run(
            [*packs_first, *map(hunt, chosen(request, "name"))],
            processes=PROCESSES + min(len(packs_first), 2),
        )
    )


def hunt(name: str) -> Job:
    """The run that shows whether this defect is caught; how small its example can be made is no question here."""
    planted = DEFECTS[name]
    if planted.rare:
        return Job(defects=(name,), stop=True, shrinks=False)
    return Job(defects=(name,), clause=planted.clause, shrinks=False)


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_turns_its_clause_red(ran: Outcomes, name: str) -> None:
    outcome, planted = ran.of(name), DEFECTS[name]
    assert any(planted.breaks(clause) for clause in outcome.red), (
        f"{planted.lie} It breaks {planted.clause}, but red is {outcome.red or 'nothing'}.\n{outcome.log[-2000:]}"
    )


@pytest.mark.parametrize("pack", PACKS, ids=" + ".join)
def test_a_tenant_that_varies_as_permitted_stays_green(ran: Outcomes, pack: tuple[str, ...]) -> None:
    outcome = ran.of(" + ".join(pack))
    assert (outcome.exit_code, outcome.must, outcome.left) == (0, (), 0), outcome.log[-4000:]


def test_a_faithful_tenant_stays_green_in_a_taste() -> None:
    (outcome,) = run([Job(profile="smoke")])
    assert (outcome.exit_code, outcome.red, outcome.left) == (0, (), 0)
    assert outcome.requests <= 150


def test_every_clause_has_a_defect_that_breaks_it() -> None:
    broken = {planted.clause for planted in DEFECTS.values()}
    testable = {
        name for name, clause in clauses().items() if clause.level != "unspecified" and not clause.untestable
    }
    assert not testable - broken, "plant a defect in mock_tenant/defects/ for each of these"
    assert not broken - testable


def test_the_report_names_every_defect_that_proves_a_clause() -> None:
    planted: dict[str, list[str]] = {}
    for name, defect in DEFECTS.items():
        planted.setdefault(defect.clause, []).append(name)
    assert proofs() == {clause: tuple(sorted(names)) for clause, names in planted.items()}, (
        "write them anew: python -m meta_tests.effectiveness.write_detections"
    )


def test_every_variation_is_in_a_pack_without_a_rival() -> None:
    assert sorted(name for pack in PACKS for name in pack) == sorted(VARIATIONS)
    assert not [pack for pack in PACKS for rivals in RIVALS if len(rivals & set(pack)) > 1]
    assert not [name for rivals in RIVALS for name in rivals if name not in VARIATIONS]
