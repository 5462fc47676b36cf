"""q, sort, paging and expand."""

from typing import Any

import hypothesis.strategies as st
import pytest

from meta_tests.support.minimal import examples, minimal
from spec import clauses
from strategies import Case, queries

ADA = {
    "contactEmail": "cct-k3f9a-1@example.com",
    "firstName": "Ada",
    "lastName": "Lovelace",
    "company": "Acme Ltd",
    "title": "😀",
    "active": True,
    "metadataCreatedAt": "2026-01-02T03:04:05.000Z",
    "b2b": {"companyRegistrationId": "HRB1"},
    "mixins": {"cct_k3f9a_2": {"points": 5}},
}
GRACE = {"contactEmail": "cct-k3f9a-3@example.org", "firstName": "Grace", "middleName": "null", "type": "007"}
BOTH: list[dict[str, Any]] = [ADA, GRACE]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        (queries.exact("firstName", "Ada"), "firstName:Ada"),
        (queries.exact("mixins.m.points", 5), "mixins.m.points:5"),
        (queries.boolean("active", False), "active:false"),
        (queries.comparison("mixins.m.points", ">=", 5), "mixins.m.points:>=5"),
        (queries.between("mixins.m.points", 1, 9), "mixins.m.points:(>=1 AND <=9)"),
        (queries.date_comparison("metadataCreatedAt", ">", "2026-01-01"), 'metadataCreatedAt:>"2026-01-01"'),
        (queries.dates_between("lastLogin", "2026", "2027"), 'lastLogin:(>="2026" AND <="2027")'),
        (queries.null("restriction"), "restriction:null"),
        (queries.exists("title"), "title:exists"),
        (queries.missing("title"), "title:missing"),
        (queries.any_of("firstName", ["Ada", "Grace"]), "firstName:(Ada,Grace)"),
        (queries.all_of(queries.exact("a", "b"), queries.exact("c", True)), "a:b c:true"),
        (queries.regex("firstName", "A.*"), "firstName:~A.*"),
        (queries.regex_words("company", "Acme Ltd"), "company:(~Acme Ltd)"),
        (queries.exact(queries.nested("b2b", "companyRegistrationId"), "x"), "b2b.companyRegistrationId:x"),
    ],
)
def test_each_published_form(query: str, text: str) -> None:
    assert query == text


@pytest.mark.parametrize("value", ["Ada", "cct-k3f9a-1@example.com", "a_b.c-d", "HRB1", "en_US"])
def test_values_that_need_no_quoting(value: str) -> None:
    assert queries.is_q_safe(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Ada Lovelace",
        "a:b",
        "a,b",
        "(a",
        "~a",
        "Zoë",
        "a\n",
        "٣",
        "007",
        "1e5",
        "-a",
        "null",
        "True",
        None,
        5,
    ],
)
def test_values_that_q_would_read_otherwise(value: object) -> None:
    assert not queries.is_q_safe(value)


def test_queries_over_known_customers_take_only_safe_values() -> None:
    drawn = set(examples(queries.queries(BOTH), 400))
    assert drawn
    assert not any("😀" in query or "007" in query for query in drawn)
    assert {query for query in drawn if query.startswith("middleName:")} <= {
        *("middleName:null", "middleName:exists", "middleName:missing"),
    }


def test_every_form_occurs_within_100_examples() -> None:
    drawn = examples(queries.queries(BOTH), 100)
    marks = (
        ":(",
        " AND ",
        ":>",
        ":<",
        ':>="',
        ":true",
        ":null",
        ":exists",
        ":missing",
        ":~",
        ":(~",
        ",",
        ".",
    )
    assert [mark for mark in marks if not any(mark in query for query in drawn)] == []


@pytest.mark.parametrize(
    ("strategy", "smallest"),
    [
        (queries.exacts(BOTH), "contactEmail:cct-k3f9a-1@example.com"),
        (queries.booleans(BOTH), "active:true"),
        (queries.any_ofs(BOTH), "contactEmail:(cct-k3f9a-1@example.com,cct-k3f9a-3@example.org)"),
        (queries.all_ofs(BOTH), "contactEmail:cct-k3f9a-1@example.com firstName:Ada"),
        (queries.numbers(BOTH), "mixins.cct_k3f9a_2.points:>=5"),
        (queries.dates(BOTH), 'metadataCreatedAt:>="2026-01-02T03:04:05.000Z"'),
        (queries.presences(), "contactEmail:exists"),
        (queries.regexes([GRACE | {"contactEmail": None}]), "firstName:~.*race.*"),
        (queries.regexes_of_words(BOTH), "company:(~.*Acme Ltd.*)"),
        (queries.sorts(("firstName", "company")), "firstName"),
        (queries.expands(), "addresses"),
        (queries.page_sizes(), 1),
    ],
)
def test_the_smallest_queries(strategy: st.SearchStrategy[Any], smallest: Any) -> None:
    assert minimal(strategy) == smallest


def test_without_customers_there_is_nothing_to_ask_but_presence() -> None:
    assert queries.exacts([]).is_empty
    assert all(query.count(":") == 1 for query in examples(queries.queries([]), 30))


def test_sorts_come_in_all_three_directions() -> None:
    assert set(examples(queries.sorts(("a", "b")), 50)) == {"a", "a:asc", "a:desc", "b", "b:asc", "b:desc"}
    assert [case.value for case in queries.several_sorts(("a", "b"))] == [
        *("a:b", "a:asc:b:desc", "a,b", "a:asc,b:desc"),
    ]


def named_once(cases: tuple[Case[Any], ...]) -> bool:
    return len({case.name for case in cases}) == len(cases) == len({repr(case.value) for case in cases})


def is_whole_number(value: str) -> bool:
    try:
        return float(value) % 1 == 0
    except ValueError:
        return False


@pytest.mark.parametrize("broken", [queries.broken_page_sizes, queries.broken_page_numbers])
def test_broken_pages_are_invalid_by_any_reading(broken: Any) -> None:
    cases = broken()
    assert named_once(cases)
    for case in cases:
        assert {f"list.{case.constraint}", f"search.{case.constraint}"} <= set(clauses())
        if case.constraint.endswith(".min"):
            assert int(case.value) < 1
        else:
            assert not is_whole_number(case.value)
            assert case.value
    assert {case.value for case in cases} >= {"0", "-1", "abc", "1.5"}


def test_doubtful_and_huge_pages_are_kept_apart() -> None:
    broken = {case.value for case in (*queries.broken_page_sizes(), *queries.broken_page_numbers())}
    assert not broken & {case.value for case in (*queries.doubtful_pages(), *queries.huge_pages())}
    assert all(int(case.value) > 10_000 for case in queries.huge_pages())


def test_expands_come_in_every_arrangement() -> None:
    cases = queries.expand_cases()
    assert named_once(cases)
    assert len(cases) == 3 + 6 + 6
    assert {attribute for case in cases for attribute in case.value.split(",")} == set(queries.EXPANDS)
    assert not {case.value for case in queries.unknown_expands()} & {case.value for case in cases}


@pytest.mark.parametrize("operation", ["create", "upsert"])
def test_broken_flags_are_booleans_to_nobody(operation: str) -> None:
    lenient = {"true", "false", "yes", "no", "on", "off", "1", "0", "t", "f", "y", "n", ""}
    for case in queries.broken_flag_cases():
        assert case.value.lower() not in lenient
        assert f"{operation}.{case.constraint}" in clauses()
    assert minimal(queries.broken_flags()).value == "maybe"


def test_odd_queries_fit_a_request() -> None:
    assert named_once(queries.odd_query_cases())
    assert all(len(case.value.encode()) * 3 < 10_000 for case in queries.odd_query_cases())
    assert minimal(queries.odd_queries()).value == ""
    assert named_once(queries.unknown_sorts())
    assert named_once(queries.localised_sorts())


def test_broken_searches_have_a_q_that_is_no_string() -> None:
    assert "search.q.type" in clauses()
    assert not any(isinstance(case.value["q"], str) for case in queries.broken_search_cases())
    assert minimal(queries.broken_searches()).value == {"q": 1}
