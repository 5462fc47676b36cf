"""What the process of a run and its workers send each other: what a message contains, and what its receiver does."""

from dataclasses import dataclass
from typing import Any

from harness.api import DATASET
from harness.checks.known_failures import KnownFailures
from harness.dataset import Dataset
from harness.plugin.run import Run
from harness.plugin.status import Status, Totals
from reporting import Finding


@dataclass(frozen=True)
class Assignment:
    """Tests to run, by their positions among the collected tests.

    known: the failures that are known, and the budget of shrinking and triage; dataset: where the run has one that
    the tests use.
    """

    tests: tuple[int, ...]
    known: KnownFailures
    dataset: Dataset | None = None

    def adopt_failures(self, run: Run) -> None:
        """In the worker: take over what the run knows of failures."""
        known = run.evidence.known
        known.merge(self.known)
        known.budget = self.known.budget

    def use_dataset(self, run: Run) -> None:
        """In the worker: begin a test with the dataset of the run.

        Where the worker has the same one, or could not create one, it keeps that, or the failure.
        """
        known = run.api.known
        current = known.shared.get(DATASET)
        if self.dataset is not None:
            known.ids.update(self.dataset.ids)
            known.shared[DATASET] = current if current == self.dataset else self.dataset
        elif isinstance(current, Dataset):
            del known.shared[DATASET]


@dataclass(frozen=True)
class Result:
    """The result of one test.

    reports: those of pytest, as data; findings: what the test found of its clauses; status: whether the worker can
    run more tests; spent: the requests for shrinking and triage; changes_dataset: whether the test has created
    `dataset`, or discarded that of the run.
    """

    test: int
    reports: tuple[dict[str, Any], ...]
    findings: tuple[Finding, ...]
    status: Status
    totals: Totals
    known: KnownFailures
    spent: int
    changes_dataset: bool = False
    dataset: Dataset | None = None

    def add_to(self, run: Run) -> None:
        """In the process of the run: add what the test has found."""
        run.evidence.findings.add(self.findings)
        run.evidence.known.merge(self.known)
        run.evidence.known.budget -= self.spent
        if self.status.is_over:
            run.status.end(self.status.reason, self.status.error, self.status.budget)
