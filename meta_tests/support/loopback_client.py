"""A client of the loopback tenant for tests of the lifecycle of a run."""

from pathlib import Path

from client import Client, RetryPolicy, Run, load_settings
from meta_tests.support.loopback_tenant import LoopbackTenant

FAST_RETRIES = RetryPolicy(deadline=3.0, first_wait=0.005, growth=1.5, longest_wait=0.02, jitter=0.0)
OTHER_TENANT = {
    "EMPORIX_OTHER_TENANT": "other",
    "EMPORIX_OTHER_CLIENT_ID": "id-3",
    "EMPORIX_OTHER_CLIENT_SECRET": "secret-three",
}


def make_client(server: LoopbackTenant, folder: Path, tenant_config: str = "", **environ: str) -> Client:
    """A client of run abcde; an empty variable is not set."""
    file = folder / "tenant.toml"
    file.write_text(tenant_config)
    variables = {name: value for name, value in {**server.environ(), **environ}.items() if value}
    return Client(load_settings(file, variables), Run("abcde", folder), retry_policy=FAST_RETRIES)


def create_customer(client: Client, number: int) -> str:
    """Create a customer with an address of the run; returns its id."""
    return str(client.as_("client").create({"contactEmail": f"cct-abcde-{number}@example.com"}).json["id"])
