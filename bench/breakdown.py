"""A pytest plugin that measures how the time of a run is spent: network, checks, generation; and counts its workers."""

import json
import os
import time
from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from hypothesis.internal.conjecture.data import ConjectureData

from client.transport.network import NetworkTransport
from harness.checks import customers
from harness.plugin import connection
from harness.plugin.workers.pool import Pool

OUTPUT_VARIABLE = "BENCH_BREAKDOWN"
"""The environment variable with the path of the output file; `bench.tools` sets it."""
SECONDS: defaultdict[str, float] = defaultdict(float)
"""The seconds spent in each category."""
_workers: list[Pool] = []
"""The pool of each worker that was started."""
_nested_seconds: list[float] = []
"""For each measured call in progress, the seconds in measured calls within it."""


def measure(owner: Any, name: str, category: str) -> None:
    """Adds the time of a method to a category, without the time of measured methods that it calls."""
    method: Callable[..., Any] = getattr(owner, name)

    @wraps(method)
    def measured(*args: Any, **kwargs: Any) -> Any:
        started = time.perf_counter()
        _nested_seconds.append(0.0)
        try:
            return method(*args, **kwargs)
        finally:
            elapsed = time.perf_counter() - started
            SECONDS[category] += elapsed - _nested_seconds.pop()
            if _nested_seconds:
                _nested_seconds[-1] += elapsed

    setattr(owner, name, measured)


def count_workers() -> None:
    """Counts the workers that a pool starts."""
    start = Pool.start

    @wraps(start)
    def counted(pool: Pool) -> None:
        _workers.append(pool)
        start(pool)

    Pool.start = counted  # type: ignore[assignment, method-assign]


def pytest_configure() -> None:
    """Starts the measurement."""
    count_workers()
    measure(NetworkTransport, "handle_request", "network")
    measure(connection, "check_invariants", "checks")
    measure(customers, "_comparisons", "checks")
    measure(ConjectureData, "draw", "generation")


def pytest_unconfigure() -> None:
    """Writes the measured seconds and the number of workers."""
    measured = {"seconds": SECONDS, "workers": len(_workers)}
    Path(os.environ[OUTPUT_VARIABLE]).write_text(json.dumps(measured), encoding="utf-8")
