"""Queries, order, pages and the agreement of views."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
from meta_tests.support.oracle_samples import RULES, words
from oracle import ModelState, QueryError

ADA = {
    "id": "1", "firstName": "Ada", "company": "Two Words", "active": True, "age": 36,
    "metadataCreatedAt": "2026-03-01T12:00:00.000Z", "b2b": {"companyRegistrationId": "HRB1"},
    "metadata": {"version": 3}, "addresses": [{"city": "Ulm"}, {"city": "Bonn"}],
}  # fmt: skip
BOB = {
    "id": "2", "firstName": "Bob", "title": "Dr", "active": False, "age": 40.0,
    "metadataCreatedAt": "2026-04-01T12:00:00Z",
}  # fmt: skip


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("firstName:Ada", "1"),
        ('firstName:"Ada"', "1"),
        ("firstName:ada", ""),
        ("firstName:Ad", ""),
        ("age:36", "1"),
        ("age:>36", "2"),
        ("age:>=36", "12"),
        ("age:<40", "1"),
        ("age:(>=36 AND <=40)", "12"),
        ("age:(>36 AND <40)", ""),
        ('metadataCreatedAt:>"2026-03-01T12:00:00Z"', "2"),
        ('metadataCreatedAt:>="2026-03-01T12:00:00Z"', "12"),
        ('metadataCreatedAt:(>="2026-03-01T00:00:00Z" AND <="2026-03-31T00:00:00Z")', "1"),
        ('metadataCreatedAt:<"2026-03-15"', "1"),
        ("active:true", "1"),
        ("active:false", "2"),
        ("title:null", "1"),
        ("title:exists", "2"),
        ("title:missing", "1"),
        ("firstName:(Ada,Bob)", "12"),
        ("firstName:(Bob,Eve)", "2"),
        ("firstName:Ada active:true", "1"),
        ("firstName:Ada active:false", ""),
        ("firstName:~^B", "2"),
        ("firstName:~d", "1"),
        ("company:(~Two W)", "1"),
        ("company:(~o W) active:true", "1"),
        ("b2b.companyRegistrationId:HRB1", "1"),
        ("metadata.version:>2", "1"),
        ("id:(1,2)", "12"),
    ],
)
def test_select_reads_every_published_form(q: str, expected: str) -> None:
    assert "".join(customer["id"] for customer in oracle.select([ADA, BOB], q)) == expected
    assert oracle.undecided([ADA, BOB], q) == []


@pytest.mark.parametrize("q", ["", "Ada", "~", "firstName:", "firstName:~", "a:(1", 'a:"1', "a:~(", ":x"])
def test_select_refuses_what_is_no_published_form(q: str) -> None:
    with pytest.raises(QueryError):
        oracle.select([ADA], q)


def test_what_a_query_leaves_open_is_undecided() -> None:
    assert oracle.undecided([{"id": "3", "title": None}], "title:exists")
    record = oracle.created({}, id="1")
    assert oracle.undecided([record], "active:true") == [record]
    assert oracle.select([record], "preferredSite:main firstName:null") == [record]
    assert oracle.undecided([record], "metadataCreatedAt:exists") == [record]
    assert oracle.undecided([ADA], "addresses.city:Ulm") == [ADA]


@given(st.lists(words))
def test_order_is_never_doubted_where_collations_differ(values: list[str]) -> None:
    assert oracle.is_sorted(sorted(values))
    assert oracle.is_sorted(sorted(values, reverse=True), descending=True)


@pytest.mark.parametrize(
    ("values", "sorted_"),
    [
        (["a1", "a2"], True),
        (["a2", "a1"], False),
        (["x-3", None, "x-1"], False),
        (["ba", "ab"], False),
        ([1, 2.5, 3], True),
        ([3, 1], False),
        (["ab", "a"], False),
        (["a10", "a9"], True),
        (["a9", "a10"], True),
        (["a", "B"], True),
        (["B", "a"], True),
        (["ch", "cz"], True),
        (["cz", "ch"], True),
        (["ä", "z"], True),
        (["z", "ä"], True),
        ([None, "a", None], True),
        ([True, False, True], True),
        (["a-b", "a_b"], True),
        (["ae", "ad"], True),
        (["b", "a\u030a"], True),
    ],
)
def test_order_is_judged_only_where_all_collations_agree(values: list[Any], sorted_: bool) -> None:
    assert oracle.is_sorted(values) is sorted_


def test_pages_partition_the_list() -> None:
    def pages(*ids: str) -> list[list[dict[str, str]]]:
        return [[{"id": id} for id in page] for page in ids]

    def clause(found: oracle.Difference | None) -> str | None:
        return found.clause if found else None

    assert oracle.pages_difference(pages("ab", "cd", "e", ""), "abcde", 2) is None
    assert oracle.pages_difference(pages("ab", "cx"), "abc", 2) is None
    assert clause(oracle.pages_difference(pages("ab", "bc"), "abc", 2)) == "list.page.partition"
    missing = oracle.pages_difference(pages("ab", "d"), "abcd", 2, read="search")
    assert clause(missing) == "search.page.partition"
    assert clause(oracle.pages_difference(pages("abc"), "abc", 2)) == "list.pageSize.honoured"
    assert clause(oracle.pages_difference(pages("a", "bc"), "abc", 2)) == "list.pageSize.honoured"


def test_pages_of_ids_are_pages_too() -> None:
    short = oracle.pages_difference([["a"], ["b", "c"]], ["a", "b", "c"], 2)
    twice = oracle.pages_difference([["a", "b"], ["b"]], ["a", "b"], 2)
    assert short is not None
    assert short.clause.endswith(".pageSize.honoured")
    assert twice is not None
    assert twice.clause.endswith(".page.partition")


def test_moments_are_read_and_moved() -> None:
    moment = "2026-03-01T23:30:00.000Z"
    assert oracle.shifted(moment, 0) == moment
    assert oracle.shifted(moment, 1) == "2026-03-02T00:30:00.000Z"
    assert oracle.is_about(moment, "Sun, 01 Mar 2026 23:31:00 GMT", seconds=60)
    assert not oracle.is_about(moment, "Sun, 01 Mar 2026 23:32:00 GMT", seconds=60)
    assert oracle.is_utc_timestamp(moment)
    assert not oracle.is_utc_timestamp("2026-03-01T23:30:00+01:00")
    assert not oracle.is_utc_timestamp(1772407800)
    with pytest.raises(ValueError, match="no ISO 8601 date"):
        oracle.shifted("yesterday", 1)


def test_a_member_is_found_by_its_dotted_name() -> None:
    assert oracle.member(ADA, "b2b.companyRegistrationId") == "HRB1"
    assert oracle.member(ADA, "title.length") is None


def test_the_same_customers_in_any_order() -> None:
    assert oracle.same_customers([ADA, BOB], [BOB, ADA])
    assert not oracle.same_customers([ADA, ADA], [ADA])


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"firstName": "ada"}, "$.firstName"),
        ({"firstName": None}, "$.firstName"),
        ({"title": "Dr"}, "$.title"),
        ({"active": 1}, "$.active"),
        ({"b2b": {"companyRegistrationId": "HRB2"}}, "$.b2b.companyRegistrationId"),
        ({"metadataCreatedAt": "2026-03-01T12:00:00Z", "accounts": [], "mixins": {"a": 1}}, None),
        ({"metadataCreatedAt": None, "addresses": None, "title": None, "metadata": {}}, None),
    ],
)
def test_views_agree_on_what_both_show(change: dict[str, Any], path: str | None) -> None:
    found = oracle.views_agree(ADA, {**ADA, **change}, read="search")
    assert (found.path if found else None) == path
    assert found is None or found.clause == "search.agrees-with-get"


def test_views_disagree_on_mixins_that_were_asked_for() -> None:
    assert oracle.views_agree({**ADA, "mixins": {"a": 1}}, ADA, {"mixin:*"}) is not None


def test_views_disagree_on_accounts_that_were_asked_for() -> None:
    told = {**ADA, "accounts": [{"id": "ada@example.com"}]}
    assert oracle.views_agree(told, {**ADA, "accounts": []}, {"mixin:*"}) is None
    assert oracle.views_agree(told, told, {"accounts"}) is None
    found = oracle.views_agree(told, {**ADA, "accounts": []}, {"accounts"})
    assert found is not None
    assert (found.path, found.clause) == ("$.accounts", "list.agrees-with-get")


def test_counts_takes_the_page_or_the_total() -> None:
    assert oracle.counts("2", 2, 7)
    assert oracle.counts("7", 2, 7)
    assert oracle.counts("7", 2)
    assert not oracle.counts("1", 2)
    assert not oracle.counts("3", 2, 7)
    assert not oracle.counts(None, 0)
    assert not oracle.counts("two", 2)


def test_a_listing_is_compared_with_the_whole_world() -> None:
    world = ModelState(deleted=frozenset({"x"})).having(oracle.created({"id": "a"}, id="a", rules=RULES))
    right = {"id": "a", "customerNumber": "a", "businessModel": "B2C", "preferredLanguage": "en_US",
             "preferredCurrency": "USD", "preferredSite": "main"}  # fmt: skip

    def clause(*seen: dict[str, str]) -> str | None:
        found = oracle.listing_difference(world, seen)
        return found.clause if found else None

    assert clause(right, {"id": "somebody else"}) is None
    assert clause() == "list.complete"
    assert clause(right, right) == "list.no-duplicates"
    assert clause(right, {"id": "x"}) == "list.deleted.vanishes"
    assert clause({**right, "preferredSite": "DE"}) == "create.preferredSite.default"
