"""The hooks of pytest that make a run of `tests/` a contract run; a run of other tests is left as it is."""

import gc
import os
from collections.abc import Generator
from pathlib import Path
from typing import Final

import pytest

from client import ConfigurationError
from client.lifecycle.run import new_run_id
from harness.plugin import options
from harness.plugin.evidence.allure_evidence import AllureEvidence
from harness.plugin.evidence.evidence_plugin import EvidencePlugin
from harness.plugin.evidence.findings import FindingFactory
from harness.plugin.evidence.outcomes import Outcomes
from harness.plugin.execution import ordering, profiles
from harness.plugin.execution.rounds import Rounds
from harness.plugin.lifecycle import Lifecycle
from harness.plugin.mock_process import ROOT
from harness.plugin.output.finalize import Finalizer
from harness.plugin.output.terminal import Progress, ShortSummary
from harness.plugin.run import Run
from harness.plugin.workers.plugin import Workers
from reporting import ReportError
from reporting.version import VERSION
from spec import SpecificationError

profiles.register_profiles()

RUN: Final = pytest.StashKey[Run]()
PREFIX: Final = "contract-"
"""The names of the registered plugins begin with it."""
MARKERS = (
    "covers(*ids, at_least=1): the clauses that the test covers",
    "smoke: part of the smoke profile",
    "nightly: sends too many requests for a gate; runs in the nightly profile only",
    "randomized: its input depends on the seed, though it is no property",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of a contract run."""
    group = parser.getgroup("contract", "the customer contract suite")
    for name, how in options.OPTIONS.items():
        group.addoption(f"--{name}", **how)


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


def register_run(config: pytest.Config) -> None:
    """Create the run of these options and register its plugins.

    They replace those of an earlier call, whose run id is kept because collected tests contain it. pytest.UsageError
    if an option, a variable, tenant.toml or the report folder cannot be used.
    """
    for name, plugin in config.pluginmanager.list_name_plugin():
        if name.startswith(PREFIX):
            config.pluginmanager.unregister(plugin)
    run_id = config.stash[RUN].id if RUN in config.stash else new_run_id()
    run = config.stash[RUN] = Run(options.Options(config), os.environ, run_id)
    try:
        run.configure()
    except (SpecificationError, ConfigurationError, ReportError) as error:
        raise pytest.UsageError(str(error)) from None
    if not run.options.only_collects:
        options.set_report_paths(config, run.options.report_dir)
    run.evidence = EvidencePlugin(
        run,
        FindingFactory(run.redacted, run.options.replay),
        Outcomes(run.options.strict, run.deviations),
    )
    # Of several hooks that are to come first, pytest calls the last one first.
    plugins = [AllureEvidence(run.redacted), run.evidence, ShortSummary(config), Workers(run)]
    plugins += [Lifecycle(run), Finalizer(run)]
    if profiles.profile() == profiles.NIGHTLY and not run.options.only_collects:
        progress = Progress(run, config)
        plugins += [progress, Rounds(run, progress)]
    for plugin in plugins:
        config.pluginmanager.register(plugin, f"{PREFIX}{type(plugin).__name__}")


def _is_contract_run(config: pytest.Config) -> bool:
    """Whether an argument of the command line is `tests/`, contains it, or is within it."""
    paths = {Path(argument.partition("::")[0]).resolve() for argument in config.args}
    tests = (ROOT / "tests").resolve()
    return any(path == tests or tests in path.parents or path in tests.parents for path in paths)
