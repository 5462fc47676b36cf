"""The markers with which a test names the clauses that it answers for, and says that it draws what it asks."""

from collections.abc import Callable
from typing import TypeVar

import pytest

drawn = pytest.mark.drawn
"""Marks a test that draws what it asks though it is no property itself, such as one that runs a state machine."""

Test = TypeVar("Test", bound=Callable[..., object])


def clause(*names: str, at_least: int = 1) -> Callable[[Test], Test]:
    """The clauses of the marked test, and how often it must have seen each hold for its verdict to count."""
    marker = pytest.mark.clause(*names, at_least=at_least)

    def mark(test: Test) -> Test:
        marked: Test = marker(test)
        return marked

    return mark
