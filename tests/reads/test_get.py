"""GET /customers/{customerNumber}: what it shows, and what it must not find."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import TenantUnderTest, clause, examples, smoke
from harness.exchange_utils import misshapen_accounts
from strategies import customers, identifiers, queries

MIXINS = ("mixin:*",)


@smoke
@clause(
    "get.status.ok",
    "get.schema.customer",
    "get.id.present",
    "get.businessModel.enum",
    "get.metadataCreatedAt.format",
)
@given(data=st.data())
@examples(2)
def test_a_customer_is_shown_as_published(tenant: TenantUnderTest, data: st.DataObject) -> None:
    customer = tenant.has(data.draw(tenant.bodies("create")))

    tenant.get(customer, expand="addresses,accounts,mixin:*").must_answer(200)


@smoke
@clause("get.unknown.not-found")
@given(unknown=identifiers.unknown_ids())
@examples(4)
def test_an_unknown_customer_is_not_found(tenant: TenantUnderTest, unknown: str) -> None:
    tenant.get(unknown).must_be_unknown()


@clause("get.unknown.not-found")
@pytest.mark.parametrize(
    "name", ["its e-mail address", "its id and a space", "its id with an underscore in it"]
)
def test_a_customer_is_known_by_its_id_alone(tenant: TenantUnderTest, name: str) -> None:
    """An underscore is a pattern of SQL that any character matches."""
    customer = tenant.standing()
    numbers = {
        "its e-mail address": customer.email,
        "its id and a space": f"{customer.id} ",
        "its id with an underscore in it": customer.id[:-1] + ("x" if customer.id.endswith("_") else "_"),
    }

    tenant.get(numbers[name]).must_answer(400, 404, clause="get.unknown.not-found", about=name)


@clause("get.changes-nothing", at_least=2)
@given(data=st.data())
@examples(2)
def test_looking_changes_nothing(tenant: TenantUnderTest, data: st.DataObject) -> None:
    customer = tenant.has(data.draw(tenant.bodies("create")))
    before = tenant.get(customer, expand="mixin:*").must_show(expand=MIXINS).json

    tenant.get(customer, expand="addresses,accounts,mixin:*").must_answer(200)
    after = tenant.get(customer, expand="mixin:*").must_answer(200)
    tenant.same(before, after, "get.changes-nothing")


@clause("get.expand.order")
@given(orders=st.permutations(queries.EXPANDS))
@examples(2)
def test_the_order_of_expand_is_irrelevant(tenant: TenantUnderTest, orders: list[str]) -> None:
    customer = tenant.has(tenant.rich())
    first = tenant.get(customer, expand=",".join(queries.EXPANDS)).must_answer(200).json

    for attributes in (orders, orders[::-1]):
        tenant.same(
            first, tenant.get(customer, expand=",".join(attributes)).must_answer(200), "get.expand.order"
        )


@clause("get.expand.mixin", "get.expand.on-request", "get.changes-nothing")
def test_mixins_come_on_request(tenant: TenantUnderTest) -> None:
    customer = tenant.has(tenant.rich())
    without = tenant.get(customer).must_answer(200)
    with_mixins = tenant.get(customer, expand="mixin:*").must_answer(200)
    again = tenant.get(customer).must_answer(200)

    if with_mixins.json.get("mixins") != customer.body["mixins"]:
        raise with_mixins.violation(
            "get.expand.mixin", expected=f"mixins {customer.body['mixins']}", about="$.mixins"
        )
    tenant.trial.credit("get.expand.mixin")
    if without.json.get("mixins"):
        tenant.trial.broke(without.violation("get.expand.on-request", expected="no mixins", about="$.mixins"))
    tenant.trial.credit("get.expand.on-request")
    tenant.same(without.json, again, "get.changes-nothing")


@pytest.mark.parametrize(
    "attribute",
    [
        pytest.param("accounts", marks=pytest.mark.clause("get.expand.accounts", "get.accounts.shape")),
        pytest.param("addresses", marks=pytest.mark.clause("get.expand.addresses")),
    ],
)
def test_accounts_and_addresses_on_request(tenant: TenantUnderTest, attribute: str) -> None:
    tenant.standing()
    customer = tenant.has()
    without = tenant.get(customer).must_answer(200).json
    expanded = tenant.get(customer, expand=attribute).must_answer(200)

    shown = expanded.json.get(attribute)
    if attribute == "accounts":
        wrong = misshapen_accounts(expanded.json)
        if wrong:
            raise expanded.violation("get.accounts.shape", expected=wrong, about="$.accounts")
        strangers = {other.email for other in tenant.known.values() if other is not customer}
        if any(each["id"] in strangers - {customer.email, ""} for each in shown or ()):
            raise expanded.violation(
                "get.accounts.shape", expected="accounts of this customer alone", about="$.accounts"
            )
        tenant.trial.credit("get.accounts.shape")
    tenant.trial.observe(
        f"get.expand.{attribute}",
        f"{'shown' if shown else 'empty'} on request, {_seen(without.get(attribute))} without",
    )


@clause("get.expand.unknown")
def test_an_unknown_expand_attribute(tenant: TenantUnderTest) -> None:
    answer = tenant.get(tenant.has(), expand="shoes").must_answer(200, 400, clause="get.status.ok")
    tenant.trial.observe("get.expand.unknown", "ignored" if answer.status == 200 else "refused")


@clause("get.businessModel.unassigned")
def test_a_customer_of_no_company_is_b2c(tenant: TenantUnderTest) -> None:
    answer = tenant.get(tenant.has(customers.plain())).must_answer(200)

    model = answer.json.get("businessModel")
    if model is None:
        pytest.skip("Not asked: the tenant does not show businessModel.")
    if model != "B2C":
        raise answer.violation("get.businessModel.unassigned", expected="B2C", about="$.businessModel")
    tenant.trial.credit("get.businessModel.unassigned")


def _seen(value: object) -> str:
    return "shown" if value else "not shown"
