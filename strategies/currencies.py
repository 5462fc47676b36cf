"""Currencies: codes that every list in use has, wrong lengths, and letters that ISO 4217 never assigned."""

import datetime
import string
from functools import cache

import hypothesis.strategies as st
from babel import Locale
from babel.numbers import get_territory_currencies

from strategies.cases import Case, drawn

# A tenant's list may be old or new. A code counts when it was legal tender on all of these days.
_DAYS = (datetime.date(2005, 1, 1), datetime.date(2015, 1, 1), datetime.date(2030, 1, 1))
_FAMILIAR = ("EUR", "CHF", "GBP", "JPY", "USD", "KWD")
_ENDED = frozenset({"BGN"})  # Bulgaria has the euro since 2026-01-01

# ISO 4217 takes its first two letters from ISO 3166, which leaves these to its users for ever, or from X.
_NEVER_COUNTRIES = ("ZZ", "AA", *(f"Q{letter}" for letter in "MNOPQRSTUVWXYZ"))


@cache
def codes() -> tuple[str, ...]:
    """The codes of currencies that have been legal tender for many years, the familiar ones first."""
    names = map(str, Locale("en").territories)
    territories = [name for name in names if len(name) == 2 and name.isalpha()]
    tender = [
        {
            str(code)
            for territory in territories
            for code in get_territory_currencies(territory, start_date=day, end_date=day, tender=True)
        }
        for day in _DAYS
    ]
    lasting = set.intersection(*tender) - _ENDED
    return (*_FAMILIAR, *sorted(lasting - set(_FAMILIAR)))


@cache
def currencies() -> st.SearchStrategy[str]:
    """Codes that any tenant compliant with ISO 4217 must know. Source: preferredCurrency."""
    return st.sampled_from(codes())


@cache
def no_currencies() -> st.SearchStrategy[str]:
    """Three upper-case letters that no edition of ISO 4217 assigned, and none will."""
    endings = st.sampled_from(string.ascii_uppercase[::-1])
    return st.builds(str.__add__, st.sampled_from(_NEVER_COUNTRIES), endings)


@cache
def lower_case() -> st.SearchStrategy[str]:
    """Currency codes in lower case, which the schema admits and ISO 4217 does not."""
    return currencies().map(str.lower)


def broken_currency_cases(constraint: str | None = None) -> tuple[Case[str], ...]:
    """Currencies of the wrong length, all or those of one constraint.

    The constraints are preferredCurrency.min-length and preferredCurrency.max-length; lengths are counted in
    characters, so a single euro sign is one although UTF-8 needs three bytes for it.
    """
    return tuple(case for case in _BROKEN if constraint in (None, case.constraint))


def broken_currencies(constraint: str | None = None) -> st.SearchStrategy[Case[str]]:
    """One of the currencies of the wrong length."""
    return drawn(broken_currency_cases(constraint))


_SHORT, _LONG = "preferredCurrency.min-length", "preferredCurrency.max-length"
_BROKEN = (
    Case("2 characters", "EU", _SHORT),
    Case("1 character", "E", _SHORT),
    Case("1 character of 3 bytes", "€", _SHORT),
    Case("no character", "", _SHORT),
    Case("4 characters", "EURO", _LONG),
    Case("a code and a space", "EUR ", _LONG),
    Case("a space and a code", " EUR", _LONG),
    Case("5 characters", "EUROS", _LONG),
    Case("two codes", "EUR,USD", _LONG),
    Case("255 characters", "EUR" * 85, _LONG),
)
