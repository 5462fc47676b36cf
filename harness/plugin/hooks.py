"""The hooks of pytest that make a run of `tests/` a contract run; a run of other tests is left as it is."""

import gc
from collections.abc import Generator
from pathlib import Path

import pytest

from harness.plugin import options
from harness.plugin.execution import ordering, profiles
from harness.plugin.mock_process import ROOT
from harness.plugin.registration import RUN, register_run
from reporting.version import VERSION

profiles.register_profiles()

MARKERS = (
    "covers(*ids, at_least=1): the clauses that the test covers",
    "smoke: part of the smoke profile",
    "nightly: sends too many requests for a gate; runs in the nightly profile only",
    "randomized: its input depends on the seed, though it is no property",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of a contract run."""
    options.add_options(parser)


@pytest.hookimpl(wrapper=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, object, object]:
    """Before pytest-xdist reads its options, take over the number of workers of a contract run."""
    if _is_contract_run(config):
        options.take_over_workers(config)
    return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Prepare a contract run, unless this pytest run tests the suite itself."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    if _is_contract_run(config):
        profiles.load_profile(config)
        register_run(config)


def pytest_report_header(config: pytest.Config) -> str | None:
    """The version of the suite, in the header of a contract run."""
    return f"customer contract suite {VERSION}" if RUN in config.stash else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the tests of other profiles, clauses and shards before other plugins process them; sort the rest."""
    deselected = profiles.select(items, config.getoption("--clause"))
    if RUN in config.stash and (shard := config.stash[RUN].options.shard):
        deselected += shard.select(items)
    if deselected:
        config.hook.pytest_deselected(items=deselected)
    ordering.sort(items)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Enable garbage collection, which conftest.py disables, and exempt all that exists: it lives to the end.

    Also if collection fails.
    """
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def _is_contract_run(config: pytest.Config) -> bool:
    """Whether an argument of the command line is `tests/`, contains it, or is within it."""
    paths = {Path(argument.partition("::")[0]).resolve() for argument in config.args}
    tests = (ROOT / "tests").resolve()
    return any(path == tests or tests in path.parents or path in tests.parents for path in paths)
