"""Tenant names: well-formed ones, and ones near to a real name that break one constraint."""

import string

import hypothesis.strategies as st

from strategies.cases import Case, drawn

SHORTEST, LONGEST = 3, 16

_LETTERS = string.ascii_lowercase
_MIN, _MAX, _PATTERN = "tenant.min-length", "tenant.max-length", "tenant.pattern"
_OUTSIDE = (
    ("a hyphen", "-"),
    ("an underscore", "_"),
    ("a dot", "."),
    ("a space", " "),
    ("an umlaut", "ü"),
    ("a letter of another script", "ж"),
    ("a digit of another script", "٣"),
    ("an emoji", "😀"),
    ("a dollar sign", "$"),
    ("a percent sign", "%"),
    ("a single quote", "'"),
)


def names() -> st.SearchStrategy[str]:
    """Well-formed tenant names of 3 to 16 characters, which may be anybody's: for parsers, not for requests.

    Source: list, tenant.
    """
    characters = st.sampled_from(_LETTERS + string.digits)
    tails = st.lists(characters, min_size=SHORTEST - 1, max_size=LONGEST - 1).map("".join)
    return st.builds(str.__add__, st.sampled_from(_LETTERS), tails)


def broken_name_cases(tenant: str = "acme", constraint: str | None = None) -> tuple[Case[str], ...]:
    """Names that break one constraint, all or those of tenant.min-length, tenant.max-length, tenant.pattern.

    They are made from the name of the tenant under test, so that a service which lowers, trims or cuts names
    is found out by an answer, and are not percent-encoded. A name of one character breaks the pattern as
    well, which asks for two.
    """
    middle = max(1, min(len(tenant), LONGEST - 1) // 2)
    head, tail = tenant[:middle], tenant[middle : LONGEST - 1]
    cases = (
        Case("2 characters", (tenant + "ab")[:2], _MIN),
        Case("1 character", tenant[:1], _MIN),
        Case("17 characters", tenant.ljust(17, "x"), _MAX),
        Case("the name four times and more", (tenant * 17)[: max(17, 4 * len(tenant) + 1)], _MAX),
        Case("255 characters", tenant.ljust(255, "x"), _MAX),
        Case("the name in upper case", tenant.upper(), _PATTERN),
        Case("the name with a capital", tenant[:1].upper() + tenant[1:], _PATTERN),
        Case("a capital at the end", (tenant[: LONGEST - 1] + "X"), _PATTERN),
        Case("a digit first", "1" + tenant[: LONGEST - 1], _PATTERN),
        Case("digits alone", "12345", _PATTERN),
        Case("a space at the end", tenant[: LONGEST - 1] + " ", _PATTERN),
        *(Case(f"{name} inside", head + text + tail, _PATTERN) for name, text in _OUTSIDE),
    )
    by_value = {case.value: case for case in reversed(cases) if constraint in (None, case.constraint)}
    return tuple(reversed(by_value.values()))


def broken_names(tenant: str = "acme", constraint: str | None = None) -> st.SearchStrategy[Case[str]]:
    """One of the names that break a constraint."""
    return drawn(broken_name_cases(tenant, constraint))
