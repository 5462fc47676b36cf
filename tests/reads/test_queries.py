"""q, in list and in search alike: exactly the customers that match, and no others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
from harness import TenantUnderTest, clause, examples, settled, smoke
from harness.dataset import EXPAND, Dataset, gathered, judge_members
from harness.params import RESULTS, each
from harness.tenant_under_test import PAGE
from strategies import namespace, queries

SEARCHED = ("firstName", "lastName", "title", "company")


def asked(tenant: TenantUnderTest, family: Dataset, operation: str, q: str, clause_id: str) -> None:
    """The members that a query finds are those that the oracle selects from what get shows of each."""
    seen = [member.shown for member in family.members]
    chosen = {each["id"] for each in oracle.select(seen, q)}
    open_to_either = {each["id"] for each in oracle.undecided(seen, q)}

    def matches() -> None:
        answer = tenant.query(operation, q, **PAGE).must_answer(200, clause=clause_id, about=q)
        counted = chosen | (open_to_either & set(answer.ids))
        expected = [member for member in family.members if member.id in counted]
        judge_members(answer, family, expected, clause_id, about=q)

    settled(tenant.windows.index, matches)


@smoke
@pytest.mark.parametrize(
    "operation",
    each(
        RESULTS,
        "q.exact",
        "agrees-with-get",
        "status.ok",
        "schema.customer",
        "count.header",
        "id.present",
        "businessModel.enum",
        "metadataCreatedAt.format",
        "no-duplicates",
    ),
)
def test_the_seeds_own_example_finds_a_customer_by_email(
    tenant: TenantUnderTest, operation: str, family: Dataset
) -> None:
    member = family.members[1]  # who was patched, so that old and new could both be there

    def agrees() -> None:
        answer = tenant.query(operation, f"contactEmail:{member.email}", **PAGE).must_answer(200)
        judge_members(answer, family, [member], f"{operation}.q.exact", about="contactEmail")
        tenant.views_agree(member.shown, answer.customers[0], operation)

    settled(tenant.windows.index, agrees)


@pytest.mark.parametrize("operation", each(RESULTS, "q.exact"))
@pytest.mark.parametrize("name", ["firstName", "lastName", "company", "id", "title"])
def test_an_exact_value(tenant: TenantUnderTest, family: Dataset, operation: str, name: str) -> None:
    value = next(value for member in reversed(family.members) if (value := member.shown.get(name)))
    condition = queries.exact(name, value)

    asked(tenant, family, operation, condition, f"{operation}.q.exact")


@pytest.mark.parametrize("operation", each(RESULTS, "q.exact"))
def test_a_part_of_a_value_does_not_match(tenant: TenantUnderTest, family: Dataset, operation: str) -> None:
    gathered(tenant, family, operation)
    asked(tenant, family, operation, queries.exact("company", family.surname[:-1]), f"{operation}.q.exact")
    asked(tenant, family, operation, queries.exact("company", family.surname + "z"), f"{operation}.q.exact")
    asked(tenant, family, operation, queries.exact("lastName", family.surname), f"{operation}.q.exact")
    one_word = queries.exact("contactPhone", family.members[0].body["contactPhone"].split()[-1])
    asked(tenant, family, operation, family.and_(one_word), f"{operation}.q.exact")


@pytest.mark.parametrize("operation", each(RESULTS, "q.exact"))
def test_a_value_that_looks_alike_does_not_match(
    tenant: TenantUnderTest, family: Dataset, operation: str
) -> None:
    """Without its accent, or where a pattern would match: dots for any character, a percent sign for any text."""
    gathered(tenant, family, operation)
    member = family.members[0]
    plain = member.body["middleName"].replace("é", "e")
    asked(tenant, family, operation, queries.exact("middleName", plain), f"{operation}.q.exact")
    dotted = member.email.replace("-", ".")
    asked(tenant, family, operation, queries.exact("contactEmail", dotted), f"{operation}.q.exact")
    asked(tenant, family, operation, f"company:{family.surname[:-1]}%", f"{operation}.q.exact")


@smoke
@pytest.mark.parametrize("operation", each(RESULTS, "q.all-of", "q.conjunction"))
@given(data=st.data())
@examples(1)
def test_all_of_several_conditions(
    tenant: TenantUnderTest, family: Dataset, operation: str, data: st.DataObject
) -> None:
    member = data.draw(st.sampled_from(family.members))
    # whoever takes one condition for both is right about a pair that one member meets: nobody meets this one
    stranger = data.draw(
        st.sampled_from([each for each in family.members if each.body["lastName"] != member.body["lastName"]])
    )
    first_name = queries.exact("firstName", member.body["firstName"])

    for last_name in (queries.exact("lastName", one.body["lastName"]) for one in (member, stranger)):
        q = " ".join(data.draw(st.permutations((first_name, last_name))))
        both = set(tenant.query(operation, q, **PAGE).must_answer(200).ids)
        for condition in (first_name, last_name) if both else ():
            alone = tenant.query(operation, condition, **PAGE).must_answer(200)
            if not both <= set(alone.ids):
                raise alone.violation(
                    f"{operation}.q.conjunction", expected=f"at least {sorted(both)}", about=condition
                )
        asked(tenant, family, operation, q, f"{operation}.q.all-of")
    tenant.trial.credit(f"{operation}.q.conjunction")


@pytest.mark.parametrize("operation", each(RESULTS, "q.case"))
def test_q_is_case_sensitive(tenant: TenantUnderTest, family: Dataset, operation: str) -> None:
    gathered(tenant, family, operation)
    asked(tenant, family, operation, queries.exact("company", family.surname.upper()), f"{operation}.q.case")


@pytest.mark.parametrize("operation", each(RESULTS, "q.boolean"))
@pytest.mark.parametrize("condition", ["active:true", "active:false", "onHold:true", "onHold:false"])
def test_a_flag(tenant: TenantUnderTest, family: Dataset, operation: str, condition: str) -> None:
    gathered(tenant, family, operation)
    asked(tenant, family, operation, family.and_(condition), f"{operation}.q.boolean")


@pytest.mark.parametrize("operation", each(RESULTS, "q.all-of"))
def test_conditions_of_several_kinds(tenant: TenantUnderTest, family: Dataset, operation: str) -> None:
    first = queries.exact("firstName", family.members[0].body["firstName"])
    for flags in ("active:true onHold:false", "active:false onHold:false"):
        asked(tenant, family, operation, family.and_(f"{first} {flags}"), f"{operation}.q.all-of")


@pytest.mark.parametrize(
    ("operation", "form"),
    [
        pytest.param(operation, form, marks=pytest.mark.clause(f"{operation}.q.{form}"))
        for operation in RESULTS
        for form in ("null", "exists", "missing")
    ],
)
def test_presence(tenant: TenantUnderTest, family: Dataset, operation: str, form: str) -> None:
    gathered(tenant, family, operation)
    asked(tenant, family, operation, family.and_(f"title:{form}"), f"{operation}.q.{form}")


@pytest.mark.parametrize("operation", each(RESULTS, "q.any-of"))
@given(data=st.data())
@examples(3)
def test_any_of_several_values(
    tenant: TenantUnderTest, family: Dataset, operation: str, data: st.DataObject
) -> None:
    gathered(tenant, family, operation)
    chosen = data.draw(
        st.lists(st.sampled_from(family.values("firstName")), min_size=2, max_size=4, unique=True)
    )
    asked(tenant, family, operation, queries.any_of("firstName", chosen), f"{operation}.q.any-of")


@pytest.mark.parametrize("operation", each(RESULTS, "q.regex"))
@pytest.mark.parametrize("pattern", ["{surname}d.*", ".*{surname}.*", ".*{surname}a.*"])
def test_a_regular_expression(tenant: TenantUnderTest, family: Dataset, operation: str, pattern: str) -> None:
    """Patterns that mean the same anchored or not, without the brackets that integrators see refused."""
    gathered(tenant, family, operation)
    asked(
        tenant,
        family,
        operation,
        f"firstName:~{pattern.format(surname=family.surname)}",
        f"{operation}.q.regex",
    )


@pytest.mark.parametrize("operation", each(RESULTS, "q.regex-words"))
def test_a_regular_expression_of_words(tenant: TenantUnderTest, family: Dataset, operation: str) -> None:
    gathered(tenant, family, operation)
    asked(tenant, family, operation, family.and_("contactPhone:(~.*30 1003.*)"), f"{operation}.q.regex-words")


@pytest.mark.parametrize("operation", each(RESULTS, "q.nested"))
def test_a_nested_name(tenant: TenantUnderTest, family: Dataset, operation: str) -> None:
    gathered(tenant, family, operation)
    wanted = family.members[3].body["b2b"]["companyRegistrationId"]
    asked(
        tenant, family, operation, queries.exact("b2b.companyRegistrationId", wanted), f"{operation}.q.nested"
    )
    elsewhere = family.and_(f"mixins.{family.surname}Of.name:{family.surname}m3")
    asked(tenant, family, operation, elsewhere, f"{operation}.q.nested")


@pytest.mark.parametrize("operation", each(RESULTS, "q.number"))
@pytest.mark.parametrize("bound", [">30", ">=30", "<30", "<=30", "(>=20 AND <=50)"])
def test_a_number(tenant: TenantUnderTest, family: Dataset, operation: str, bound: str) -> None:
    gathered(tenant, family, operation)
    asked(
        tenant,
        family,
        operation,
        family.and_(f"mixins.{family.surname}.points:{bound}"),
        f"{operation}.q.number",
    )


@pytest.mark.parametrize("operation", each(RESULTS, "q.date"))
@pytest.mark.parametrize(("comparison", "hours"), [(">", -1), ("<", -1), (">=", 1), ("<=", 1), (">=", 0)])
def test_a_date(
    tenant: TenantUnderTest, family: Dataset, operation: str, comparison: str, hours: int
) -> None:
    """Budget lie far from the dates, save for >=: a date as the tenant shows it must be included."""
    gathered(tenant, family, operation)
    bound = oracle.shifted(_created(family, 4 if hours else 0), hours)
    asked(
        tenant,
        family,
        operation,
        family.and_(f'metadataCreatedAt:{comparison}"{bound}"'),
        f"{operation}.q.date",
    )


@pytest.mark.parametrize("operation", each(RESULTS, "q.range"))
@pytest.mark.parametrize(("low", "high"), [(-1, 1), (1, 2), (-2, -1), (0, 1)])
def test_a_range_of_dates(
    tenant: TenantUnderTest, family: Dataset, operation: str, low: int, high: int
) -> None:
    gathered(tenant, family, operation)
    created = _created(family, 0)
    bounds = f'(>="{oracle.shifted(created, low)}" AND <="{oracle.shifted(created, high)}")'
    asked(tenant, family, operation, family.and_(f"metadataCreatedAt:{bounds}"), f"{operation}.q.range")


@pytest.mark.parametrize("operation", each(RESULTS, "q.no-key"))
@pytest.mark.parametrize("q", ["Ada", "~"])
def test_a_query_without_a_key(tenant: TenantUnderTest, operation: str, q: str) -> None:
    answer = tenant.query(operation, q, page_size=1)
    answer.must_not_be(500, f"{operation}.robust.no-5xx")
    tenant.trial.observe(
        f"{operation}.q.no-key", f"{q}: {'refused' if answer.status == 400 else answer.status}"
    )


@pytest.mark.parametrize("operation", each(RESULTS, "q.fresh"))
@pytest.mark.parametrize("change", ["patch", "upsert"])
def test_a_query_follows_a_change(tenant: TenantUnderTest, operation: str, change: str) -> None:
    old, new = (namespace.fresh_id().replace("-", "") for _ in range(2))
    customer = tenant.has(firstName=old)
    clause_id = f"{operation}.q.fresh"
    settled(
        tenant.windows.index,
        lambda: tenant.finds_alone(customer, clause_id, operation, queries.exact("firstName", old)),
    )

    others: dict[str, bool | str] = {"active": False, "onHold": True, "preferredCurrency": "CHF"}
    if tenant.rules.restrictions:
        others["restriction"] = tenant.rules.restrictions[-1]
    if change == "patch":
        tenant.patched(tenant.patch(customer, {"firstName": new, **others}), customer)
    else:
        body = {"firstName": new, "contactEmail": customer.email, **others}
        tenant.updated(tenant.upsert(customer, body), customer)
    by_old = queries.exact("firstName", old)
    by_new = queries.all_of(
        queries.exact("firstName", new),
        *(
            queries.boolean(name, value) if isinstance(value, bool) else queries.exact(name, value)
            for name, value in others.items()
        ),
    )
    settled(tenant.windows.index, lambda: tenant.finds_alone(customer, clause_id, operation, by_new))
    settled(tenant.windows.index, lambda: tenant.finds_nothing(customer, clause_id, operation, by_old))


@clause("search.q.equals-list")
@given(data=st.data())
@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("the family", marks=smoke),
        *("an exact value", "in capitals", "a pattern in capitals"),
    ],
)
@examples(1)
def test_search_finds_what_list_finds(
    tenant: TenantUnderTest, family: Dataset, kind: str, data: st.DataObject
) -> None:
    """Also where it is open what list finds."""
    members = [member.shown for member in family.members]
    exacts = queries.exacts([{name: member.get(name) for name in SEARCHED} for member in members])
    capitals = family.surname.upper()
    q = {
        "the family": family.q,
        "an exact value": data.draw(exacts),
        "in capitals": queries.exact("company", capitals),
        "a pattern in capitals": queries.regex("company", capitals),
    }[kind]

    def equal() -> None:
        listed = tenant.list(q=q, page_size=50, expand=EXPAND).must_answer(200)
        searched = tenant.search({"q": q}, page_size=50, expand=EXPAND).must_answer(200)
        if not oracle.same_customers(listed.customers, searched.customers):
            raise searched.violation("search.q.equals-list", expected=f"as list: {listed.ids}", about=q)
        tenant.trial.credit("search.q.equals-list")

    settled(tenant.windows.index, equal)


def _created(family: Dataset, position: int) -> str:
    created = family.members[position].shown.get("metadataCreatedAt")
    if not created:
        pytest.skip("Not asked: the tenant shows no metadataCreatedAt.")
    return str(created)
