"""Queries that have an answer: over the values of customers that exist."""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import hypothesis.strategies as st

from strategies.cases import drawn
from strategies.queries import builders

Customer: TypeAlias = Mapping[str, Any]
Customers: TypeAlias = Sequence[Customer]

FIELDS = (
    *("contactEmail", "firstName", "lastName", "middleName", "title", "company", "contactPhone"),
    *("preferredLanguage", "preferredCurrency", "preferredSite", "type", "restriction"),
)
DATES = ("metadataCreatedAt",)
_PLAIN_RUN = re.compile(r"[A-Za-z0-9]+", re.ASCII)
_WORDS = re.compile(r"[A-Za-z0-9]+( [A-Za-z0-9]+)+", re.ASCII)


def members_of(customer: Customer, within: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every field of a customer that is no object or array, with its value; nested names joined by dots."""
    for name, value in customer.items():
        if isinstance(value, Mapping):
            yield from members_of(value, (*within, name))
        elif not isinstance(value, list):
            yield builders.nested(*within, name), value


def exacts(customers: Customers) -> st.SearchStrategy[str]:
    """`field:value` with a value that needs no quoting; nothing to draw where no customer has one."""
    return drawn([builders.exact(field, value) for field, value in _safe(customers)])


def booleans(customers: Customers) -> st.SearchStrategy[str]:
    """`field:true` and `field:false` over the flags that the customers have."""
    flags = {field for field, value in _members(customers) if isinstance(value, bool)}
    return drawn([builders.boolean(field, flag) for field in sorted(flags) for flag in (True, False)])


def any_ofs(customers: Customers) -> st.SearchStrategy[str]:
    """`field:(v1,v2)` with two values of one field."""
    pairs = itertools.combinations(_safe(customers), 2)
    return drawn([builders.any_of(f, (one, two)) for (f, one), (g, two) in pairs if f == g])


def all_ofs(customers: Customers) -> st.SearchStrategy[str]:
    """`f1:v1 f2:v2` with the values of one customer."""
    return drawn(
        [
            builders.all_of(builders.exact(*first), builders.exact(*second))
            for customer in customers
            for first, second in itertools.combinations(_safe([customer]), 2)
        ]
    )


def numbers(customers: Customers) -> st.SearchStrategy[str]:
    """Comparisons and ranges around the numbers that the customers have."""
    found = [(f, v) for f, v in _members(customers) if isinstance(v, int | float) and not isinstance(v, bool)]
    return drawn(
        [
            query
            for field, value in found
            for query in (
                builders.comparison(field, ">=", value),
                builders.comparison(field, "<=", value),
                builders.comparison(field, ">", value),
                builders.comparison(field, "<", value),
                builders.between(field, value, value),
            )
        ]
    )


def dates(customers: Customers, fields: Sequence[str] = DATES) -> st.SearchStrategy[str]:
    """Comparisons and ranges around the dates that the customers have in these fields."""
    found = [(field, value) for field, value in _members(customers) if field in fields and value]
    return drawn(
        [
            query
            for field, date in found
            for query in (
                builders.date_comparison(field, ">=", date),
                builders.date_comparison(field, "<=", date),
                builders.date_comparison(field, ">", date),
                builders.date_comparison(field, "<", date),
                builders.dates_between(field, date, date),
            )
        ]
    )


def presences(fields: Sequence[str] = FIELDS) -> st.SearchStrategy[str]:
    """`field:null`, `field:exists` and `field:missing`."""
    return st.builds(
        lambda form, field: form(field),
        st.sampled_from((builders.exists, builders.missing, builders.null)),
        st.sampled_from(tuple(fields)),
    )


def regexes(customers: Customers) -> st.SearchStrategy[str]:
    """`field:~.*part.*` with a part of a value, which means the same whether patterns are anchored or not."""
    parts = [(f, run) for f, value in _safe(customers) for run in _PLAIN_RUN.findall(value)]
    return drawn([builders.regex(field, f".*{part[len(part) // 3 :]}.*") for field, part in parts])


def regexes_of_words(customers: Customers) -> st.SearchStrategy[str]:
    """`field:(~.*two words.*)` with a value that is words with single spaces."""
    return drawn(
        [
            builders.regex_words(field, f".*{value}.*")
            for field, value in _members(customers)
            if isinstance(value, str) and _WORDS.fullmatch(value)
        ]
    )


def queries(customers: Customers, fields: Sequence[str] = FIELDS) -> st.SearchStrategy[str]:
    """q in any published form that these customers have values for, the plain form first."""
    return st.one_of(
        exacts(customers),
        all_ofs(customers),
        any_ofs(customers),
        booleans(customers),
        presences(fields),
        regexes(customers),
        regexes_of_words(customers),
        numbers(customers),
        dates(customers),
    )


def _members(customers: Customers) -> list[tuple[str, Any]]:
    return [member for customer in customers for member in members_of(customer)]


def _safe(customers: Customers) -> list[tuple[str, str]]:
    return list(dict.fromkeys((f, value) for f, value in _members(customers) if builders.is_q_safe(value)))
