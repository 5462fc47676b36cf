"""Fixtures of the tests in a browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from meta_tests.system.browser.browser import launched


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    yield from launched()
