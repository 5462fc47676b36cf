"""POST /customers: a customer comes into being as its body says, or not at all."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
from harness import TenantUnderTest, clause, examples, only_nightly, smoke
from harness.clause_ids import round_trips
from strategies import customers, identifiers, namespace

MIXINS = ("mixin:*",)


@clause("create.status.created", "create.answer.id", "create.visible.get", *round_trips("create"))
@pytest.mark.parametrize("name", [pytest.param("hostile", marks=smoke), *customers.TELLING[1:]])
def test_what_create_wrote_is_read_back(tenant: TenantUnderTest, name: str) -> None:
    customer = tenant.has(tenant.telling("create", name))

    tenant.get(customer, expand="mixin:*").must_show(expand=MIXINS)


@clause("create.status.created", *round_trips("create"))
@given(data=st.data())
@examples(6)
def test_any_valid_body_is_read_back(tenant: TenantUnderTest, data: st.DataObject) -> None:
    customer = tenant.has(data.draw(tenant.bodies("create")))

    tenant.get(customer, expand="mixin:*").must_show(expand=MIXINS)


SENT: dict[str, dict[str, str]] = {
    "all but the site": {},
    "all but the currency": {"preferredCurrency": "EUR"},
    "all but the language": {"preferredLanguage": "de_DE"},
}
"""What is sent with nothing else, for a default must not follow from another property."""


@clause(
    "create.preferredLanguage.default",
    "create.preferredCurrency.default",
    "create.preferredSite.default",
    "create.restriction.unset",
    "create.active.on-creation",
    "create.onHold.on-creation",
    "create.id.generated",
    "create.id.generated-lower-case",
    "create.id.customer-number",
    "create.properties.optional",
)
@pytest.mark.parametrize("left_out", [pytest.param("everything", marks=smoke), *SENT])
def test_what_create_leaves_out_gets_its_default(tenant: TenantUnderTest, left_out: str) -> None:
    body = {"contactEmail": namespace.fresh_email()} | SENT[left_out] if left_out in SENT else {}
    if left_out == "all but the site":
        body["preferredSite"] = tenant.restricted_site()
    answer = tenant.create(body)

    if answer.status == 400:
        with_id = tenant.create(body | {"id": namespace.fresh_id()})
        name = "create.id.generated" if with_id.status == 201 else "create.properties.optional"
        raise answer.violation(name, expected="201", about=left_out)
    customer = tenant.created(answer)
    tenant.trial.credit("create.properties.optional", left_out)
    tenant.trial.credit("create.id.generated")
    if customer.id != customer.id.lower():
        raise answer.violation("create.id.generated-lower-case", expected="a generated id in lower case")
    tenant.trial.credit("create.id.generated-lower-case")
    looked = tenant.get(customer).must_show()
    if looked.json.get("customerNumber") != customer.id:
        tenant.trial.broke(
            looked.violation("create.id.customer-number", expected=f"customerNumber {customer.id!r}")
        )
    tenant.trial.credit("create.id.customer-number")


@clause(
    "create.id.custom",
    "create.id.becomes-customer-number",
    "create.id.length-accepted",
    "create.id.characters-accepted",
)
@given(custom_id=identifiers.custom_ids())
@examples(7)
def test_a_custom_id_is_kept_exactly(tenant: TenantUnderTest, custom_id: str) -> None:
    answer = tenant.create(customers.plain(id=custom_id))

    if answer.status == 400:
        plain = tenant.create(customers.plain(id=namespace.fresh_id(length=max(len(custom_id), 20))))
        name = f"create.id.{'length' if plain.status == 400 else 'characters'}-accepted"
        raise answer.violation(name, expected="201", about=f"{len(custom_id)} characters")
    customer = tenant.created(answer)
    tenant.trial.credit("create.id.length-accepted", f"{len(custom_id)} characters")
    tenant.trial.credit("create.id.characters-accepted")
    looked = tenant.get(custom_id).must_answer(200, clause="create.id.custom")
    shown = looked.json
    if shown.get("id") != custom_id:
        raise looked.violation("create.id.custom", expected=custom_id)
    if shown.get("customerNumber") != custom_id:
        raise looked.violation("create.id.becomes-customer-number", expected=f"customerNumber {custom_id!r}")
    tenant.trial.credit("create.id.becomes-customer-number")
    customer.record = oracle.learned(customer.record, shown)


@clause("create.id.characters-accepted", "create.status.created")
def test_an_id_may_have_every_kind_of_character(tenant: TenantUnderTest) -> None:
    """A tenant that refuses all of these reads the pattern literally, as one character; that is open.

    Their addresses are all but the same, so that one which takes two for one answers 409.
    """
    asked = {
        case.name: tenant.create(customers.plain(id=case.value, contactEmail=email))
        for case, email in zip(identifiers.kinds_of_character(), namespace.lookalike_emails(), strict=True)
    }

    refused = [name for name, answer in asked.items() if answer.status == 400]
    if len(refused) == len(asked):
        pytest.skip("Not asked: the tenant reads the id pattern literally.")
    for name in refused:
        raise asked[name].violation("create.id.characters-accepted", expected="201", about=name)
    made = [tenant.created(answer) for answer in asked.values()]
    for name in asked:
        tenant.trial.credit("create.id.characters-accepted", name)
    for customer in made[-2:]:  # the oddest of them
        tenant.get(customer).must_show(since="create.id.custom")
    tenant.get(made[-1].id.lstrip("0")).must_be_unknown()


@clause("create.id.pattern-reading", "create.id.length-accepted")
@given(short_id=st.sampled_from([1, 2]).flatmap(identifiers.short_ids))
@examples(3)
def test_short_ids_are_accepted(tenant: TenantUnderTest, short_id: str) -> None:
    """Others may have an id this short, or had it once: a conflict shows that the id itself is acceptable."""
    answer = tenant.create(customers.plain(id=short_id))

    if tenant.custom_ids or len(short_id) == 1:
        answer.must_answer(201, 409, clause="create.id.length-accepted", about=f"{len(short_id)} characters")
    if answer.status == 201:
        tenant.created(answer)
    tenant.trial.observe(
        "create.id.pattern-reading", "1 to 66 characters" if tenant.custom_ids else "exactly one character"
    )


@clause("create.id.case-sensitive", "get.id.case-sensitive")
def test_ids_that_differ_in_case_alone_are_two_customers(tenant: TenantUnderTest) -> None:
    if not tenant.custom_ids:
        pytest.skip("Not asked: the tenant reads the id pattern literally.")
    lower = namespace.fresh_id() + "-case"
    upper = identifiers.case_swapped(lower)
    first = tenant.has(customers.plain(id=lower, firstName="lower"))
    tenant.get(first).must_show()

    tenant.get(upper).must_be_unknown("get.id.case-sensitive")
    answer = tenant.create(customers.plain(id=upper, firstName="upper"))
    answer.must_answer(201, clause="create.id.case-sensitive")
    second = tenant.created(answer)
    tenant.get(first).must_show(since="create.id.case-sensitive")
    tenant.get(second).must_show()


@smoke
@clause("create.id.unique", "create.duplicate.keeps-existing")
@given(data=st.data())
@examples(2)
def test_a_taken_id_is_refused_and_its_owner_untouched(tenant: TenantUnderTest, data: st.DataObject) -> None:
    owner = tenant.has(customers.plain(id=namespace.fresh_id(), firstName="owner"))
    tenant.get(owner).must_show()

    rival = data.draw(tenant.bodies("create", id=st.just(owner.id)))
    tenant.create(rival).must_refuse("create.id.unique", 409)
    tenant.get(owner).must_show(since="create.duplicate.keeps-existing")
    tenant.trial.credit("create.duplicate.keeps-existing")


@clause("create.email.unique", "create.duplicate.keeps-existing")
@pytest.mark.parametrize("taken_by", ["create", "upsert", "patch"])
@examples(1)
@given(data=st.data())
def test_a_taken_email_is_refused_and_its_owner_untouched(
    tenant: TenantUnderTest, taken_by: str, data: st.DataObject
) -> None:
    owner, email = tenant.has(firstName="owner"), namespace.fresh_email()
    if taken_by == "upsert":
        tenant.updated(tenant.upsert(owner, customers.plain(contactEmail=email)), owner)
    elif taken_by == "patch":
        tenant.patched(tenant.patch(owner, {"contactEmail": email}), owner)
    else:
        email = owner.email
    tenant.get(owner).must_show()

    rival = data.draw(tenant.bodies("create", contactEmail=st.just(email)))
    tenant.create(rival).must_refuse("create.email.unique", 409)
    tenant.get(owner).must_show(since="create.duplicate.keeps-existing")
    tenant.trial.credit("create.duplicate.keeps-existing")
    if "id" in rival:
        tenant.get(rival["id"]).must_be_unknown("create.refused.changes-nothing")


@clause("create.refused.changes-nothing")
def test_a_refused_create_takes_neither_id_nor_email(tenant: TenantUnderTest) -> None:
    owner = tenant.standing()
    body = customers.plain(**({"id": tenant.unknown_id()} if tenant.custom_ids else {}))
    tenant.create(body | {"firstName": 7}).must_refuse("create.firstName.type")
    tenant.create(body | {"contactEmail": owner.email}).must_refuse("create.email.unique", 409)
    if tenant.custom_ids:
        tenant.create(body | {"id": owner.id}).must_refuse("create.id.unique", 409)

    answer = tenant.create(body)
    answer.must_answer(201, clause="create.refused.changes-nothing", about="the same, mended")
    tenant.get(tenant.created(answer)).must_show()


@clause("create.deleted-id.as-configured")
def test_the_id_of_a_deleted_customer(tenant: TenantUnderTest) -> None:
    former = tenant.deleted(tenant.has(tenant.rich() | {"id": namespace.fresh_id()}))
    answer = tenant.create(customers.plain(id=former.id, lastName="successor"))

    name = "create.deleted-id.as-configured"
    if not tenant.rules.recreate:
        answer.must_not_be(200, name)
        tenant.get(former.id).must_be_unknown(name)
        return
    if answer.status == 400 and not tenant.custom_ids:
        pytest.skip("Not asked: the tenant reads the id pattern literally, which its own ids need not meet.")
    answer.must_answer(201, clause=name)
    tenant.get(tenant.created(answer)).must_show(since=name)


@clause("create.others.unchanged", at_least=2)
@given(data=st.data())
@examples(2)
def test_creating_leaves_others_alone(tenant: TenantUnderTest, data: st.DataObject) -> None:
    bystander = tenant.has(data.draw(tenant.bodies("create")))
    tenant.get(bystander).must_show()

    tenant.has(data.draw(tenant.bodies("create")))
    tenant.get(bystander).must_show(since="create.others.unchanged")
    tenant.trial.credit("create.others.unchanged")


@clause("create.active.ignored")
def test_flags_in_create(tenant: TenantUnderTest) -> None:
    answer = tenant.create(customers.plain(active=False, onHold=True))

    if answer.status == 400:
        tenant.trial.observe("create.active.ignored", "refuses them")
        return
    shown: Any = tenant.get(tenant.created(answer)).json
    taken = shown.get("active") is False or shown.get("onHold") is True
    tenant.trial.observe("create.active.ignored", "takes them" if taken else "ignores them")


@clause("create.metadataCreatedAt.now")
def test_a_new_customer_was_created_now(tenant: TenantUnderTest) -> None:
    """Compared with the tenant's own clock, as its Date header tells it."""
    answer = tenant.create(customers.plain())
    shown = tenant.get(tenant.created(answer)).json
    told = answer.exchange.header("Date")
    if told is None or not shown.get("metadataCreatedAt"):
        pytest.skip("Not asked: the tenant states neither its time nor metadataCreatedAt.")
    if not oracle.is_about(shown["metadataCreatedAt"], told, seconds=120):
        raise answer.violation("create.metadataCreatedAt.now", expected=f"about {told}")
    tenant.trial.credit("create.metadataCreatedAt.now")


@only_nightly
@clause("create.status.created", at_least=3)
def test_a_burst_of_creates_all_arrive(tenant: TenantUnderTest) -> None:
    made = [tenant.has(firstName=f"number {position}") for position in range(4)]

    for customer in made:
        tenant.get(customer).must_show()
