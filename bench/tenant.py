"""The tenant that all contenders ask: the mock in a process of its own, with what is planted in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from harness.plugin.mock_process import EmbeddedTenant
from harness.plugin.run import MOCK_CONFIGURATION


@dataclass(frozen=True)
class Asked:
    """A tenant under measurement: the environment that leads to it, what its owners know of it, and its customers."""

    environ: dict[str, str]
    tenant_config: dict[str, Any] = field(default_factory=dict)

    def customers(self) -> int:
        """How many customers the tenant has, as it says itself."""
        with httpx.Client(base_url=self.environ["EMPORIX_API_URL"], headers=self.headers()) as client:
            told = client.get(self.path, params={"pageNumber": 1, "pageSize": 100_000})
        return len(told.raise_for_status().json())

    @property
    def path(self) -> str:
        """Where its customers are."""
        return f"/customer/{self.environ['EMPORIX_TENANT']}/customers"

    def headers(self) -> dict[str, str]:
        """A token, as every request needs it."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self.environ["EMPORIX_CLIENT_ID"],
            "client_secret": self.environ["EMPORIX_CLIENT_SECRET"],
            "scope": f"tenant={self.environ['EMPORIX_TENANT']} customer.customer_read customer.customer_manage",
        }
        told = httpx.post(f"{self.environ['EMPORIX_API_URL']}/oauth/token", data=form).raise_for_status()
        return {"Authorization": f"Bearer {told.json()['access_token']}"}


@contextmanager
def tenant(*planted: str) -> Iterator[Asked]:
    """A fresh mock tenant with these defects."""
    arguments = tuple(word for name in planted for word in ("--defect", name))
    embedded = EmbeddedTenant.start(MOCK_CONFIGURATION, arguments)
    try:
        yield Asked(dict(embedded.environ), dict(embedded.tenant_config))
    finally:
        embedded.stop()
