"""What of the OpenAPI document a run exercised, and what it did not; values that add up over runs."""

from collections.abc import Mapping
from typing import Final, Literal

from pydantic import RootModel
from pydantic.dataclasses import dataclass

from reporting.model.base import STRICT, Text

Kind = Literal["parameters", "properties", "bounds", "statuses", "errors", "answers"]

KINDS: Final[Mapping[Kind, str]] = {
    "parameters": "Parameters, sent and left out",
    "properties": "Properties of request bodies, sent and left out",
    "bounds": "Constraints, on both sides",
    "statuses": "Documented status codes",
    "errors": "Error bodies and their properties",
    "answers": "Properties of responses, returned with a value",
}


@dataclass(frozen=True, slots=True, config=STRICT)
class Points:
    """The points of one kind that a run exercised, and those that it did not, each in the document's order.

    A point is named by operation, place and event, such as `create body.id: 67 characters`.
    """

    reached: tuple[Text, ...] = ()
    missed: tuple[Text, ...] = ()

    @property
    def total(self) -> int:
        """How many points there are."""
        return len(self.reached) + len(self.missed)

    def __add__(self, other: "Points") -> "Points":
        reached = dict.fromkeys((*self.reached, *other.reached))
        missed = dict.fromkeys((*self.missed, *other.missed))
        return Points(tuple(reached), tuple(point for point in missed if point not in reached))


class Coverage(RootModel[dict[Kind, Points]], frozen=True):
    """What was exercised, by kind; empty where nothing was measured, as in reports of schema version 1.0."""

    root: dict[Kind, Points] = {}

    @property
    def kinds(self) -> Mapping[Kind, Points]:
        """The points by kind."""
        return self.root

    @property
    def total(self) -> Points:
        """The points of all kinds together."""
        return Points(
            tuple(point for each in self.root.values() for point in each.reached),
            tuple(point for each in self.root.values() for point in each.missed),
        )

    def __add__(self, other: "Coverage") -> "Coverage":
        return Coverage(
            {
                kind: self.root.get(kind, Points()) + other.root.get(kind, Points())
                for kind in KINDS
                if kind in self.root or kind in other.root
            }
        )

    def __bool__(self) -> bool:
        return bool(self.root)
