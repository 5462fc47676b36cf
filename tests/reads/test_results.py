"""List and search: results are complete, agree with get, and show further attributes on request."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
from client import Exchange
from harness import (
    JSON,
    MIXINS,
    RESULTS,
    TenantApi,
    check_customer,
    check_found_alone,
    clause,
    covering,
    create_customer,
    created,
    customers_with,
    examples,
    only_nightly,
    operations,
    patch_customer,
    poll_get,
    poll_query,
    upsert_customer,
)
from harness.checks.assertions import (
    assert_accounts,
    assert_equal,
    assert_holds,
    assert_no_mismatch,
    assert_rejected,
    assert_same_customers,
    assert_status,
)
from harness.customers import full_body
from harness.data import edge_case_body
from harness.dataset import Dataset, poll_dataset
from spec import Mismatch
from strategies import customers, namespace, queries
from strategies.cases import Case
from strategies.customers import BodyOperation
from tests.reads.scan import scan

EXPANDED = f"accounts,{MIXINS}"
VERSION = "metadata.version"
MALFORMED, EXTENSIONS = ("no closing brace",), ("a comma at the end", "a byte that is not UTF-8")

# -- completeness -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", operations(RESULTS, "complete"))
def test_results_are_complete(api: TenantApi, dataset: Dataset, operation: str) -> None:
    """Every customer of the run is in the unfiltered result: active or not, on hold or not, without an address.

    Other customers come and go meanwhile and move customers from page to page: one that several scans lack is missing.
    """
    nameless = created(api, api.create({"lastName": namespace.fresh_id()}))
    nameless = check_customer(api, poll_get(api, nameless), nameless)
    wanted = {*dataset.ids, *api.known.confirmed}

    missing = scan(api, operation, wanted)
    by_id = poll_query(
        api, operation, f"id:{nameless.id}", until=lambda found: found.ids == [nameless.id], expand="accounts"
    )

    with clause(f"{operation}.complete"):
        assert_equal(sorted(missing), [], path="$[*].id")
        assert_status(by_id, 200)
        assert_same_customers(by_id, [nameless])


@pytest.mark.covers(*(f"{operation}.changes-nothing" for operation in RESULTS))
def test_results_change_nothing(api: TenantApi) -> None:
    """Of two customers that no result has shown before, one is active and one is on hold.

    The version is compared of the one without a registration number: a company may be assigned to the other one later.
    """
    word = namespace.fresh_word()
    active, held = (
        create_customer(api, full_body(api) | {"company": word}),
        create_customer(api, company=word),
    )
    held = patch_customer(api, held, {"active": False, "onHold": True})
    before = {each.id: poll_get(api, each) for each in (active, held)}
    for each in (active, held):
        check_customer(api, before[each.id], each)
    api.windows.read.sleep_until_closed()

    for operation in RESULTS:
        options: dict[str, Any] = {"expand": f"addresses,{EXPANDED}", "sort": "lastName:desc", "page_size": 5}
        found = poll_query(
            api, operation, f"company:{word}", until=lambda each: len(each.ids) == 2, **options
        )
        after = {customer_id: api.get(customer_id, expand=MIXINS) for customer_id in before}
        with clause(f"{operation}.q.exact"):
            assert_status(found, 200)
            assert_equal(len(customers_with(found, before)), 2, path="$[*].id", response=found)
        with clause(f"{operation}.changes-nothing"):
            for customer_id, response in after.items():
                assert_no_mismatch(oracle.change_mismatch(before[customer_id].json, response.json), response)
            assert_equal(
                oracle.value_at(after[held.id].object, VERSION),
                oracle.value_at(before[held.id].object, VERSION),
                path=f"$.{VERSION}",
                response=after[held.id],
            )


# -- expand -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", operations(RESULTS, "expand.order"))
@given(attributes=st.permutations(queries.EXPANDS))
@examples(1)
def test_the_order_of_expand_is_irrelevant(
    api: TenantApi, dataset: Dataset, operation: str, attributes: list[str]
) -> None:
    """Each attribute takes each place."""
    first, *others = (
        poll_dataset(api, dataset, operation, sort="firstName", expand=order)
        for order in queries.rotations(attributes)
    )

    with clause(f"{operation}.expand.order"):
        for other in others:
            assert_equal(other.ids, first.ids, path="$[*].id", response=other)
            for one, again in zip(first.customers, other.customers, strict=True):
                assert_no_mismatch(oracle.change_mismatch(one, again), other)


@pytest.mark.parametrize("operation", operations(RESULTS, "expand.mixin", "expand.on-request"))
def test_mixins_are_shown_on_request(api: TenantApi, dataset: Dataset, operation: str) -> None:
    """Beside addresses, for a tenant may expand one attribute of several."""
    written = {member.id: member.body["mixins"] for member in dataset.members}

    expanded = poll_dataset(api, dataset, operation, expand=f"{MIXINS},addresses")
    plain = poll_dataset(api, dataset, operation)

    with clause(f"{operation}.expand.mixin"):
        for position, shown in enumerate(expanded.customers):
            path = f"$[{position}].mixins"
            assert_equal(shown.get("mixins"), written[shown["id"]], path=path, response=expanded)
    with clause(f"{operation}.expand.on-request"):
        unrequested = [each for each in plain.customers if each.get("mixins")]
        assert_holds(not unrequested, "no mixins", response=plain, path="$[*].mixins", actual=unrequested)


@pytest.mark.parametrize("operation", operations(RESULTS, "expand.accounts", "accounts.shape"))
def test_accounts_on_request(api: TenantApi, dataset: Dataset, operation: str) -> None:
    poll_dataset(api, dataset, operation)

    response = api.query(operation, dataset.q, expand="accounts")

    with clause(f"{operation}.status.ok"):
        assert_status(response, 200, 400)
    if response.customers:
        with clause(f"{operation}.accounts.shape"):
            for position, shown in enumerate(response.customers):
                assert_accounts(shown, f"$[{position}]", response)
                others = {each.email for each in dataset.members if each.id != shown["id"]}
                others.intersection_update(oracle.account_ids(shown))
                assert_equal(sorted(others), [], path=f"$[{position}].accounts", response=response)
    with clause(f"{operation}.expand.accounts") as scope:
        scope.observe(reading(response, "accounts"))


@pytest.mark.parametrize("operation", operations(RESULTS, "expand.unknown"))
def test_an_unknown_attribute(api: TenantApi, dataset: Dataset, operation: str) -> None:
    poll_dataset(api, dataset, operation)

    response = api.query(operation, dataset.q, expand="unknown")

    with clause(f"{operation}.status.ok"):
        assert_status(response, 200, 400)
    with clause(f"{operation}.expand.unknown") as scope:
        scope.observe("rejected" if response.status == 400 else "ignored")


def reading(response: Exchange, attribute: str) -> str:
    """What a tenant does with an attribute of expand."""
    if response.status == 400:
        return "rejected"
    return (
        "returned on request" if any(each.get(attribute) for each in response.customers) else "not returned"
    )


# -- agreement with get -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", operations(RESULTS, "agrees-with-get"))
@pytest.mark.parametrize("written_by", ["create", "upsert", "patch"])
def test_results_agree_with_get(api: TenantApi, operation: str, written_by: str) -> None:
    created_by: BodyOperation = "upsert" if written_by == "upsert" else "create"
    body = edge_case_body(api, created_by, "empty" if written_by == "upsert" else "hostile")
    create = upsert_customer if created_by == "upsert" else create_customer
    customer = create(api, body)
    if written_by == "patch":
        customer = patch_customer(api, customer, edge_case_body(api, "patch", "long"))
    if written_by == "upsert":  # get shows afterwards what a result has left out
        check_found_alone(api, customer, f"{operation}.q.exact", operation)

    shown = poll_get(api, customer, expand=EXPANDED)
    customer = check_customer(api, shown, customer)
    q = f"contactEmail:{customer.email}"
    listed = poll_query(api, operation, q, until=agreement(customer, shown), expand=EXPANDED)

    missing = "q.fresh" if written_by == "patch" else "q.exact"
    with clause(f"{operation}.{'agrees-with-get' if listed.ids else missing}"):
        assert_status(listed, 200)
        assert_same_customers(listed, [customer])
        assert_no_mismatch(view_mismatch(shown, listed), listed)


def agreement(customer: oracle.CustomerModel, shown: Exchange) -> Any:
    """The predicate of a poll: the result holds the customer alone, as get shows it."""
    return lambda found: found.ids == [customer.id] and view_mismatch(shown, found) is None


def view_mismatch(shown: Exchange, listed: Exchange) -> Mismatch | None:
    """How the first customer of a result differs from get."""
    return oracle.views_mismatch(
        shown.object, listed.customers[0], (MIXINS, "accounts"), read=listed.operation
    )


# -- bodies of search ---------------------------------------------------------------------------------------------


@pytest.mark.covers("search.body.optional")
def test_search_without_q_finds_customers(api: TenantApi) -> None:
    create_customer(api)

    response = api.search({}, page_size=1)

    with clause("search.body.optional"):
        assert_status(response, 200)
        assert_equal(len(response.customers), 1, path="$", response=response)


@pytest.mark.parametrize(
    ("aspect", "case"),
    [
        pytest.param(
            aspect, case, marks=[covering(f"search.{aspect}"), *([] if case.name in gate else [only_nightly])]
        )
        for aspect, values, gate in (
            ("body.malformed", customers.malformed_json_cases(), MALFORMED),
            ("body.extensions", customers.json_extension_cases(), EXTENSIONS),
        )
        for case in values
    ],
)
def test_a_search_body_that_is_not_json(api: TenantApi, aspect: str, case: Case[bytes]) -> None:
    response = api.search(content=case.value, headers=JSON)

    with clause(f"search.{aspect}", case.name):
        assert_rejected(response)


@pytest.mark.covers("search.body.absent")
def test_a_search_without_a_body(api: TenantApi) -> None:
    response = api.search(page_size=1)

    with clause("search.body.absent"):
        assert_status(response, 200)


@pytest.mark.parametrize("body", [[], "q", 7, False], ids=repr)
@pytest.mark.covers("search.body.object")
def test_a_search_body_that_is_no_object(api: TenantApi, body: Any) -> None:
    response = api.search(body)

    with clause("search.body.object", repr(body)):
        assert_rejected(response)


@pytest.mark.parametrize("case", queries.invalid_search_cases(), ids=lambda case: case.name)
@pytest.mark.covers("search.q.type")
def test_a_q_that_is_no_string(api: TenantApi, case: Case[Any]) -> None:
    response = api.search(case.value)

    with clause("search.q.type", case.name):
        assert_rejected(response)
