"""The values of a strategy: the smallest that satisfies a condition, and examples."""

from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis.errors import NoSuchExample
from hypothesis.strategies import SearchStrategy

Value = TypeVar("Value")


def _settings(examples: int, *phases: Phase) -> settings:
    return settings(
        max_examples=examples,
        phases=phases,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def minimal(strategy: SearchStrategy[Value], condition: Callable[[Value], Any] = lambda _: True) -> Value:
    """The smallest value that satisfies the condition; the test fails if a thousand values do not."""
    try:
        return find(strategy, lambda value: bool(condition(value)), settings=_SEARCH)
    except NoSuchExample:
        pytest.fail("no value satisfies the condition")


def examples(strategy: SearchStrategy[Value], number: int = 100) -> list[Value]:
    """This many values, the same in every run."""
    seen: list[Value] = []

    @_settings(number, Phase.generate)
    @given(strategy)
    def collect(value: Value) -> None:
        seen.append(value)

    collect()
    return seen


_SEARCH = _settings(1_000, Phase.generate, Phase.shrink)
