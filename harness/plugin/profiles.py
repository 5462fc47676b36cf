"""How much a test may ask in each profile: smoke a taste, gate a release, nightly a hunt."""

import secrets
from collections.abc import Callable, Collection
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, core, settings
from hypothesis.database import DirectoryBasedExampleDatabase, MultiplexedDatabase
from hypothesis.internal.conjecture import engine

from client.config.settings import Safety
from harness.plugin.hypothesis_printer import restore_printer

Test = TypeVar("Test", bound=Callable[..., Any])

SMOKE, GATE, NIGHTLY = "smoke", "gate", "nightly"
NIGHTLY_FACTOR = 12
"""A nightly run draws this many times the examples of a gate run."""
EXAMPLES = ".hypothesis/examples"
"""Where a nightly run keeps the examples that failed."""
EXPECTED = {SMOKE: (150, 30), GATE: (2_500, 400), NIGHTLY: (20_000, 2_500)}
"""Requests and customers of each profile where nothing fails: not more than these."""

_profile = GATE

smoke = pytest.mark.smoke
"""Marks a test as part of the smoke profile; all others are left out there."""

only_nightly = pytest.mark.nightly
"""Marks a test that asks too much for a gate."""


def register_profiles() -> None:
    """Make the three profiles known to Hypothesis.

    No deadline, as the time is the tenant's. No explain phase and a bounded shrink, as each step of
    either is a request to somebody's tenant.
    """
    restore_printer()
    common: dict[str, Any] = {
        "deadline": None,
        "suppress_health_check": list(HealthCheck),
        "phases": (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
        "print_blob": False,
    }
    settings.register_profile(SMOKE, settings(max_examples=1, database=None, **common))
    settings.register_profile(GATE, settings(max_examples=8, database=None, **common))
    nightly = DirectoryBasedExampleDatabase(EXAMPLES)
    settings.register_profile(NIGHTLY, settings(max_examples=8 * NIGHTLY_FACTOR, database=nightly, **common))
    engine.MAX_SHRINKS = 40
    engine.MAX_SHRINKING_SECONDS = 20


def asks_a_tenant(config: pytest.Config) -> bool:
    """Whether this pytest run asks a tenant, or tests the suite itself."""
    paths = {Path(argument.partition("::")[0]).resolve() for argument in config.args}
    tests = (Path(__file__).parents[2] / "tests").resolve()
    return any(path == tests or tests in path.parents or path in tests.parents for path in paths)


def configure(config: pytest.Config) -> None:
    """Load the profile of this run (gate unless another is named), and a fixed seed unless one is named."""
    global _profile
    name = config.getoption("--hypothesis-profile") or GATE
    if name not in (SMOKE, GATE, NIGHTLY):
        raise pytest.UsageError(f"--hypothesis-profile={name} is unknown; use {SMOKE}, {GATE} or {NIGHTLY}.")
    _profile = name
    if url := config.getoption("--example-database"):
        if name != NIGHTLY:
            raise pytest.UsageError(
                "--example-database is for the nightly profile; the others keep no examples."
            )
        from harness.plugin.example_database import shared_examples  # which most runs can do without

        kept = MultiplexedDatabase(DirectoryBasedExampleDatabase(EXAMPLES), shared_examples(url))
        settings.register_profile(NIGHTLY, settings(settings.get_profile(NIGHTLY), database=kept))
    config.option.hypothesis_profile = name
    settings.load_profile(name)
    if config.option.hypothesis_seed is None:
        _seed(config, name)


def _seed(config: pytest.Config, name: str) -> None:
    """A gate asks the same of every build; a nightly run asks anew, and keeps its example database.

    Hypothesis gives up its database where it is told a seed, so at night only its source of seeds is seeded.
    """
    if name != NIGHTLY:
        config.option.hypothesis_seed = "0"
        return
    told = getattr(config, "workerinput", {}).get("nightly_seed")
    config.option.nightly_seed = secrets.randbelow(2**32) if told is None else told
    ask_by(config.option.nightly_seed)


def ask_by(seed: int) -> None:
    """From now on every property draws by this seed, as it does where --hypothesis-seed names it."""
    if core.global_force_seed is not None:
        core.global_force_seed = seed
    else:
        core.threadlocal._hypothesis_global_random = OneSeed(seed)


class OneSeed(Random):
    """What Hypothesis draws the seed of each property from: always the same one, so that it can be told."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._told = seed

    def getrandbits(self, _: int, /) -> int:
        return self._told


def seed_of(config: pytest.Config) -> int:
    """The seed of this run, as the report states it."""
    told = config.option.hypothesis_seed
    try:
        return int(told) if told is not None else int(config.option.nightly_seed)
    except ValueError:
        raise pytest.UsageError(f"--hypothesis-seed={told} is no whole number; use one such as 7.") from None


def select(items: list[pytest.Item], clauses: Collection[str] = ()) -> list[pytest.Item]:
    """The tests that the profile leaves out, or that answer for none of these clauses; taken off the list."""

    def wanted(item: pytest.Item) -> bool:
        markers = list(item.iter_markers("clause"))
        if markers and clauses and not any(name in clauses for marker in markers for name in marker.args):
            return False
        if not markers or _profile == NIGHTLY:
            return True
        if _profile == SMOKE:
            return item.get_closest_marker("smoke") is not None
        return item.get_closest_marker("nightly") is None

    left_out = [item for item in items if not wanted(item)]
    kept = [item for item in items if wanted(item)]
    items[:] = kept
    return left_out


def in_rounds(safety: Safety) -> bool:
    """Whether a run within these bounds goes on asking until one of them is reached."""
    return _profile == NIGHTLY and (safety.max_requests is not None or safety.max_seconds is not None)


def profile() -> str:
    """The profile of this run."""
    return _profile


def programs(gate: int, *, nightly: int, steps: int = 20, nightly_steps: int = 30) -> settings:
    """How many programs a state machine runs, and of how many steps.

    Of the failures that it meets, the one with the smallest program is told: there it is clear who did it.
    """
    examples, length = (nightly, nightly_steps) if _profile == NIGHTLY else (gate, steps)
    count = 1 if _profile == SMOKE else examples
    return settings(max_examples=count, stateful_step_count=length, report_multiple_bugs=False)


def examples(gate: int, *, nightly: int | None = None, shrink: bool = True) -> Callable[[Test], Test]:
    """How many examples a property draws: this many at the gate, one in smoke, `nightly` or a multiple at night.

    shrink=False: a failing example is told as it is, for a property that chance has a part in.
    """
    if _profile == SMOKE:
        count = 1
    elif _profile == NIGHTLY:
        count = nightly if nightly is not None else gate * NIGHTLY_FACTOR
    else:
        count = gate
    if not shrink:
        return settings(max_examples=count, phases=(Phase.explicit, Phase.reuse, Phase.generate))
    return settings(max_examples=count)
