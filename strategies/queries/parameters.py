"""The other query parameters: sort, paging, expand, and the flag of create and upsert."""

import itertools
from collections.abc import Sequence

import hypothesis.strategies as st

from strategies.cases import Case, drawn

EXPANDS = ("addresses", "accounts", "mixin:*")
DIRECTIONS = ("", ":asc", ":desc")


def sorts(fields: Sequence[str]) -> st.SearchStrategy[str]:
    """One property to sort by: `field`, `field:asc` or `field:desc`. Source: list, sort."""
    return st.builds(str.__add__, st.sampled_from(tuple(fields)), st.sampled_from(DIRECTIONS))


def several_sorts(fields: Sequence[str]) -> tuple[Case[str], ...]:
    """Two properties to sort by, in each way that the contract or a sibling writes them: open."""
    first, second = fields[0], fields[1]
    return (
        Case("colons", f"{first}:{second}"),
        Case("colons and directions", f"{first}:asc:{second}:desc"),
        Case("commas", f"{first},{second}"),
        Case("commas and directions", f"{first}:asc,{second}:desc"),
    )


def localised_sorts(field: str = "firstName", language: str = "en") -> tuple[Case[str], ...]:
    """A localised property to sort by, with each direction. Source: list, sort; no customer has one."""
    return tuple(
        Case(f"localised{direction.replace(':', ' ')}", f"{field}.{language}{direction}")
        for direction in DIRECTIONS
    )


def unknown_sorts() -> tuple[Case[str], ...]:
    """Sort values that name no property or no direction."""
    return (
        Case("an unknown property", "noSuchProperty"),
        Case("an unknown direction", "firstName:sideways"),
        Case("a colon", ":"),
        Case("nothing", ""),
        Case("a direction alone", ":desc"),
        Case("an operator", "$where:asc"),
    )


_TOO_SMALL = (("0", "0"), ("-1", "-1"), ("-60", "-60"), ("below 32 bits", "-2147483649"))
_NO_INTEGERS = (
    ("a word", "abc"),
    ("a fraction", "1.5"),
    ("a number and a letter", "1x"),
    ("a broken exponent", "1e1x"),
    ("two numbers", "1,2"),
    ("a hexadecimal number", "0x10"),
    ("the word null", "null"),
    ("the word true", "true"),
    ("a number in brackets", "[1]"),
    ("an expression", "2-1"),
)
# JSON Schema counts 1.0 and 1e1 as integers; frameworks read an empty value as none at all and a plus sign as
# a space. A tenant may take these, so they are asked for robustness alone.
_DOUBTFUL = (
    ("nothing", ""),
    ("a whole number with a fraction part", "1.0"),
    ("an exponent", "1e1"),
    ("a plus sign", "+1"),
    ("leading zeros", "007"),
    ("spaces around", " 1 "),
    ("digits of another script", "١"),
)
_HUGE = (
    ("a page far past the end", "99999"),
    ("the last 32-bit number", "2147483647"),
    ("past 32 bits", "2147483648"),
    ("10 to the 15th", "1000000000000000"),
    ("the last 64-bit number", "9223372036854775807"),
    ("past 64 bits", "9223372036854775808"),
    ("400 digits", "9" * 400),
)


def broken_page_sizes(constraint: str | None = None) -> tuple[Case[str], ...]:
    """Values of pageSize that are surely invalid, all or those of pageSize.min or pageSize.type."""
    return _broken("pageSize", constraint)


def broken_page_numbers(constraint: str | None = None) -> tuple[Case[str], ...]:
    """Values of pageNumber that are surely invalid, all or those of pageNumber.min or pageNumber.type."""
    return _broken("pageNumber", constraint)


def doubtful_pages() -> tuple[Case[str], ...]:
    """Page sizes and numbers on whose validity readers of the contract may differ."""
    return tuple(itertools.starmap(Case, _DOUBTFUL))


def huge_pages() -> tuple[Case[str], ...]:
    """Valid page sizes and numbers that are larger than some tenants can count."""
    return tuple(itertools.starmap(Case, _HUGE))


def page_sizes(largest: int = 60) -> st.SearchStrategy[int]:
    """Valid page sizes, 1 first. Source: list, pageSize."""
    return st.integers(1, largest)


def _broken(parameter: str, constraint: str | None) -> tuple[Case[str], ...]:
    cases = (
        *(Case(name, value, f"{parameter}.min") for name, value in _TOO_SMALL),
        *(Case(name, value, f"{parameter}.type") for name, value in _NO_INTEGERS),
    )
    return tuple(case for case in cases if constraint in (None, case.constraint))


def expands() -> st.SearchStrategy[str]:
    """One to three of the published attributes in any order, joined by commas. Source: list, expand."""
    return st.sampled_from([case.value for case in expand_cases()])


def expand_cases() -> tuple[Case[str], ...]:
    """Every arrangement of one, two and three of the published attributes."""
    arrangements = itertools.chain.from_iterable(itertools.permutations(EXPANDS, n) for n in (1, 2, 3))
    return tuple(Case(text, text) for text in map(",".join, arrangements))


def unknown_expands() -> tuple[Case[str], ...]:
    """Attributes that expand does not have, alone and beside one that it has."""
    return (
        Case("an unknown attribute", "orders"),
        Case("a known and an unknown attribute", "addresses,orders"),
        Case("a known attribute in another case", "ADDRESSES"),
        Case("a mixin without its star", "mixin"),
        Case("a mixin of no such name", "mixin:noSuchMixin"),
        Case("a comma", ","),
        Case("nothing", ""),
        Case("an attribute twice", "accounts,accounts"),
        Case("a space behind the comma", "addresses, accounts"),
    )


def broken_flags() -> st.SearchStrategy[Case[str]]:
    """One of the values of sendPasswordResetNotifications that are surely no boolean."""
    return drawn(broken_flag_cases())


def broken_flag_cases() -> tuple[Case[str], ...]:
    """Values that no framework reads as a boolean; yes, on and 1 are not among them, some do."""
    suffix = "sendPasswordResetNotifications.type"
    return (
        Case("a word", "maybe", suffix),
        Case("a number", "2", suffix),
        Case("the word false and more", "falsey", suffix),
        Case("the word null", "null", suffix),
        Case("a list", "false,true", suffix),
    )
