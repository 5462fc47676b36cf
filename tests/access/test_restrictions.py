"""Restrictions: a client that is limited to some of them has access to their customers alone."""

from typing import Any

import pytest

import oracle
from client import Exchange
from harness import (
    MIXINS,
    READS,
    RESULTS,
    TenantApi,
    check_customer,
    check_found_alone,
    clause,
    create_customer,
    operations,
    patch_customer,
    poll,
    poll_get,
    poll_query,
    upsert_customer,
)
from harness.checks.assertions import (
    assert_not_listed,
    assert_rejected,
    assert_same_customers,
    assert_status,
)
from harness.checks.customers import PAGE, check_count, check_nothing_written
from harness.transient_errors import retry_on_transient_errors
from strategies import customers, namespace
from tests.access.steps import check_not_listed

NO_WRITES = "Not checked: the restricted client may not write."


@pytest.fixture(scope="session")
def permitted(api: TenantApi) -> str:
    """A restriction of the restricted client."""
    return (api.settings.tenant_config.restricted_client.restrictions or ("",))[0]


@pytest.fixture(scope="session")
def every_forbidden(api: TenantApi) -> list[str]:
    """The restrictions of the tenant that the restricted client does not have."""
    own = api.settings.tenant_config.restricted_client.restrictions or ()
    others = [each for each in api.rules.restrictions or () if each not in own]
    if not others:
        pytest.skip("Not checked: the restricted client has every restriction of the tenant.")
    return others


@pytest.fixture(scope="session")
def forbidden(every_forbidden: list[str]) -> str:
    """The one of these restrictions that most tests use."""
    return every_forbidden[0]


@pytest.fixture(scope="session")
@retry_on_transient_errors
def visible(api: TenantApi, permitted: str) -> oracle.CustomerModel:
    """A customer that the restricted client may see, although it is on hold and an upsert has created it."""
    create = upsert_customer if api.custom_ids else create_customer
    customer = create(api, customers.plain(restriction=permitted, firstName="visible"))
    return patch_customer(api, customer, {"onHold": True})


@pytest.fixture(scope="session")
@retry_on_transient_errors
def hidden(api: TenantApi, forbidden: str) -> oracle.CustomerModel:
    """A customer on hold that the restricted client may not see, and others see."""
    customer = create_customer(api, restriction=forbidden, firstName="hidden")
    customer = patch_customer(api, customer, {"onHold": True})
    customer = check_customer(api, poll_get(api, customer), customer)
    api.windows.read.sleep_until_closed()
    return customer


@pytest.mark.parametrize("operation", operations(READS, "restriction.visible"))
def test_customers_of_a_permitted_restriction_are_visible(
    api: TenantApi, operation: str, visible: oracle.CustomerModel
) -> None:
    check_visible(api.as_("restricted"), visible, operation)


@pytest.mark.parametrize(
    "operation", operations(RESULTS, "restriction.visible", "restriction.filtered", "count.header")
)
def test_a_page_holds_visible_customers_alone(
    api: TenantApi, operation: str, visible: oracle.CustomerModel, hidden: oracle.CustomerModel
) -> None:
    """A hidden customer takes no place on a page, whether it comes first in the order or last."""
    q = f"contactEmail:({hidden.email},{visible.email})"
    options: dict[str, Any] = {"sort": "firstName:asc", "page_size": 1}
    restricted = api.as_("restricted")
    response = poll_query(
        restricted, operation, q, until=lambda found: found.ids == [visible.id], **options, expand="accounts"
    )
    following = restricted.query(operation, q, page_number=2, page_size=1, sort="firstName:desc")

    with clause(f"{operation}.status.ok"):
        assert_status(response, 200)
    with clause(f"{operation}.restriction.filtered", "a page of one"):
        assert_not_listed(response, hidden.id)
        assert_not_listed(following, hidden.id)
    with clause(f"{operation}.restriction.visible", "a page of one"):
        assert_same_customers(response, [visible])
    check_count(response, 1, about="a page of one")


@pytest.mark.covers("get.restriction.filtered", "get.restriction.answer")
def test_get_hides_customers_of_a_forbidden_restriction(api: TenantApi, hidden: oracle.CustomerModel) -> None:
    for expand in (None, f"accounts,{MIXINS}"):
        response = api.as_("restricted").get(hidden.id, expand=expand)

        with clause("get.restriction.filtered", expand or "no expand"):
            assert_status(response, 403, 404)
    with clause("get.restriction.answer") as scope:
        scope.observe("forbidden" if response.status == 403 else "not found")


@pytest.mark.parametrize("operation", operations(RESULTS, "restriction.filtered"))
def test_results_hide_customers_of_a_forbidden_restriction(
    api: TenantApi, operation: str, forbidden: str
) -> None:
    """The customer is a new one, so that it would be among the newest; the first query is that of another client."""
    hidden = create_customer(api, restriction=forbidden)
    restricted, by_email = api.as_("restricted"), f"contactEmail:{hidden.email}"
    check_found_alone(api, hidden, f"{operation}.q.exact", operation)

    responses = (
        restricted.query(operation, by_email, **PAGE, expand="addresses"),
        restricted.query(operation, f"id:{hidden.id} restriction:{forbidden} {by_email}"),
        restricted.query(operation, sort="metadataCreatedAt:desc", page_size=30),
    )

    for response in responses:
        check_not_listed(response, hidden, f"{operation}.restriction.filtered")


@pytest.mark.parametrize(
    "operation", operations(("upsert", "patch", "delete"), "restriction.managed", "refused.changes-nothing")
)
def test_customers_of_a_forbidden_restriction_cannot_be_changed(
    api: TenantApi, operation: str, permitted: str, forbidden: str
) -> None:
    """A client that may not write at all is rejected, too, which is no evidence."""
    clause_id, restricted = f"{operation}.restriction.managed", api.as_("restricted")
    own = create_customer(api, restriction=permitted)
    if write(restricted, operation, own, permitted).status in (401, 403):
        pytest.skip(NO_WRITES)
    customer = create_customer(api, restriction=forbidden)
    customer = check_customer(api, poll_get(api, customer), customer)

    response = write(restricted, operation, customer, permitted)

    api.windows.read.sleep_until_closed()
    with clause(clause_id):
        assert_rejected(response, 400, 403, 404, 409)
    check_nothing_written(api, response, customer)
    if operation == "upsert":
        check_new_customer_is_rejected(restricted, forbidden)


def check_new_customer_is_rejected(restricted: TenantApi, forbidden: str) -> None:
    """An upsert creates no customer outside the restrictions of the client."""
    response = restricted.upsert(namespace.fresh_id(), customers.plain(restriction=forbidden))
    with clause("upsert.restriction.managed", "a new id"):
        assert_rejected(response, 400, 403, 404)


@pytest.mark.covers(
    *(f"{operation}.restriction.{aspect}" for operation in READS for aspect in ("filtered", "visible"))
)
def test_visibility_follows_a_change_of_restriction(
    api: TenantApi, permitted: str, every_forbidden: list[str]
) -> None:
    """The new restriction is another one than in the other tests, if the tenant has one."""
    restricted = api.as_("restricted")
    customer = create_customer(api, restriction=permitted)

    customer = patch_customer(api, customer, {"restriction": every_forbidden[-1]})
    customer = check_customer(api, poll_get(api, customer), customer)
    for operation in READS:
        check_hidden(restricted, customer, operation, about="moved away")

    customer = patch_customer(api, customer, {"restriction": permitted})
    customer = check_customer(api, poll_get(api, customer), customer)
    for operation in READS:
        check_visible(restricted, customer, operation, about="moved back")


@pytest.mark.covers("create.restriction.managed")
def test_customers_of_a_forbidden_restriction_cannot_be_created(
    api: TenantApi, permitted: str, forbidden: str
) -> None:
    restricted = api.as_("restricted")
    if restricted.create(customers.plain(restriction=permitted)).status in (401, 403):
        pytest.skip(NO_WRITES)

    response = restricted.create(customers.plain(restriction=forbidden))

    with clause("create.restriction.managed", forbidden):
        assert_rejected(response, 400, 403, 404)


def write(api: TenantApi, operation: str, customer: oracle.CustomerModel, restriction: str) -> Exchange:
    """A small valid write to the customer, which gives it the restriction."""
    if operation == "delete":
        return api.delete(customer.id)
    kept = {"contactEmail": customer.email} if operation == "upsert" else {}
    return api.write(operation, customer.id, {"lastName": "Intruder", "restriction": restriction} | kept)


def check_visible(
    restricted: TenantApi, customer: oracle.CustomerModel, operation: str, *, about: str = ""
) -> None:
    """The operation shows the customer to the restricted client within its consistency window."""
    clause_id = f"{operation}.restriction.visible"
    if operation != "get":
        check_found_alone(restricted, customer, clause_id, operation, about=about)
        return
    response = poll(
        lambda: restricted.get(customer.id),
        until=lambda found: found.status == 200,
        within=restricted.windows.read,
    )
    with clause(clause_id, about):
        assert_status(response, 200)


def check_hidden(
    restricted: TenantApi, customer: oracle.CustomerModel, operation: str, *, about: str = ""
) -> None:
    """The operation hides the customer from the restricted client within its consistency window."""
    clause_id = f"{operation}.restriction.filtered"
    if operation != "get":
        by_email, hidden = f"contactEmail:{customer.email}", customer.id
        response = poll_query(restricted, operation, by_email, until=lambda found: hidden not in found.ids)
        check_not_listed(response, customer, clause_id, about=about)
        return
    response = poll(
        lambda: restricted.get(customer.id),
        until=lambda found: found.status in (403, 404),
        within=restricted.windows.read,
    )
    with clause(clause_id, about):
        assert_status(response, 403, 404)
