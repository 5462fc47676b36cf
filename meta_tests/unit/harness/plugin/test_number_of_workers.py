"""How many workers a run chooses, and in which order they begin the tests."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from harness.plugin.execution import ordering
from harness.plugin.run import Run
from harness.plugin.workers.plugin import MAX_WORKERS, choose

MANY = 800
"""Batches of tests."""


def run(
    latency: float = 0.001,
    *,
    requested: int | None = None,
    rate: float = 0.0,
    rounds: bool = False,
    read: float = 0.0,
    index: float = 0.0,
    listed: bool = True,
    live: bool = True,
) -> Run:
    """An open run whose preflight has met a tenant with this latency (seconds)."""
    sent: list[str] = []
    exchanges = [SimpleNamespace(elapsed=each * latency) for each in (9, 1, 1, 7, 1)]

    def show(q: str, **_: Any) -> Any:
        sent.append(q)
        return SimpleNamespace(status=200, ids=["cct-1"] if listed else [])

    config = SimpleNamespace(rate_limit=SimpleNamespace(requests_per_second=rate))
    double = SimpleNamespace(
        options=SimpleNamespace(workers=requested),
        is_live=live,
        repeats_until_budget=rounds,
        exchanges=lambda _: exchanges,
        tenant_config=config,
        api=SimpleNamespace(windows=SimpleNamespace(read=read, index=index), list=show),
        client=SimpleNamespace(ledger=SimpleNamespace(outstanding=lambda: (SimpleNamespace(id="cct-1"),))),
        sent=sent,
    )
    return cast("Run", double)


@pytest.mark.parametrize(
    ("latency", "number"),
    [(0.001, 0), (0.0049, 0), (0.006, 3), (0.02, 8), (0.1, MAX_WORKERS), (2, MAX_WORKERS)],
)
def test_a_slower_tenant_gets_more_workers(latency: float, number: int) -> None:
    chosen = choose(run(latency), MANY)
    assert chosen.number == number
    assert f"{latency * 1000:.0f} ms" in str(chosen)


@pytest.mark.parametrize(("requested", "number"), [(0, 0), (1, 0), (2, 2), (40, 40)])
def test_the_command_line_overrides_the_choice(requested: int, number: int) -> None:
    assert choose(run(0.1, requested=requested, rounds=True), MANY).number == number


def test_there_are_no_more_workers_than_tests() -> None:
    assert [choose(run(0.1), batches).number for batches in (0, 1, 2, 5)] == [0, 0, 2, 5]


@pytest.mark.parametrize(("rate", "number"), [(60, 7), (5, 2), (1000, MAX_WORKERS)])
def test_no_worker_waits_for_the_rate_limit_alone(rate: float, number: int) -> None:
    assert choose(run(0.1, rate=rate), MANY).number == number


@pytest.mark.parametrize(
    ("requested", "batches", "reason"),
    [(1, MANY, "one worker is not faster than none"), (4, 1, "its tests run one after the other")],
)
def test_one_worker_is_none(requested: int, batches: int, reason: str) -> None:
    sentence = f"It uses no workers, because {reason}."
    assert str(choose(run(0.1, requested=requested), batches)) == sentence


def test_a_run_in_rounds_uses_none() -> None:
    assert str(choose(run(0.1, rounds=True), MANY)) == (
        "It uses no workers, because it repeats its tests in rounds."
    )


@pytest.mark.parametrize(
    ("tenant", "number"),
    [
        ({"read": 1.0}, MAX_WORKERS),
        ({"index": 2.0, "listed": False}, MAX_WORKERS),
        ({"index": 2.0}, 0),
        ({"index": 0.0, "listed": False}, 0),
    ],
)
def test_a_tenant_that_shows_changes_late_gets_many(tenant: dict[str, Any], number: int) -> None:
    assert choose(run(**tenant), MANY).number == number


def test_without_an_index_window_nothing_more_is_sent() -> None:
    fast: Any = run()
    choose(fast, MANY)
    assert fast.sent == []


def test_the_embedded_mock_is_fast_also_on_a_busy_machine() -> None:
    assert choose(run(0.02, live=False), MANY).number == 0


def test_without_fork_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork")
    assert choose(run(0.1, requested=4), MANY).number == 0


def item(path: str, name: str) -> Any:
    """A collected test."""
    return SimpleNamespace(path=Path(path), nodeid=f"tests/{path}::{name}", name=name)


def test_the_longest_tests_begin_first_and_tests_that_share_a_token_stay_together() -> None:
    items = [
        item("access/test_tokens.py", f"{ordering.EXPIRY}[fresh]"),
        item("writes/test_create.py", "test_a"),
        item("reads/test_pages.py", f"{ordering.NEEDS_MANY_CUSTOMERS}[list]"),
        item("histories/test_workflows.py", "test_customer_lifecycle"),
        item("histories/test_final_state.py", "test_b"),
        item("access/test_tokens.py", f"{ordering.EXPIRY}[expired]"),
    ]
    assert ordering.batches(items) == [(0, 5), (3,), (1,), (2,)]
