"""The suite bites: a defect of every operation turns its clause red, and nothing else.

`make kill-matrix` asks the whole suite about every defect and every variation; this is a sample of it.
"""

import pytest

from meta_tests.killing import Job, run
from mock_tenant import defects as _defects  # noqa: F401 - importing the package registers its defects
from mock_tenant.planting import DEFECTS

SAMPLE = (
    "narrow-tokens-open-everything",
    "create-lowers-contactEmail",
    "get-answers-203-for-200",
    "upsert-answers-201-for-204",
    "patch-revives",
    "delete-takes-the-customer-after",
    "list-has-no-count",
    "search-ignores-q",
    "body-of-400-is-an-array",
    "allow-is-left-out",
)


@pytest.fixture(scope="module")
def outcomes() -> dict[str, tuple[str, ...]]:
    """The clauses that went red for each defect of the sample, asked about its own clause alone."""
    jobs = [Job(defects=(name,), arguments=("tests", f"--clause={DEFECTS[name].clause}")) for name in SAMPLE]
    return {outcome.job.defects[0]: outcome.red for outcome in run(jobs)}


@pytest.mark.parametrize("name", SAMPLE)
def test_a_defect_turns_its_clause_red(outcomes: dict[str, tuple[str, ...]], name: str) -> None:
    assert DEFECTS[name].clause in outcomes[name]


def test_a_faithful_tenant_stays_green() -> None:
    (outcome,) = run([Job(arguments=("tests", "--hypothesis-profile=smoke"))])
    assert (outcome.exit_code, outcome.red, outcome.left) == (0, (), 0)
    assert outcome.requests <= 150
