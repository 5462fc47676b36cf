"""What a test tells by its markers, its exception and its trial."""

from collections.abc import Iterator, Mapping

import pytest

from harness.test_record import TestRecord
from spec import clause


def clauses_of(item: pytest.Item) -> Mapping[str, int]:
    """The clauses that the item's markers name, each with how often it must at least be seen to hold."""
    marked: dict[str, int] = {}
    for marker in item.iter_markers("clause"):
        for name in marker.args:
            marked[name] = marker.kwargs.get("at_least", 1)
    return marked


def leaves(raised: BaseException) -> Iterator[BaseException]:
    """The exception, those grouped in it, and those it was raised from."""
    if isinstance(raised, BaseExceptionGroup):
        for each in raised.exceptions:
            yield from leaves(each)
        return
    yield raised
    if raised.__cause__ is not None:
        yield from leaves(raised.__cause__)


def four_parts(name: str, trial: TestRecord) -> str:
    """The failure of a clause for a person: the promise, what was accepted, what came, the sequence."""
    failure = trial.failures[name]
    promise = clause(name)
    lines = [
        f"{name} ({promise.level.upper()}): {promise.text}",
        f"accepted: {failure.expected}",
        f"came:     {failure.actual}" + (f"   at {failure.detail}" if failure.detail else ""),
        "sequence:",
    ]
    lines += [
        f"  {number}. {each['request']['method']} {each['request']['url']} -> {each['response']['status']}"
        for number, each in enumerate(failure.exchanges, start=1)
    ]
    if failure.example:
        lines += ["program:", *(f"  {line}" for line in failure.example.splitlines())]
    return "\n".join([*lines, f"replay:   {failure.replay}"])
