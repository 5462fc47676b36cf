"""A pytest plugin with the fixture `emporix_mock`. It needs no other part of the project."""

from collections.abc import Iterator

import pytest

from mock_tenant.testing.running import MockStartError, RunningMock, running_mock


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the ini option with the options of the mock; relative paths in it start at the root of the project."""
    parser.addini(
        "emporix_mock_options", "options of `python -m mock_tenant`, such as --customers FILE", "args", []
    )


@pytest.fixture(scope="session")
def emporix_mock_process(pytestconfig: pytest.Config) -> Iterator[RunningMock]:
    """The mock tenant of the session, which is not reset."""
    try:
        with running_mock(*pytestconfig.getini("emporix_mock_options"), cwd=pytestconfig.rootpath) as mock:
            yield mock
    except MockStartError as error:
        pytest.fail(f"{error} See emporix_mock_options in the configuration of pytest.", pytrace=False)


@pytest.fixture
def emporix_mock(emporix_mock_process: RunningMock) -> RunningMock:
    """The mock tenant, with its initial customers alone and an empty log of requests."""
    emporix_mock_process.reset()
    return emporix_mock_process
