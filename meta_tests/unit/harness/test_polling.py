"""Lateness: waited for within its window and timed, and what flickers beyond it is told apart."""

import json
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from harness.polling import Gauge, Window, Windows, let_close, settled
from meta_tests.effectiveness.jobs import Job
from meta_tests.effectiveness.matrix_runs import run
from meta_tests.support.project_runs import ended
from reporting import Delays
from reporting.model.delays import added
from spec import Violation


def after(looks: int) -> Iterator[Violation | None]:
    """A check that holds from this look on, the first being 0."""
    for number in range(looks):
        yield Violation("list.q.exact", expected="Ada", actual=f"nobody at look {number}")
    while True:
        yield None


def check(looks: Iterator[Violation | None]) -> None:
    if (broken := next(looks)) is not None:
        raise broken


def test_a_change_that_shows_late_is_timed() -> None:
    written = time.monotonic()
    told: list[float] = []
    windows = Windows.timed(0.0, 2.0, 2.0, lambda: written, told.append)
    settled(windows.index, partial(check, after(3)))
    settled(windows.index, partial(check, after(0)))
    index = windows.delays()["index"]
    assert (index.count, index.late, index.median) == (2, 1, 0.0)
    assert 0.05 < index.longest < 1.0, "three pauses, each twice the one before"
    assert windows.delays()["read"].count == 0
    assert told == [index.longest, 0.0]


def test_a_window_that_closes_says_what_was_last_seen() -> None:
    looks = after(10_000)
    began = time.monotonic()
    with pytest.raises(Violation) as caught:
        settled(0.2, lambda: check(looks))
    assert 0.2 <= time.monotonic() - began < 1.0
    last = caught.value.actual
    assert last.startswith("nobody at look ")
    assert last.endswith("(last seen; the window of 0.2 s had closed)")
    assert caught.value.expected == "Ada"
    assert caught.value.clause.id == "list.q.exact"


def test_a_window_of_0_is_strict() -> None:
    looks = after(1)
    with pytest.raises(Violation) as caught:
        settled(0.0, lambda: check(looks))
    assert caught.value.actual == "nobody at look 0", "one look, and no word of a window"


def test_the_longer_of_two_windows_keeps_its_gauge() -> None:
    gauge = Gauge(time.monotonic)
    settled(max(Window(0.1), Window.of(0.2, gauge)), lambda: None)
    assert gauge.seen == {0.0: 1}


def test_a_window_is_let_close_from_when_it_opened() -> None:
    opened = time.monotonic()
    let_close(0.1, opened)
    assert time.monotonic() >= opened + 0.1
    again = time.monotonic()
    let_close(0.1, opened)
    assert time.monotonic() - again < 0.05, "it had closed already"


def test_delays_add_up_and_keep_their_shape() -> None:
    one = Delays({0.0: 90, 0.12: 6})
    other = Delays({0.12: 3, 1.8: 1})
    both = one + other
    assert (both.count, both.late, both.median, both.p95, both.longest) == (100, 10, 0.0, 0.12, 1.8)
    assert Delays.from_json(both.to_json()) == both
    assert added({"index": one}, {"index": other, "read": one}) == {"read": one, "index": both}
    assert (Delays().median, Delays().longest, Delays().count) == (0.0, 0.0, 0)
    assert Delays.rounded(0.31678) == 0.32


FLICKERS = (
    "get-flickers",
    "get-shows-the-deleted-once-more",
    "list-flickers",
    "search-shows-the-deleted-once-more",
)
ASKED = "get.flicker"
"""Asks about list and search too: one test answers for all three."""


@pytest.fixture(scope="module")
def outcomes() -> dict[str, tuple[str, ...]]:
    """The clauses that went red when only steadiness was asked about, by what was planted."""
    jobs = [Job(defects=(name,), clause=ASKED) for name in FLICKERS]
    jobs += [Job(variations=(name,), clause=ASKED) for name in ("replicas-differ", "read-replicas-differ")]
    return {outcome.job.name: outcome.red for outcome in run(jobs)}


@pytest.mark.parametrize("name", FLICKERS)
def test_what_flickers_breaks_the_clause_of_its_own(outcomes: dict[str, tuple[str, ...]], name: str) -> None:
    assert outcomes[name] == (f"{name.partition('-')[0]}.flicker",)


def test_what_takes_turns_within_the_window_is_not_accused(outcomes: dict[str, tuple[str, ...]]) -> None:
    lawful = {name: red for name, red in outcomes.items() if name not in FLICKERS}
    assert set(lawful.values()) == {()}
    assert len(lawful) == 2


def test_a_clause_tells_the_delays_that_its_own_tests_waited_for(tmp_path: Path) -> None:
    asked = (
        "tests/writes/test_delete.py::test_a_deleted_customer_vanishes_from_results",
        "tests/reads/test_get.py",
    )
    run = ended(tmp_path / "reports", *asked, "--mock-variation=eventual-lists")
    assert run.code == 0, run.said
    told = json.loads((run.folder / "conformance.json").read_text(encoding="utf-8"))
    evidence = {each["id"]: each["evidence"] for each in told["clauses"]}
    gone = evidence["list.deleted.vanishes"]["delays"]
    assert gone["late"] > 0
    assert gone["count"] <= sum(each["count"] for each in told["delays"].values())
    assert "delays" not in evidence["get.status.ok"], "its tests waited for nothing"
