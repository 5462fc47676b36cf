"""The pytest side of the report: markers become trials, and outcomes become findings."""

from collections.abc import Callable, Generator, Sequence
from functools import wraps
from typing import NoReturn, Protocol

import pytest
from hypothesis.control import current_build_context

from harness.plugin.finding_store import FindingStore
from harness.plugin.markers import clauses_of, four_parts, leaves
from harness.test_record import Exchanges, TestRecord
from reporting.verdicts.deviations import Deviations
from spec import Violation, clause, clauses

TRIAL = pytest.StashKey[TestRecord]()
SHRINKING = 600
"""Requests that may go into making a failing example small."""
ATTEMPTS = 4
"""How often a test without examples of its own is asked anew when the network fails under it."""


class Needs(Protocol):
    """Says why a need of a clause (`spec.Clause.needs`) is not met; empty where it is."""

    def __call__(self, need: str) -> str: ...


class ContractPlugin:
    """Collects findings from every test that carries the marker `clause`.

    `trouble` are the exceptions that are the network's fault, and `outage` those of them after which nothing
    more is asked; `limit` says that a bound of the run is reached; `strict` fails the run on SHOULD clauses too,
    `deviations` are the failures that are accepted. `again` is set while tests are asked that were asked before,
    `examples` counts those of the tests that are over.
    """

    def __init__(
        self,
        *,
        needs: Needs,
        exchanges: Exchanges,
        position: Callable[[], int],
        trouble: type[Exception],
        outage: type[Exception],
        limit: type[Exception],
        strict: bool,
        replay: Callable[[str], str],
        redacted: Callable[[str], str] = str,
        deviations: Deviations = Deviations(),  # noqa: B008 - frozen
    ) -> None:
        self.findings = FindingStore()
        self.again = False
        self.examples = 0
        self.current: TestRecord | None = None
        self.last_trouble: Exception | None = None
        self.reached: Exception | None = None
        self.mark = 0
        self._needs = needs
        self._exchanges = exchanges
        self._replay = replay
        self._redacted = redacted
        self._position = position
        self._trouble = trouble
        self._outage = outage
        self._limit = limit
        self._strict = strict
        self._deviations = deviations

    @property
    def out(self) -> bool:
        """Whether the tenant is out of reach, so that nothing more can be asked."""
        return isinstance(self.last_trouble, self._outage)

    def trial(self) -> TestRecord:
        """The trial of the running test."""
        if self.current is None:
            raise RuntimeError("no contract test is running")
        return self.current

    def waited(self, seconds: float) -> None:
        """A change was waited for so long, for the running test if there is one."""
        if self.current is not None:
            self.current.waited(seconds)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: Sequence[pytest.Item]) -> None:
        for item in items:
            unknown = sorted(set(clauses_of(item)) - set(clauses()))
            if unknown:
                raise pytest.UsageError(
                    f"{item.nodeid} names the clause {unknown[0]}, which spec/clauses.yaml does not have; "
                    f"correct the name or add the clause."
                )

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        named = clauses_of(item)
        if not named:
            return (yield)
        unmet = {name: reason for name in named if (reason := self._reason(name))}
        self.current = item.stash[TRIAL] = TestRecord(
            item.nodeid, named, self._exchanges, self._replay(item.nodeid), self._redacted, unmet
        )
        result = yield
        self.current = None
        self.examples += item.stash[TRIAL].examples
        return result

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        trial = item.stash.get(TRIAL, None)
        if trial is None:
            return
        # The clause named first is the question; the others are answered on the way.
        if reason := trial.unmet.get(next(iter(trial.clauses)), ""):
            trial.stopped = reason
            self._gather(trial)
            pytest.skip(reason)

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Generator[None, object, object]:
        trial = pyfuncitem.stash.get(TRIAL, None)
        if trial is None:
            return (yield)
        handle = getattr(pyfuncitem.obj, "hypothesis", None)
        if handle is None:
            plain = pyfuncitem.obj
            pyfuncitem.obj = self._repeated(plain, trial)
            try:
                return (yield)
            finally:
                pyfuncitem.obj = plain
        inner = handle.inner_test
        handle.inner_test = self.discarding(inner)
        try:
            return (yield)
        finally:
            handle.inner_test = inner

    def discarding(self, test: Callable[..., object], *, only_minimal: bool = False) -> Callable[..., object]:
        """The body of a property, so that Hypothesis draws anew what the network spoils.

        A test that runs a state machine wraps the machine's inner test in it, and keeps only what the minimal
        program breaks. Once an example has failed, shrinking it may cost SHRINKING requests; from then on
        candidates are turned down unasked.
        """
        trial = self.trial()
        failed_at: int | None = None

        @wraps(test)
        def run(*args: object, **kwargs: object) -> object:
            nonlocal failed_at
            final = current_build_context().is_final
            self.mark = self._position()
            if failed_at is not None and not final and self.mark - failed_at > SHRINKING:
                _abandon()
            try:
                with trial.example(final=final or not only_minimal):
                    return test(*args, **kwargs)
            except self._trouble as trouble:
                self._note(trouble, trial)
                if self.out:
                    pytest.skip(str(trouble))  # alone of all exceptions, it ends a property at once
                _abandon()
            except self._limit as limit:
                self._end(limit)
            except Violation:
                failed_at = self.mark if failed_at is None else failed_at
                raise

        return run

    def _repeated(self, test: Callable[..., object], trial: TestRecord) -> Callable[..., object]:
        @wraps(test)
        def run(*args: object, **kwargs: object) -> object:
            for attempt in range(1, ATTEMPTS + 1):
                self.mark = self._position()
                try:
                    with trial.example():
                        return test(*args, **kwargs)
                except self._trouble as trouble:
                    self._note(trouble, trial)
                    if attempt == ATTEMPTS or self.out:
                        raise
                except self._limit as limit:
                    self._end(limit)
            return None

        return run

    def _end(self, limit: Exception) -> NoReturn:
        """End the test where it is, and keep what it has seen."""
        self.reached = limit
        pytest.skip(str(limit))

    def _gather(self, trial: TestRecord, error: str = "") -> None:
        """A clause that had its answer does not lose it to bad weather, or to the end, when it is asked again."""
        self.findings.add(trial.findings(error), again=self.again and not (error and not trial.trouble))

    def _note(self, trouble: Exception, trial: TestRecord) -> None:
        trial.trouble.append(self._redacted(str(trouble)))
        self.last_trouble = trouble

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        trial = item.stash.get(TRIAL, None)
        if report.failed and call.excinfo is not None and isinstance(call.excinfo.value, self._limit):
            # Met in an arrangement that several tests share, it is no more an error than elsewhere.
            self.reached = call.excinfo.value
            report.outcome = "skipped"
            report.longrepr = (str(item.path), 0, f"Skipped: {self.reached}")
        if (
            trial is None
            or (call.when != "call" and report.passed)
            or (call.when == "setup" and report.skipped)
        ):
            return report
        error = self._judge(trial, call)
        self._gather(trial, error)
        self._tell(report, trial, error)
        return report

    def _judge(self, trial: TestRecord, call: pytest.CallInfo[None]) -> str:
        """Keep what the exception says was broken; the sentence of an error that is not the tenant's."""
        if call.excinfo is None:
            return ""
        raised = call.excinfo.value
        if isinstance(raised, self._trouble):
            self.last_trouble = raised  # a fixture may be the first to meet an outage
        if isinstance(raised, (pytest.skip.Exception, self._limit)) and not self.out:
            trial.stopped = str(raised)
            return ""
        broken = [each for each in leaves(raised) if isinstance(each, Violation)]
        for violation in broken:
            trial.blame(violation)
        if not trial.failures and trial.unproven:
            # A tenant that answers differently each time has no minimal program; what was seen was seen.
            name, failure = next(iter(trial.unproven.items()))
            trial.failures[name] = failure
        if broken or trial.failures:
            return ""
        if trial.trouble:
            return f"The network or a gateway failed: {trial.trouble[-1]}"
        return self._redacted(f"{type(raised).__name__}: {raised}").split("\n")[0]

    def _tell(self, report: pytest.TestReport, trial: TestRecord, error: str) -> None:
        """Make pytest's own outcome agree with the verdicts."""
        if not trial.failures:
            return
        text = "\n\n".join(four_parts(name, trial) for name in trial.failures)
        accepted = {
            name: entry
            for name, failure in trial.failures.items()
            if (entry := self._deviations.accepting(name, failure)) is not None
        }
        worst = {clause(name).level for name in trial.failures if name not in accepted}
        if not worst:
            told = "; ".join(f"{name}: {accepted[name].told()}" for name in sorted(accepted))
            report.outcome = "skipped"
            report.wasxfail = f"known and accepted: {told}"
            report.longrepr = text
        elif worst <= {"should"} and not self._strict:
            report.outcome = "skipped"
            report.wasxfail = f"only SHOULD clauses fail: {', '.join(sorted(trial.failures))}"
            report.longrepr = text
        else:
            report.outcome = "failed"
            report.longrepr = text
        if error:
            report.sections.append(("also", error))

    def _reason(self, name: str) -> str:
        for need in sorted(clause(name).needs):
            if reason := self._needs(need):
                return reason
        return ""


def _abandon() -> NoReturn:
    """End the example as one that ran out of data, so that Hypothesis concludes nothing from where it ended.

    To reject it instead would tell Hypothesis that these draws lead nowhere; it takes offence when, in better
    weather, they led further.
    """
    current_build_context().data.mark_overrun()
    raise AssertionError("an example goes on after its end")
