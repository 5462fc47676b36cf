"""Named values: what a broken or odd input is called, beside the input itself."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

import hypothesis.strategies as st

Value = TypeVar("Value")


class Absent(enum.Enum):
    """The type of ABSENT, a property that is left out (null is a value, and means something else)."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent.ABSENT


@dataclass(frozen=True, slots=True)
class Case(Generic[Value]):
    """One value under the name a report calls it by.

    `constraint` is the end of the clause that a broken value breaks (`id.max-length`, `pageSize.min`); the
    operation goes before it. It is empty where the value breaks no constraint of its own.
    """

    name: str
    value: Value
    constraint: str = ""

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class SecretCase(Case[Value]):
    """A case whose value must not be printed, for it holds a credential or a part of one."""

    value: Value = field(repr=False)


def drawn(values: Iterable[Value]) -> st.SearchStrategy[Value]:
    """One of the values, the first being the simplest; nothing to draw where there are none."""
    choices = tuple(values)
    return st.sampled_from(choices) if choices else st.nothing()


def as_strategy(part: Any) -> st.SearchStrategy[Any]:
    """A strategy as it is, and any other value as the strategy that draws only this value."""
    return part if isinstance(part, st.SearchStrategy) else st.just(part)
