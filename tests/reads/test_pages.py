"""List and search: pages and their order, sizes and numbers."""

import pytest

import oracle
from harness import TenantUnderTest, only_nightly, profile, settled, smoke
from harness.dataset import Dataset, gathered, judge_members
from harness.params import RESULTS, cases, each
from spec import Violation
from strategies import queries
from strategies.cases import Case

DEFAULT_PAGE_SIZE = 60
SUFFIXES = {":asc": "ascending", ":desc": "descending", "": "default-direction"}
SORTED_BY = ("firstName", "lastName", "title", "contactEmail", "metadataCreatedAt")


@pytest.mark.parametrize(
    ("operation", "suffix", "aspect", "name"),
    [
        pytest.param(
            operation,
            suffix,
            aspect,
            name,
            marks=[
                pytest.mark.clause(f"{operation}.sort.{aspect}"),
                *([] if name in at_the_gate else [only_nightly]),
                *([smoke] if name == "firstName" and suffix == ":desc" else []),
            ],
        )
        for operation in RESULTS
        for suffix, aspect, at_the_gate in (
            (":asc", "ascending", ("firstName", "title", "contactEmail", "metadataCreatedAt")),
            (":desc", "descending", ("firstName", "title", "contactEmail", "metadataCreatedAt")),
            ("", "default-direction", ("firstName", "title")),
        )
        for name in SORTED_BY
    ],
)
def test_results_are_sorted(
    tenant: TenantUnderTest, family: Dataset, operation: str, suffix: str, aspect: str, name: str
) -> None:
    clause_id = f"{operation}.sort.{aspect}"

    def in_order() -> None:
        gathered(tenant, family, operation)
        answer = tenant.query(
            operation, family.q, sort=name + suffix, page_number=1, page_size=50
        ).must_answer(200)
        judge_members(answer, family, family.members, clause_id, about="the same customers")
        values = [oracle.member(each, name) for each in answer.customers]
        if not oracle.is_sorted(values, descending=aspect == "descending"):
            raise answer.violation(clause_id, expected=f"{name} {aspect}", about=str(values))
        tenant.trial.credit(clause_id, name)

    settled(tenant.windows.index, in_order)
    if name == "metadataCreatedAt":
        # The family may be of one second, which says nothing of an order.
        answer = tenant.query(operation, sort=name + suffix, page_number=1, page_size=50).must_answer(200)
        dates = [oracle.member(each, name) for each in answer.customers]
        if not oracle.is_sorted(dates, descending=aspect == "descending"):
            raise answer.violation(clause_id, expected=f"{name} {aspect}, whoever they are", about=str(dates))
        tenant.trial.credit(clause_id, f"{name} of all")


PAGED = {
    3: ("firstName", ":asc"),
    1: ("lastName", ""),
    7: ("firstName", ":desc"),
    8: ("firstName", ""),
    9: ("firstName", ":asc"),
}
"""Sizes of pages, and how the pages of that size are sorted; of last names the family has but two."""
PAGED_AT_NIGHT = {
    2: ("firstName", ":desc"),
    4: ("lastName", ":asc"),
    5: ("firstName", ""),
    6: ("firstName", ":desc"),
}


@pytest.mark.parametrize(
    ("operation", "size", "name", "suffix"),
    [
        pytest.param(
            operation,
            size,
            name,
            suffix,
            marks=[
                pytest.mark.clause(
                    f"{operation}.page.partition",
                    f"{operation}.pageSize.honoured",
                    f"{operation}.sort.{SUFFIXES[suffix]}",
                    f"{operation}.count.header",
                ),
                *([smoke] if size == 3 else []),
                *([only_nightly] if size in PAGED_AT_NIGHT else []),
            ],
        )
        for operation in RESULTS
        for size, (name, suffix) in {**PAGED, **PAGED_AT_NIGHT}.items()
    ],
)
def test_pages_partition_the_family(
    tenant: TenantUnderTest, family: Dataset, operation: str, size: int, name: str, suffix: str
) -> None:
    """Count is the number of customers on the page, or of those that match."""
    sorts, total = f"{operation}.sort.{SUFFIXES[suffix]}", len(family.members)

    def partitioned() -> None:
        pages = []
        for number in range(1, -(-total // size) + 2):
            answer = tenant.query(
                operation, family.q, sort=name + suffix, page_number=number, page_size=size
            ).must_answer(200)
            pages.append(answer.customers)
            count = answer.exchange.header("Count")
            if not oracle.counts(count, len(answer.customers), total):
                raise answer.violation(
                    f"{operation}.count.header",
                    expected=f"Count: {len(answer.customers)}",
                    about=f"Count: {count}",
                )
        ids = [member.id for member in family.members]
        found = oracle.pages_difference(pages, ids, size, read=operation)
        if found is not None and not oracle.pages_difference([*pages[:-1], []], ids, size, read=operation):
            behind = {"expected": "[] behind the last page", "about": f"page {number}"}
            tenant.trial.broke(answer.violation(f"{operation}.page.beyond-end", **behind))
            raise answer.violation(f"{operation}.page.partition", **behind)
        if found is not None:
            raise found.violation()
        values = [each.get(name) for page in pages for each in page]
        if not oracle.is_sorted(values, descending=suffix == ":desc"):
            raise Violation(
                sorts,
                expected=f"{SUFFIXES[suffix]} order of {name} over all pages",
                actual=str(values),
                detail=f"pageSize {size}",
            )
        for promise in (f"{operation}.page.partition", f"{operation}.pageSize.honoured", sorts):
            tenant.trial.credit(promise, f"pageSize {size}")
        tenant.trial.credit(f"{operation}.count.header", f"pageSize {size}")

    settled(tenant.windows.index, partitioned)


@pytest.mark.parametrize("operation", each(RESULTS, "page.partition"))
def test_pages_partition_without_a_sort(tenant: TenantUnderTest, family: Dataset, operation: str) -> None:
    def partitioned() -> None:
        gathered(tenant, family, operation)
        seen = [
            each
            for number in (1, 2, 3)
            for each in tenant.query(operation, family.q, page_number=number, page_size=3)
            .must_answer(200)
            .ids
        ]
        wanted = sorted(member.id for member in family.members)
        if sorted(seen) != wanted:
            raise Violation(
                f"{operation}.page.partition",
                expected=str(wanted),
                actual=str(sorted(seen)),
                detail="no sort",
            )
        tenant.trial.credit(f"{operation}.page.partition", "no sort")

    settled(tenant.windows.index, partitioned)


@pytest.mark.parametrize("operation", each(RESULTS, "pageNumber.default"))
def test_the_first_page_is_the_default(tenant: TenantUnderTest, family: Dataset, operation: str) -> None:
    def first() -> None:
        first_page = tenant.query(
            operation, family.q, sort="firstName", page_size=3, page_number=1
        ).must_answer(200)
        answer = tenant.query(operation, family.q, sort="firstName", page_size=3).must_answer(200)
        if answer.ids != first_page.ids:
            raise answer.violation(f"{operation}.pageNumber.default", expected=f"page 1: {first_page.ids}")
        tenant.trial.credit(f"{operation}.pageNumber.default")

    settled(tenant.windows.index, first)


@pytest.mark.parametrize(
    ("operation", "case"),
    cases(
        RESULTS,
        (*queries.broken_page_sizes(), *queries.broken_page_numbers()),
        gate=("0", "-1", "a word", "a fraction", "a number and a letter"),
    ),
)
def test_a_page_out_of_bounds_is_refused(tenant: TenantUnderTest, operation: str, case: Case[str]) -> None:
    """pageNumber comes with the pageSize that the contract asks for beside it."""
    page = (
        {"page_size": case.value}
        if "Size" in case.constraint
        else {"page_size": 5, "page_number": case.value}
    )
    answer = tenant.query(operation, **page)

    answer.must_refuse(f"{operation}.{case.constraint}", about=case.name)


@pytest.mark.parametrize("operation", each(RESULTS, "page.beyond-end"))
def test_a_page_beyond_the_end_is_empty(tenant: TenantUnderTest, family: Dataset, operation: str) -> None:
    answer = tenant.query(operation, family.q, page_number=99999, page_size=8)

    answer.must_answer(200, clause=f"{operation}.page.beyond-end")
    if answer.json != []:
        raise answer.violation(f"{operation}.page.beyond-end", expected="[]")


@pytest.mark.parametrize("operation", each(RESULTS, "pageNumber.alone"))
def test_a_page_number_without_a_size(tenant: TenantUnderTest, family: Dataset, operation: str) -> None:
    answer = tenant.query(operation, family.q, page_number=1)
    answer.must_answer(200, 400, clause=f"{operation}.status.ok")
    tenant.trial.observe(
        f"{operation}.pageNumber.alone", "refused" if answer.status == 400 else "pages of 60"
    )


@pytest.mark.parametrize(
    ("operation", "aspect", "sort"),
    [
        pytest.param(operation, aspect, sort, marks=pytest.mark.clause(f"{operation}.sort.{aspect}"))
        for operation in RESULTS
        for aspect, sort in (
            ("several", "lastName:firstName"),
            ("several", "lastName:asc,firstName:desc"),
            ("unknown", "shoeSize"),
            ("localised", "firstName.en:asc"),
        )
    ],
)
def test_open_forms_of_sort(
    tenant: TenantUnderTest, family: Dataset, operation: str, aspect: str, sort: str
) -> None:
    answer = tenant.query(operation, family.q, sort=sort, page_number=1, page_size=50)
    answer.must_answer(200, 400, clause=f"{operation}.status.ok")
    tenant.trial.observe(
        f"{operation}.sort.{aspect}", f"{sort}: {'refused' if answer.status == 400 else 'accepted'}"
    )


FINDS_EVERYBODY = {"list": "list.complete", "search": "search.body.optional"}
"""What a result breaks that finds nobody where nothing is asked for."""


def alive(tenant: TenantUnderTest) -> int:
    """How many customers the run has made that are still there."""
    return sum(1 for customer in tenant.known.values() if customer.confirmed and not customer.deleted)


@pytest.mark.parametrize("operation", each(RESULTS, "pageSize.default", "pageSize.honoured"))
def test_a_page_holds_60_by_default(tenant: TenantUnderTest, operation: str) -> None:
    """Where the tenant has more than 60 customers, whoever made them; at night the run sees to it itself.

    At the gate the run has made as many by now, unless it was asked about little.
    """
    enough = DEFAULT_PAGE_SIZE + 1
    if profile() == "nightly":
        while alive(tenant) < enough:
            tenant.get(tenant.has()).must_show()

    def larger() -> None:
        page, following = (
            tenant.query(operation, page_number=number, page_size=enough).must_answer(200)
            for number in (1, 2)
        )
        if len(page.customers) < enough and (following.customers or enough <= alive(tenant)):
            name = f"{operation}.pageSize.honoured" if page.customers else FINDS_EVERYBODY[operation]
            raise page.violation(name, expected=f"{enough} customers")
        if len(page.customers) < enough:
            pytest.skip(f"Not asked: {enough} customers are needed, and there are {len(page.customers)}.")

    settled(tenant.windows.index, larger)
    tenant.trial.credit(f"{operation}.pageSize.honoured", f"pageSize {enough}")
    answer = tenant.query(operation).must_answer(200)
    if len(answer.customers) != DEFAULT_PAGE_SIZE:
        raise answer.violation(f"{operation}.pageSize.default", expected=f"{DEFAULT_PAGE_SIZE} customers")
    tenant.trial.credit(f"{operation}.pageSize.default", "61 customers or more")
