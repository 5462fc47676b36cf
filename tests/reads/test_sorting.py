"""List and search: the order of results."""

from collections.abc import Sequence
from itertools import groupby

import pytest

import oracle
from client import Exchange
from harness import MIXINS, RESULTS, TenantApi, clause, covering, only_nightly, operations, smoke
from harness.checks.assertions import assert_sorted, assert_status
from harness.dataset import Dataset, check_members, poll_dataset, poll_members
from harness.params import DIRECTIONS

COLLATIONS = {
    "Bafé": "code points",
    "aBfé": "ignores case",
    "aBéf": "ignores case and accents",
}
"""The order of the middle names in the dataset, and the reading."""
SORTED_BY = (
    *("firstName", "lastName", "title", "contactEmail", "metadataCreatedAt"),
    *("contactPhone", "preferredCurrency", "preferredLanguage", "type"),
)
SORTED_AT_GATE = {
    ":asc": ("firstName", "lastName", "title", "contactEmail", "metadataCreatedAt", "type"),
    ":desc": ("firstName", "metadataCreatedAt", "contactPhone", "preferredCurrency"),
    "": ("firstName", "preferredLanguage"),
}


@pytest.mark.parametrize(
    ("operation", "direction", "name"),
    [
        pytest.param(
            operation,
            direction,
            name,
            marks=[
                covering(f"{operation}.sort.{DIRECTIONS[direction]}"),
                *([covering(f"{operation}.sort.absent")] if (name, direction) == ("title", ":asc") else []),
                *([] if name in SORTED_AT_GATE[direction] else [only_nightly]),
                *([smoke] if name == "firstName" and direction == ":desc" else []),
            ],
        )
        for operation in RESULTS
        for direction in DIRECTIONS
        for name in SORTED_BY
    ],
)
def test_results_are_sorted(
    api: TenantApi, dataset: Dataset, operation: str, direction: str, name: str
) -> None:
    poll_dataset(api, dataset, operation)
    clause_id, descending = f"{operation}.sort.{DIRECTIONS[direction]}", direction == ":desc"

    expand = MIXINS if name in ("title", "metadataCreatedAt") else None
    response = poll_members(api, dataset, operation, dataset.q, sort=name + direction, expand=expand)
    check_members(response, dataset, None, clause_id, about="the same customers")
    with clause(clause_id, name):
        assert_sorted(values_of(response, name), by=name, descending=descending, response=response)
    if (name, direction) == ("title", ":asc"):
        titles = {each.id: each.body.get("title") for each in dataset.members}
        present = [bool(titles[found]) for found in response.ids if titles[found] != ""]
        with clause(f"{operation}.sort.absent") as scope:
            scope.observe(order_reading(present, sorted(present), ("first", "last")))

    if name == "metadataCreatedAt":  # the dataset may have been created within one second
        everything = api.query(operation, sort=name + direction, page_number=1, page_size=50)
        with clause(clause_id, f"{name} of all"):
            assert_status(everything, 200)
            assert_sorted(values_of(everything, name), by=name, descending=descending, response=everything)


@pytest.mark.parametrize("operation", operations(RESULTS, "order.unsorted"))
def test_the_order_without_sort(api: TenantApi, dataset: Dataset, operation: str) -> None:
    response = poll_dataset(api, dataset, operation)

    with clause(f"{operation}.order.unsorted") as scope:
        created = [each.id for each in dataset.members]
        scope.observe(order_reading(response.ids, created, ("oldest first", "newest first")))


@pytest.mark.parametrize("operation", operations(RESULTS, "sort.collation"))
def test_the_collation(api: TenantApi, dataset: Dataset, operation: str) -> None:
    poll_dataset(api, dataset, operation)

    response = poll_members(api, dataset, operation, dataset.q, sort="middleName:asc")

    check_members(response, dataset, None, f"{operation}.sort.ascending", about="the same customers")
    names = {each.id: str(each.body["middleName"])[-1] for each in dataset.members}
    order = "".join(name for name, _ in groupby(names[found] for found in response.ids))
    with clause(f"{operation}.sort.collation") as scope:
        scope.observe(COLLATIONS.get(order, "other order"))


def order_reading(order: Sequence[object], ascending: Sequence[object], readings: tuple[str, str]) -> str:
    """The first reading for the ascending order, the second for its reverse."""
    orders = dict(zip((tuple(ascending), tuple(reversed(ascending))), readings, strict=True))
    return orders.get(tuple(order), "other order")


def values_of(response: Exchange, name: str) -> list[object]:
    """The values of a property in the order of the result."""
    return [oracle.value_at(each, name) for each in response.customers]


@pytest.mark.parametrize(
    ("operation", "aspect", "sort"),
    [
        pytest.param(operation, aspect, sort, marks=covering(f"{operation}.sort.{aspect}"))
        for operation in RESULTS
        for aspect, sort in (
            ("several", "lastName:firstName"),
            ("several", "lastName:asc,firstName:desc"),
            ("unknown", "shoeSize"),
            ("localised", "firstName.en:asc"),
        )
    ],
)
def test_unspecified_forms_of_sort(
    api: TenantApi, dataset: Dataset, operation: str, aspect: str, sort: str
) -> None:
    response = api.query(operation, dataset.q, sort=sort, page_number=1, page_size=50)

    with clause(f"{operation}.status.ok"):
        assert_status(response, 200, 400)
    with clause(f"{operation}.sort.{aspect}") as scope:
        separator = "" if aspect != "several" else "commas " if "," in sort else "colons "
        scope.observe(f"{separator}{'rejected' if response.status == 400 else 'accepted'}")
