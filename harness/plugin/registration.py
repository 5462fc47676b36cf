"""What makes a pytest run a contract run: the run itself, and the plugins that judge it and tell of it."""

import os
from typing import Final

import pytest

from client import BudgetExceeded, ConfigurationError, ServiceUnavailable, TransientError
from harness.plugin import profiles, workers
from harness.plugin.allure_evidence import AllureEvidence, direct
from harness.plugin.evidence_plugin import ContractPlugin
from harness.plugin.options import Options
from harness.plugin.progress import Progress
from harness.plugin.rounds import Rounds
from harness.plugin.run import Run
from reporting import ReportError
from spec import SpecificationError

RUN: Final = pytest.StashKey[Run]()
PLUGINS: Final = ("contract-allure", "contract", "contract-run", "contract-progress", "contract-rounds")


def wire(config: pytest.Config) -> None:
    """Make a run of these options, and register what judges it and tells of it.

    In place of one made before, it keeps that one's id, which is in the questions collected meanwhile.
    pytest.UsageError, in one sentence, where an option, a variable, tenant.toml or the report folder cannot
    be used.
    """
    for name in PLUGINS:
        if config.pluginmanager.has_plugin(name):
            config.pluginmanager.unregister(name=name)
    before = config.stash.get(RUN, None)
    run = config.stash[RUN] = workers.run_of(config, Options(config), os.environ, before.id if before else "")
    try:
        run.configure()
    except (SpecificationError, ConfigurationError, ReportError) as error:
        raise pytest.UsageError(str(error)) from None
    if not run.options.only_collects:
        direct(config, run.options.report_dir, clean=not workers.works(config))
    run.plugin = ContractPlugin(
        needs=run.unmet,
        exchanges=run.exchanges,
        position=run.position,
        trouble=TransientError,
        outage=ServiceUnavailable,
        limit=BudgetExceeded,
        strict=run.options.strict,
        replay=run.options.replay,
        redacted=run.redacted,
        deviations=run.deviations,
    )
    plugins: list[object] = [AllureEvidence(run.redacted), run.plugin, run]
    if profiles.profile() == profiles.NIGHTLY and not run.options.only_collects and not workers.works(config):
        progress = Progress(run, config)
        plugins += [progress, Rounds(run, progress)]
    for name, plugin in zip(PLUGINS, plugins, strict=False):
        config.pluginmanager.register(plugin, name)
