"""The profiles smoke, gate and nightly: which tests run, and how many examples each draws."""

import secrets
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.database import DirectoryBasedExampleDatabase, ExampleDatabase, MultiplexedDatabase

from harness.plugin.evidence.hypothesis_internals import limit_shrinking, restore_printer, set_seed

Test = TypeVar("Test", bound=Callable[..., Any])

SMOKE, GATE, NIGHTLY = "smoke", "gate", "nightly"
NIGHTLY_FACTOR: Final = 12
"""A nightly run draws this many times the examples of a gate run, unless a test names a number."""
EXAMPLES: Final = ".hypothesis/examples"
"""Where a nightly run keeps failing examples."""
DATABASE_TIMEOUT: Final = 5.0
"""Seconds within which a shared database of examples must respond."""
EXPECTED: Final = {SMOKE: (150, 30), GATE: (2_800, 400), NIGHTLY: (20_000, 2_500)}
"""The most requests and customers of a run (or round) of each profile if no test fails."""

smoke = pytest.mark.smoke
"""Marks a test as part of the smoke profile, which runs no others."""

only_nightly = pytest.mark.nightly
"""Marks a test that sends too many requests for a gate."""

randomized = pytest.mark.randomized
"""Marks a test whose input depends on the seed, although it is no property, such as one that runs a state machine."""


def register_profiles() -> None:
    """Register the three profiles with Hypothesis.

    Without a deadline, because the tenant determines the time; without the explain phase and with limited
    shrinking, because each step of either sends requests to the tenant.
    """
    restore_printer()
    limit_shrinking()
    common: dict[str, Any] = {
        "deadline": None,
        "suppress_health_check": list(HealthCheck),
        "phases": (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
        "print_blob": False,
    }
    nightly = DirectoryBasedExampleDatabase(EXAMPLES)
    profiles = ((SMOKE, 1, None), (GATE, 8, None), (NIGHTLY, 8 * NIGHTLY_FACTOR, nightly))
    for name, examples, database in profiles:
        settings.register_profile(name, settings(max_examples=examples, database=database, **common))


def load_profile(config: pytest.Config) -> None:
    """Load the profile of this run (gate by default) and choose a seed; pytest.UsageError for unusable options."""
    name = config.getoption("--hypothesis-profile") or GATE
    if name not in EXPECTED:
        raise pytest.UsageError(f"--hypothesis-profile={name} is unknown; use {SMOKE}, {GATE} or {NIGHTLY}.")
    if url := config.getoption("--example-database"):
        if name != NIGHTLY:
            raise pytest.UsageError(
                "--example-database is for the nightly profile; the others keep no examples."
            )
        database = MultiplexedDatabase(DirectoryBasedExampleDatabase(EXAMPLES), shared_examples(url))
        settings.register_profile(NIGHTLY, settings(settings.get_profile(NIGHTLY), database=database))
    config.option.hypothesis_profile = name
    settings.load_profile(name)
    if config.option.hypothesis_seed is None:
        _choose_seed(config, name)


def shared_examples(url: str) -> ExampleDatabase:
    """The database at this address; if it cannot be used, pytest.UsageError without the password of the address."""
    import redis  # which few runs need
    from hypothesis.extra.redis import RedisExampleDatabase

    try:
        server = redis.Redis.from_url(
            url, socket_timeout=DATABASE_TIMEOUT, socket_connect_timeout=DATABASE_TIMEOUT
        )
        server.ping()
    except (ValueError, redis.RedisError) as error:
        reason = str(error).replace(url, "the address").rstrip(".")
        raise pytest.UsageError(f"--example-database cannot be used: {reason}.") from None
    return RedisExampleDatabase(server)


def _choose_seed(config: pytest.Config, name: str) -> None:
    """Use the same examples in every gate run, and new ones in every nightly run."""
    if name != NIGHTLY:
        config.option.hypothesis_seed = "0"
        return
    seed = secrets.randbelow(2**32)
    config.option.nightly_seed = seed
    set_seed(seed)


def profile() -> str:
    """The profile of this run; the gate profile where none of the three is loaded, as in tests of the suite."""
    name = settings.get_current_profile_name()
    return name if name in EXPECTED else GATE


def expected_requests() -> int:
    """How many requests a run (or round) of this profile sends at most if no test fails."""
    return EXPECTED[profile()][0]


def declared_clauses(item: pytest.Item) -> Mapping[str, int]:
    """The clauses of the markers `covers`, each with the least number of checks that counts."""
    markers = item.iter_markers("covers")
    return {name: marker.kwargs.get("at_least", 1) for marker in markers for name in marker.args}


def select(items: list[pytest.Item], clauses: Collection[str] = ()) -> list[pytest.Item]:
    """Remove and return the tests that are not in the profile, or have none of these clauses if any are given."""

    def is_selected(item: pytest.Item) -> bool:
        declared = declared_clauses(item)
        if declared and clauses and declared.keys().isdisjoint(clauses):
            return False
        if not declared or profile() == NIGHTLY:
            return True
        if profile() == SMOKE:
            return item.get_closest_marker("smoke") is not None
        return item.get_closest_marker("nightly") is None

    selected = {item for item in items if is_selected(item)}
    deselected = [item for item in items if item not in selected]
    items[:] = [item for item in items if item in selected]
    return deselected


def state_machine_settings(gate: int, *, nightly: int, steps: int = 20, nightly_steps: int = 30) -> settings:
    """How many test cases of a state machine run, and of how many steps.

    Only the smallest failure is reported: in it, the cause is clear.
    """
    count, steps = (nightly, nightly_steps) if profile() == NIGHTLY else (gate, steps)
    count = 1 if profile() == SMOKE else count
    return settings(max_examples=count, stateful_step_count=steps, report_multiple_bugs=False)


def examples(gate: int, *, nightly: int | None = None, shrink: bool = True) -> Callable[[Test], Test]:
    """How many examples a property draws: `gate`, one in smoke, in nightly `nightly` or NIGHTLY_FACTOR times `gate`.

    shrink=False reports a failing example as drawn, for a property whose result also depends on timing.
    """
    nightly = gate * NIGHTLY_FACTOR if nightly is None else nightly
    count = {SMOKE: 1, GATE: gate, NIGHTLY: nightly}[profile()]
    if not shrink:
        return settings(max_examples=count, phases=(Phase.explicit, Phase.reuse, Phase.generate))
    return settings(max_examples=count)
