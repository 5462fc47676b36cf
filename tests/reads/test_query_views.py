"""q over time and between operations: results follow a change, and search finds what list finds."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
from client import Exchange
from harness import (
    JSON,
    MERGE_PATCH,
    MIXINS,
    RESULTS,
    TenantApi,
    check_found_alone,
    clause,
    covering,
    create_customer,
    examples,
    operations,
    patch_customer,
    poll,
    poll_query,
    smoke,
    update_customer,
)
from harness.checks.assertions import assert_no_server_error, assert_not_listed, assert_status
from harness.checks.customers import check_count
from harness.dataset import Dataset
from spec import Kind, Mismatch
from strategies import namespace, queries
from strategies.customers.properties import FLAGS

NAMES = ("firstName", "middleName", "lastName", "company")
SEARCHED = ("firstName", "lastName", "title", "company")


@pytest.mark.parametrize(
    ("operation", "change"),
    [
        pytest.param(operation, change, marks=covering(f"{operation}.q.fresh"))
        for operation, change in (
            ("list", "patch"),
            ("search", "merge patch"),
            *((each, "upsert") for each in RESULTS),
        )
    ],
)
def test_a_query_follows_a_change(api: TenantApi, operation: str, change: str) -> None:
    old, new = namespace.fresh_word(), namespace.fresh_word()
    customer, clause_id = create_customer(api, firstName=old), f"{operation}.q.fresh"
    by_email = queries.exact("contactEmail", customer.email)
    by_old = by_email if change == "upsert" else queries.exact("firstName", old)
    check_found_alone(api, customer, clause_id, operation, by_old)

    changed = changes_of(api, change, new)
    customer = write_changes(api, customer, change, changed)
    check_found_alone(api, customer, clause_id, operation, query_of(changed))
    gone = poll_query(api, operation, by_old, until=lambda found: customer.id not in found.ids)

    with clause(clause_id, "the old value"):
        assert_status(gone, 200)
        assert_not_listed(gone, customer.id)
    if not gone.ids:
        check_count(gone, 0, about="no customer")


def changes_of(api: TenantApi, change: str, new: str) -> dict[str, bool | str]:
    """New values of most properties; a merge patch has no flags, and an upsert a new address as well."""
    changed = other_changes(api) | {name: f"{new}{name}" for name in NAMES}
    if change == "upsert":
        changed["contactEmail"] = namespace.fresh_email()
    return {name: value for name, value in changed.items() if change != "merge patch" or name not in FLAGS}


def write_changes(
    api: TenantApi, customer: oracle.CustomerModel, change: str, changed: Mapping[str, bool | str]
) -> oracle.CustomerModel:
    """The customer after these changes; a patch adds a mixin."""
    if change == "upsert":
        return update_customer(api, customer, changed)
    mixins = {"mixins": {namespace.fresh_name(): {"name": "new"}}}
    headers = MERGE_PATCH if change == "merge patch" else JSON
    return patch_customer(api, customer, {**changed, **mixins}, headers=headers)


def other_changes(api: TenantApi) -> dict[str, bool | str]:
    """Changes of properties that a query compares in other ways than names."""
    changes: dict[str, bool | str] = {"active": False, "onHold": True, "preferredCurrency": "CHF"}
    changes |= {"preferredLanguage": "fr_FR", "title": "Prof", "type": "CONTACT"}
    return changes | ({"restriction": api.rules.restrictions[-1]} if api.rules.restrictions else {})


def query_of(values: Mapping[str, bool | str]) -> str:
    """The query for all of these values."""
    return queries.all_of(
        *(
            queries.boolean(name, value) if isinstance(value, bool) else queries.exact(name, value)
            for name, value in values.items()
        )
    )


@pytest.mark.covers("search.q.equals-list")
@pytest.mark.parametrize(
    "kind",
    [pytest.param("the dataset", marks=smoke), "an exact value", "in capitals", "a pattern in capitals"],
)
@given(position=st.integers(0, 7), name=st.sampled_from(SEARCHED))
@examples(1)
def test_search_finds_what_list_finds(
    api: TenantApi, dataset: Dataset, kind: str, position: int, name: str
) -> None:
    """Also where the contract does not specify what list finds."""
    value = dataset.members[position].shown.get(name) or dataset.tag
    q = {
        "the dataset": dataset.q,
        "an exact value": queries.exact(name if value != dataset.tag else "company", value),
        "in capitals": queries.exact("company", dataset.tag.upper()),
        "a pattern in capitals": queries.regex("company", dataset.tag.upper()),
    }[kind]
    listed: list[Exchange] = []

    def send() -> Exchange:
        listed[:] = [api.list(q=q, page_size=50, expand=MIXINS)]
        return api.search({"q": q}, page_size=50, expand=MIXINS)

    searched = poll(send, until=lambda found: same(listed[0], found), within=api.windows.index)

    with clause("search.q.equals-list"):
        assert_status(listed[0], 200)
        assert_status(searched, 200)
        if not same(listed[0], searched):
            raise Mismatch(Kind.CUSTOMERS, expected=listed[0].ids, actual=searched.ids, exchange=searched)


def same(listed: Exchange, searched: Exchange) -> bool:
    """Whether both results hold the same customers."""
    return oracle.same_customers(listed.customers, searched.customers)


@pytest.mark.parametrize("operation", operations(RESULTS, "q.no-key"))
@pytest.mark.parametrize("q", ["Ada", "~"])
def test_a_query_without_a_key(api: TenantApi, operation: str, q: str) -> None:
    response = api.query(operation, q, page_size=1)

    with clause(f"{operation}.robust.no-5xx", q):
        assert_no_server_error(response)
    with clause(f"{operation}.q.no-key") as scope:
        form = "lone tilde" if q == "~" else "no key"
        scope.observe(f"{form} {'rejected' if response.status == 400 else 'accepted'}")
