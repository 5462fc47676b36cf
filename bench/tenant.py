"""The tenant under measurement: the mock tenant in a subprocess, with seeded defects."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from harness.plugin.mock_process import MOCK_CONFIGURATION, EmbeddedTenant


@dataclass(frozen=True)
class MeasuredTenant:
    """A tenant under measurement: its environment variables, its tenant.toml, and access to its customers."""

    environ: dict[str, str]
    tenant_config: dict[str, Any] = field(default_factory=dict)

    def count_customers(self) -> int:
        """The number of customers in the tenant."""
        with httpx.Client(base_url=self.environ["EMPORIX_API_URL"], headers=self.headers()) as client:
            response = client.get(self.path, params={"pageNumber": 1, "pageSize": 100_000})
        return len(response.raise_for_status().json())

    @property
    def path(self) -> str:
        """The path of the customers."""
        return f"/customer/{self.environ['EMPORIX_TENANT']}/customers"

    def headers(self) -> dict[str, str]:
        """The headers of an authorized request, with a new token."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self.environ["EMPORIX_CLIENT_ID"],
            "client_secret": self.environ["EMPORIX_CLIENT_SECRET"],
            "scope": f"tenant={self.environ['EMPORIX_TENANT']} customer.customer_read customer.customer_manage",
        }
        response = httpx.post(f"{self.environ['EMPORIX_API_URL']}/oauth/token", data=form)
        return {"Authorization": f"Bearer {response.raise_for_status().json()['access_token']}"}


@contextmanager
def running_tenant(
    *defects: str, variations: Sequence[str] = (), configuration: Path = MOCK_CONFIGURATION
) -> Iterator[MeasuredTenant]:
    """Starts a mock tenant with these defects and variations, and stops it afterwards."""
    seeded = tuple(word for name in defects for word in ("--defect", name))
    varied = tuple(word for name in variations for word in ("--variation", name))
    embedded = EmbeddedTenant.start(configuration, seeded + varied)
    try:
        yield MeasuredTenant(dict(embedded.environ), dict(embedded.tenant_config))
    finally:
        embedded.stop()
