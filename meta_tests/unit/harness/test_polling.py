"""Polling: a request is repeated within a consistency window, and the delay is measured."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from client import Exchange
from harness import poll
from harness.checks.evidence import Record, clause
from harness.checks.known_failures import PollsEndedEarly
from harness.polling import ConsistencyWindow, Windows
from meta_tests.effectiveness.jobs import Job
from meta_tests.effectiveness.matrix_runs import run
from meta_tests.support.project_runs import run_suite
from meta_tests.support.scripted_tenant import exchange
from meta_tests.unit.harness.checks.test_evidence import STATUS, TITLE, fail
from reporting import Delays
from reporting.model.delays import added
from spec import Mismatch


def responses() -> Callable[[], Exchange]:
    """Sends a request whose responses are numbered from 0."""
    numbers = iter(range(10_000))
    return lambda: exchange(number=next(numbers))


def test_delay_of_a_change_is_measured(record: Record) -> None:
    written = time.monotonic()
    windows = Windows.of(0.0, 2.0, 2.0, lambda: written)
    assert poll(responses(), until=lambda found: found.number == 3, within=windows.index).number == 3
    assert poll(responses(), until=lambda found: found.number == 0, within=windows.index).number == 0
    index = windows.delays()["index"]
    assert (index.count, index.late, index.median) == (2, 1, 0.0)
    assert 0.05 < index.longest < 1.0, "three pauses, each twice the one before"
    assert windows.delays()["read"].count == 0
    assert record.total.delays == index


def test_last_response_is_returned_when_the_window_has_closed() -> None:
    began = time.monotonic()
    window = ConsistencyWindow(0.2)
    last = poll(responses(), until=lambda _: False, within=window)
    assert 0.2 <= time.monotonic() - began < 1.0
    assert last.number > 2
    assert not window.delays


def test_closed_window_means_one_request() -> None:
    assert poll(responses(), until=lambda _: False, within=ConsistencyWindow()).number == 0


def test_last_request_is_sent_after_the_window_has_closed() -> None:
    closes = time.monotonic() + 0.1
    found = poll(
        responses(), until=lambda _: time.monotonic() >= closes, within=ConsistencyWindow(0.1, lambda: 0.0)
    )
    assert found.number > 0


def test_window_of_listed_deletions_counts_as_deletion() -> None:
    windows = Windows.of(0.0, 0.2, 0.1, lambda: 0.0)
    assert windows.listed_deletion.seconds == 0.2
    poll(responses(), until=lambda _: True, within=windows.listed_deletion)
    assert windows.delays()["deletion"] == Delays({0.0: 1})
    assert windows.delays()["index"].count == 0


def test_window_that_has_closed_is_not_waited_for_again() -> None:
    opened = time.monotonic()
    window = ConsistencyWindow(0.1, lambda: opened)
    window.sleep_until_closed()
    assert time.monotonic() >= opened + 0.1
    again = time.monotonic()
    window.sleep_until_closed()
    assert time.monotonic() - again < 0.05


def test_delays_add_up() -> None:
    one = Delays({0.0: 90, 0.12: 6})
    other = Delays({0.12: 3, 1.8: 1})
    both = one + other
    assert (both.count, both.late, both.median, both.p95, both.longest) == (100, 10, 0.0, 0.12, 1.8)
    assert added({"index": one}, {"index": other, "read": one}) == {"read": one, "index": both}
    assert (Delays().median, Delays().longest, Delays().count) == (0.0, 0.0, 0)
    assert Delays.rounded(0.31678) == 0.32


def poll_and_fail(record: Record, window: ConsistencyWindow, clause_id: str) -> float:
    """An example that polls in vain and fails; the seconds that it took."""
    began = time.monotonic()
    with record.example():
        poll(responses(), until=lambda _: False, within=window)
        fail(clause_id)
    return time.monotonic() - began


@pytest.fixture
def waited(record: Record) -> ConsistencyWindow:
    """A window of reads that an example has waited for in vain, before it failed."""
    window = ConsistencyWindow(0.6)
    with pytest.raises(Mismatch):
        poll_and_fail(record, window, STATUS)
    return window


def test_window_is_waited_out_once_for_a_failure(record: Record, waited: ConsistencyWindow) -> None:
    began = time.monotonic()
    with pytest.raises(Mismatch):
        poll_and_fail(record, waited, STATUS)
    assert time.monotonic() - began < 0.4


def test_other_failure_waits_for_the_whole_window(record: Record, waited: ConsistencyWindow) -> None:
    with pytest.raises(PollsEndedEarly):
        poll_and_fail(record, waited, TITLE)
    assert TITLE not in record.failed
    began = time.monotonic()
    with pytest.raises(Mismatch):
        poll_and_fail(record, waited, TITLE)
    assert time.monotonic() - began >= 0.6
    assert TITLE in record.failed


def test_checks_after_a_short_poll_are_no_evidence(record: Record, waited: ConsistencyWindow) -> None:
    def check() -> None:
        with record.example():
            poll(responses(), until=lambda _: False, within=waited)
            with clause(TITLE):
                pass

    with pytest.raises(PollsEndedEarly):
        check()
    assert TITLE not in record.total.passed


def test_short_poll_waits_longer_than_the_measured_delays(record: Record, waited: ConsistencyWindow) -> None:
    waited.record(0.2)
    began = time.monotonic()
    with pytest.raises(Mismatch):
        poll_and_fail(record, waited, STATUS)
    assert 0.4 <= time.monotonic() - began < 0.6


FLICKERS = (
    "get-flickers",
    "get-returns-deleted-customers-once-more",
    "list-flickers",
    "search-returns-deleted-customers-once-more",
)
VARIATIONS = ("replicas-differ", "read-replicas-differ")
CLAUSE = "get.flicker"
"""One test covers it and the same clauses of list and search."""


@pytest.fixture(scope="module")
def outcomes() -> dict[str, tuple[str, ...]]:
    """The failed clauses of runs of that test, by the seeded defect or the variation."""
    jobs = [Job(defects=(name,), clause=CLAUSE) for name in FLICKERS]
    jobs += [Job(variations=(name,), clause=CLAUSE) for name in VARIATIONS]
    return {outcome.job.name: outcome.failed for outcome in run(jobs)}


@pytest.mark.parametrize("name", FLICKERS)
def test_change_that_disappears_again_is_detected(outcomes: dict[str, tuple[str, ...]], name: str) -> None:
    assert outcomes[name] == (f"{name.partition('-')[0]}.flicker",)


@pytest.mark.parametrize("name", VARIATIONS)
def test_replicas_that_differ_within_the_window_conform(
    outcomes: dict[str, tuple[str, ...]], name: str
) -> None:
    assert outcomes[name] == ()


def test_clause_has_the_delays_of_its_tests(tmp_path: Path) -> None:
    test = "tests/writes/test_delete.py::test_a_deleted_customer_vanishes_from_results"
    run = run_suite(tmp_path / "reports", test, "--mock-variation=eventual-lists")
    assert run.code == 0, run.output
    report = json.loads((run.folder / "conformance.json").read_text(encoding="utf-8"))
    evidence = {each["id"]: each["evidence"] for each in report["clauses"]}
    deleted = evidence["list.deleted.vanishes"]["delays"]
    assert deleted["late"] > 0
    assert deleted["count"] <= sum(each["count"] for each in report["delays"].values())
