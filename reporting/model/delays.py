"""How long changes took to become visible, as distributions that add up over runs."""

# mypy: disable-error-code="prop-decorator"

from collections import Counter
from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, PlainSerializer, computed_field
from pydantic.dataclasses import dataclass

from reporting.model.base import LENIENT, Seconds

KINDS: Final = ("read", "index", "deletion")
"""The windows of tenant.toml: get after a write, list and search after a write, and every read after a deletion."""
WindowName = Annotated[str, Field(pattern=f"^({'|'.join(KINDS)})$")]


Distribution = Annotated[
    Mapping[Seconds, int],
    BeforeValidator(dict),
    PlainSerializer(lambda seen: sorted(seen.items()), return_type=list[tuple[float, int]]),
]
"""In JSON, pairs of a delay and a number."""


@dataclass(frozen=True, slots=True, config=LENIENT)
class Delays:
    """Delays of one kind: for each, in seconds to two significant digits, how many changes took so long.

    0.0 is a change that the first request showed. Otherwise the delay is the time from the response to the last
    write until the start of the request that showed the change, and so at most one pause too long.
    """

    seen: Distribution = field(default_factory=dict)

    @staticmethod
    def rounded(seconds: float) -> float:
        """Two significant digits, which keep the distribution small however long a run takes."""
        return float(f"{seconds:.1e}")

    @computed_field
    @property
    def count(self) -> int:
        """How many changes were polled for."""
        return sum(self.seen.values())

    @computed_field
    @property
    def late(self) -> int:
        """How many of them the first request did not show."""
        return sum(number for delay, number in self.seen.items() if delay > 0)

    @computed_field
    @property
    def median(self) -> float:
        """Half of the changes took no longer, in seconds."""
        return self.within(0.5)

    @computed_field
    @property
    def p95(self) -> float:
        """95 of 100 changes took no longer, in seconds."""
        return self.within(0.95)

    @computed_field(alias="max")
    @property
    def longest(self) -> float:
        """The longest delay in seconds."""
        return max(self.seen, default=0.0)

    def within(self, share: float) -> float:
        """The delay that this share of the changes did not exceed (nearest rank); 0.0 without changes."""
        passed = 0
        for delay in sorted(self.seen):
            passed += self.seen[delay]
            if passed >= share * self.count:
                return delay
        return 0.0

    def __add__(self, other: "Delays") -> "Delays":
        return Delays(dict(Counter(self.seen) + Counter(other.seen)))


def added(one: Mapping[str, Delays], other: Mapping[str, Delays]) -> dict[str, Delays]:
    """The delays of two runs, or of two parts of one, by kind."""
    return {
        name: one.get(name, Delays()) + other.get(name, Delays())
        for name in KINDS
        if name in one or name in other
    }
