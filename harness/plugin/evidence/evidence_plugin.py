"""The pytest side of evidence: a record for each test, and findings and outcomes from the record."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from client import BudgetExceeded, ContractError, ServiceUnavailable, TransientError
from harness.checks.evidence import CURRENT, Failed, Obstacle, Record, leaves, mismatch_of
from harness.plugin.evidence.example_runner import ExampleRunner
from harness.plugin.evidence.finding_factory import FindingFactory
from harness.plugin.evidence.finding_store import FindingStore
from harness.plugin.evidence.known_failures import KnownFailures
from harness.plugin.evidence.outcomes import Outcomes, set_blocked
from harness.plugin.markers import declared_clauses
from harness.plugin.run_interface import RunInterface
from reporting import Failure, Reason
from spec import Mismatch, clauses
from spec import clause as catalogue_entry

RECORD = pytest.StashKey[Record]()
FAILURES = pytest.StashKey[Mapping[str, Failure]]()
"""The failures of a test by clause, for Allure."""
SHRINKING_SHARE = 4
"""Shrinking and triage may send the requests of a green run divided by this number."""


@dataclass
class EvidencePlugin:
    """Collects the findings of every test that carries the marker `covers`.

    requests: how many a run without a failure sends; `repeating` is set while tests run that have run before;
    `examples` counts those of finished tests.
    """

    run: RunInterface
    factory: FindingFactory
    outcomes: Outcomes = field(default_factory=Outcomes)
    requests: int = 2_500
    findings: FindingStore = field(default_factory=FindingStore)
    repeating: bool = False
    examples: int = 0
    current: Record | None = None

    def __post_init__(self) -> None:
        self.known = KnownFailures(self.run, self.requests // SHRINKING_SHARE)
        self.runner = ExampleRunner(self.run, self.known, self.factory.redacted)

    @property
    def is_unavailable(self) -> bool:
        """Whether the tenant does not answer any more."""
        return isinstance(self.last_transient, ServiceUnavailable)

    @property
    def last_transient(self) -> TransientError | None:
        """The last transient error of the run."""
        return self.runner.last_transient

    @property
    def exceeded(self) -> BudgetExceeded | None:
        """The limit of [safety] that ended a test."""
        return self.runner.exceeded

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
        record = Record(
            item.nodeid, declared, self.runner.exchanges, unmet, poll_limits=self.known.poll_limits
        )
        self.current = item.stash[RECORD] = record
        token = CURRENT.set(record)
        try:
            return (yield)
        finally:
            CURRENT.reset(token)
            self.current = None
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
        """Run the test example by example, and triage what has failed before fixtures are torn down."""
        record = pyfuncitem.stash.get(RECORD, None)
        if record is None:
            return (yield)
        handle = getattr(pyfuncitem.obj, "hypothesis", None)
        plain = pyfuncitem.obj if handle is None else handle.inner_test
        if handle is None:
            pyfuncitem.obj = self.runner.as_example(plain, record)
        else:
            handle.inner_test = self.runner.as_examples(plain, record)
        try:
            return (yield)
        except Exception as error:
            _keep_unshrunk(record, error)
            self.known.triage(record)
            if record.failed:
                self.run.api.known.discard(record.uses, record.failed)
            raise
        finally:
            if handle is None:
                pyfuncitem.obj = plain
            else:
                handle.inner_test = plain

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Store the findings of the test, and make pytest's outcome agree with the verdicts."""
        record = item.stash.get(RECORD, None)
        if record is not None and record.failed:
            # The report gets the text of the failures; a traceback would take longer than the requests of the test.
            item._repr_failure_py = lambda *_, **__: ""  # type: ignore[method-assign, assignment]
        report = yield
        if report.failed and call.excinfo is not None and isinstance(call.excinfo.value, BudgetExceeded):
            # In a precondition that several tests share, a spent budget is no error either.
            self.runner.exceeded = call.excinfo.value
            report.outcome = "skipped"
            report.longrepr = (str(item.path), 0, f"Skipped: {self.exceeded}")
        is_final_phase = call.when == "call" or not report.passed
        if record is None or not is_final_phase or (call.when == "setup" and report.skipped):
            return report
        error = self._error(record, call)
        if call.when == "setup":
            self.known.triage(record, known=False)
        self.known.withhold(record)
        self._store(record, error)
        if record.failed:
            failures = item.stash[FAILURES] = self.factory.failures(record)
            self.outcomes.set_failed(report, failures, error)
        elif record.repeats:
            set_blocked(report, item, record)
        return report

    def add_failure_before_tests(self, error: ContractError) -> None:
        """Fail the clause of a response in preflight, after which no test can run."""
        record = Record("preflight", {})
        failed = Failed(mismatch_of(error), (error.exchange,))
        record.total.failed[error.clause] = failed
        self.findings.add(self.factory.findings(record))

    def _store(self, record: Record, error: str = "") -> None:
        """A clause that was assessed stays so when a repeated test meets transient errors or the end of the budget."""
        repeating = self.repeating and not (error and not record.transient_errors)
        self.findings.add(self.factory.findings(record, error), repeated=repeating)

    def _error(self, record: Record, call: pytest.CallInfo[None]) -> str:
        """One sentence about an error that is not the tenant's; empty where there is none."""
        if call.excinfo is None:
            return ""
        raised = call.excinfo.value
        if isinstance(raised, ContractError) and not record.failed:
            record.fail(mismatch_of(raised))  # in a fixture
        if isinstance(raised, TransientError):
            self.runner.last_transient = raised  # a fixture may be the first to meet it
        if isinstance(raised, pytest.skip.Exception | BudgetExceeded) and not self.is_unavailable:
            reason: Reason = "budget" if isinstance(raised, BudgetExceeded) or self.exceeded else "other"
            record.skipped = Obstacle(str(raised), reason)
            return ""
        if record.failed:
            return ""
        if record.transient_errors:
            return f"The network or a gateway failed: {record.transient_errors[-1]}"
        return self.factory.redacted(f"{type(raised).__name__}: {raised}").split("\n")[0]

    def _missing(self, clause_id: str) -> Obstacle | None:
        for need in sorted(catalogue_entry(clause_id).needs):
            if sentence := self.run.missing(need):
                return Obstacle(sentence, need)
        return None


def _keep_unshrunk(record: Record, error: Exception) -> None:
    """Keep the failures of a state machine that has no minimal program: what was seen was seen."""
    for leaf in leaves(error):
        if isinstance(leaf, Mismatch) and leaf.clause in record.unshrunk:
            record.total.failed.setdefault(leaf.clause, record.unshrunk[leaf.clause])
    if not record.failed and record.unshrunk:
        record.total.failed.update([next(iter(record.unshrunk.items()))])
