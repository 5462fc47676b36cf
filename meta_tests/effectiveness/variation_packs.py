"""Permitted variations in packs that one tenant can follow at once, so that a run asks about several of them."""

from collections.abc import Sequence
from random import Random

from mock_tenant import variations as _variations  # noqa: F401 - importing the package registers them
from mock_tenant.registry import VARIATIONS

RIVALS: tuple[frozenset[str], ...] = (
    frozenset({"ids-are-uuids", "ids-are-numbers", "ids-are-short", "ids-have-a-prefix"}),
    frozenset({"literal-id-pattern", "literal-id-pattern-in-paths"}),
    frozenset({"upsert-merges", "upsert-resets"}),
    frozenset({"collation-ignores-case", "collation-ignores-accents"}),
    frozenset({"crowded", "busy", "throng"}),
    frozenset({"lenient-prose", "strict-languages", "strict-addresses", "strict-pictures", "strict-sites"}),
    frozenset({"synchronisation", "synchronisation-stores"}),
    frozenset({"null-unsets-in-patch", "null-is-refused-in-merge-patch"}),
    frozenset({"strict-properties", "flags-count-in-create"}),
    frozenset({"slow", "uneven", "rate-limited", "flaky-gateway", "gateway-loses-answers", "throng"}),
    frozenset(
        {"eventual-lists", "late-reads", "asynchronous-deletion", "replicas-differ", "read-replicas-differ"}
    ),
)
"""Of each of these a tenant follows one: they contradict each other, or would make a run last for minutes."""


def packs(seed: int, size: int) -> list[tuple[str, ...]]:
    """Every variation in exactly one pack of at most `size`, shuffled by the seed; no pack holds two rivals."""
    names = sorted(VARIATIONS)
    Random(seed).shuffle(names)  # noqa: S311 - no secret
    made: list[list[str]] = []
    for name in names:
        room = (pack for pack in made if len(pack) < size and not any(_rivals(name, other) for other in pack))
        pack = next(room, None)
        if pack is None:
            made.append([name])
        else:
            pack.append(name)
    return [tuple(pack) for pack in made]


def _rivals(one: str, other: str) -> bool:
    return any({one, other} <= rivals for rivals in RIVALS)


def apart(pack: Sequence[str]) -> list[tuple[str, ...]]:
    """The pack's variations one by one, to find which of them is accused."""
    return [(name,) for name in pack]
