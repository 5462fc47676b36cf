"""The fixtures of the tests."""

from functools import partial

import pytest

from harness.api import TenantApi
from harness.dataset import Dataset, shared_dataset
from harness.plugin.evidence import example_runner
from harness.plugin.hooks import RUN
from harness.transient_errors import retry_on_transient_errors


@pytest.fixture(scope="session")
def api(pytestconfig: pytest.Config) -> TenantApi:
    """The tenant under test."""
    return pytestconfig.stash[RUN].api


@pytest.fixture(scope="session")
def other_api(pytestconfig: pytest.Config) -> TenantApi:
    """The second tenant, for tests of isolation."""
    return pytestconfig.stash[RUN].connection.apis["other"]


@pytest.fixture
@retry_on_transient_errors
def dataset(api: TenantApi) -> Dataset:
    """The customers that list and search tests share, created when the first test uses them."""
    return shared_dataset(api)


@pytest.fixture
def run_state_machine(pytestconfig: pytest.Config) -> example_runner.RunStateMachine:
    """Runs a state machine; only what its minimal program violates is a failure."""
    return partial(example_runner.run_state_machine, pytestconfig.stash[RUN].evidence.runner)
