"""A scan: all pages of the unfiltered result, while other clients create and delete customers."""

from itertools import cycle
from typing import Final

import pytest

from client import Exchange
from harness import TenantApi, clause
from harness.checks.assertions import assert_status
from harness.polling import poll

LIMIT: Final = 2_400
"""Customers after which a scan reads no further page."""
PAGE_SIZES: Final = (200, 170, 140)
"""Of one scan after the other: a customer that has moved to the page before is often at the same place again."""


def scan(api: TenantApi, operation: str, wanted: set[str]) -> set[str]:
    """The ids that none of several scans of the unfiltered result has found; a page beyond the end may be rejected."""
    missing, sizes = set(wanted), cycle(PAGE_SIZES)

    def send() -> Exchange:
        size, number, response = next(sizes), 0, None
        while response is None or (response.customers and missing):
            if number * size >= LIMIT:
                pytest.skip(f"Not checked: the tenant has more than {LIMIT} customers.")
            number += 1
            response = api.query(operation, sort="metadataCreatedAt:desc", page_number=number, page_size=size)
            if number == 1 or response.status != 400:
                with clause(f"{operation}.status.ok"):
                    assert_status(response, 200)
            missing.difference_update(response.ids)
        return response

    for _ in range(len(PAGE_SIZES) if not api.windows.index else 1):
        poll(send, until=lambda _: not missing, within=api.windows.index)
        if not missing:
            break
    return missing
