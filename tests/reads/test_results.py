"""List and search: nobody is hidden, repeated or told differently, and what is asked for in addition comes."""

from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import Customer, TenantUnderTest, clause, examples, settled
from harness.dataset import EXPAND, Dataset, gathered
from harness.exchange_utils import misshapen_accounts
from harness.params import RESULTS, cases, each
from spec import Violation
from strategies import customers, namespace, queries
from strategies.cases import Case

EXPANDED = ("accounts", EXPAND)
SCANS = 3
MALFORMED = ("no closing brace", "a comma at the end", "a byte that is no UTF-8")
SCANNED_PAGES, SCANNED_PAGE_SIZE = 12, 200
"""How far a test looks through the unfiltered list of a crowded tenant before it gives up."""


def scanned(tenant: TenantUnderTest, operation: str, wanted: set[str]) -> set[str]:
    """Those of the wanted ids that the unfiltered result holds, the newest customers first."""
    found: set[str] = set()
    for number in range(1, SCANNED_PAGES + 1):
        answer = tenant.query(
            operation, sort="metadataCreatedAt:desc", page_number=number, page_size=SCANNED_PAGE_SIZE
        ).must_answer(200)
        found |= wanted & set(answer.ids)
        if not answer.customers or found == wanted:
            return found
    pytest.skip(f"Not asked: the tenant has more than {SCANNED_PAGES * SCANNED_PAGE_SIZE} customers.")


@pytest.mark.parametrize("operation", each(RESULTS, "complete"))
def test_nobody_is_hidden(tenant: TenantUnderTest, family: Dataset, operation: str) -> None:
    """Everybody whom the run made is in the unfiltered result: active or not, on hold or not, without an address.

    Others come and go meanwhile, which moves people from page to page: only who is missing from several scans
    is hidden.
    """

    nameless = tenant.created(tenant.create({}))
    tenant.get(nameless).must_show()

    def complete() -> None:
        missing = {member.id for member in family.members}
        missing |= {each.id for each in tenant.known.values() if each.confirmed and not each.deleted}
        for _ in range(SCANS):
            missing -= scanned(tenant, operation, missing)
            if not missing:
                break
        if missing:
            raise Violation(
                f"{operation}.complete",
                expected="every customer of the family",
                actual=f"{len(missing)} missing",
                detail=", ".join(sorted(missing)),
            )
        answer = tenant.query(operation, f"id:{nameless.id}", expand="accounts").must_answer(200)
        if answer.ids != [nameless.id]:
            raise answer.violation(f"{operation}.complete", expected=f"{nameless.id}, who has no account")
        tenant.trial.credit(f"{operation}.complete")

    settled(tenant.windows.index, complete)


@pytest.mark.parametrize("operation", each(RESULTS, "agrees-with-get"))
@pytest.mark.parametrize("written_by", ["create", "upsert", "patch"])
def test_results_agree_with_get(tenant: TenantUnderTest, operation: str, written_by: str) -> None:
    customer = tenant.made(
        written_by, tenant.telling("upsert" if written_by == "upsert" else "create", "hostile")
    )
    if written_by == "patch":
        tenant.patched(tenant.patch(customer, tenant.telling("patch", "long")), customer)
    both = ",".join(EXPANDED)
    if written_by == "upsert":  # what a result leaves out must not be missing from get afterwards
        first = partial(tenant.finds_alone, customer, f"{operation}.q.exact", operation)
        settled(tenant.windows.index, first)
    told = tenant.get(customer, expand=both).must_show(expand=EXPANDED).json
    missing = f"{operation}.q.{'fresh' if written_by == 'patch' else 'exact'}"

    def agrees() -> None:
        answer = tenant.finds_alone(
            customer, f"{operation}.agrees-with-get", operation, missing=missing, expand=both
        )
        tenant.views_agree(told, answer.customers[0], operation, EXPANDED)

    settled(tenant.windows.index, agrees)


@clause("list.changes-nothing", "search.changes-nothing")
def test_results_change_nothing(tenant: TenantUnderTest) -> None:
    """Of two whom no result has shown before, one active, one on hold."""
    word = namespace.fresh_word()
    customers_shown = [tenant.has(tenant.rich() | {"company": word}) for _ in range(2)]
    held = customers_shown[1]
    tenant.patched(tenant.patch(held, {"active": False, "onHold": True}), held)
    before = [tenant.get(each, expand=EXPAND).must_show(expand=(EXPAND,)).json for each in customers_shown]

    for operation in RESULTS:
        how = {"expand": "addresses,accounts,mixin:*", "sort": "lastName:desc", "page_size": 5}
        settled(
            tenant.windows.index, partial(_shown, tenant, operation, f"company:{word}", customers_shown, how)
        )
        for customer, shown in zip(customers_shown, before, strict=True):
            after = tenant.get(customer, expand=EXPAND).must_answer(200)
            tenant.same(shown, after, f"{operation}.changes-nothing")


def _shown(
    tenant: TenantUnderTest, operation: str, q: str, wanted: list[Customer], how: dict[str, Any]
) -> None:
    answer = tenant.query(operation, q, **how).must_answer(200)
    if len(answer.of(wanted)) < len(wanted):
        raise answer.violation(f"{operation}.q.exact", expected=f"{wanted}", about=q)


@pytest.mark.parametrize("operation", each(RESULTS, "expand.order"))
@given(orders=st.permutations(queries.EXPANDS))
@examples(2)
def test_the_order_of_expand_is_irrelevant(
    tenant: TenantUnderTest, family: Dataset, operation: str, orders: list[str]
) -> None:
    first = gathered(tenant, family, operation, sort="firstName", expand=",".join(queries.EXPANDS))
    for attributes in (orders, orders[::-1]):
        other = gathered(tenant, family, operation, sort="firstName", expand=",".join(attributes))
        if first.customers != other.customers:
            raise other.violation(
                f"{operation}.expand.order", expected="the same customers in the same words"
            )
    tenant.trial.credit(f"{operation}.expand.order")


@pytest.mark.parametrize("operation", each(RESULTS, "expand.mixin", "expand.on-request"))
def test_mixins_come_on_request(tenant: TenantUnderTest, family: Dataset, operation: str) -> None:
    expanded = gathered(tenant, family, operation, expand=EXPAND)
    written = {member.id: member.body["mixins"] for member in family.members}
    for shown in expanded.customers:
        if shown.get("mixins") != written[shown["id"]]:
            raise expanded.violation(
                f"{operation}.expand.mixin", expected=str(written[shown["id"]]), about="$.mixins"
            )
    tenant.trial.credit(f"{operation}.expand.mixin")
    plain = gathered(tenant, family, operation)
    if any(shown.get("mixins") for shown in plain.customers):
        tenant.trial.broke(
            plain.violation(f"{operation}.expand.on-request", expected="no mixins", about="$.mixins")
        )
    tenant.trial.credit(f"{operation}.expand.on-request")


@pytest.mark.parametrize(
    ("operation", "attribute"),
    [
        pytest.param(
            operation,
            attribute,
            marks=pytest.mark.clause(
                f"{operation}.expand.{attribute}",
                *([f"{operation}.accounts.shape"] if attribute == "accounts" else []),
            ),
        )
        for operation in RESULTS
        for attribute in ("accounts", "addresses", "unknown")
    ],
)
def test_other_attributes_on_request(
    tenant: TenantUnderTest, family: Dataset, operation: str, attribute: str
) -> None:
    answer = tenant.query(operation, family.q, expand=attribute).must_answer(
        200, 400, clause=f"{operation}.status.ok"
    )
    shown: list[Any] = [each.get(attribute) for each in answer.customers if each.get(attribute)]
    if attribute == "accounts":
        for position, each_shown in enumerate(answer.customers):
            if wrong := misshapen_accounts(each_shown):
                where = f"$[{position}].accounts"
                raise answer.violation(f"{operation}.accounts.shape", expected=wrong, about=where)
        tenant.trial.credit(f"{operation}.accounts.shape")
    reading = "refused" if answer.status == 400 else "shown on request" if shown else "accepted, and empty"
    tenant.trial.observe(f"{operation}.expand.{attribute}", reading)


@clause("search.body.optional")
def test_search_without_q_finds_everyone(tenant: TenantUnderTest) -> None:
    tenant.has()
    answer = tenant.search({}, page_size=1).must_answer(200, clause="search.body.optional")
    if not answer.customers:
        raise answer.violation("search.body.optional", expected="a customer at least")


@pytest.mark.parametrize(
    ("operation", "case"),
    cases(("search",), customers.malformed_json_cases(), "body.malformed", gate=MALFORMED),
)
def test_a_search_body_that_is_not_json(tenant: TenantUnderTest, operation: str, case: Case[bytes]) -> None:
    answer = tenant.search(content=case.value, headers={"Content-Type": "application/json"})
    answer.must_refuse(f"{operation}.body.malformed", about=case.name)


@pytest.mark.parametrize("body", [[], "q", 7, True], ids=repr)
@clause("search.body.object")
def test_a_search_body_that_is_no_object(tenant: TenantUnderTest, body: Any) -> None:
    tenant.search(body).must_refuse("search.body.object", about=repr(body))


@pytest.mark.parametrize("case", queries.broken_search_cases(), ids=lambda case: case.name)
@clause("search.q.type")
def test_a_q_that_is_no_string(tenant: TenantUnderTest, case: Case[Any]) -> None:
    tenant.search(case.value).must_refuse("search.q.type", about=case.name)
