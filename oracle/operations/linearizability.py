"""Whether concurrent operations equal some order of them.

The search is Wing and Gong's ("Testing and Verifying Concurrent Objects", 1993) with Lowe's memory of
configurations that were tried ("Testing for linearizability", 2017).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from oracle.operations.operations import Get, Operation
from oracle.operations.state import ModelState
from oracle.operations.transitions import continuations
from oracle.tenant_config import Rules
from oracle.values.json_values import Json, is_json
from spec.formatting import show

WIDTH: Final = 40
"""Columns of a timeline's bars."""
LIMIT: Final = 8
"""Operations of a history at most; the search is exponential in them."""


@dataclass(frozen=True)
class Event:
    """One operation of a history: its answer, and when it was called and answered (monotonic seconds)."""

    operation: Operation
    status: int
    body: Json
    start: float
    end: float


def linearizable(
    history: Sequence[Event], world: ModelState, rules: Rules | None = None, *, deletion_may_lag: bool = False
) -> Sequence[Event] | None:
    """An order of the events that explains every answer and keeps to real time, or None where there is none.

    An event precedes another when it ended before the other started. ValueError for more than LIMIT events.
    """
    if len(history) > LIMIT:
        raise ValueError(f"a history may hold {LIMIT} operations at most, this one holds {len(history)}")
    hopeless: set[tuple[frozenset[int], str]] = set()

    def explain(left: frozenset[int], now: ModelState) -> tuple[int, ...] | None:
        if not left:
            return ()
        configuration = (left, now.fingerprint())
        if configuration in hopeless:
            return None
        first_end = min(history[index].end for index in left)
        for index in sorted(left):
            event = history[index]
            if event.start > first_end:
                continue
            for after in continuations(
                now, event.operation, event.status, event.body, rules, lag=deletion_may_lag
            ):
                rest = explain(left - {index}, after) if isinstance(after, ModelState) else None
                if rest is not None:
                    return (index, *rest)
        hopeless.add(configuration)
        return None

    order = explain(frozenset(range(len(history))), world)
    return None if order is None else tuple(history[index] for index in order)


def smallest_bad(
    history: Sequence[Event], world: ModelState, rules: Rules | None = None, *, deletion_may_lag: bool = False
) -> Sequence[Event]:
    """The history with as few reads as leave it without an explanation; as it is where it has one.

    Only reads are dropped: they change nothing, so that what remains is still a history that happened.
    """

    def explained(part: Sequence[Event]) -> bool:
        return linearizable(part, world, rules, deletion_may_lag=deletion_may_lag) is not None

    reads = [index for index, event in enumerate(history) if isinstance(event.operation, Get)]
    for kept in range(len(reads)):
        for chosen in combinations(reads, kept):
            part = tuple(
                event for index, event in enumerate(history) if index not in reads or index in chosen
            )
            if not explained(part):
                return part
    return tuple(history)


def timeline(history: Sequence[Event]) -> str:
    """The history as text, a line for each operation in the order of their starts, time to the right."""
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
    return f" {bar:<{WIDTH}}  {_called(event.operation)} -> {event.status}{_answered(event)}"


def _called(operation: Operation) -> str:
    id = getattr(operation, "id", "")
    body = getattr(operation, "body", None)
    parts = (operation.name, id, "" if body is None else show(dict(body)))
    return " ".join(part for part in parts if part)


def _answered(event: Event) -> str:
    return f" {show(event.body)}" if is_json(event.body) and event.body is not None else ""
