"""Real parallel requests on one customer: whatever their order, the outcome is that of some order."""

from collections.abc import Mapping, Sequence
from functools import partial
from threading import Event
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
from client import Exchange
from harness import Answer, Customer, TenantUnderTest, clause, examples, settled
from harness.concurrent import (
    Starter,
    at_once,
    event,
    explained,
    glances,
    judged,
    named,
    performed,
    prepared,
    said,
)
from harness.scenario import Scenario
from oracle import Create, Delete, Get, Operation, Patch, Upsert
from oracle.operations.linearizability import LIMIT
from spec import Violation
from strategies import customers, namespace

CHANGES = {
    "title": "Prof.",
    "firstName": "Grace",
    "middleName": "Brewster",
    "lastName": "Hopper",
    "contactPhone": "+1 212 555 0100",
    "preferredLanguage": "fr_FR",
    "preferredCurrency": "CHF",
    "photoUrl": "https://example.com/grace.png",
    "onHold": True,
}
"""One change of each property, to a value that the customer of `TenantUnderTest.rich` does not have."""
RIVALS = st.integers(4, 6)
WAYS_TO_READ = {"get": "get.status.ok", "list": "list.q.exact", "search": "search.q.exact"}
"""Each operation that reads, and the clause of a read that finds one customer."""


@pytest.fixture(scope="session")
def starter(tenant: TenantUnderTest) -> Starter:
    """Lets requests go at one moment."""
    return Starter(tenant)


def only(tenant: TenantUnderTest, company: str) -> None:
    """Demand that exactly one customer has this company."""

    def found() -> None:
        answer = tenant.search({"q": f"company:{company}"}).must_answer(200)
        if len(answer.ids) != 1:
            raise answer.violation("search.complete", expected="one customer", about=f"company:{company}")

    settled(tenant.windows.index, found)


def one_created(answers: Sequence[Answer]) -> Answer:
    """The one create of several that was answered 201, where all others were answered 409."""
    statuses = sorted(answer.status for answer in answers)
    if statuses != [201, *[409] * (len(answers) - 1)]:
        raise Violation(
            "concurrency.create",
            expected=f"201 once, and 409 {len(answers) - 1} times",
            actual=", ".join(map(str, statuses)),
        )
    return next(answer for answer in answers if answer.status == 201)


@clause("create.id.generated-unique", at_least=3)
def test_ids_generated_at_once_are_all_different(tenant: TenantUnderTest, starter: Starter) -> None:
    """Judged of every customer that the run makes, and here of some that come into being together."""
    company = namespace.fresh_word()
    together = [Create(customers.plain(company=company, firstName=f"rival{n}")) for n in range(4)]

    for made in [tenant.created(answer) for answer in starter.race(together)]:
        tenant.get(made).must_show(since="create.id.generated-unique")
        tenant.trial.credit("create.id.generated-unique")


@clause("get.status.ok", "list.q.exact", "search.q.exact")
def test_answers_given_at_once_are_not_mixed_up(tenant: TenantUnderTest, starter: Starter) -> None:
    """Two customers are looked for together, each by every way of reading."""
    asked = [
        (operation, customer) for customer in (tenant.standing(), tenant.has()) for operation in WAYS_TO_READ
    ]

    def each_its_own() -> None:
        runners = [partial(looked, tenant, operation, customer) for operation, customer in asked]
        for (operation, customer), exchange in zip(asked, starter.together(runners), strict=True):
            answer = judged(tenant, exchange)
            name = WAYS_TO_READ[operation]
            shown = answer.json if operation == "get" else (answer.customers or [{}])[0]
            if answer.status != 200 or not isinstance(shown, dict) or shown.get("id") != customer.id:
                raise answer.violation(name, expected=f"200 and {customer.id}", about="six reads at once")
            tenant.trial.credit(name, "six reads at once")

    settled(max(tenant.windows.read, tenant.windows.index), each_its_own)


def looked(tenant: TenantUnderTest, operation: str, customer: Customer) -> Exchange:
    """The customer, looked for by its id or by its address."""
    q = f"contactEmail:{customer.email}"
    match operation:
        case "get":
            return tenant.client.get(customer.id)
        case "list":
            return tenant.client.list(q=q)
        case _:
            return tenant.client.search({"q": q})


@clause("concurrency.create")
@pytest.mark.parametrize("shared", ["id", "contactEmail"])
@given(rivals=RIVALS)
@examples(2, shrink=False)
def test_of_creates_that_clash_one_succeeds(
    tenant: TenantUnderTest, starter: Starter, shared: str, rivals: int
) -> None:
    if shared == "id" and not tenant.custom_ids:
        pytest.skip("Not asked: the tenant reads the id pattern literally.")

    def creates(company: str) -> list[Operation]:
        value = namespace.fresh_id() if shared == "id" else namespace.fresh_email()
        parts = [{"company": company, "firstName": f"rival{n}", shared: value} for n in range(rivals)]
        return [Create(customers.plain(**each)) for each in parts]

    company = namespace.fresh_word()
    with at_once("concurrency.create", tenant, creates):
        winner = tenant.created(one_created(starter.race(creates(company))))
        tenant.get(winner).must_show()
        only(tenant, company)
    tenant.trial.credit("concurrency.create", f"{rivals} of one {shared}")


@clause("concurrency.upsert", at_least=2)
@given(rivals=st.integers(3, 5), exists=st.booleans())
@examples(2, shrink=False)
def test_of_upserts_of_one_id_one_customer_remains(
    tenant: TenantUnderTest, starter: Starter, rivals: int, exists: bool
) -> None:
    def upserts(company: str) -> list[Operation]:
        shared = namespace.fresh_id()
        names = ("title", "firstName", "middleName", "lastName", "contactPhone")
        bodies = [dict.fromkeys(names, f"rival {n}") for n in range(rivals)]
        before = [Upsert(shared, customers.plain(company=company))] if exists else []
        return [*before, *(Upsert(shared, customers.plain(company=company, **body)) for body in bodies)]

    with at_once("concurrency.upsert", tenant, upserts):
        course = Scenario(tenant)
        race = prepared(course, upserts) if exists else upserts(course.company)
        answers = starter.race(race)
        tenant.unless_literal(answers[0].status)
        made, updated, conflicts = (
            sum(answer.status == status for answer in answers) for status in (201, 204, 409)
        )
        if made > (not exists) or made + updated + conflicts < rivals or made + updated == 0:
            statuses = ", ".join(str(answer.status) for answer in answers)
            raise Violation("concurrency.upsert", expected="204, or once 201 for a new id", actual=statuses)
        accepted = [said(each) for each, answer in zip(race, answers, strict=True) if answer.status < 300]
        settled(tenant.windows.read, lambda: shows_one_of(tenant, named(race[0]), accepted))
        only(tenant, course.company)
    tenant.trial.credit("concurrency.upsert", "of a customer" if exists else "of a new id")


def shows_one_of(tenant: TenantUnderTest, customer_id: str, bodies: Sequence[Mapping[str, Any]]) -> None:
    """Demand that get shows all that one of these bodies says."""
    answer = tenant.get(customer_id).must_answer(200)
    for body in bodies:
        if all(oracle.same(answer.json.get(name), value) for name, value in body.items()):
            return
    shown = {name: answer.json.get(name) for name in bodies[0]}
    raise Violation(
        "concurrency.upsert", expected="one of the bodies that were sent", actual=oracle.show(shown)
    )


@clause("concurrency.patch", at_least=2)
@given(names=st.lists(st.sampled_from(sorted(CHANGES)), min_size=4, max_size=6, unique=True))
@examples(2, shrink=False)
def test_patches_of_different_properties_all_take_effect(
    tenant: TenantUnderTest, starter: Starter, names: list[str]
) -> None:
    def patches(company: str) -> list[Operation]:
        new_id = namespace.fresh_id()
        body = tenant.rich() | {"company": company}
        return [Upsert(new_id, body), *(Patch(new_id, {name: CHANGES[name]}) for name in names)]

    with at_once("concurrency.patch", tenant, patches):
        course = Scenario(tenant)
        race = prepared(course, patches)
        for patch, answer in zip(race, starter.race(race), strict=True):
            answer.must_answer(200)
            course.world = oracle.judge(course.world, patch, answer.status, answer.json, course.rules)
        course.sees(named(race[0]))
    tenant.trial.credit("concurrency.patch", f"{len(names)} at once")


@clause("concurrency.delete", at_least=2)
@given(name=st.sampled_from(sorted(CHANGES)))
@examples(2, shrink=False)
def test_a_delete_outlasts_a_patch(tenant: TenantUnderTest, starter: Starter, name: str) -> None:
    def operations(company: str) -> list[Operation]:
        new_id = namespace.fresh_id()
        patch = Patch(new_id, {name: CHANGES[name]})
        body = tenant.rich() | {"company": company}
        return [Upsert(new_id, body), patch, Delete(new_id), Get(new_id), patch]

    with at_once("concurrency.delete", tenant, operations):
        race = prepared(Scenario(tenant), operations)
        for operation, answer in zip(race, starter.race(race), strict=True):
            answer.must_answer(*((202,) if operation.name == "delete" else (200, 404)))
        gone = named(race[0])
        settled(tenant.windows.deletion, lambda: tenant.get(gone).must_be_unknown("delete.gone.get"))
    tenant.trial.credit("concurrency.delete", name)


@clause("concurrency.linearizable")
@given(names=st.lists(st.sampled_from(sorted(CHANGES)), min_size=2, max_size=4, unique=True))
@examples(1, shrink=False)
def test_a_patch_is_seen_whole_and_once(tenant: TenantUnderTest, starter: Starter, names: list[str]) -> None:
    if tenant.windows.read:
        pytest.skip("Not asked: reads may be late, by [consistency] read in tenant.toml.")

    def operations(company: str) -> list[Operation]:
        new_id = namespace.fresh_id()
        change = {name: CHANGES[name] for name in names}
        return [Upsert(new_id, tenant.rich() | {"company": company}), Patch(new_id, change), Get(new_id)]

    with at_once("concurrency.linearizable", tenant, operations):
        course = Scenario(tenant)
        patch, look = prepared(course, operations)
        done = Event()

        def changing() -> list[oracle.Event]:
            try:
                return [event(patch, performed(tenant.client, patch))]
            finally:
                done.set()

        def looking() -> list[oracle.Event]:
            return glances(tenant.client, named(look), done, LIMIT - 2)

        changed, seen = starter.together([changing, looking])
        explained(course, [*changed, *seen, event(look, performed(tenant.client, look))])
    tenant.trial.credit("concurrency.linearizable", "reads during a patch")


def histories(custom_ids: bool) -> st.SearchStrategy[list[tuple[str, dict[str, Any]]]]:
    """The operations of a history by name, with what their bodies say."""
    names = st.sampled_from(("title", "firstName", "lastName", "middleName"))
    values = st.sampled_from(("Ada", "Grace", "Joan"))
    writes = ("patch", "patch", "upsert", "delete", *(("create",) if custom_ids else ()))
    operations = st.sampled_from(("get", "get", *writes))
    parts = st.dictionaries(names, values, min_size=1, max_size=3)
    return st.lists(st.tuples(operations, parts), min_size=4, max_size=LIMIT - 1)


def operation(name: str, customer_id: str, parts: dict[str, Any], company: str) -> Operation:
    """One operation of a history on this customer."""
    body = customers.plain(company=company, **parts)
    known: dict[str, Operation] = {
        "get": Get(customer_id),
        "patch": Patch(customer_id, parts),
        "upsert": Upsert(customer_id, body),
        "create": Create(body | {"id": customer_id}),
        "delete": Delete(customer_id),
    }
    return known[name]


@clause("concurrency.linearizable", at_least=2)
@given(threads=st.integers(3, 4), data=st.data())
@examples(4, shrink=False)
def test_a_random_history_equals_some_order(
    tenant: TenantUnderTest, starter: Starter, threads: int, data: st.DataObject
) -> None:
    steps = data.draw(histories(tenant.custom_ids))
    if tenant.windows.read:
        steps = [step for step in steps if step[0] != "get"]

    def operations(company: str) -> list[Operation]:
        new_id = namespace.fresh_id()
        first = Upsert(new_id, customers.plain(company=company))
        return [first, *(operation(name, new_id, parts, company) for name, parts in steps)]

    with at_once("concurrency.linearizable", tenant, operations):
        course = Scenario(tenant)
        race = prepared(course, operations)
        history = starter.lanes([race[lane::threads] for lane in range(threads)])
        look = Get(course.living[0])
        settled(
            tenant.windows.read,
            lambda: explained(course, [*history, event(look, performed(tenant.client, look))]),
        )
    tenant.trial.credit("concurrency.linearizable", f"{threads} threads")
