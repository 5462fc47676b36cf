"""The scan of an unfiltered result finds each customer, although others come and go between its pages."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from client import Exchange
from harness import TenantApi
from harness.polling import Windows
from meta_tests.support.scripted_tenant import exchange
from tests.reads.scan import scan

IDS = [f"c{number}" for number in range(300)]

pytestmark = pytest.mark.usefixtures("record")


def query_of_moving_pages(operation: str, *, page_number: int, page_size: int, sort: str) -> Exchange:
    """A page of the newest customers; the newest of all is deleted after each first page and created again."""
    assert sort == "metadataCreatedAt:desc"
    present = IDS if page_number == 1 else IDS[1:]
    page = present[(page_number - 1) * page_size : page_number * page_size]
    return exchange(operation, body=[{"id": each} for each in page])


@pytest.mark.parametrize(("wanted", "missing"), [(IDS[1:], set()), ([*IDS, "hidden"], {"hidden"})])
def test_a_customer_that_moves_to_the_page_before_is_not_missing(
    wanted: list[str], missing: set[str]
) -> None:
    api: Any = SimpleNamespace(query=query_of_moving_pages, windows=Windows.of(0.0, 0.0, 0.0, lambda: 0.0))
    assert scan(cast(TenantApi, api), "list", set(wanted)) == missing
