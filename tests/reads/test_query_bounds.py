"""q with bounds, in list and search alike: numbers, dates, and ranges."""

import pytest

import oracle
from harness import RESULTS, TenantApi, operations
from harness.dataset import Dataset, poll_dataset
from tests.reads.steps import check_query


@pytest.mark.parametrize("operation", operations(RESULTS, "q.number"))
@pytest.mark.parametrize("bound", [">30", "<30"])
def test_a_number(api: TenantApi, dataset: Dataset, operation: str, bound: str) -> None:
    poll_dataset(api, dataset, operation)

    q = dataset.and_(f"mixins.{dataset.tag}.points:{bound}")
    check_query(api, dataset, operation, q, f"{operation}.q.number")


@pytest.mark.parametrize("operation", operations(RESULTS, "q.number", "q.range"))
def test_a_range_of_numbers(api: TenantApi, dataset: Dataset, operation: str) -> None:
    """Where a tenant compares numbers with each bound alone, a range includes both."""
    poll_dataset(api, dataset, operation)
    points, low, high = f"mixins.{dataset.tag}.points", ">=30", "<=45"

    alone = [
        check_query(api, dataset, operation, dataset.and_(f"{points}:{bound}"), f"{operation}.q.number")
        for bound in (low, high)
    ]
    if all(alone):
        q = dataset.and_(f"{points}:({low} AND {high})")
        check_query(api, dataset, operation, q, f"{operation}.q.range")


@pytest.mark.parametrize("operation", operations(RESULTS, "q.date"))
@pytest.mark.parametrize(("comparison", "hours"), [(">", -1), ("<", -1), (">=", 1), ("<=", 1), (">=", 0)])
def test_a_date(api: TenantApi, dataset: Dataset, operation: str, comparison: str, hours: int) -> None:
    """Bounds are far from the dates, except for >=: it includes a date as the tenant shows it."""
    poll_dataset(api, dataset, operation)
    bound = oracle.shifted(creation_date(dataset, 4 if hours else 0), hours)

    q = dataset.and_(f'metadataCreatedAt:{comparison}"{bound}"')
    check_query(api, dataset, operation, q, f"{operation}.q.date")


@pytest.mark.parametrize("operation", operations(RESULTS, "q.range"))
@pytest.mark.parametrize(("low", "high"), [(-1, 1), (1, 2), (-2, -1), (0, 1)])
def test_a_range_of_dates(api: TenantApi, dataset: Dataset, operation: str, low: int, high: int) -> None:
    poll_dataset(api, dataset, operation)
    first = creation_date(dataset, 0)

    bounds = f'(>="{oracle.shifted(first, low)}" AND <="{oracle.shifted(first, high)}")'
    check_query(api, dataset, operation, dataset.and_(f"metadataCreatedAt:{bounds}"), f"{operation}.q.range")


@pytest.mark.parametrize("operation", operations(RESULTS, "q.exclusive-end"))
def test_a_range_without_its_end(api: TenantApi, dataset: Dataset, operation: str) -> None:
    """The end is the date of a member, as the tenant shows it."""
    poll_dataset(api, dataset, operation)

    bounds = f'(>="{creation_date(dataset, 0)}" AND <"{creation_date(dataset, 4)}")'
    q = dataset.and_(f"metadataCreatedAt:{bounds}")
    check_query(api, dataset, operation, q, f"{operation}.q.exclusive-end")


def creation_date(dataset: Dataset, position: int) -> str:
    """The date of creation that get shows of a member."""
    date = dataset.members[position].shown.get("metadataCreatedAt")
    if not date:
        pytest.skip("Not checked: the tenant does not show metadataCreatedAt.")
    return str(date)
