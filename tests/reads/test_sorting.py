"""List and search: the order of results."""

import pytest

import oracle
from client import Exchange
from harness import RESULTS, TenantApi, clause, covering, only_nightly, smoke
from harness.checks.assertions import assert_sorted, assert_status
from harness.dataset import DIRECTIONS, Dataset, check_members, poll_dataset, poll_members

SORTED_BY = ("firstName", "lastName", "title", "contactEmail", "metadataCreatedAt")
SORTED_AT_GATE = {
    ":asc": ("firstName", "title", "contactEmail", "metadataCreatedAt"),
    ":desc": ("firstName", "title", "contactEmail", "metadataCreatedAt"),
    "": ("firstName", "title"),
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

    response = poll_members(api, dataset, operation, dataset.q, sort=name + direction)
    check_members(response, dataset, None, clause_id, about="the same customers")
    with clause(clause_id, name):
        assert_sorted(values_of(response, name), by=name, descending=descending, response=response)

    if name == "metadataCreatedAt":  # the dataset may have been created within one second
        everything = api.query(operation, sort=name + direction, page_number=1, page_size=50)
        with clause(clause_id, f"{name} of all"):
            assert_status(everything, 200)
            assert_sorted(values_of(everything, name), by=name, descending=descending, response=everything)


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
