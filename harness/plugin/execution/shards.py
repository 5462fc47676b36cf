"""`--shard=2/5`: the tests in parts, one for each machine; each part is a run of its own.

The parts depend on test names alone, so every run of the same tests has the same parts. `python -m reporting.merge`
merges their reports.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import pytest

from harness.plugin.execution import ordering

DATASET_MODULES: Final = (
    "test_queries",
    "test_query_bounds",
    "test_query_views",
    "test_sorting",
    "test_pages",
    "test_results",
)
"""Modules whose tests run in one shard, because they share a dataset."""
ADDRESSES_MODULE: Final = "test_addresses"
"""Its tests run in one shard, because they share customers with addresses."""
HEAVY_WEIGHT: Final = 40
"""A test of workflows or concurrency sends about as many requests as so many other tests."""


@dataclass(frozen=True)
class Shard:
    """Part `number`, from 1, of `total` parts."""

    number: int
    total: int

    def __str__(self) -> str:
        return f"{self.number}/{self.total}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The shard that the option names; pytest.UsageError if it names none."""
        match = re.fullmatch(r"([1-9][0-9]{0,3})/([1-9][0-9]{0,3})", text)
        if match is None or int(match[1]) > int(match[2]):
            raise pytest.UsageError(f"--shard={text} is no part of a whole; use one such as 2/5.")
        return cls(int(match[1]), int(match[2]))

    def select(self, items: list[pytest.Item]) -> list[pytest.Item]:
        """Remove and return the tests of the other shards."""
        mine = split([item.nodeid for item in items], self.total)[self.number - 1]
        deselected = [item for item in items if item.nodeid not in mine]
        items[:] = [item for item in items if item.nodeid in mine]
        return deselected


def split(nodeids: list[str], total: int) -> list[set[str]]:
    """The node ids in so many parts of similar weight; a group (`group`) is never divided."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for nodeid in nodeids:
        groups[group(nodeid)].append(nodeid)
    parts: list[set[str]] = [set() for _ in range(total)]
    weights = [0] * total
    for name, ids in sorted(groups.items(), key=lambda group: (-_weight(*group), group[0])):
        lightest = weights.index(min(weights))
        parts[lightest].update(ids)
        weights[lightest] += _weight(name, ids)
    return parts


def _weight(name: str, ids: list[str]) -> int:
    return len(ids) * (HEAVY_WEIGHT if "test_workflows" in name or "test_concurrency" in name else 1)


def group(nodeid: str) -> str:
    """The group of tests that runs in one shard: the cases of one test, or the tests that share customers."""
    path, _, rest = nodeid.partition("::")
    name = rest.partition("[")[0]
    shares_dataset = Path(path).stem in DATASET_MODULES and name != ordering.NEEDS_MANY_CUSTOMERS
    if Path(path).stem == ADDRESSES_MODULE:
        return ADDRESSES_MODULE
    return "dataset" if shares_dataset else f"{path}::{name}"
