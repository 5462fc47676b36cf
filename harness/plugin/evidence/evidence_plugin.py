"""The pytest side of evidence: a record for each test, and findings and outcomes from the record."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from client import BudgetExceeded, ContractError, TransientError
from harness import triage
from harness.checks.evidence import CURRENT, Example, Failed, Obstacle, Record, mismatch_of
from harness.checks.known_failures import KnownFailures
from harness.plugin.evidence.example_runner import ExampleRunner, RunInterface
from harness.plugin.evidence.findings import FindingFactory, FindingStore
from harness.plugin.evidence.outcomes import Outcomes, set_blocked
from harness.plugin.execution.profiles import declared_clauses, expected_requests
from reporting import Failure, Reason, key
from spec import Mismatch, clauses

RECORD = pytest.StashKey[Record]()
FAILURES = pytest.StashKey[Mapping[str, Failure]]()
"""The failures of a test by clause, for Allure."""
SHRINKING_DIVISOR = 4
"""Shrinking and repeated triage stop after the requests of a green run divided by this number."""


@dataclass(eq=False)
class EvidencePlugin:
    """Collects the findings of every test that carries the marker `covers`.

    `repeating` is set while tests run that have run before; `examples` counts those of finished tests.
    """

    run: RunInterface
    factory: FindingFactory
    outcomes: Outcomes = field(default_factory=Outcomes)
    findings: FindingStore = field(default_factory=FindingStore)
    repeating: bool = False
    examples: int = 0

    def __post_init__(self) -> None:
        self.known = KnownFailures(expected_requests() // SHRINKING_DIVISOR)
        self.runner = ExampleRunner(self.run)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: Sequence[pytest.Item]) -> None:
        """Reject a marker that names a clause which the catalogue does not have."""
        for item in items:
            if unknown := sorted(declared_clauses(item).keys() - clauses().keys()):
                raise pytest.UsageError(
                    f"{item.nodeid} names the clause {unknown[0]}, which spec/clauses.yaml does not have; "
                    f"correct the name or add the clause."
                )

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Give the test a record, from its setup to its teardown."""
        declared = declared_clauses(item)
        if not declared:
            return (yield)
        unmet = {name: missing for name in declared if (missing := self._missing(name))}
        total = Example(self.run.mark())
        record = Record(item.nodeid, declared, self.run.exchanges, unmet, total, known=self.known)
        item.stash[RECORD] = record
        token = CURRENT.set(record)
        try:
            return (yield)
        finally:
            CURRENT.reset(token)
            self.examples += record.examples

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Skip a test whose first clause needs what the run does not have; the other clauses are by-products."""
        record = item.stash.get(RECORD, None)
        if record is not None and (missing := record.unmet.get(next(iter(record.declared)))):
            record.skipped = missing
            self._store(record)
            pytest.skip(missing.sentence)

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Generator[None, object, object]:
        """Run the test example by example."""
        record = pyfuncitem.stash.get(RECORD, None)
        if record is None:
            return (yield)
        holder, name, wrap = pyfuncitem, "obj", self.runner.as_example
        if (handle := getattr(pyfuncitem.obj, "hypothesis", None)) is not None:
            holder, name, wrap = handle, "inner_test", self.runner.as_examples
        plain = getattr(holder, name)
        setattr(holder, name, wrap(plain, record))
        try:
            return (yield)
        finally:
            setattr(holder, name, plain)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Store the findings of the test when its result is known: before its fixtures are torn down."""
        record = item.stash.get(RECORD, None)
        raised = None if call.excinfo is None else call.excinfo.value
        if record is not None and isinstance(raised, Exception):
            _keep_failures(record, raised)
        if record is not None and record.failed:
            # The report gets the text of the failures; a traceback would take longer than the requests of the test.
            item._repr_failure_py = lambda *_, **__: ""  # type: ignore[method-assign, assignment]
        report = yield
        if report.failed and isinstance(raised, BudgetExceeded):
            # In a precondition that several tests share, a spent budget is no error either.
            self.runner.exceeded = raised
            report.outcome = "skipped"
            report.longrepr = (str(item.path), 0, f"Skipped: {raised}")
        has_result = report.failed if report.when == "setup" else report.when == "call" or not report.passed
        if record is not None and has_result:
            self._conclude(item, record, report, raised)
        return report

    def add_failure_before_tests(self, error: ContractError) -> None:
        """Fail the clause of a response in preflight, after which no test can run."""
        record = Record("preflight", {})
        record.total.failed[error.clause] = Failed(mismatch_of(error), (error.exchange,))
        self.findings.add(self.factory.findings(record))

    def _conclude(
        self, item: pytest.Item, record: Record, report: pytest.TestReport, raised: BaseException | None
    ) -> None:
        """Triage and store what the test has found, and make pytest's outcome agree with the verdicts."""
        error = self._record_error(record, raised)
        if report.failed and report.when != "teardown":
            self._triage(record, is_shared=report.when == "setup")
        if report.failed and report.when == "call" and record.failed:
            self.run.api.known.discard(record.uses, record.failed)
        self._block_reported(record)
        self._store(record, error)
        if record.failed:
            failures = item.stash[FAILURES] = self.factory.failures(record)
            self.outcomes.set_failed(report, failures, error)
        elif record.repeats:
            set_blocked(report, item, record)

    def _triage(self, record: Record, *, is_shared: bool) -> None:
        """Let triage name the clauses that a failed test violates.

        A failure with a known key is analysed again while the budget lasts, because its cause may be another; one of
        a fixture (`is_shared`) is not.
        """
        for clause_id, failed in [*record.failed.items()]:
            met = key(clause_id, failed.mismatch)
            violated = self.known.violated.get(met, clause_id)
            if met not in self.known.violated or (not is_shared and self.known.budget > 0):
                start = self.run.mark()
                violated = triage.violated_clause(self.run.api, failed.mismatch)
                self.known.budget -= self.run.mark() - start
            self.known.violated.setdefault(met, violated)
            if violated != clause_id:
                record.move(clause_id, violated)

    def _block_reported(self, record: Record) -> None:
        """Take the failures from a record that the run has reported of another test: they block this one."""
        for clause_id, failed in [*record.failed.items()]:
            found = key(clause_id, failed.mismatch)
            if self.known.reported.setdefault(found, record.test) != record.test:
                record.block(clause_id, found[1])

    def _store(self, record: Record, error: str = "") -> None:
        """A clause that was assessed stays so when a repeated test meets transient errors or the end of the budget."""
        repeating = self.repeating and not (error and not record.transient_errors)
        self.findings.add(self.factory.findings(record, error), repeated=repeating)

    def _record_error(self, record: Record, raised: BaseException | None) -> str:
        """One sentence about an error that is not the tenant's; empty where there is none."""
        if isinstance(raised, TransientError):
            self.runner.last_transient = raised  # a fixture may be the first to meet it
        if isinstance(raised, pytest.skip.Exception | BudgetExceeded) and not self.runner.is_unavailable:
            is_spent = isinstance(raised, BudgetExceeded) or self.runner.exceeded
            reason: Reason = "budget" if is_spent else "other"
            record.skipped = Obstacle(str(raised), reason)
            return ""
        if raised is None or record.failed:
            return ""
        if record.transient_errors:
            return record.network_sentence
        return self.run.redacted(f"{type(raised).__name__}: {raised}").split("\n")[0]

    def _missing(self, clause_id: str) -> Obstacle | None:
        for need in sorted(clauses()[clause_id].needs):
            if sentence := self.run.missing(need):
                return Obstacle(sentence, need)
        return None


def _keep_failures(record: Record, raised: Exception) -> None:
    """Keep the failures that no example has kept: of a fixture, and of a state machine that has no minimal program."""
    if isinstance(raised, ContractError) and not record.failed:
        record.fail(mismatch_of(raised))
    for leaf in _leaves(raised):
        if isinstance(leaf, Mismatch) and leaf.clause in record.unshrunk:
            record.total.failed.setdefault(leaf.clause, record.unshrunk[leaf.clause])
    if not record.failed and record.unshrunk:
        record.total.failed.update([next(iter(record.unshrunk.items()))])


def _leaves(error: BaseException) -> Iterator[BaseException]:
    """The exception, those of its group, and the causes of each."""
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _leaves(each)
        return
    yield error
    if error.__cause__ is not None:
        yield from _leaves(error.__cause__)
