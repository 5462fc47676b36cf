"""Evidence: a clause passes in one way, fails in one way, and examples without a result count for nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis.errors import StopTest, UnsatisfiedAssumption

from client import BudgetExceeded, TransientError
from harness.checks.evidence import Record, clause
from meta_tests.support.scripted_tenant import exchange
from meta_tests.unit.harness.conftest import FACTORY
from reporting import Finding
from spec import Kind, Mismatch

STATUS, TITLE, SHOULD, UNSPECIFIED = (
    "patch.status.ok",
    "patch.title.round-trip",
    "errors.404.details",
    "list.sort.several",
)


def mismatch(actual: Any = 500, **details: Any) -> Mismatch:
    return Mismatch(Kind.VALUE, expected=200, actual=actual, **details)


def fail(clause_id: str, actual: Any = 500, **options: Any) -> None:
    with clause(clause_id, **options):
        raise mismatch(actual)


def check_then_raise(error: BaseException) -> None:
    """One scope runs to its end, the next one does not."""
    with clause(STATUS):
        pass
    with clause(TITLE):
        raise error


def findings(record: Record, error: str = "") -> dict[str, Finding]:
    return {finding.clause: finding for finding in FACTORY.findings(record, error)}


def outcomes(record: Record) -> dict[str, str]:
    return {name: finding.outcome for name, finding in findings(record).items()}


# -- scopes --------------------------------------------------------------------------------------------------------


def test_scope_that_ran_to_its_end_is_evidence(record: Record) -> None:
    with clause(STATUS, "an empty body"):
        assert not record.total.passed
    assert record.total.passed == {STATUS: 1}
    assert record.total.checks[STATUS].classes == {"an empty body"}


@pytest.mark.parametrize("error", [pytest.skip.Exception("x"), BudgetExceeded("x"), KeyError("x")])
def test_scope_that_an_error_has_ended_is_no_evidence(record: Record, error: BaseException) -> None:
    record.declared = {STATUS: 1, TITLE: 1}
    with pytest.raises(type(error)), record.example():
        check_then_raise(error)
    assert record.total.passed == {STATUS: 1}
    assert outcomes(record) == {STATUS: "pass", TITLE: "not_assessed"}


def test_failed_scope_is_no_evidence(record: Record) -> None:
    with pytest.raises(Mismatch, match=r"patch\.status\.ok: expected 200, actual 500"):
        fail(STATUS, about="an empty body")
    assert not record.total.passed
    assert record.failed[STATUS].mismatch.about == "an empty body"


def test_plain_assert_fails_the_clause(record: Record) -> None:
    with pytest.raises(Mismatch), clause(STATUS):
        assert not "one"
    assert record.failed[STATUS].mismatch.kind is Kind.ASSERTION


def test_innermost_scope_owns_the_failure(record: Record) -> None:
    with pytest.raises(Mismatch) as raised, clause(STATUS), clause(TITLE):
        raise mismatch()
    assert raised.value.clause == TITLE
    assert record.failed.keys() == {TITLE}
    assert not record.total.passed


def test_mismatch_with_an_owner_keeps_it(record: Record) -> None:
    with pytest.raises(Mismatch), clause(STATUS):
        raise mismatch().owned_by(TITLE)
    assert record.failed.keys() == {TITLE}


def test_check_in_another_thread_is_an_error(record: Record) -> None:
    def check() -> None:
        with clause(STATUS):
            pass

    with ThreadPoolExecutor(1) as pool, pytest.raises(RuntimeError, match="thread of the test"):
        pool.submit(check).result()
    assert not record.total.passed


def test_recorded_failure_does_not_end_the_example(record: Record) -> None:
    with record.example():
        fail(STATUS, record_only=True)
        with clause(TITLE):
            pass
    assert record.failed.keys() == {STATUS}
    assert record.total.passed == {TITLE: 1}


def test_failure_has_the_exchanges_of_its_example(record: Record) -> None:
    record.exchanges = lambda _: (exchange(number=7),)
    fail(STATUS, record_only=True)
    assert [each.number for each in record.failed[STATUS].exchanges] == [7]


# -- levels --------------------------------------------------------------------------------------------------------


def fail_should_then(check: Callable[[], None]) -> None:
    """A SHOULD clause fails, and the example continues with the check of another clause."""
    fail(SHOULD)
    with clause(STATUS):
        check()


def test_failed_should_is_raised_at_the_end_of_its_example(record: Record) -> None:
    with pytest.raises(Mismatch) as raised, record.example():
        fail_should_then(lambda: None)
    assert raised.value.clause == SHOULD
    assert record.failed.keys() == {SHOULD}
    assert record.total.passed == {STATUS: 1}


def test_failed_must_after_a_failed_should_ends_the_example(record: Record) -> None:
    with pytest.raises(Mismatch) as raised, record.example():
        fail_should_then(lambda: fail(STATUS))
    assert raised.value.clause == STATUS
    assert record.failed.keys() == {SHOULD, STATUS}


def test_unspecified_clause_takes_a_reading(record: Record) -> None:
    record.declared = {UNSPECIFIED: 1}
    for reading in ("colons rejected", "commas accepted", "colons rejected"):
        with clause(UNSPECIFIED) as scope:
            scope.observe(reading)
    finding = findings(record)[UNSPECIFIED]
    assert (finding.outcome, finding.reading) == ("observed", "colons rejected; commas accepted")


def test_check_of_an_unspecified_clause_is_an_error(record: Record) -> None:
    with pytest.raises(RuntimeError, match="observe a reading instead of a check"):
        fail(UNSPECIFIED)
    with pytest.raises(RuntimeError, match="observe one of"), clause(UNSPECIFIED):
        pass
    assert not record.failed
    assert not record.total.passed


# -- examples ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [UnsatisfiedAssumption(), StopTest(1), TransientError("502")])
def test_example_without_a_result_is_no_evidence(record: Record, error: BaseException) -> None:
    with pytest.raises(type(error)), record.example():
        check_then_raise(error)
    assert not record.total.passed


def test_evidence_counts_when_the_example_ends(record: Record) -> None:
    with record.example():
        with clause(STATUS):
            pass
        assert not record.total.passed
    assert record.total.passed == {STATUS: 1}


def test_later_failure_replaces_an_earlier_one(record: Record) -> None:
    for actual in (500, 404):
        with pytest.raises(Mismatch), record.example():
            fail(STATUS, actual)
    assert record.failed[STATUS].mismatch.actual == 404


def test_failure_that_is_not_minimal_is_kept_apart(record: Record) -> None:
    with pytest.raises(Mismatch), record.example(minimal=False):
        fail(STATUS)
    assert not record.failed
    assert record.unshrunk.keys() == {STATUS}


# -- verdicts ------------------------------------------------------------------------------------------------------


def test_clause_below_its_floor_is_not_assessed(record: Record) -> None:
    record.declared = {STATUS: 2}
    for outcome in ("not_assessed", "pass"):
        with clause(STATUS):
            pass
        assert outcomes(record) == {STATUS: outcome}
    assert not findings(record)[STATUS].reason


def test_undeclared_clause_can_fail_and_cannot_pass(record: Record) -> None:
    with clause(STATUS):
        pass
    fail(TITLE, record_only=True)
    assert outcomes(record) == {TITLE: "fail"}


def test_delays_belong_to_the_clauses_that_were_checked(record: Record) -> None:
    record.declared = {STATUS: 1, TITLE: 1}
    record.record_delay(0.5)
    with clause(STATUS):
        pass
    found = findings(record)
    assert (found[STATUS].evidence.delays.count, found[TITLE].evidence.delays.count) == (1, 0)


def test_clause_that_was_not_reached_names_the_failed_one(record: Record) -> None:
    record.declared = {STATUS: 1, TITLE: 1}
    fail(STATUS, record_only=True)
    assert outcomes(record) == {STATUS: "fail", TITLE: "not_assessed"}
    assert (
        findings(record)[TITLE].reason == "The test ended before its check, because patch.status.ok failed."
    )


def test_triage_blocks_the_clause_that_it_clears(record: Record) -> None:
    record.declared = {STATUS: 1}
    with clause(STATUS):
        pass
    fail(STATUS, record_only=True)
    record.move(STATUS, TITLE)
    assert outcomes(record) == {TITLE: "fail", STATUS: "not_assessed"}
    assert record.failed[TITLE].mismatch.clause == TITLE
    reason = "The test ended before its check, because patch.title.round-trip failed."
    assert findings(record)[STATUS].reason == reason
