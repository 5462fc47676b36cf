"""Currencies: common codes, codes of the wrong length, and codes that ISO 4217 never assigned."""

import string

import hypothesis.strategies as st

from strategies.cases import Case

CODES = ("EUR", "CHF", "GBP", "JPY", "USD", "CAD", "AUD", "SEK", "PLN")
"""Much traded currencies, which any tenant compliant with ISO 4217 must know. Source: preferredCurrency."""

# ISO 4217 takes the first two letters from ISO 3166, which reserves these for private use, or from X.
_PRIVATE_COUNTRIES = ("ZZ", "AA", *(f"Q{letter}" for letter in "MNOPQRSTUVWXYZ"))


def unassigned_currencies() -> st.SearchStrategy[str]:
    """Three upper-case letters that no edition of ISO 4217 has assigned or will assign."""
    endings = st.sampled_from(string.ascii_uppercase[::-1])
    return st.builds(str.__add__, st.sampled_from(_PRIVATE_COUNTRIES), endings)


def invalid_currency_cases(constraint: str) -> tuple[Case[str], ...]:
    """Currencies of the wrong length: preferredCurrency.min-length or preferredCurrency.max-length.

    Lengths are counted in characters: a single euro sign is one, although UTF-8 needs three bytes for it.
    """
    return tuple(case for case in _INVALID if case.constraint == constraint)


_SHORT, _LONG = "preferredCurrency.min-length", "preferredCurrency.max-length"
_INVALID = (
    Case("2 characters", "EU", _SHORT),
    Case("an empty string", "", _SHORT),
    Case("1 character", "E", _SHORT),
    Case("1 character of 3 bytes", "€", _SHORT),
    Case("4 characters", "EURO", _LONG),
    Case("a code and a space", "EUR ", _LONG),
    Case("a space and a code", " EUR", _LONG),
    Case("5 characters", "EUROS", _LONG),
    Case("two codes", "EUR,USD", _LONG),
    Case("255 characters", "EUR" * 85, _LONG),
)
