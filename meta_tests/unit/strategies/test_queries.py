"""q, sort, paging and expand."""

from collections.abc import Callable
from typing import Any

import pytest

from spec import clauses
from strategies import Case, queries


@pytest.mark.parametrize(
    ("query", "text"),
    [
        (queries.exact("firstName", "Ada"), "firstName:Ada"),
        (queries.exact("mixins.m.points", 5), "mixins.m.points:5"),
        (queries.boolean("active", False), "active:false"),
        (queries.null("restriction"), "restriction:null"),
        (queries.exists("title"), "title:exists"),
        (queries.any_of("firstName", ["Ada", "Grace"]), "firstName:(Ada,Grace)"),
        (queries.all_of(queries.exact("a", "b"), queries.exact("c", True)), "a:b c:true"),
        (queries.regex("firstName", "A.*"), "firstName:~A.*"),
    ],
)
def test_each_published_form(query: str, text: str) -> None:
    assert query == text


def named_once(cases: tuple[Case[Any], ...]) -> bool:
    return len({case.name for case in cases}) == len(cases) == len({repr(case.value) for case in cases})


def is_whole_number(value: str) -> bool:
    try:
        return float(value) % 1 == 0
    except ValueError:
        return False


@pytest.mark.parametrize("invalid", [queries.invalid_page_size_cases, queries.invalid_page_number_cases])
def test_invalid_pages_are_invalid_by_any_reading(invalid: Callable[[], tuple[Case[str], ...]]) -> None:
    cases = invalid()
    assert named_once(cases)
    for case in cases:
        assert {f"list.{case.constraint}", f"search.{case.constraint}"} <= set(clauses())
        if case.constraint.endswith(".min"):
            assert int(case.value) < 1
        else:
            assert not is_whole_number(case.value)
            assert case.value
    assert {case.value for case in cases} >= {"0", "-1", "abc", "1.5"}


def test_large_pages_are_valid_integers() -> None:
    assert all(int(case.value) > 10_000 for case in queries.large_page_cases())


@pytest.mark.parametrize("operation", ["create", "upsert"])
def test_invalid_flags_are_booleans_by_no_reading(operation: str) -> None:
    lenient = {"true", "false", "yes", "no", "on", "off", "1", "0", "t", "f", "y", "n", ""}
    for case in queries.invalid_flag_cases():
        assert case.value.lower() not in lenient
        assert f"{operation}.{case.constraint}" in clauses()


def test_malformed_queries_fit_a_request() -> None:
    assert named_once(queries.malformed_query_cases())
    assert all(len(case.value.encode()) * 3 < 10_000 for case in queries.malformed_query_cases())


def test_unknown_sorts_and_expands_are_unlike_the_published_ones() -> None:
    assert named_once(queries.unknown_sort_cases())
    assert named_once(queries.unknown_expand_cases())
    assert not {case.value for case in queries.unknown_expand_cases()} & set(queries.EXPANDS)


def test_invalid_searches_have_a_q_that_is_not_a_string() -> None:
    assert "search.q.type" in clauses()
    assert not any(isinstance(case.value["q"], str) for case in queries.invalid_search_cases())
