"""Every test of the strategies draws under one run prefix."""

from collections.abc import Iterator

import pytest

from strategies import namespace

PREFIX = "cct-k3f9a-"


@pytest.fixture(autouse=True)
def _prefix() -> Iterator[None]:
    with namespace.using(PREFIX):
        yield
