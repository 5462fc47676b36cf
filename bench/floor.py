"""The floor: what a client library costs when nothing is made, judged or reported."""

import os

import httpx

from bench.tenant import Asked


def main() -> None:
    """Ask for one page 2,000 times over one connection."""
    asked = Asked(dict(os.environ))
    with httpx.Client(base_url=os.environ["EMPORIX_API_URL"], headers=asked.headers()) as client:
        for _ in range(2000):
            client.get(asked.path, params={"pageNumber": 1, "pageSize": 1}).raise_for_status()


if __name__ == "__main__":
    main()
