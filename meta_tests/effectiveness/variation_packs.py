"""Packs of conforming variations that one tenant can have at the same time, so that one run tests several."""

from random import Random

from meta_tests.support.readings import contradict
from mock_tenant import variations as _variations  # noqa: F401 - importing the package registers its variations
from mock_tenant.registry import VARIATIONS

INCOMPATIBLE: tuple[frozenset[str], ...] = (
    frozenset({"ids-are-uuids", "ids-are-numbers", "ids-are-short", "ids-have-a-prefix"}),
    frozenset({"literal-id-pattern", "literal-id-pattern-in-paths"}),
    frozenset({"upsert-merges", "upsert-resets", "companies-determine-the-business-model"}),
    frozenset({"companies-determine-the-business-model", "companies-are-assigned-later"}),
    frozenset({"collation-ignores-case", "collation-ignores-accents"}),
    frozenset({"crowded", "busy", "large-background-load"}),
    frozenset({"lenient-prose", "strict-languages", "strict-addresses", "strict-pictures", "strict-sites"}),
    frozenset({"synchronisation", "synchronisation-stores"}),
    frozenset({"empty-restriction-is-none", "empty-restriction-is-left-out"}),
    frozenset({"null-unsets-in-patch", "null-is-refused-in-merge-patch"}),
    frozenset({"null-is-absent", "null-is-refused-in-merge-patch"}),
    frozenset({"null-is-an-empty-text", "null-is-refused-in-merge-patch"}),
    frozenset({"versions-are-ignored", "stale-versions-answer-412", "stale-versions-answer-400"}),
    frozenset({"versions-are-times", "every-write-counts"}),
    frozenset({"faults-are-empty", "unauthorized-has-no-body"}),
    frozenset({"upsert-ignores-creation-flags", "created-inactive", "created-on-hold"}),
    frozenset(
        {
            *("slow", "uneven", "rate-limited", "rejects-now-and-then"),
            *("flaky-gateway", "gateway-loses-answers", "large-background-load"),
        }
    ),
    frozenset(
        {"eventual-lists", "late-reads", "asynchronous-deletion", "replicas-differ", "read-replicas-differ"}
    ),
)
"""Variations of one set exclude each other, or together make a run last for minutes; so do different readings."""


def packs(seed: int, size: int) -> list[tuple[str, ...]]:
    """Packs of at most `size` compatible variations, shuffled by the seed; every variation is in one pack."""
    names = sorted(VARIATIONS)
    Random(seed).shuffle(names)  # noqa: S311 - not used for security
    result: list[list[str]] = []
    for name in names:
        for pack in result:
            if len(pack) < size and all(are_compatible(name, other) for other in pack):
                pack.append(name)
                break
        else:
            result.append([name])
    return [tuple(pack) for pack in result]


def are_compatible(one: str, other: str) -> bool:
    """Whether one tenant can have both variations."""
    return not contradict(one, other) and not any({one, other} <= names for names in INCOMPATIBLE)
