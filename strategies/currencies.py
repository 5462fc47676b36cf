"""Currencies: codes that every list in use has, wrong lengths, and letters that ISO 4217 never assigned."""

import string
from functools import cache

import hypothesis.strategies as st

from strategies.cases import Case, drawn

CODES = ("EUR", "CHF", "GBP", "JPY", "USD", "CAD", "AUD", "SEK", "PLN")
"""Much traded currencies: a tenant may know fewer than ISO 4217 assigns, but not fewer than these."""

# ISO 4217 takes its first two letters from ISO 3166, which leaves these to its users for ever, or from X.
_NEVER_COUNTRIES = ("ZZ", "AA", *(f"Q{letter}" for letter in "MNOPQRSTUVWXYZ"))


@cache
def currencies() -> st.SearchStrategy[str]:
    """Codes that any tenant compliant with ISO 4217 must know. Source: preferredCurrency."""
    return st.sampled_from(CODES)


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
