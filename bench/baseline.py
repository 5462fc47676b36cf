"""The baseline: the cost of an HTTP client that generates, checks and reports nothing."""

import os

import httpx

from bench.tenant import MeasuredTenant

REQUESTS = 2000


def main() -> None:
    """Requests one page 2,000 times over one connection."""
    tenant = MeasuredTenant(dict(os.environ))
    with httpx.Client(base_url=os.environ["EMPORIX_API_URL"], headers=tenant.headers()) as client:
        for _ in range(REQUESTS):
            client.get(tenant.path, params={"pageNumber": 1, "pageSize": 1}).raise_for_status()


if __name__ == "__main__":
    main()
