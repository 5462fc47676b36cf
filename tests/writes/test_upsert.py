"""PUT /customers/{customerNumber}: creates what is not there, updates what is, and never makes two of one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import TenantUnderTest, clause, examples, settled, smoke
from harness.clause_ids import round_trips
from strategies import customers, identifiers, namespace

MIXINS = ("mixin:*",)


@clause("upsert.create.status", "upsert.create.answer-id", "upsert.create.same-id", *round_trips("upsert"))
@pytest.mark.parametrize("name", [pytest.param("hostile", marks=smoke), *customers.TELLING[1:]])
def test_an_upsert_creates_what_is_not_there(tenant: TenantUnderTest, name: str) -> None:
    new_id = tenant.unknown_id()
    answer = tenant.upsert(new_id, tenant.telling("upsert", name))

    customer = tenant.upserted(answer, new_id)
    tenant.get(customer, expand="mixin:*").must_show(expand=MIXINS)


@clause("upsert.update.status", "upsert.update.no-body", *round_trips("upsert"))
def test_an_upsert_updates_what_is_there(tenant: TenantUnderTest) -> None:
    """One customer after another text: what was there before must not shine through."""
    customer = tenant.has(tenant.rich())
    for name in customers.TELLING:
        tenant.updated(tenant.upsert(customer, tenant.telling("upsert", name)), customer)
        tenant.get(customer, expand="mixin:*").must_show(expand=MIXINS)


@clause("upsert.create.status", "upsert.update.status", *round_trips("upsert"))
@given(data=st.data())
@examples(4)
def test_any_valid_body_is_upserted(tenant: TenantUnderTest, data: st.DataObject) -> None:
    new_id = data.draw(identifiers.unknown_ids())
    customer = tenant.upserted(tenant.upsert(new_id, data.draw(tenant.bodies("upsert"))), new_id)
    tenant.get(customer, expand="mixin:*").must_show(expand=MIXINS)

    tenant.updated(tenant.upsert(customer, data.draw(tenant.bodies("upsert"))), customer)
    tenant.get(customer, expand="mixin:*").must_show(expand=MIXINS)


@clause(
    "upsert.preferredLanguage.default",
    "upsert.preferredCurrency.default",
    "upsert.preferredSite.default",
    "upsert.restriction.unset",
    "upsert.active.on-creation",
    "upsert.onHold.on-creation",
)
@pytest.mark.parametrize("left_out", ["everything", "all but the site"])
def test_what_a_creating_upsert_leaves_out_gets_its_default(tenant: TenantUnderTest, left_out: str) -> None:
    new_id, body = tenant.unknown_id(), {"contactEmail": namespace.fresh_email()}
    if left_out == "all but the site":
        body["preferredSite"] = tenant.restricted_site()
    answer = tenant.upsert(new_id, body)

    tenant.get(tenant.upserted(answer, new_id)).must_show()


@clause("upsert.update.omitted")
def test_what_an_upsert_leaves_out(tenant: TenantUnderTest) -> None:
    customer = tenant.has(customers.plain(firstName="kept?", lastName="Before"))
    tenant.updated(tenant.upsert(customer, {"contactEmail": customer.email, "lastName": "After"}), customer)

    shown = tenant.get(customer).must_show().json
    tenant.trial.observe(
        "upsert.update.omitted", "keeps it" if shown.get("firstName") == "kept?" else "resets it"
    )


@clause("upsert.twice.equals-once", "upsert.no-duplicate", at_least=2)
@given(data=st.data())
@examples(2)
def test_an_upsert_twice_equals_once(tenant: TenantUnderTest, data: st.DataObject) -> None:
    new_id, word = tenant.unknown_id(), namespace.fresh_word()
    body = tenant.rich() | data.draw(tenant.bodies("upsert", company=word))
    customer = tenant.upserted(tenant.upsert(new_id, body), new_id)
    once = tenant.get(customer, expand="accounts,mixin:*").must_show(expand=MIXINS).json

    for _ in ("after the create", "after an update"):
        tenant.updated(tenant.upsert(customer, body), customer)
        twice = tenant.get(customer, expand="accounts,mixin:*").must_answer(200)
        tenant.same(once, twice, "upsert.twice.equals-once")
    settled(
        tenant.windows.index,
        lambda: tenant.finds_alone(
            customer, "upsert.no-duplicate", q=f"company:{word}", missing="search.q.exact"
        ),
    )


@clause("upsert.email.unique", "upsert.refused.changes-nothing")
def test_an_upsert_cannot_take_anothers_email(tenant: TenantUnderTest) -> None:
    owner, rival = tenant.has(firstName="owner"), tenant.has(firstName="rival")
    tenant.get(owner).must_show()
    tenant.get(rival).must_show()

    tenant.upsert(rival, customers.plain(contactEmail=owner.email)).must_refuse(
        "upsert.email.unique", 409, about="update"
    )
    unborn = tenant.unknown_id()
    answer = tenant.upsert(unborn, customers.plain(contactEmail=owner.email))
    for customer in (owner, rival):
        tenant.get(customer).must_show(since="upsert.refused.changes-nothing")
    tenant.unless_literal(answer.status)
    answer.must_refuse("upsert.email.unique", 409, about="create")
    tenant.get(unborn).must_be_unknown("upsert.refused.changes-nothing")


@clause("upsert.deleted-id.as-configured")
def test_an_upsert_of_a_deleted_id(tenant: TenantUnderTest) -> None:
    former = tenant.deleted(tenant.has(tenant.rich()))
    answer = tenant.upsert(former.id, customers.plain(lastName="successor"))

    name = "upsert.deleted-id.as-configured"
    if not tenant.rules.recreate:
        answer.must_not_be(200, name)
        tenant.get(former.id).must_be_unknown(name)
        return
    tenant.unless_literal(answer.status)
    answer.must_answer(201, clause=name)
    tenant.get(tenant.upserted(answer, former.id)).must_show(since=name)


@clause("upsert.merge-patch")
@pytest.mark.parametrize("situation", ["creating", "updating"])
def test_merge_patch_is_accepted(tenant: TenantUnderTest, situation: str) -> None:
    body = customers.plain(firstName="Łucja 山田")
    media_type = {"Content-Type": "application/merge-patch+json"}
    if situation == "creating":
        new_id = tenant.unknown_id()
        answer = tenant.upsert(new_id, body, headers=media_type)
        tenant.unless_literal(answer.status)
        answer.must_answer(201, clause="upsert.merge-patch", about=situation)
        customer = tenant.upserted(answer, new_id)
    else:
        customer = tenant.has(firstName="before")
        answer = tenant.upsert(customer, body | {"contactEmail": customer.email}, headers=media_type)
        answer.must_answer(204, clause="upsert.merge-patch", about=situation)
        tenant.updated(answer, customer)
    tenant.get(customer).must_show(since="upsert.merge-patch")


@clause("upsert.others.unchanged", at_least=2)
@given(data=st.data())
@examples(2)
def test_an_upsert_leaves_others_alone(tenant: TenantUnderTest, data: st.DataObject) -> None:
    bystander, subject, neighbour = tenant.neighbours(data.draw(tenant.bodies("create")))
    for each in (bystander, neighbour):
        tenant.get(each).must_show()

    tenant.updated(tenant.upsert(subject, data.draw(tenant.bodies("upsert"))), subject)
    new_id = tenant.unknown_id()
    tenant.upserted(tenant.upsert(new_id, data.draw(tenant.bodies("upsert"))), new_id)
    for each in (bystander, neighbour):
        tenant.get(each).must_show(since="upsert.others.unchanged")
    tenant.trial.credit("upsert.others.unchanged")


@clause("upsert.create.same-id")
def test_an_upsert_lands_under_the_id_of_its_path(tenant: TenantUnderTest) -> None:
    """Whatever id the body names, which the contract does not know there."""
    new_id, other = tenant.unknown_id(), tenant.unknown_id()
    answer = tenant.upsert(new_id, customers.plain(id=other))

    if answer.status != 400:
        tenant.get(tenant.upserted(answer, new_id)).must_show()
        tenant.trial.credit("upsert.create.same-id", "another id in the body")
    tenant.get(other).must_be_unknown("upsert.create.same-id")


@clause("upsert.create.same-id")
def test_an_upsert_keeps_the_case_of_the_id(tenant: TenantUnderTest) -> None:
    lower = tenant.unknown_id() + "-put"
    upper = identifiers.case_swapped(lower)
    first = tenant.upserted(tenant.upsert(lower, customers.plain(firstName="lower")), lower)

    answer = tenant.upsert(upper, customers.plain(firstName="upper"))
    answer.must_answer(201, clause="upsert.create.same-id", about="in another case")
    second = tenant.upserted(answer, upper)
    tenant.get(first).must_show(since="upsert.create.same-id")
    tenant.get(second).must_show()
