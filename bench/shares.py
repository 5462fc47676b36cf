"""A pytest plugin that tells where the seconds of a run go: to data, to the network, to judgement."""

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
from harness.operations import Operations

SPENT: defaultdict[str, float] = defaultdict(float)
_running: list[list[float]] = []


def timed(owner: type, name: str, kind: str) -> None:
    """Count the time in this method, without that in others which are timed, as time of this kind."""
    inner: Callable[..., Any] = getattr(owner, name)

    @wraps(inner)
    def outer(*args: Any, **rest: Any) -> Any:
        started, below = time.perf_counter(), [0.0]
        _running.append(below)
        try:
            return inner(*args, **rest)
        finally:
            _running.pop()
            whole = time.perf_counter() - started
            SPENT[kind] += whole - below[0]
            if _running:
                _running[-1][0] += whole

    setattr(owner, name, outer)


def pytest_configure() -> None:
    """Begin to count."""
    timed(NetworkTransport, "send", "network")
    timed(Operations, "asked", "judgement")
    timed(Operations, "compare", "judgement")
    timed(ConjectureData, "draw", "generation")


def pytest_unconfigure() -> None:
    """Write down what was counted."""
    Path(os.environ["BENCH_SHARES"]).write_text(json.dumps(SPENT), encoding="utf-8")
