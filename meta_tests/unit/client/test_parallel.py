"""Work in threads: its results, its errors, and an interruption wherever it arrives."""

import gc
import itertools
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from client import parallel
from client.parallel import map_parallel

DEADLINE = 10.0
"""Seconds after which a call counts as blocked for ever."""


def test_results_are_in_the_order_of_the_values() -> None:
    barrier = threading.Barrier(3)

    def double(value: int) -> int:
        barrier.wait(DEADLINE)
        return 2 * value

    assert map_parallel(double, range(9), 3) == [*range(0, 18, 2)]
    assert map_parallel(double, [], 3) == []


def test_the_first_error_cancels_the_rest() -> None:
    done: list[int] = []

    def work(value: int) -> None:
        if value == 2:
            raise LookupError(value)
        done.append(value)

    with pytest.raises(LookupError, match="2"):
        map_parallel(work, range(1000), 1)
    assert done == [0, 1]


def interrupted_at(step: int, run: Callable[[], object]) -> bool:
    """Run in this thread, with KeyboardInterrupt at this line or call of Python code; whether it was raised."""
    steps = itertools.count()

    def trace(_frame: FrameType, _event: str, _argument: Any) -> Any:
        if next(steps) == step:
            raise KeyboardInterrupt
        return trace

    gc.disable()  # a callback of a garbage collection is Python code as well, in which the exception is lost
    sys.settrace(trace)
    try:
        run()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(None)
        gc.enable()
    return False


def test_an_interruption_never_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in a function that releases a lock, if it is in Python."""
    monkeypatch.setattr(parallel, "GRACE", 0.05)
    interrupted: list[bool] = []

    def interrupt_everywhere() -> None:
        for step in itertools.count():
            interrupted.append(interrupted_at(step, lambda: map_parallel(str, range(3), 2)))
            if not interrupted[-1]:
                return

    thread = threading.Thread(target=interrupt_everywhere, daemon=True)
    thread.start()
    thread.join(DEADLINE)
    assert not thread.is_alive(), f"an interruption at step {len(interrupted)} blocks"
    assert len(interrupted) > 20


def test_an_interruption_waits_for_the_work_that_runs_and_cancels_the_rest() -> None:
    begun: list[int] = []
    ended: list[int] = []
    main_thread = threading.main_thread().ident
    assert main_thread is not None

    def work(value: int) -> None:
        begun.append(value)
        if value == 0:
            signal.pthread_kill(main_thread, signal.SIGINT)
        time.sleep(0.01)
        ended.append(value)

    former = signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # which a shell ignores in the background
    try:
        with pytest.raises(KeyboardInterrupt):
            map_parallel(work, range(1_000), 1)
    finally:
        signal.signal(signal.SIGINT, former)
    assert begun == ended
    assert len(ended) < 1_000
