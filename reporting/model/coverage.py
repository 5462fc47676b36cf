"""What of the OpenAPI document a run exercised, and what it did not; values that add up over runs."""

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

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


Coverage: TypeAlias = Mapping[Kind, Points]
"""What was exercised, by kind; empty where nothing was measured, as in reports of schema version 1.0."""


def added(one: Coverage, other: Coverage) -> Coverage:
    """The coverage of two runs, or of two parts of one."""
    return {
        kind: one.get(kind, Points()) + other.get(kind, Points())
        for kind in KINDS
        if kind in one or kind in other
    }
