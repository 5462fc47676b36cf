"""Named values: an invalid or adversarial input and the name that a report gives it."""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

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
