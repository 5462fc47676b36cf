"""How long changes took to show, as a distribution that adds up over runs."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

KINDS = ("read", "index", "deletion")
"""The windows of tenant.toml: get after a write, list and search after a write, and after a deletion."""


@dataclass(frozen=True, slots=True)
class Delays:
    """Delays of one kind: for each, in seconds to two significant digits, how many changes took so long.

    0.0 is a change that the first look showed. Otherwise it is the time from the answer to the last write
    until the look began that showed the change, and so at most one pause between looks too long.
    """

    seen: Mapping[float, int] = field(default_factory=dict)

    @staticmethod
    def rounded(seconds: float) -> float:
        """Two significant digits, which keeps the distribution small however long a run lasts."""
        return float(f"{seconds:.1e}")

    @property
    def count(self) -> int:
        """How many changes were waited for."""
        return sum(self.seen.values())

    @property
    def late(self) -> int:
        """How many of them the first look did not show."""
        return sum(number for delay, number in self.seen.items() if delay > 0)

    def within(self, share: float) -> float:
        """The delay that this share of the changes did not exceed (nearest rank); 0.0 without changes."""
        passed = 0
        for delay in sorted(self.seen):
            passed += self.seen[delay]
            if passed >= share * self.count:
                return delay
        return 0.0

    @property
    def median(self) -> float:
        """Half of the changes took no longer."""
        return self.within(0.5)

    @property
    def p95(self) -> float:
        """95 of 100 changes took no longer."""
        return self.within(0.95)

    @property
    def longest(self) -> float:
        """The longest delay."""
        return max(self.seen, default=0.0)

    def __add__(self, other: "Delays") -> "Delays":
        return Delays(dict(Counter(self.seen) + Counter(other.seen)))

    def to_json(self) -> dict[str, Any]:
        return {
            "count": self.count,
            "late": self.late,
            "median": self.median,
            "p95": self.p95,
            "max": self.longest,
            "seen": [[delay, self.seen[delay]] for delay in sorted(self.seen)],
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """What is derived of `seen` is ignored."""
        return cls({float(delay): number for delay, number in document["seen"]})


def added(one: Mapping[str, Delays], other: Mapping[str, Delays]) -> dict[str, Delays]:
    """The delays of two runs, or of two parts of one, by kind."""
    names: Iterable[str] = (name for name in KINDS if name in one or name in other)
    return {name: one.get(name, Delays()) + other.get(name, Delays()) for name in names}
