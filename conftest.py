"""Wires the rooms: options, the run against the tenant, the report. The logic lives in the rooms."""

import gc
from argparse import SUPPRESS
from collections.abc import Generator
from pathlib import Path

# Modules and tests are made to stay: looking through them for garbage takes a sixth of the start.
gc.disable()

import pytest

from harness import TenantUnderTest
from harness.dataset import Dataset, create_dataset
from harness.plugin import ordering, profiles, workers
from harness.plugin.registration import RUN, wire
from harness.plugin.run import Run
from harness.plugin.transient_errors import retry_on_transient_errors

profiles.register_profiles()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of a contract run, beside those of Hypothesis (profile, seed) and pytest (--strict)."""
    group = parser.getgroup("contract", "the customer contract suite")
    group.addoption(
        "--clause", action="append", default=[], help="ask only about this clause; may be repeated"
    )
    group.addoption("--tenant-config", type=Path, help="tenant.toml: what cannot be known from outside")
    group.addoption("--contract-config", type=Path, help=SUPPRESS)
    group.addoption(
        "--deviations", type=Path, help="the failures that are accepted (default: deviations.toml, if there)"
    )
    group.addoption(
        "--accept-deviations",
        action="store_true",
        help="add what fails to the deviations, each with a reason to be filled in",
    )
    group.addoption(
        "--report-dir", type=Path, default=Path("reports"), help="where reports go (default: reports)"
    )
    group.addoption("--shard", help="ask one part of the tests, such as 2/5; other machines ask the others")
    group.addoption(
        "--example-database", help="redis://…: share failing examples with other machines (nightly profile)"
    )
    group.addoption(
        "--mock-defect", action="append", default=[], help="plant this defect in the embedded tenant"
    )
    group.addoption(
        "--mock-variation", action="append", default=[], help="vary the embedded tenant as permitted"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Prepare a contract run, unless this pytest run tests the suite itself."""
    config.addinivalue_line("markers", "clause(*ids, at_least=1): the clauses that the test answers for")
    config.addinivalue_line("markers", "smoke: part of the smoke profile")
    config.addinivalue_line("markers", "nightly: asks too much for a gate; runs in the nightly profile only")
    config.addinivalue_line("markers", "drawn: draws what it asks, though it is no property itself")
    if profiles.asks_a_tenant(config):
        profiles.configure(config)
        wire(config)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what the profile leaves out, and ask the rest in an order of its own.

    First of all, so that nobody has work with what is left out.
    """
    left_out = profiles.select(items, config.getoption("--clause"))
    if RUN in config.stash and (shard := config.stash[RUN].options.shard):
        left_out += shard.select(items)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
    ordering.arrange(items, wide=workers.works(config))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is there by now stays to the end, and need not be looked through again.

    Also where workers collect and this process does not, and where collection fails.
    """
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session")
def run(pytestconfig: pytest.Config) -> Run:
    """The run: the client, the configuration, the ledger."""
    return pytestconfig.stash[RUN]


@pytest.fixture(scope="session")
def tenant(run: Run) -> TenantUnderTest:
    """The tenant under test."""
    return run.tenant


@pytest.fixture(scope="session")
def other_tenant(run: Run) -> TenantUnderTest:
    """The second tenant, for isolation."""
    return run.other


@pytest.fixture(scope="session")
@retry_on_transient_errors
def family(tenant: TenantUnderTest) -> Dataset:
    """A few customers that one query selects, made when the first test asks for them."""
    return create_dataset(tenant)
