"""q, in list and search alike: exactly the customers that match, and no others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
from harness import RESULTS, TenantApi, clause, covering, examples, operations, smoke
from harness.checks.assertions import assert_holds, assert_no_mismatch
from harness.checks.customers import PAGE
from harness.dataset import PHONE_OF_DIGITS, Dataset, check_members, poll_dataset, poll_members
from strategies import queries
from tests.reads.steps import check_query

INVARIANTS = (
    *("status.ok", "schema.customer", "count.header", "count.present", "id.present"),
    *("businessModel.enum", "metadataCreatedAt.format", "lastLogin.never", "no-duplicates"),
)
"""What the invariants check of every result."""
QUERIED = (
    *("contactEmail", "title", "firstName", "middleName", "lastName", "company", "preferredLanguage"),
    *("preferredCurrency", "preferredSite", "type", "restriction", "id", "customerNumber"),
)
"""Properties whose values in the dataset have no space and no colon."""


# -- exact values, and all of several -----------------------------------------------------------------------------


@smoke
@pytest.mark.parametrize("operation", operations(RESULTS, "q.exact", "agrees-with-get", *INVARIANTS))
def test_a_customer_is_found_by_email(api: TenantApi, dataset: Dataset, operation: str) -> None:
    """The example of the reference; the member was patched, so that its old and new state could both be found."""
    poll_dataset(api, dataset, operation)
    member = dataset.members[1]

    response = poll_members(api, dataset, operation, f"contactEmail:{member.email}", [member.id])

    check_members(response, dataset, [member.id], f"{operation}.q.exact", about="contactEmail")
    with clause(f"{operation}.agrees-with-get"):
        assert_no_mismatch(
            oracle.views_mismatch(member.shown, response.customers[0], read=operation), response
        )


@pytest.mark.parametrize("operation", operations(RESULTS, "q.exact", "robust.no-5xx"))
def test_exact_values_of_many_properties(api: TenantApi, dataset: Dataset, operation: str) -> None:
    """A member is found by all of its values at once, so each condition finds it."""
    poll_dataset(api, dataset, operation)
    shown = dataset.members[-1].shown
    values = {name: shown[name] for name in QUERIED if isinstance(shown.get(name), str) and shown[name]}
    q = queries.all_of(*(queries.exact(name, value) for name, value in values.items()))

    check_query(api, dataset, operation, q, f"{operation}.q.exact")


@pytest.mark.parametrize("operation", operations(RESULTS, "q.exact"))
def test_each_value_excludes_a_customer(api: TenantApi, dataset: Dataset, operation: str) -> None:
    """Each condition excludes one member that meets the others, so that a condition without effect adds it."""
    poll_dataset(api, dataset, operation)
    conditions = queries.all_of(*(queries.exact(name, value) for name, value in dataset.common.items()))

    check_query(api, dataset, operation, dataset.and_(conditions), f"{operation}.q.exact")


@pytest.mark.parametrize("operation", operations(RESULTS, "q.exact"))
def test_an_exact_value(api: TenantApi, dataset: Dataset, operation: str) -> None:
    q = queries.exact("lastName", dataset.members[-1].body["lastName"])

    check_query(api, dataset, operation, q, f"{operation}.q.exact")


@pytest.mark.parametrize("operation", operations(RESULTS, "q.all-of", "q.conjunction"))
@given(position=st.integers(0, 7), swapped=st.booleans())
@examples(1)
def test_all_of_several_conditions(
    api: TenantApi, dataset: Dataset, operation: str, position: int, swapped: bool
) -> None:
    """One pair of conditions selects a member, the other none, so that each condition counts."""
    poll_dataset(api, dataset, operation)
    member = dataset.members[position]
    own = member.body["lastName"]
    last_names = [own, next(name for name in dataset.values("lastName") if name != own)]
    first_name = queries.exact("firstName", member.body["firstName"])

    for last_name in (queries.exact("lastName", name) for name in last_names):
        pair = (last_name, first_name) if swapped else (first_name, last_name)
        both = api.query(operation, " ".join(pair), **PAGE)
        alone = [api.query(operation, condition, **PAGE) for condition in pair] if both.ids else []
        with clause(f"{operation}.q.conjunction"):
            for response in alone:
                contained = set(both.ids) <= set(response.ids)
                assert_holds(contained, f"at least {both.ids}", response=response, actual=response.ids)
        check_query(api, dataset, operation, " ".join(pair), f"{operation}.q.all-of")


@pytest.mark.parametrize("operation", operations(RESULTS, "q.exact"))
def test_a_part_of_a_value_does_not_match(api: TenantApi, dataset: Dataset, operation: str) -> None:
    poll_dataset(api, dataset, operation)
    last_word = dataset.members[0].body["contactPhone"].split()[-1]

    for q in (
        queries.exact("company", dataset.tag[:-1]),
        queries.exact("company", dataset.tag + "_"),
        queries.exact("lastName", dataset.tag),
        dataset.and_(queries.exact("contactPhone", last_word)),
    ):
        check_query(api, dataset, operation, q, f"{operation}.q.exact")


@pytest.mark.parametrize("operation", operations(RESULTS, "q.exact"))
def test_a_similar_value_does_not_match(api: TenantApi, dataset: Dataset, operation: str) -> None:
    """Without accent, hyphens or zeros, as a pattern (dots for a character, a percent sign for any text), or cut."""
    poll_dataset(api, dataset, operation)
    member, last = dataset.members[0], dataset.members[-1]
    phone = dataset.values("contactPhone")[PHONE_OF_DIGITS]

    for q in (
        queries.exact("middleName", last.body["middleName"].replace("é", "e")),
        queries.exact("contactEmail", member.email.replace("-", ".")),
        queries.exact("contactEmail", member.email.replace("-", "")),
        queries.exact("contactEmail", member.email.replace("@example.com", "@example.org")),
        f"company:{dataset.tag[:-1]}%",
        queries.exact("title", last.body["title"][:-1] + "y"),
        dataset.and_(queries.exact("contactPhone", phone.lstrip("0"))),
    ):
        check_query(api, dataset, operation, q, f"{operation}.q.exact")


@pytest.mark.parametrize("operation", operations(RESULTS, "q.case"))
def test_q_is_case_sensitive(api: TenantApi, dataset: Dataset, operation: str) -> None:
    poll_dataset(api, dataset, operation)

    check_query(api, dataset, operation, queries.exact("company", dataset.tag.upper()), f"{operation}.q.case")


# -- one of several values ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", operations(RESULTS, "q.any-of"))
@given(positions=st.lists(st.integers(0, 7), min_size=3, max_size=4, unique=True))
@examples(2)
def test_any_of_several_values(
    api: TenantApi, dataset: Dataset, operation: str, positions: list[int]
) -> None:
    """The tag begins each of the values, and is none of them."""
    poll_dataset(api, dataset, operation)
    values = [dataset.tag, *(dataset.values("firstName")[position] for position in positions)]

    check_query(api, dataset, operation, queries.any_of("firstName", values), f"{operation}.q.any-of")


# -- kinds of conditions ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", operations(RESULTS, "q.boolean"))
@pytest.mark.parametrize("condition", ["active:true", "active:false", "onHold:true", "onHold:false"])
def test_a_flag(api: TenantApi, dataset: Dataset, operation: str, condition: str) -> None:
    poll_dataset(api, dataset, operation)

    check_query(api, dataset, operation, dataset.and_(condition), f"{operation}.q.boolean")


@pytest.mark.parametrize(
    ("operation", "form", "q"),
    [
        pytest.param(operation, form, q, marks=covering(f"{operation}.q.{form}"))
        for operation in RESULTS
        for form, q in (
            ("null", queries.null("title")),
            ("exists", queries.all_of(queries.exists("title"), queries.exists("onHold"))),
            ("missing", queries.missing("title")),
        )
    ],
)
def test_presence(api: TenantApi, dataset: Dataset, operation: str, form: str, q: str) -> None:
    """Half of the members have a title, and all a flag, which may be false."""
    poll_dataset(api, dataset, operation)

    check_query(api, dataset, operation, dataset.and_(q), f"{operation}.q.{form}")


@pytest.mark.parametrize("operation", operations(RESULTS, "q.regex"))
@pytest.mark.parametrize(
    "q", ["firstName:~{tag}d.*", "company:{tag} contactEmail:~.+@example.com", "firstName:~.*{tag}a.*"]
)
def test_a_regular_expression(api: TenantApi, dataset: Dataset, operation: str, q: str) -> None:
    """Patterns that mean the same anchored or not, without the brackets that integrators report as rejected."""
    poll_dataset(api, dataset, operation)

    check_query(api, dataset, operation, q.format(tag=dataset.tag), f"{operation}.q.regex")


@pytest.mark.parametrize("operation", operations(RESULTS, "q.regex-words"))
def test_a_regular_expression_of_words(api: TenantApi, dataset: Dataset, operation: str) -> None:
    poll_dataset(api, dataset, operation)

    q = dataset.and_(queries.regex_words("contactPhone", ".*30 1003.*"))
    check_query(api, dataset, operation, q, f"{operation}.q.regex-words")


@pytest.mark.parametrize("operation", operations(RESULTS, "q.tilde-before-parenthesis"))
def test_a_tilde_before_the_parenthesis(api: TenantApi, dataset: Dataset, operation: str) -> None:
    poll_dataset(api, dataset, operation)

    q = dataset.and_(queries.tilde_before_parenthesis("contactPhone", ".*30 1003.*"))
    check_query(api, dataset, operation, q, f"{operation}.q.tilde-before-parenthesis")


@pytest.mark.parametrize("operation", operations(RESULTS, "q.nested"))
def test_a_nested_name(api: TenantApi, dataset: Dataset, operation: str) -> None:
    poll_dataset(api, dataset, operation)
    member, tag = dataset.members[3].body, dataset.tag
    company, mixins = member.get("b2b"), member.get("mixins")
    conditions = [f"mixins.{tag}Of.name:{tag}m3"]
    conditions += [f"b2b.companyRegistrationId:{company['companyRegistrationId']}"] if company else []
    conditions += [f"mixins.{tag}.deep.name:{tag}m3"] if mixins else []

    for condition in conditions:
        check_query(api, dataset, operation, dataset.and_(condition), f"{operation}.q.nested")


@pytest.mark.parametrize("operation", operations(RESULTS, "q.several-of-several"))
def test_several_values_of_several_fields(api: TenantApi, dataset: Dataset, operation: str) -> None:
    """Of three members that the names select, the titles leave two, one of them by each title."""
    poll_dataset(api, dataset, operation)
    names, titles = dataset.values("firstName"), dataset.values("title")

    q = queries.all_of(
        queries.any_of("firstName", [names[position] for position in (1, 3, 5)]),
        queries.any_of("title", [titles[position] for position in (1, 5, 7)]),
    )
    check_query(api, dataset, operation, q, f"{operation}.q.several-of-several")


@pytest.mark.parametrize("operation", operations(RESULTS, "q.all-of"))
def test_conditions_of_several_kinds(api: TenantApi, dataset: Dataset, operation: str) -> None:
    """The last condition decides, and the result is sorted."""
    first = queries.exact("firstName", dataset.members[0].body["firstName"])

    for flags in ("onHold:false active:true", "onHold:false active:false"):
        q = dataset.and_(f"{first} {flags}")
        check_query(api, dataset, operation, q, f"{operation}.q.all-of", sort="lastName")
