"""Creates the run of a pytest configuration and registers its plugins."""

import os
from typing import Final

import pytest

from client import ConfigurationError
from client.lifecycle.run import new_run_id
from harness.plugin.evidence.allure_evidence import AllureEvidence, set_report_paths
from harness.plugin.evidence.evidence_plugin import EvidencePlugin
from harness.plugin.evidence.findings import FindingFactory, Outcomes
from harness.plugin.execution import profiles
from harness.plugin.execution.rounds import Rounds
from harness.plugin.lifecycle import Lifecycle
from harness.plugin.options import Options
from harness.plugin.output.finalize import Finalizer
from harness.plugin.output.terminal import Progress, ShortSummary
from harness.plugin.run import Run
from harness.plugin.workers.plugin import Workers
from reporting import ReportError
from spec import SpecificationError

RUN: Final = pytest.StashKey[Run]()
PREFIX: Final = "contract-"
"""The names of the registered plugins begin with it."""


def register_run(config: pytest.Config) -> None:
    """Create the run of these options and register its plugins.

    They replace those of an earlier call, whose run id is kept because collected tests contain it. pytest.UsageError
    if an option, a variable, tenant.toml or the report folder cannot be used.
    """
    for name, plugin in config.pluginmanager.list_name_plugin():
        if name.startswith(PREFIX):
            config.pluginmanager.unregister(plugin)
    run_id = config.stash[RUN].id if RUN in config.stash else new_run_id()
    run = config.stash[RUN] = Run(Options(config), os.environ, run_id)
    try:
        run.configure()
    except (SpecificationError, ConfigurationError, ReportError) as error:
        raise pytest.UsageError(str(error)) from None
    if not run.options.only_collects:
        set_report_paths(config, run.options.report_dir)
    run.plugin = EvidencePlugin(
        run,
        FindingFactory(run.redacted, run.options.replay),
        Outcomes(run.options.strict, run.deviations),
        requests=profiles.EXPECTED[profiles.profile()][0],
    )
    for plugin in _plugins(run, config):
        config.pluginmanager.register(plugin, f"{PREFIX}{type(plugin).__name__}")


def _plugins(run: Run, config: pytest.Config) -> list[object]:
    """The plugins of this process; of several hooks that are to come first, pytest calls the last one first."""
    plugins = [AllureEvidence(run.redacted), run.plugin, ShortSummary(config), Workers(run)]
    plugins += [Lifecycle(run), Finalizer(run)]
    if profiles.profile() != profiles.NIGHTLY or run.options.only_collects:
        return plugins
    progress = Progress(run, config)
    return [*plugins, progress, Rounds(run, progress)]
