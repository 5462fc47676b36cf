"""`--shard=2/5`: the work of a run in parts, for as many machines; each part is a run of its own.

The parts are the same in every run of the same tests: they depend on names alone. `python -m reporting.merge` puts
their reports together.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Self

import pytest

from harness.plugin import ordering

HEAVY = 40
"""A test of programs or races asks about as much as so many others."""


@dataclass(frozen=True)
class Shard:
    """The part of this number, from 1, out of so many."""

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The shard that the option names; pytest.UsageError where it names none."""
        match = re.fullmatch(r"([1-9][0-9]{0,3})/([1-9][0-9]{0,3})", text)
        if match is None or int(match[1]) > int(match[2]):
            raise pytest.UsageError(f"--shard={text} is no part of a whole; use one such as 2/5.")
        return cls(int(match[1]), int(match[2]))

    def select(self, items: list[pytest.Item]) -> list[pytest.Item]:
        """The tests that other shards ask; taken off the list."""
        mine = parts([item.nodeid for item in items], self.of)[self.number - 1]
        left_out = [item for item in items if item.nodeid not in mine]
        items[:] = [item for item in items if item.nodeid in mine]
        return left_out


def parts(nodeids: list[str], of: int) -> list[set[str]]:
    """The node ids in so many parts of about the same weight, each id in one; what shares customers stays together."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for nodeid in nodeids:
        groups[ordering.group(nodeid)].append(nodeid)
    shares: list[set[str]] = [set() for _ in range(of)]
    weights = [0] * of
    for name, ids in sorted(groups.items(), key=lambda group: (-_weight(*group), group[0])):
        lightest = weights.index(min(weights))
        shares[lightest].update(ids)
        weights[lightest] += _weight(name, ids)
    return shares


def _weight(name: str, ids: list[str]) -> int:
    return len(ids) * (HEAVY if "test_workflows" in name or "test_concurrency" in name else 1)
