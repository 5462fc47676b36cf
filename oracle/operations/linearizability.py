"""Whether concurrent operations are linearizable: equal to some sequence of them.

The search of Wing and Gong ("Testing and Verifying Concurrent Objects", 1993), with the cache of failed
configurations of Lowe ("Testing for linearizability", 2017).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from oracle.customers.model import Rules
from oracle.json_values import Json
from oracle.operations.judgement import successors
from oracle.operations.state import Get, ModelState, Operation
from spec import ABSENT, Absent, show

WIDTH: Final = 40
"""Columns of the bars of a timeline."""
LIMIT: Final = 8
"""The largest number of operations of a history; the search is exponential in it."""


@dataclass(frozen=True)
class Event:
    """One operation of a history, its response, and the times of request and response (monotonic seconds)."""

    operation: Operation
    status: int
    body: Json | Absent
    start: float
    end: float


def linearization(
    history: Sequence[Event], state: ModelState, rules: Rules | None = None, *, deletion_may_lag: bool = False
) -> Sequence[Event] | None:
    """An order of the events in which every response is permitted, or None where there is none.

    The order respects real time: an event that ended before another started precedes it. ValueError for more than
    LIMIT events.
    """
    if len(history) > LIMIT:
        raise ValueError(f"a history may have {LIMIT} operations at most, this one has {len(history)}")
    failed: set[tuple[frozenset[int], str]] = set()

    def search(left: frozenset[int], now: ModelState) -> tuple[int, ...] | None:
        if not left:
            return ()
        configuration = (left, now.fingerprint())
        if configuration in failed:
            return None
        first_end = min(history[index].end for index in left)
        for index in sorted(left):
            event = history[index]
            if event.start > first_end:
                continue
            for after in successors(
                now, event.operation, event.status, event.body, rules, deletion_may_lag=deletion_may_lag
            ):
                rest = None if after.mismatch else search(left - {index}, after.state)
                if rest is not None:
                    return (index, *rest)
        failed.add(configuration)
        return None

    order = search(frozenset(range(len(history))), state)
    return None if order is None else tuple(history[index] for index in order)


def minimal_counterexample(
    history: Sequence[Event], state: ModelState, rules: Rules | None = None, *, deletion_may_lag: bool = False
) -> Sequence[Event]:
    """The history with as few reads as possible that is not linearizable; unchanged where the history is linearizable.

    Only reads are removed: they change nothing, so that the rest is a history that the tenant could have had.
    """
    reads = [index for index, event in enumerate(history) if isinstance(event.operation, Get)]
    for kept in range(len(reads)):
        for chosen in combinations(reads, kept):
            part = tuple(
                event for index, event in enumerate(history) if index not in reads or index in chosen
            )
            if linearization(part, state, rules, deletion_may_lag=deletion_may_lag) is None:
                return part
    return tuple(history)


def timeline(history: Sequence[Event]) -> str:
    """The history as text: a line for each operation in the order of their starts, time from left to right."""
    if not history:
        return "(no operations)"
    events = sorted(history, key=lambda event: (event.start, event.end))
    begin = events[0].start
    length = max(event.end for event in events) - begin or 1.0
    lines = [_line(event, begin, length) for event in events]
    return "\n".join([*lines, f" {'0 ms':<{WIDTH - 8}}{length * 1000:>8.0f} ms"])


def _line(event: Event, begin: float, length: float) -> str:
    scale = (WIDTH - 1) / length
    start = round((event.start - begin) * scale)
    end = round((event.end - begin) * scale)
    bar = " " * start + ("|" + "=" * (end - start - 1) + "|" if end > start else "|")
    body = f" {show(event.body)}" if event.body not in (None, ABSENT) else ""
    return f" {bar:<{WIDTH}}  {_request(event.operation)} -> {event.status}{body}"


def _request(operation: Operation) -> str:
    id = getattr(operation, "id", "")
    body = getattr(operation, "body", None)
    parts = (operation.name, id, "" if body is None else show(dict(body)))
    return " ".join(part for part in parts if part)
