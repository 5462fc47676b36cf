"""Every test of the strategies draws under one run prefix."""

import pytest

from strategies import namespace

PREFIX = "cct-k3f9a-"


@pytest.fixture(autouse=True)
def _prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(namespace, "_active", namespace._active)  # it is restored at the end of the test
    namespace.use(PREFIX)
