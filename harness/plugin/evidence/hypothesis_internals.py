"""Every use of internals of Hypothesis, with its reason."""

from random import Random
from typing import Final

from hypothesis import core
from hypothesis.internal.conjecture import engine
from hypothesis.vendor import pretty
from schemathesis.generation.hypothesis import setup

MAX_SHRINKS: Final = 40
MAX_SHRINKING_SECONDS: Final = 20


def restore_printer() -> None:
    """Let Hypothesis print the values of a failing example again.

    Schemathesis replaces the printer of the whole process by one that prints nothing, once, on its first use. Its
    setup runs here, so that the printer stays restored.
    """
    setup()
    core.RepresentationPrinter = pretty.RepresentationPrinter  # type: ignore[attr-defined]


def limit_shrinking() -> None:
    """Limit the shrinking of a failure, which Hypothesis has no setting for: each step sends requests to the tenant."""
    engine.MAX_SHRINKS = MAX_SHRINKS
    engine.MAX_SHRINKING_SECONDS = MAX_SHRINKING_SECONDS


def set_seed(seed: int) -> None:
    """Draw every property with this seed from now on, as with --hypothesis-seed.

    The option itself would disable the example database, which a nightly run needs; so unless the option was
    given, only the generator that Hypothesis draws seeds from is replaced.
    """
    if core.global_force_seed is not None:
        core.global_force_seed = seed
    else:
        core.threadlocal._hypothesis_global_random = FixedSeed(seed)


def current_seed() -> int | None:
    """The seed of --hypothesis-seed, or else that of `set_seed`; None where neither is given."""
    generator = core.threadlocal._hypothesis_global_random
    of_run = generator.fixed if isinstance(generator, FixedSeed) else None
    return of_run if core.global_force_seed is None else core.global_force_seed


class FixedSeed(Random):
    """A generator that returns its seed, so that the report can state the seed of every property."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.fixed = seed

    def getrandbits(self, _: int, /) -> int:
        return self.fixed
