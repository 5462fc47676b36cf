"""Queries, order, pages, and the agreement of get and list."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
from meta_tests.support.oracle_samples import RULES, words
from oracle import ModelState, QueryError
from spec import ABSENT, Kind, Mismatch, Rule

ADA: dict[str, Any] = {
    "id": "1", "firstName": "Ada", "company": "Two Words", "active": True, "age": 36,
    "metadataCreatedAt": "2026-03-01T12:00:00.000Z", "b2b": {"companyRegistrationId": "HRB1"},
    "metadata": {"version": 3}, "addresses": [{"city": "Ulm"}, {"city": "Bonn"}],
}  # fmt: skip
BOB: dict[str, Any] = {
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
    assert oracle.indeterminate([ADA, BOB], q) == []


@pytest.mark.parametrize("q", ["", "Ada", "~", "firstName:", "firstName:~", "a:(1", 'a:"1', "a:~(", ":x"])
def test_select_rejects_a_query_of_no_published_form(q: str) -> None:
    with pytest.raises(QueryError):
        oracle.select([ADA], q)


def test_what_the_contract_does_not_determine_is_indeterminate() -> None:
    assert oracle.indeterminate([{"id": "3", "title": None}], "title:exists")
    model = oracle.created({}, id="1")
    assert oracle.indeterminate([model], "active:true") == [model]
    assert oracle.select([model], "preferredSite:main firstName:null") == [model]
    assert oracle.indeterminate([model], "metadataCreatedAt:exists") == [model]
    assert oracle.indeterminate([ADA], "addresses.city:Ulm") == [ADA]


@given(st.lists(words))
def test_no_order_is_wrong_where_collations_differ(values: list[str]) -> None:
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
def test_an_order_is_wrong_only_where_all_collations_agree(values: list[Any], sorted_: bool) -> None:
    assert oracle.is_sorted(values) is sorted_


def test_pages_partition_the_list() -> None:
    def pages(*ids: str) -> list[list[dict[str, str]]]:
        return [[{"id": id} for id in page] for page in ids]

    def clause(found: Mismatch | None) -> str | None:
        return found.clause if found else None

    assert oracle.pages_mismatch(pages("ab", "cd", "e", ""), "abcde", 2) is None
    assert oracle.pages_mismatch(pages("ab", "cx"), "abc", 2) is None
    assert clause(oracle.pages_mismatch(pages("ab", "bc"), "abc", 2)) == "list.page.partition"
    missing = oracle.pages_mismatch(pages("ab", "d"), "abcd", 2, clause="search.page.partition")
    assert clause(missing) == "search.page.partition"
    assert clause(oracle.pages_mismatch(pages("abc"), "abc", 2)) == "list.pageSize.honoured"
    assert clause(oracle.pages_mismatch(pages("a", "bc"), "abc", 2)) == "list.pageSize.honoured"


def test_pages_of_ids_are_pages_too() -> None:
    short = oracle.pages_mismatch([["a"], ["b", "c"]], ["a", "b", "c"], 2)
    twice = oracle.pages_mismatch([["a", "b"], ["b"]], ["a", "b"], 2)
    assert short is not None
    assert short.clause.endswith(".pageSize.honoured")
    assert twice is not None
    assert twice.clause.endswith(".page.partition")


def test_timestamps_are_parsed_and_shifted() -> None:
    moment = "2026-03-01T23:30:00.000Z"
    assert oracle.shifted(moment, 0) == moment
    assert oracle.shifted(moment, 1) == "2026-03-02T00:30:00.000Z"
    a_minute_later = oracle.http_date("Sun, 01 Mar 2026 23:31:00 GMT")
    assert a_minute_later is not None
    assert oracle.is_about(moment, a_minute_later, seconds=60)
    assert not oracle.is_about(moment, a_minute_later, seconds=59)
    assert not oracle.is_about("yesterday", a_minute_later, seconds=60)
    for malformed in (
        "yesterday",
        "",
        None,
        "Sun, 41 Mar 2026 23:31:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 -0100",
    ):
        assert oracle.http_date(malformed) is None
    assert oracle.is_utc_timestamp(moment)
    assert not oracle.is_utc_timestamp("2026-03-01T23:30:00+01:00")
    assert not oracle.is_utc_timestamp(1772407800)
    assert not oracle.is_utc_timestamp("2026-03-01 23:30:00Z")
    with pytest.raises(ValueError, match="not an ISO 8601 date"):
        oracle.shifted("yesterday", 1)


def test_a_member_is_found_by_its_dotted_name() -> None:
    assert oracle.value_at(ADA, "b2b.companyRegistrationId") == "HRB1"
    assert oracle.value_at(ADA, "title.length") is None


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
    found = oracle.views_mismatch(ADA, {**ADA, **change}, read="search")
    assert (found.path if found else None) == path
    assert found is None or found.clause == "search.agrees-with-get"


def test_views_disagree_on_expanded_mixins() -> None:
    with_mixins = {**ADA, "mixins": {"a": 1}}
    for shown, clause in ((ADA, "list.expand.mixin"), ({**ADA, "mixins": {"a": 2}}, "list.agrees-with-get")):
        found = oracle.views_mismatch(with_mixins, shown, {"mixin:*"})
        assert found is not None
        assert (found.path, found.clause) == ("$.mixins", clause)


def test_views_disagree_on_expanded_accounts_where_both_show_some() -> None:
    by_get, other = (
        {**ADA, "accounts": [{"id": "ada@example.com"}]},
        {**ADA, "accounts": [{"id": "b@example.com"}]},
    )
    assert oracle.views_mismatch(by_get, other, {"mixin:*"}) is None
    assert oracle.views_mismatch(by_get, by_get, {"accounts"}) is None
    assert oracle.views_mismatch(by_get, {**ADA, "accounts": []}, {"accounts"}) is None
    assert oracle.views_mismatch(ADA, by_get, {"accounts"}) is None
    found = oracle.views_mismatch(by_get, other, {"accounts"})
    assert found is not None
    assert (found.path, found.clause) == ("$.accounts", "list.agrees-with-get")


def test_counts_takes_the_page_or_the_total() -> None:
    assert oracle.is_count("2", 2, 7)
    assert oracle.is_count("7", 2, 7)
    assert oracle.is_count("7", 2)
    assert not oracle.is_count("1", 2)
    assert not oracle.is_count("3", 2, 7)
    assert not oracle.is_count(None, 0)
    assert not oracle.is_count("two", 2)


def test_a_listing_is_compared_with_the_whole_state() -> None:
    state = ModelState(deleted=frozenset({"x"})).with_customer(
        oracle.created({"id": "a"}, id="a", rules=RULES)
    )
    right = {"id": "a", "customerNumber": "a", "businessModel": "B2C", "preferredLanguage": "en_US",
             "preferredCurrency": "USD", "preferredSite": "main"}  # fmt: skip

    def clause(*seen: dict[str, str]) -> str | None:
        found = oracle.listing_mismatch(state, seen)
        return found.clause if found else None

    assert clause(right, {"id": "of another run"}) is None
    assert clause() == "list.complete"
    assert clause(right, right) == "list.no-duplicates"
    assert clause(right, {"id": "x"}) == "list.deleted.vanishes"
    assert clause({**right, "preferredSite": "DE"}) == "create.preferredSite.default"


def test_a_mismatch_of_a_listing_names_the_customer() -> None:
    state = ModelState(deleted=frozenset({"x"})).with_customer(oracle.created({"id": "a"}, id="a"))
    missing = oracle.listing_mismatch(state, [])
    assert missing is not None
    assert (missing.kind, missing.expected, missing.actual) == (Kind.CUSTOMERS, "a", ABSENT)
    repeated = oracle.pages_mismatch([["a"], ["a"]], ["a"], 1)
    assert repeated is not None
    assert (repeated.path, repeated.expected, repeated.actual) == ('$[?@.id=="a"]', ["a"], ["a", "a"])
    short = oracle.pages_mismatch([["a"], ["b", "c"]], ["a"], 2)
    assert short is not None
    assert (short.about, short.expected) == ("page 1", Rule("2 customers"))


def test_a_confirmed_property_that_a_listing_shows_wrong_violates_the_agreement_with_get() -> None:
    seen = {
        "id": "a",
        "title": "Dr",
        "preferredLanguage": "en_US",
        "preferredCurrency": "USD",
        "preferredSite": "main",
    }
    model = oracle.confirmed_by(oracle.created({"id": "a", "title": "Dr"}, id="a"), seen)
    state = ModelState().with_customer(model.after(oracle.written("patch")))
    found = oracle.listing_mismatch(state, [{**seen, "title": "Mr"}], read="search")
    assert found is not None
    assert (found.path, found.clause) == ("$.title", "search.agrees-with-get")
