"""The pytest side of evidence: records, examples, shrinking, triage, and outcomes that agree with verdicts."""

from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import NoReturn

import pytest
from hypothesis.control import current_build_context

from client import BudgetExceeded, ContractError, Exchange, ServiceUnavailable, TransientError
from harness import triage
from harness.checks.evidence import CURRENT, Failed, Obstacle, Record, leaves, mismatch_of
from harness.plugin.evidence.finding_store import FindingStore
from harness.plugin.evidence.findings import Findings
from harness.plugin.markers import declared_clauses
from harness.plugin.run_interface import RunInterface
from reporting import Failure, Reason
from reporting.verdicts.deviations import Deviations
from spec import Mismatch, clauses
from spec import clause as catalogue_entry

RECORD = pytest.StashKey[Record]()
FAILURES = pytest.StashKey[Mapping[str, Failure]]()
"""The failures of a test by clause, for Allure."""
MAX_SHRINKING_REQUESTS = 600
"""Requests that may be sent to make a failing example minimal."""
ATTEMPTS = 8
"""How often a test without examples of its own is repeated when the network fails."""


@dataclass
class EvidencePlugin:
    """Collects the findings of every test that carries the marker `covers`.

    strict: SHOULD clauses fail the run, too; deviations: accepted failures. `repeating` is set while tests run
    that have run before; `examples` counts those of finished tests; `minimal` holds the keys of failures that
    have a minimal example.
    """

    run: RunInterface
    findings_of: Findings
    strict: bool = False
    deviations: Deviations = field(default_factory=Deviations)
    findings: FindingStore = field(default_factory=FindingStore)
    repeating: bool = False
    examples: int = 0
    current: Record | None = None
    last_transient: TransientError | None = None
    exceeded: BudgetExceeded | None = None
    start_of_example: int = 0
    minimal: set[tuple[str, str]] = field(default_factory=set)

    @property
    def is_unavailable(self) -> bool:
        """Whether the tenant does not answer any more."""
        return isinstance(self.last_transient, ServiceUnavailable)

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
        record = Record(item.nodeid, declared, self._exchanges, unmet)
        self.current = item.stash[RECORD] = record
        token = CURRENT.set(record)
        try:
            return (yield)
        finally:
            CURRENT.reset(token)
            self.current = None
            if record.failed:
                self.run.api.known.discard(record.uses, record.failed)
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
            pyfuncitem.obj = self._repeated(plain, record)
        else:
            handle.inner_test = self.as_examples(plain)
        try:
            return (yield)
        except Exception as error:
            self._after_failure(record, error)
            raise
        finally:
            if handle is None:
                pyfuncitem.obj = plain
            else:
                handle.inner_test = plain

    def as_examples(
        self, test: Callable[..., object], *, only_minimal: bool = False
    ) -> Callable[..., object]:
        """The body of a property; Hypothesis draws again what a transient error spoils.

        A test that runs a state machine passes the machine's inner test; only_minimal keeps only the failures of
        the minimal program. Shrinking sends at most MAX_SHRINKING_REQUESTS, and none where the run has a minimal
        example of the same kind.
        """
        record = self._record()
        failed_at: int | None = None
        abandoned = False

        @wraps(test)
        def run(*args: object, **kwargs: object) -> object:
            nonlocal failed_at, abandoned
            final = current_build_context().is_final
            self.start_of_example = self.run.position()
            if failed_at is not None and self.start_of_example - failed_at > MAX_SHRINKING_REQUESTS:
                abandoned = True
            if abandoned and not final:
                _abandon_example()
            try:
                with record.example(minimal=final or not only_minimal):
                    return test(*args, **kwargs)
            except TransientError as error:
                self._note(error, record)
                if self.is_unavailable:
                    pytest.skip(str(error))  # the only exception that ends a property at once
                _abandon_example()
            except BudgetExceeded as error:
                self._end(error)
            except Mismatch as mismatch:
                failed_at = self.start_of_example if failed_at is None else failed_at
                abandoned = abandoned or self.findings_of.key(mismatch) in self.minimal
                raise

        return run

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Store the findings of the test, and make pytest's outcome agree with the verdicts."""
        report = yield
        record = item.stash.get(RECORD, None)
        if report.failed and call.excinfo is not None and isinstance(call.excinfo.value, BudgetExceeded):
            # In a precondition that several tests share, a spent budget is no error either.
            self.exceeded = call.excinfo.value
            report.outcome = "skipped"
            report.longrepr = (str(item.path), 0, f"Skipped: {self.exceeded}")
        is_final_phase = call.when == "call" or not report.passed
        if record is None or not is_final_phase or (call.when == "setup" and report.skipped):
            return report
        error = self._error(record, call)
        self._store(record, error)
        self._set_outcome(item, report, record, error)
        return report

    def add_failure_before_tests(self, error: ContractError) -> None:
        """Fail the clause of a response in preflight, after which no test can run."""
        record = Record("preflight", {})
        failed = Failed(mismatch_of(error), (error.exchange,))
        record.total.failed[error.clause] = failed
        self.findings.add(self.findings_of(record))

    def _record(self) -> Record:
        if self.current is None:
            raise RuntimeError("no test of the tenant is running")
        return self.current

    def _exchanges(self) -> tuple[Exchange, ...]:
        return self.run.exchanges(self.start_of_example)

    def _repeated(self, test: Callable[..., object], record: Record) -> Callable[..., object]:
        """A test without examples of its own, repeated when the network fails."""

        @wraps(test)
        def run(*args: object, **kwargs: object) -> object:
            for attempt in range(1, ATTEMPTS + 1):
                self.start_of_example = self.run.position()
                try:
                    with record.example():
                        return test(*args, **kwargs)
                except TransientError as error:
                    self._note(error, record)
                    if attempt == ATTEMPTS or self.is_unavailable:
                        raise
                except BudgetExceeded as error:
                    self._end(error)
            return None

        return run

    def _after_failure(self, record: Record, error: Exception) -> None:
        """Keep what the exception says of state machines, and let triage name the clauses that are violated."""
        for leaf in leaves(error):
            if (
                isinstance(leaf, Mismatch)
                and leaf.clause in record.unshrunk
                and leaf.clause not in record.failed
            ):
                record.total.failed[leaf.clause] = record.unshrunk[leaf.clause]
        if not record.failed and record.unshrunk:
            # A tenant that responds differently each time has no minimal program; what was seen was seen.
            record.total.failed.update([next(iter(record.unshrunk.items()))])
        for clause_id, failed in [*record.failed.items()]:
            self.minimal.add(self.findings_of.key(failed.mismatch))
            violated = triage.violated_clause(self.run.api, failed.mismatch)
            if violated != clause_id:
                record.move(clause_id, violated)

    def _end(self, error: BudgetExceeded) -> NoReturn:
        """End the test here; what it has checked counts."""
        self.exceeded = error
        pytest.skip(str(error))

    def _note(self, error: TransientError, record: Record) -> None:
        record.transient_errors.append(self.findings_of.redacted(str(error)))
        self.last_transient = error

    def _store(self, record: Record, error: str = "") -> None:
        """A clause that was assessed stays so when a repeated test meets transient errors or the end of the budget."""
        repeating = self.repeating and not (error and not record.transient_errors)
        self.findings.add(self.findings_of(record, error), repeated=repeating)

    def _error(self, record: Record, call: pytest.CallInfo[None]) -> str:
        """One sentence about an error that is not the tenant's; empty where there is none."""
        if call.excinfo is None:
            return ""
        raised = call.excinfo.value
        if isinstance(raised, ContractError) and not record.failed:
            record.fail(mismatch_of(raised))  # in a fixture
        if isinstance(raised, TransientError):
            self.last_transient = raised  # a fixture may be the first to meet it
        if isinstance(raised, pytest.skip.Exception | BudgetExceeded) and not self.is_unavailable:
            reason = Reason.BUDGET if isinstance(raised, BudgetExceeded) or self.exceeded else Reason.OTHER
            record.skipped = Obstacle(str(raised), reason)
            return ""
        if record.failed:
            return ""
        if record.transient_errors:
            return f"The network or a gateway failed: {record.transient_errors[-1]}"
        return self.findings_of.redacted(f"{type(raised).__name__}: {raised}").split("\n")[0]

    def _set_outcome(self, item: pytest.Item, report: pytest.TestReport, record: Record, error: str) -> None:
        if not record.failed:
            return
        failures = item.stash[FAILURES] = self.findings_of.failures(record)
        accepted = {
            name: entry
            for name, failure in failures.items()
            if (entry := self.deviations.accepting(name, failure)) is not None
        }
        levels = {catalogue_entry(name).level for name in failures if name not in accepted}
        report.longrepr = self.findings_of.text(failures)
        report.outcome = "failed" if self._fails(levels) else "skipped"
        if not levels:
            reasons = "; ".join(f"{name}: {accepted[name].justification}" for name in sorted(accepted))
            report.wasxfail = f"known and accepted: {reasons}"
        elif report.outcome == "skipped":
            report.wasxfail = f"only SHOULD clauses fail: {', '.join(sorted(failures))}"
        if error:
            report.sections.append(("error", error))

    def _fails(self, levels: Collection[str]) -> bool:
        return bool(levels) and (self.strict or not set(levels) <= {"should"})

    def _missing(self, clause_id: str) -> Obstacle | None:
        for need in sorted(catalogue_entry(clause_id).needs):
            if sentence := self.run.missing(need):
                return Obstacle(sentence, Reason(need))
        return None


def _abandon_example() -> NoReturn:
    """End the example as one that ran out of data, from which Hypothesis concludes nothing.

    After a rejected example, Hypothesis would report an inconsistency when the same draws are accepted later.
    """
    current_build_context().data.mark_overrun()
    raise AssertionError("an example continues after its end")
