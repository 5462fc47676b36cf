"""A failed check as data: what was compared, where, what the contract permits and what the tenant returned."""

from dataclasses import KW_ONLY, dataclass, fields
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar

from spec.formatting import contrast, show


class Kind(StrEnum):
    """What a check compares. Reports, signatures, triage and replays depend on the kind."""

    STATUS = "status"
    """The status code of a response."""
    VALUE = "value"
    """A JSON value at a path."""
    HEADER = "header"
    """A header of a response; the path is `header NAME`."""
    CUSTOMERS = "customers"
    """The customers of a list or search result, by id or by name."""
    ORDER = "order"
    """The order of a list or search result."""
    SCHEMA = "schema"
    """A rule of the published schema at a path."""
    CONTENT = "content"
    """Content that no response may have, such as a password."""
    HISTORY = "history"
    """Responses to concurrent requests."""
    ASSERTION = "assertion"
    """A plain assert."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """Several permitted values."""

    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """What is permitted, as text, where it is not a value."""

    text: str


@dataclass(eq=False, repr=False)
class Mismatch(AssertionError):
    """A failed check.

    expected: the permitted value, OneOf or Rule; actual: the value of the response, ABSENT where there is none, or a
    Rule where it is described; path: a JSON path such as `$.firstName` or `header Count`, empty where the response as a
    whole is meant; about: the class of input that was sent. `exchange` is the response that shows the mismatch and
    `customers` are the models of the customers that it should have shown: both serve triage and are not reported.
    """

    clause: ClassVar[str] = ""
    """The id of the clause that owns the failure; empty outside the scope of a clause."""

    kind: Kind
    _: KW_ONLY
    expected: Any
    actual: Any
    path: str = ""
    about: str = ""
    exchange: Any = None
    customers: tuple[Any, ...] = ()

    def __str__(self) -> str:
        owner = f"{self.clause}: " if self.clause else ""
        where = f" at {self.path}" if self.path else ""
        about = f" ({self.about})" if self.about else ""
        expected, actual = self.texts()
        return f"{owner}expected {expected}, actual {actual}{where}{about}"

    def texts(self) -> tuple[str, str]:
        """What is permitted and what the tenant returned, for a person."""
        if self.kind is Kind.VALUE and not isinstance(self.expected, OneOf | Rule):
            return contrast(self.expected, self.actual)
        return text_of(self.expected), text_of(self.actual)

    def owned_by(self, clause_id: str) -> "Mismatch":
        """The same mismatch as a failure of this clause."""
        owned = mismatch_type(clause_id)(**{each.name: getattr(self, each.name) for each in fields(self)})
        for note in getattr(self, "__notes__", ()):
            owned.add_note(note)
        return owned


@cache
def mismatch_type(clause_id: str) -> type[Mismatch]:
    """A type for each clause: Hypothesis distinguishes failures by their type and shrinks each of them."""
    return type("Mismatch", (Mismatch,), {"clause": clause_id, "__module__": __name__})


def status_mismatch(actual: int, *expected: int, **how: Any) -> Mismatch:
    """A response whose status is none of the expected ones."""
    wanted = expected[0] if len(expected) == 1 else OneOf(expected)
    return Mismatch(Kind.STATUS, expected=wanted, actual=actual, **how)


def text_of(value: Any) -> str:
    """An operand of a comparison for a person."""
    match value:
        case OneOf(values):
            return " or ".join(text_of(each) for each in values)
        case Rule(text):
            return text
        case _:
            return show(value)
