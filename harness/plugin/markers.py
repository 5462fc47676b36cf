"""What the markers of a test declare."""

from collections.abc import Mapping

import pytest


def declared_clauses(item: pytest.Item) -> Mapping[str, int]:
    """The clauses of the markers `covers`, each with the least number of checks that counts."""
    declared: dict[str, int] = {}
    for marker in item.iter_markers("covers"):
        for name in marker.args:
            declared[name] = marker.kwargs.get("at_least", 1)
    return declared
