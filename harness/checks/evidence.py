"""Evidence: which clauses a test has checked, and which of them failed.

A clause gets evidence in one way only: the body of `with clause(…)` ran to its end. It fails in one way: a check in
that body raised, or the client received a response that it cannot work with. So a test cannot claim what it has not
checked, and a failure always names its clause.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from hypothesis.errors import StopTest, UnsatisfiedAssumption

from client import ContractError, Exchange, TransientError
from harness.checks.known_failures import KnownFailures, PollsEndedEarly
from reporting import Delays, Reason
from spec import Kind, Mismatch, Rule
from spec import clause as catalogue_entry

WITHOUT_RESULT = (UnsatisfiedAssumption, StopTest, TransientError, PollsEndedEarly)
"""What ends an example without a result: Hypothesis rejects its input, the network fails, or a poll ended too soon."""


@dataclass(frozen=True)
class Failed:
    """A failed clause: the mismatch, and the exchanges of the example up to it, oldest first."""

    mismatch: Mismatch
    exchanges: tuple[Exchange, ...]
    program: str = ""
    """The steps of a state machine, as Hypothesis prints them."""


@dataclass(frozen=True)
class Obstacle:
    """Why a test does not check a clause: one sentence, and the reason that selects the hint of the report."""

    sentence: str
    reason: Reason | None = "other"


@dataclass
class Checks:
    """What was checked of one clause: the checks that passed, the examples with one, and their requests."""

    passed: int = 0
    examples: int = 0
    requests: int = 0
    classes: set[str] = field(default_factory=set)
    readings: list[str] = field(default_factory=list)

    def add(self, example: "Checks", requests: int) -> None:
        """Add the checks of an example that sent so many requests."""
        self.passed += example.passed
        self.examples += 1
        self.requests += requests
        self.classes |= example.classes
        self.readings += example.readings


@dataclass
class Example:
    """What one example of a test has checked; kept apart until the example ends.

    start: the position of the recorder at its start.
    """

    start: int = 0
    checks: defaultdict[str, Checks] = field(default_factory=lambda: defaultdict(Checks))
    failed: dict[str, Failed] = field(default_factory=dict)
    deferred: list[Mismatch] = field(default_factory=list)
    delays: Delays = field(default_factory=Delays)
    timed_out: set[str] = field(default_factory=set)
    """The operations of polls that have waited for a whole window in vain."""
    ended_early: bool = False
    """Whether a poll ended before its window had closed."""

    @property
    def passed(self) -> dict[str, int]:
        """The number of checks that passed, by clause."""
        return {clause_id: checks.passed for clause_id, checks in self.checks.items()}

    def record_pass(self, clause_id: str, about: str, reading: str) -> None:
        """Count a check of the clause whose scope ran to its end: evidence for this class of input, or a reading."""
        entry = catalogue_entry(clause_id)
        if entry.level == "unspecified" and reading not in entry.readings:
            raise RuntimeError(
                f"{clause_id} is unspecified: observe one of {', '.join(entry.readings)}, not {reading!r}"
            )
        checks = self.checks[clause_id]
        checks.passed += 1
        if entry.level == "unspecified" and reading not in checks.readings:
            checks.readings.append(reading)
        if about:
            checks.classes.add(about)


@dataclass
class Record:
    """What one test has checked, from its setup to its teardown.

    declared: the clauses that the test answers for, each with the least number of checks that counts; unmet: why
    a declared clause cannot be checked in this run; exchanges: returns those since a position of the recorder,
    oldest first. A later failure of a clause replaces an earlier one, since Hypothesis ends with the minimal example;
    failures that are not minimal yet, of a test that keeps minimal ones alone, are `unshrunk`.
    """

    test: str
    declared: Mapping[str, int]
    exchanges: Callable[[int], tuple[Exchange, ...]] = lambda _: ()
    unmet: Mapping[str, Obstacle] = field(default_factory=dict)
    total: Example = field(default_factory=Example)
    examples: int = 0
    unshrunk: dict[str, Failed] = field(default_factory=dict)
    transient_errors: list[str] = field(default_factory=list)
    skipped: Obstacle | None = None
    blocked_by: dict[str, str] = field(default_factory=dict)
    """Clauses whose failure has another cause, each with the clause that triage found to be violated instead."""
    repeats: dict[str, str] = field(default_factory=dict)
    """Failed clauses with the signature of the failure, which the run has reported of another test."""
    uses: set[str] = field(default_factory=set)
    """The shared customers that the test has used, by name."""
    known: KnownFailures = field(default_factory=KnownFailures)
    waits_whole_windows: bool = False
    """Whether polls wait for whole windows, because an example in which they did not had another failure."""
    _current: Example | None = None

    @property
    def current(self) -> Example:
        """The running example; outside of examples, as in fixtures, the total."""
        return self.total if self._current is None else self._current

    @property
    def failed(self) -> Mapping[str, Failed]:
        """The failed clauses."""
        return self.total.failed

    @property
    def network_sentence(self) -> str:
        """The last transient error."""
        return f"The network or a gateway failed: {self.transient_errors[-1]}"

    @contextmanager
    def example(self, start: int = 0, *, minimal: bool = True) -> Iterator[None]:
        """One example: its evidence counts when it completes or fails.

        start: the position of the recorder; `minimal` False: its failures may still be shrunk.
        """
        self.examples += 1
        example = self._current = Example(start)
        evidence = True
        try:
            yield
            if example.deferred:
                raise example.deferred[0]
            self._check_polls(example)
        except WITHOUT_RESULT:
            evidence = False
            raise
        except ContractError as error:
            self.fail(mismatch_of(error))
            raise example.failed[error.clause].mismatch from error
        except Mismatch:
            self._check_polls(example)
            raise
        finally:
            self._current = None
            self._commit(example, evidence=evidence, minimal=minimal)

    def seconds_of_poll(self, operation: str, window: float, longest_delay: float) -> float:
        """How long a poll of the test waits within a window of so many seconds; fixtures wait for all of it."""
        if self.waits_whole_windows or self._current is None:
            return window
        return self.known.seconds_of_poll(operation, window, longest_delay)

    def end_poll(self, operation: str, *, whole: bool) -> None:
        """Note that a poll has waited in vain, for the whole window or less."""
        if whole:
            self.current.timed_out.add(operation)
        else:
            self.current.ended_early = True

    def fail(self, mismatch: Mismatch) -> None:
        """Keep the mismatch as the failure of its clause."""
        self.current.failed[mismatch.clause] = Failed(mismatch, self.exchanges(self.current.start))

    def withdraw(self, clause_id: str) -> None:
        """Remove the failure of the clause from the running example, because it has another reason."""
        self.current.failed.pop(clause_id, None)

    def record_delay(self, seconds: float) -> None:
        """Add the delay after which a change was visible, in seconds; 0.0: in the first response."""
        self.current.delays += Delays({seconds: 1})

    def move(self, clause_id: str, violated: str) -> None:
        """Give the failure to the clause that triage has found to be violated, which blocks this clause."""
        failed = self.total.failed.pop(clause_id)
        self.blocked_by[clause_id] = violated
        self.total.failed.setdefault(
            violated, Failed(failed.mismatch.owned_by(violated), failed.exchanges, failed.program)
        )

    def block(self, clause_id: str, signature: str) -> None:
        """Replace the failure by its signature: another test has reported the same one."""
        del self.total.failed[clause_id]
        self.repeats[clause_id] = signature

    def _check_polls(self, example: Example) -> None:
        """PollsEndedEarly where a poll ended early and the example has no failure that was seen before."""
        failures = [each.mismatch for each in example.failed.values()]
        if not example.ended_early:
            self.known.record_polls(failures, example.timed_out)
        elif not failures or not all(map(self.known.has_seen, failures)):
            example.failed.clear()
            self.waits_whole_windows = True
            raise PollsEndedEarly from None

    def _commit(self, example: Example, *, evidence: bool, minimal: bool) -> None:
        kept = self.total.failed if minimal else self.unshrunk
        kept.update(example.failed)
        if not evidence or example.ended_early:
            return
        requests = len(self.exchanges(example.start))
        for clause_id, checks in example.checks.items():
            self.total.checks[clause_id].add(checks, requests)
        self.total.delays += example.delays


def mismatch_of(error: ContractError) -> Mismatch:
    """The failure of a clause by a response that the client cannot work with, such as one without a token."""
    mismatch = Mismatch(
        Kind.ASSERTION, expected=Rule(error.expected), actual=Rule(error.actual), exchange=error.exchange
    )
    return mismatch.owned_by(error.clause)


CURRENT: ContextVar[Record] = ContextVar("the record of the running test")


def current_record() -> Record:
    """The record of the running test; RuntimeError in another thread, for only the thread of the test checks."""
    try:
        return CURRENT.get()
    except LookupError:
        raise RuntimeError(
            "no test is running in this thread; checks belong in the thread of the test"
        ) from None


@dataclass
class Scope:
    """The scope of an unspecified clause takes a reading."""

    reading: str = ""

    def observe(self, reading: str) -> None:
        """The reading of the contract that the tenant follows, one of those that the catalogue lists."""
        self.reading = reading


@contextmanager
def clause(clause_id: str, about: str = "", *, record_only: bool = False) -> Iterator[Scope]:
    """Attribute the checks in the body to a clause; the innermost scope owns a failure.

    about: the class of input that the checks are about. The body of a clause of level unspecified observes a
    reading and checks nothing. A failed SHOULD clause ends the example after its last check, not at once.
    record_only: a failure does not end the example at all, as invariants need it.
    """
    record, scope = current_record(), Scope()
    try:
        yield scope
    except AssertionError as error:
        owned = _owned(error, clause_id)
        owned.about = owned.about or about
    else:
        record.current.record_pass(clause_id, about, scope.reading)
        return
    level, failed = catalogue_entry(owned.clause).level, record.current.failed.get(owned.clause)
    if level == "unspecified":
        raise RuntimeError(f"{owned.clause} is unspecified: observe a reading instead of a check") from owned
    if failed is None or failed.mismatch is not owned:
        record.fail(owned)
    if record_only:
        return
    if level == "should":
        record.current.deferred.append(owned)
        return
    raise owned from None


def _owned(error: AssertionError, clause_id: str) -> Mismatch:
    """The failure of a check in the scope of a clause: an inner scope may own it already."""
    if not isinstance(error, Mismatch):
        error = Mismatch(Kind.ASSERTION, expected=Rule("the assertion holds"), actual=Rule(str(error)))
    return error if error.clause else error.owned_by(clause_id)
