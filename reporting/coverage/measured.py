"""Coverage as a plain value: what of the document was exercised and what was not, which adds up over runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Self

Kind = Literal["parameters", "properties", "bounds", "statuses", "errors", "answers"]

KINDS: Final[Mapping[Kind, str]] = {
    "parameters": "Parameters, sent and left out",
    "properties": "Properties of bodies, sent and left out",
    "bounds": "Budget, on both sides",
    "statuses": "Statuses that the document lists",
    "errors": "Shapes of errors",
    "answers": "Properties of answers, seen with a value",
}


@dataclass(frozen=True, slots=True)
class Reached:
    """The points of one kind that a run exercised, and those that it did not, each in the document's order.

    A point is named by operation, place and what happened there: `create body.id: 67 characters`.
    """

    reached: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How many points there are."""
        return len(self.reached) + len(self.missed)

    def __add__(self, other: "Reached") -> "Reached":
        reached = dict.fromkeys((*self.reached, *other.reached))
        missed = dict.fromkeys((*self.missed, *other.missed))
        return Reached(tuple(reached), tuple(point for point in missed if point not in reached))


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was exercised, by kind; empty where nothing was measured, as in reports before 1.1."""

    kinds: Mapping[Kind, Reached] = field(default_factory=dict)

    def __add__(self, other: "Coverage") -> "Coverage":
        return Coverage(
            {
                kind: self.kinds.get(kind, Reached()) + other.kinds.get(kind, Reached())
                for kind in KINDS
                if kind in self.kinds or kind in other.kinds
            }
        )

    def __bool__(self) -> bool:
        return bool(self.kinds)

    @property
    def whole(self) -> Reached:
        """The points of all kinds together."""
        return Reached(
            tuple(point for each in self.kinds.values() for point in each.reached),
            tuple(point for each in self.kinds.values() for point in each.missed),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            kind: {"reached": list(each.reached), "missed": list(each.missed)}
            for kind, each in self.kinds.items()
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        return cls(
            {
                kind: Reached(tuple(document[kind]["reached"]), tuple(document[kind]["missed"]))
                for kind in KINDS
                if kind in document
            }
        )
