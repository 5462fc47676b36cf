"""Forks share values and a lock, and a killed process holds no lock."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.process import BaseProcess

import pytest

from client import BudgetExceeded
from client.config.settings import Safety
from client.locks import SharedLock
from client.transport.budget import Budget
from client.transport.rate_limiter import RateLimiter

FORK = multiprocessing.get_context("fork")
DEADLINE = 20.0
"""Seconds within which each process ends on a busy machine."""


def fork(number: int, work: Callable[[], object]) -> list[BaseProcess]:
    """So many processes that do the work."""
    processes: list[BaseProcess] = [FORK.Process(target=work) for _ in range(number)]
    for each in processes:
        each.start()
    return processes


def join(processes: list[BaseProcess]) -> None:
    for each in processes:
        each.join(DEADLINE)
        each.kill()
        assert each.exitcode == 0


def test_a_budget_holds_over_all_processes() -> None:
    budget = Budget(Safety(max_requests=100))

    def use() -> None:
        with suppress(BudgetExceeded):
            while True:
                budget.count_request()

    join(fork(4, use))
    with pytest.raises(BudgetExceeded, match="max_requests = 100 is reached"):
        budget.count_request()
    assert budget._used.requests == 100


def test_a_rate_holds_over_all_processes() -> None:
    limiter = RateLimiter(100)
    started = time.monotonic()

    def send() -> None:
        for _ in range(10):
            limiter.acquire()

    join(fork(4, send))
    assert time.monotonic() - started >= 0.35


def test_a_429_of_one_process_pauses_the_others() -> None:
    limiter = RateLimiter()
    started = time.monotonic()
    join(fork(1, lambda: limiter.on_429(0.5)))
    limiter.acquire()
    assert time.monotonic() - started >= 0.5
    assert limiter.rate is not None, "the rate is lowered here, too"


def test_the_lock_of_a_killed_process_is_released() -> None:
    lock, held = SharedLock(), FORK.Event()

    def hold() -> None:
        with lock:
            held.set()
            signal.pause()

    (process,) = fork(1, hold)
    assert held.wait(DEADLINE)
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join(DEADLINE)
    with lock:
        assert process.exitcode == -signal.SIGKILL


def test_the_lock_excludes_other_processes() -> None:
    lock, begins, entered = SharedLock(), FORK.Event(), FORK.Event()

    def enter() -> None:
        assert begins.wait(DEADLINE)
        with lock:
            entered.set()

    processes = fork(1, enter)
    with lock:
        begins.set()
        assert not entered.wait(0.2)
    join(processes)
    assert entered.is_set()
