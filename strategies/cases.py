"""Named values: an invalid or adversarial input and the name that a report gives it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import hypothesis.strategies as st

from spec import ABSENT as ABSENT
from spec import Absent as Absent

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Case(Generic[Value]):
    """One value and its name in reports.

    `constraint` is the end of the clause that an invalid value breaks (`id.max-length`, `pageSize.min`); the
    operation precedes it. It is empty if the value breaks no constraint of its own.
    """

    name: str
    value: Value
    constraint: str = ""

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class SecretCase(Case[Value]):
    """A case whose value must not be printed, because it holds a credential or a part of one."""

    value: Value = field(repr=False)


def sampled(values: Iterable[Value]) -> st.SearchStrategy[Value]:
    """One of the values, the first being the simplest; an empty strategy without values."""
    choices = tuple(values)
    return st.sampled_from(choices) if choices else st.nothing()


def as_strategy(part: Any) -> st.SearchStrategy[Any]:
    """A strategy unchanged, and any other value as the strategy that draws only this value."""
    return part if isinstance(part, st.SearchStrategy) else st.just(part)
