"""Restrictions: a client limited to some sees the customers of those alone, whichever way it asks."""

from functools import partial

import pytest

from harness import Answer, Customer, TenantUnderTest, settled
from harness.plugin.transient_errors import retry_on_transient_errors
from strategies import customers

READS = ("get", "list", "search")
WRITES = ("upsert", "patch", "delete")


@pytest.fixture(scope="module")
@retry_on_transient_errors
def visible(tenant: TenantUnderTest) -> Customer:
    """A customer of a restriction that the restricted client may see."""
    allowed = tenant.settings.tenant_config.restricted_client.restrictions or ()
    return tenant.has(restriction=allowed[0], firstName="visible")


@pytest.fixture(scope="module")
@retry_on_transient_errors
def hidden(tenant: TenantUnderTest) -> Customer:
    """A customer of a restriction that the restricted client may not see."""
    allowed = tenant.settings.tenant_config.restricted_client.restrictions or ()
    listed = [each for each in tenant.rules.restrictions or () if each not in allowed]
    if not listed:
        pytest.skip("Not asked: the restricted client may see every restriction of the tenant.")
    return tenant.has(restriction=listed[0], firstName="hidden")


@pytest.mark.parametrize(
    "operation",
    [pytest.param(each, marks=pytest.mark.clause(f"{each}.restriction.visible")) for each in READS],
)
def test_customers_of_its_restrictions_are_visible(
    tenant: TenantUnderTest, operation: str, visible: Customer
) -> None:
    name, restricted = f"{operation}.restriction.visible", tenant.as_("restricted")
    if operation == "get":
        restricted.get(visible).must_answer(200, clause=name)
        return
    settled(tenant.windows.index, lambda: restricted.finds_alone(visible, name, operation))
    tenant.trial.credit(name)


@pytest.mark.parametrize(
    "operation",
    [pytest.param(each, marks=pytest.mark.clause(f"{each}.restriction.visible")) for each in READS[1:]],
)
def test_a_page_holds_what_is_visible(
    tenant: TenantUnderTest, operation: str, visible: Customer, hidden: Customer
) -> None:
    """Whoever is hidden takes no place on a page."""
    name, restricted = f"{operation}.restriction.visible", tenant.as_("restricted")

    def first() -> None:
        both = f"contactEmail:({hidden.email},{visible.email})"
        page = restricted.query(operation, both, sort="firstName:asc", page_number=1, page_size=1)
        if page.must_answer(200).ids != [visible.id]:
            broken = f"{operation}.restriction.filtered" if hidden.id in page.ids else name
            raise page.violation(broken, expected=f"{visible.id} alone", about="a page of one")

    settled(tenant.windows.index, first)
    tenant.trial.credit(name, "a page of one")


@pytest.mark.parametrize(
    "operation",
    [pytest.param(each, marks=pytest.mark.clause(f"{each}.restriction.filtered")) for each in READS],
)
def test_customers_of_other_restrictions_are_not(
    tenant: TenantUnderTest, operation: str, hidden: Customer
) -> None:
    name, restricted = f"{operation}.restriction.filtered", tenant.as_("restricted")
    if operation == "get":
        restricted.get(hidden).must_answer(403, 404, clause=name)
        return
    settled(tenant.windows.index, lambda: tenant.finds_alone(hidden, f"{operation}.q.exact", operation))
    restricted.finds_nothing(hidden, name, operation)
    its_own = f"restriction:{hidden.body['restriction']} contactEmail:{hidden.email}"
    restricted.finds_nothing(hidden, name, operation, q=its_own)
    restricted.not_among_newest(hidden, name, operation)
    tenant.trial.credit(name)


def written(tenant: TenantUnderTest, operation: str, customer: Customer) -> Answer:
    """A small valid write to the customer."""
    if operation == "delete":
        return tenant.delete(customer)
    kept = {name: customer.body[name] for name in ("contactEmail", "restriction")}
    body = {"lastName": "Intruder"} | (kept if operation == "upsert" else {})
    return tenant.write(operation, customer, body)


@pytest.mark.parametrize(
    "operation",
    [pytest.param(each, marks=pytest.mark.clause(f"{each}.restriction.managed")) for each in WRITES],
)
def test_customers_of_other_restrictions_cannot_be_changed(
    tenant: TenantUnderTest, operation: str, hidden: Customer
) -> None:
    """Whoever may not write at all is refused as well, but that says nothing of restrictions."""
    name, restricted = f"{operation}.restriction.managed", tenant.as_("restricted")
    own = tenant.has(restriction=(tenant.settings.tenant_config.restricted_client.restrictions or ("",))[0])
    if written(restricted, operation, own).status in (401, 403):
        pytest.skip("Not asked: the restricted client may not write.")
    tenant.get(hidden).must_show()

    answer = written(restricted, operation, hidden)
    if answer.status < 300:  # others ask about this customer too, and should know what it is now
        accept = {"upsert": tenant.updated, "patch": tenant.patched}.get(operation)
        hidden.deleted = accept is None
        if accept is not None:
            tenant.get(accept(answer, hidden)).must_show()
    answer.must_answer(400, 403, 404, 409, clause=name)
    tenant.get(hidden).must_show(since=name)
    tenant.trial.credit(name)


@pytest.mark.clause(*(f"{each}.restriction.{aspect}" for each in READS for aspect in ("filtered", "visible")))
def test_visibility_follows_a_change_of_restriction(tenant: TenantUnderTest, hidden: Customer) -> None:
    restricted, (own, *_) = (
        tenant.as_("restricted"),
        tenant.settings.tenant_config.restricted_client.restrictions or ("",),
    )
    customer = tenant.has(restriction=own)

    tenant.patched(tenant.patch(customer, {"restriction": hidden.body["restriction"]}), customer)
    tenant.get(customer).must_show()
    settled(
        tenant.windows.read,
        lambda: restricted.get(customer).must_answer(
            403, 404, clause="get.restriction.filtered", about="moved away"
        ),
    )
    for operation in ("list", "search"):
        name = f"{operation}.restriction.filtered"
        settled(tenant.windows.index, partial(restricted.finds_nothing, customer, name, operation))
    tenant.patched(tenant.patch(customer, {"restriction": own}), customer)
    tenant.get(customer).must_show()
    settled(
        tenant.windows.read,
        lambda: restricted.get(customer).must_answer(
            200, clause="get.restriction.visible", about="moved back"
        ),
    )
    for operation in ("list", "search"):
        name = f"{operation}.restriction.visible"
        settled(tenant.windows.index, partial(restricted.finds_alone, customer, name, operation))


@pytest.mark.clause("create.restriction.managed")
def test_customers_of_other_restrictions_cannot_be_made(tenant: TenantUnderTest, hidden: Customer) -> None:
    restricted = tenant.as_("restricted")
    (own, *_) = tenant.settings.tenant_config.restricted_client.restrictions or ("",)
    if restricted.create(customers.plain(restriction=own)).status in (401, 403):
        pytest.skip("Not asked: the restricted client may not write.")

    other = hidden.body["restriction"]
    answer = restricted.create(customers.plain(restriction=other))
    answer.must_answer(400, 403, 404, clause="create.restriction.managed", about=other)
