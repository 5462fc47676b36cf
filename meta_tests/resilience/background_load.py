"""A tenant full of other people's customers, in a process of its own, and whether they are still as they were."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from meta_tests.support import mock_server, project_runs
from meta_tests.support.project_runs import ROOT, RunningSuite, environment

OURS = "cct-"
TEMPTING = (
    *(
        "0",
        "1",
        "a",
        "search",
        "SEARCH",
        "null",
        "undefined",
        "customers",
        "me",
        "id",
        "unknown",
        "cct",
        "cct_1",
    ),
    *("-", "..a", "a b", "ä", "%", "a%2Fb", "x" * 66, "00000000-0000-0000-0000-000000000000", "preflight"),
)
"""Ids that a careless test would write to."""


@dataclass
class ForeignCustomers:
    """The customers of others in both tenants of a running mock, and each as GET showed it at first."""

    ready: Mapping[str, Any]
    before: dict[str, Any] = field(default_factory=dict)

    @property
    def environ(self) -> dict[str, str]:
        """What leads a run to this tenant."""
        return environment(**self.ready["environ"])

    def tenant_config(self, folder: Path) -> Path:
        """The tenant.toml that goes with the tenant, written into this folder."""
        path = folder / "tenant.toml"
        tables = self.ready["tenant_config"].items()
        lines = [
            f"[{name}]\n" + "".join(f"{k} = {json.dumps(v)}\n" for k, v in keys.items())
            for name, keys in tables
        ]
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    def create(self, number: int) -> None:
        """Create so many customers in either tenant, some with tempting ids."""
        chance = random.Random(number)  # noqa: S311 - no secret
        for client in ("", "OTHER_"):
            with mock_server.customers(dict(self.ready), client) as tenant:
                ids = [*TEMPTING, *(f"K{chance.randrange(16**8):08x}" for _ in range(number))]
                for place, id in enumerate(ids):
                    email = f"person.{place}@shop-{len(client)}.test"
                    body = {"id": id, "contactEmail": email, "firstName": "Some", "lastName": f"Body {place}"}
                    tenant.post("/customers", json=body)
        self.before = self.now()

    def now(self) -> dict[str, Any]:
        """Every customer that is there, by tenant and id: what list and get show."""
        shown: dict[str, Any] = {}
        for client in ("", "OTHER_"):
            with mock_server.customers(dict(self.ready), client) as tenant:
                for page in range(1, 1000):
                    page_of_customers = tenant.get(
                        "/customers", params={"pageNumber": page, "pageSize": 100}
                    ).json()
                    for each in page_of_customers:
                        path = "/customers/" + "".join(f"%{byte:02X}" for byte in each["id"].encode())
                        shown[f"{client or 'own'}/{each['id']}"] = (each, tenant.get(path).json())
                    if len(page_of_customers) < 100:
                        break
        return shown

    def changed(self) -> list[str]:
        """Those of the others that differ from what they were, or are gone."""
        after = self.now()
        return [name for name, was in self.before.items() if after.get(name) != was]

    def left(self) -> list[str]:
        """Customers that were not there before."""
        return sorted(self.now().keys() - self.before.keys())

    def made(self) -> int:
        """How many customers a run has in the tenant by now."""
        with mock_server.customers(dict(self.ready)) as tenant:
            query: dict[str, Any] = {"q": f"contactEmail:~{OURS}", "pageSize": 100}
            return len(tenant.get("/customers", params=query).json())

    def sweep(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`python -m client.sweep` as a user calls it."""
        return subprocess.run(
            [sys.executable, "-m", "client.sweep", *arguments],
            env=self.environ,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=project_runs.DEADLINE,
            check=False,
        )


@contextmanager
def among(number: int, *options: str) -> Iterator[ForeignCustomers]:
    """A mock tenant with so many customers of others."""
    with mock_server.running(*options) as ready:
        others = ForeignCustomers(ready)
        others.create(number)
        yield others


def killed(run: RunningSuite, others: ForeignCustomers, chance: random.Random) -> None:
    """Kill the run with SIGKILL at a random moment after its first customers."""
    try:
        reaches(run, others, chance.randint(1, 25))
        time.sleep(chance.random() * 0.05)
    finally:
        os.kill(run.process.pid or 0, signal.SIGKILL)
        run.process.join(project_runs.DEADLINE)


def reaches(run: RunningSuite, others: ForeignCustomers, customers: int) -> None:
    """Return when the run has so many customers in the tenant."""
    deadline = time.monotonic() + project_runs.DEADLINE
    while others.made() < customers:
        assert time.monotonic() < deadline, "the run creates no customer"
        assert run.process.is_alive(), run.wait().output
        time.sleep(0.005)


def ledgers(folder: Path) -> list[Path]:
    """The ledgers of the runs that reported to this folder."""
    return sorted((folder / "ledger").glob("*.jsonl"))
