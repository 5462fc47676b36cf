"""PATCH /customers/{customerNumber}: changes what it names, and nothing else anywhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
from harness import TenantUnderTest, clause, examples, settled, smoke
from harness.clause_ids import round_trips
from strategies import customers, identifiers, namespace

MIXINS = ("mixin:*",)
CHANGES = {
    "title": "Prof.",
    "firstName": "Grace",
    "middleName": "Brewster",
    "lastName": "Hopper",
    "contactPhone": "+1 212 555 0100",
    "company": "Eckert-Mauchly",
    "preferredLanguage": "fr_FR",
    "preferredCurrency": "CHF",
    "type": "CUSTOMER",
    "photoUrl": "https://example.com/grace.png",
    "active": False,
    "onHold": True,
    "b2b": {"companyRegistrationId": "HRB 1906"},
}
"""One change of each property, to a value that no other customer of the tests has."""


@smoke
@clause("patch.status.ok", "patch.fields.only-named", "patch.defaults.not-applied", *round_trips("patch"))
@given(data=st.data())
@examples(4)
def test_a_patch_changes_what_it_names_and_nothing_else(tenant: TenantUnderTest, data: st.DataObject) -> None:
    customer = tenant.has(data.draw(tenant.bodies("create")))
    tenant.get(customer, expand="mixin:*").must_show(expand=MIXINS)
    change = data.draw(tenant.bodies("patch"))

    tenant.patched(tenant.patch(customer, change), customer)
    tenant.get(customer, expand="mixin:*").must_show(expand=MIXINS, since=oracle.written("patch"))
    tenant.trial.credit("patch.fields.only-named")
    if not {"preferredLanguage", "preferredCurrency", "preferredSite"} <= set(change):
        tenant.trial.credit("patch.defaults.not-applied")


@clause("patch.status.ok", *round_trips("patch"))
def test_what_a_patch_wrote_is_read_back(tenant: TenantUnderTest) -> None:
    """One customer after another text: what was there before must not shine through."""
    customer = tenant.has(tenant.rich())
    for name in customers.TELLING:
        tenant.patched(tenant.patch(customer, tenant.telling("patch", name)), customer)
        tenant.get(customer, expand="mixin:*").must_show(expand=MIXINS)


@clause("patch.fields.only-named", "patch.defaults.not-applied", at_least=10)
@clause(*round_trips("patch"))
def test_each_property_can_be_patched_alone(tenant: TenantUnderTest) -> None:
    """A rich customer has no property at its default, so that a reset shows; each patch adds up."""
    customer = tenant.has(tenant.rich())
    tenant.get(customer, expand="mixin:*").must_show(expand=MIXINS)
    changes = {**CHANGES, "preferredSite": tenant.rules.sites[0]}
    for name, value in changes.items():
        tenant.patched(tenant.patch(customer, {name: value}), customer)
        tenant.get(customer, expand="mixin:*").must_show(expand=MIXINS, since=oracle.written("patch"))
        tenant.trial.credit("patch.defaults.not-applied", name)
        tenant.trial.credit("patch.fields.only-named", name)


@clause("patch.unknown.not-found")
@given(unknown=identifiers.unknown_ids())
@examples(3)
def test_an_unknown_customer_cannot_be_patched(tenant: TenantUnderTest, unknown: str) -> None:
    tenant.patch(unknown, {"firstName": "nobody"}).must_answer(404, clause="patch.unknown.not-found")
    tenant.get(unknown).must_be_unknown("patch.unknown.not-found")


@clause("patch.empty.changes-nothing")
def test_an_empty_patch_changes_nothing(tenant: TenantUnderTest) -> None:
    customer = tenant.has(tenant.rich())
    tenant.get(customer, expand="mixin:*").must_show(expand=MIXINS)

    answer = tenant.patch(customer, {}).must_answer(200, 400, clause="patch.empty.changes-nothing")
    tenant.get(customer, expand="mixin:*").must_show(expand=MIXINS, since="patch.empty.changes-nothing")
    tenant.trial.credit("patch.empty.changes-nothing", str(answer.status))


@clause("patch.null.unsets")
def test_null_in_a_patch(tenant: TenantUnderTest) -> None:
    customer = tenant.has(firstName="set", lastName="too")
    answer = tenant.patch(customer, {"firstName": None})
    if answer.status == 400:
        tenant.get(customer).must_show(since="patch.refused.changes-nothing")
        tenant.trial.observe("patch.null.unsets", "refused")
        return
    tenant.patched(answer, customer)
    shown = tenant.get(customer).must_show(since=oracle.written("patch")).json
    tenant.trial.observe("patch.null.unsets", "ignored" if shown.get("firstName") == "set" else "unset")


@pytest.mark.parametrize(
    ("nothing", "name"),
    [
        pytest.param(nothing, name, marks=pytest.mark.clause(name), id=label)
        for label, nothing, name in (
            ("null", None, "patch.contactEmail.not-unset"),
            ("empty", "", "patch.contactEmail.not-emptied"),
        )
    ],
)
def test_the_email_cannot_be_unset(tenant: TenantUnderTest, nothing: str | None, name: str) -> None:
    customer = tenant.has()
    email = customer.email
    tenant.patch(customer, {"contactEmail": nothing}).must_answer(200, 400, clause=name)

    shown = tenant.get(customer).must_answer(200)
    if shown.json.get("contactEmail") != email:
        raise shown.violation(name, expected=f"contactEmail {email}", about="$.contactEmail")
    tenant.trial.credit(name)


@clause("patch.email.conflict")
def test_a_patch_to_a_taken_email(tenant: TenantUnderTest) -> None:
    owner, rival = tenant.has(firstName="owner"), tenant.has(firstName="rival")
    tenant.get(owner).must_show()
    answer = tenant.patch(rival, {"contactEmail": owner.email})

    answer.must_not_be(500, "patch.robust.no-5xx")
    tenant.get(owner).must_show(since="patch.others.unchanged")
    tenant.forget(rival)
    tenant.trial.observe(
        "patch.email.conflict", "takes it" if answer.status == 200 else f"refuses it ({answer.status})"
    )


MERGED = "Łucja 山田"
"""Beyond Latin-1, for a body of another media type may go another way through a server."""


@clause("patch.merge-patch")
def test_merge_patch_is_accepted(tenant: TenantUnderTest) -> None:
    """A list is a value like others: it is replaced, and not merged with the one before (RFC 7396 §2)."""
    mixin = namespace.fresh_name()
    customer = tenant.has(firstName="before", lastName="kept", mixins={mixin: {"list": [1, 2, 3]}})
    media_type = {"Content-Type": "application/merge-patch+json"}

    change = {"firstName": MERGED, "mixins": {mixin: {"list": [4]}}}
    answer = tenant.patch(customer, change, headers=media_type)
    answer.must_answer(200, clause="patch.merge-patch")
    tenant.patched(answer, customer)

    def merged() -> None:
        looked = tenant.get(customer, expand="mixin:*").must_answer(200)
        if looked.json.get("firstName") != MERGED:
            raise looked.violation("patch.merge-patch", expected=f"firstName {MERGED}", about="$.firstName")
        looked.must_show(since=oracle.written("patch"), expand=MIXINS)

    settled(tenant.windows.read, merged)


@clause("patch.twice.equals-once", at_least=2)
@given(data=st.data())
@examples(3)
def test_a_patch_twice_equals_once(tenant: TenantUnderTest, data: st.DataObject) -> None:
    customer = tenant.has(tenant.rich())
    change = {**CHANGES, **data.draw(tenant.bodies("patch"))}
    tenant.patched(tenant.patch(customer, change), customer)
    once = tenant.get(customer, expand="mixin:*").must_show(expand=MIXINS).json

    tenant.patched(tenant.patch(customer, change), customer)
    tenant.same(once, tenant.get(customer, expand="mixin:*").must_answer(200), "patch.twice.equals-once")


@clause("patch.split.equals-whole", at_least=2)
@given(data=st.data())
@examples(3)
def test_a_patch_equals_its_two_halves(tenant: TenantUnderTest, data: st.DataObject) -> None:
    body = data.draw(tenant.bodies("create", without=("id",)))
    whole, halved = (
        tenant.has(body | {"contactEmail": namespace.fresh_email()}),
        tenant.has(body | {"contactEmail": namespace.fresh_email()}),
    )
    drawn = data.draw(tenant.bodies("patch", without=("contactEmail", "mixins", "metadata")))
    change = {**CHANGES, **drawn}
    names = data.draw(st.permutations(sorted(change)))
    first = {name: change[name] for name in names[::2]}
    second = {name: change[name] for name in names[1::2]}

    tenant.patched(tenant.patch(whole, change), whole)
    for half in (first, second):
        tenant.patched(tenant.patch(halved, half), halved)
    one = tenant.get(whole, expand="mixin:*").must_show(expand=MIXINS).json
    other = tenant.get(halved, expand="mixin:*").must_show(expand=MIXINS)
    tenant.same(
        one,
        other,
        "patch.split.equals-whole",
        but=("id", "email", "contactEmail", "accounts", *oracle.GENERATED),
    )


@clause("patch.others.unchanged", at_least=2)
@given(data=st.data())
@examples(2)
def test_a_patch_leaves_others_alone(tenant: TenantUnderTest, data: st.DataObject) -> None:
    """One of them has the same mixins as the customer that is patched."""
    before, subject, neighbour = tenant.neighbours(data.draw(tenant.bodies("create")))
    mixins = {"mixins": {namespace.fresh_name(): {"shared": True}}}
    for each in (subject, neighbour):
        tenant.patched(tenant.patch(each, mixins), each)
    bystanders = (before, neighbour, tenant.has(data.draw(tenant.bodies("create"))))
    for bystander in bystanders:
        tenant.get(bystander, expand="mixin:*").must_show(expand=MIXINS)

    change = data.draw(tenant.bodies("patch")) | {"mixins": {namespace.fresh_name(): {"own": True}}}
    tenant.patched(tenant.patch(subject, change), subject)
    for bystander in bystanders:
        tenant.get(bystander, expand="mixin:*").must_show(expand=MIXINS, since="patch.others.unchanged")
        tenant.trial.credit("patch.others.unchanged")


@clause("patch.id.case-sensitive")
def test_a_patch_finds_a_customer_only_in_the_case_of_its_id(tenant: TenantUnderTest) -> None:
    if not tenant.custom_ids:
        pytest.skip("Not asked: the tenant reads the id pattern literally.")
    customer = tenant.has(customers.plain(id=tenant.unknown_id() + "-case", firstName="lower"))
    tenant.get(customer).must_show()

    answer = tenant.patch(identifiers.case_swapped(customer.id), {"firstName": "changed"})
    answer.must_answer(404, clause="patch.id.case-sensitive")
    tenant.get(customer).must_show(since="patch.id.case-sensitive")


@clause("patch.fields.only-named", at_least=3)
@given(data=st.data())
@examples(2)
def test_patches_in_a_row_add_up(tenant: TenantUnderTest, data: st.DataObject) -> None:
    """A later patch must not bring back what an earlier one or an upsert replaced."""
    customer = tenant.has(tenant.rich())
    tenant.get(customer, expand="mixin:*").must_show(expand=MIXINS)
    for step in ("patch", "upsert", "patch", "patch"):
        body = data.draw(tenant.bodies(step))
        if step == "patch":
            tenant.patched(tenant.patch(customer, body), customer)
        else:
            tenant.updated(tenant.upsert(customer, body | {"contactEmail": customer.email}), customer)
        tenant.get(customer, expand="mixin:*").must_show(expand=MIXINS, since=oracle.written("patch"))
        tenant.trial.credit("patch.fields.only-named")
