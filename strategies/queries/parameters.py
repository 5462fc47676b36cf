"""The query parameters besides q: sort, paging, expand, and the flag of create and upsert."""

import itertools
from collections.abc import Sequence

from strategies.cases import Case

EXPANDS = ("addresses", "accounts", "mixin:*")


def rotations(attributes: Sequence[str]) -> tuple[str, ...]:
    """Values of expand with these attributes, each of which takes each place in one of them."""
    turns = range(len(attributes))
    return tuple(",".join([*attributes[turn:], *attributes[:turn]]) for turn in turns)


def unknown_sort_cases() -> tuple[Case[str], ...]:
    """Sort values that name no property or no direction."""
    return (
        Case("an unknown property", "noSuchProperty"),
        Case("an unknown direction", "firstName:sideways"),
        Case("a colon", ":"),
        Case("nothing", ""),
        Case("a direction alone", ":desc"),
        Case("an operator", "$where:asc"),
        Case("quotes", "\"firstName\" 'asc'"),
    )


_TOO_SMALL = (("0", "0"), ("-1", "-1"), ("-60", "-60"), ("below 32 bits", "-2147483649"))
# Values on which readers of the contract differ are left out: JSON Schema counts 1.0 and 1e1 as integers, and
# frameworks treat an empty value as absent and a plus sign as a space.
_NOT_INTEGERS = (
    ("a word", "abc"),
    ("a fraction", "1.5"),
    ("a number and a letter", "1x"),
    ("a malformed exponent", "1e1x"),
    ("two numbers", "1,2"),
    ("a hexadecimal number", "0x10"),
    ("the word null", "null"),
    ("the word true", "true"),
    ("a number in brackets", "[1]"),
    ("an expression", "2-1"),
)
_LARGE = (
    ("a page far past the end", "99999"),
    ("the last 32-bit number", "2147483647"),
    ("past 32 bits", "2147483648"),
    ("10 to the 15th", "1000000000000000"),
    ("the last 64-bit number", "9223372036854775807"),
    ("past 64 bits", "9223372036854775808"),
    ("400 digits", "9" * 400),
)


def invalid_page_size_cases() -> tuple[Case[str], ...]:
    """Values of pageSize that are invalid by any reading: pageSize.min and pageSize.type."""
    return _invalid_page_cases("pageSize")


def invalid_page_number_cases() -> tuple[Case[str], ...]:
    """Values of pageNumber that are invalid by any reading: pageNumber.min and pageNumber.type."""
    return _invalid_page_cases("pageNumber")


def large_page_cases() -> tuple[Case[str], ...]:
    """Valid page sizes and numbers that are larger than some tenants can count."""
    return tuple(itertools.starmap(Case, _LARGE))


def _invalid_page_cases(parameter: str) -> tuple[Case[str], ...]:
    return (
        *(Case(name, value, f"{parameter}.min") for name, value in _TOO_SMALL),
        *(Case(name, value, f"{parameter}.type") for name, value in _NOT_INTEGERS),
    )


def unknown_expand_cases() -> tuple[Case[str], ...]:
    """Values of expand with an attribute that does not exist, or in an unusual form."""
    return (
        Case("an unknown attribute", "orders"),
        Case("a known and an unknown attribute", "addresses,orders"),
        Case("a known attribute in another case", "ADDRESSES"),
        Case("a mixin without its star", "mixin"),
        Case("an unknown mixin", "mixin:noSuchMixin"),
        Case("a comma", ","),
        Case("nothing", ""),
        Case("a duplicate attribute", "accounts,accounts"),
        Case("a space after the comma", "addresses, accounts"),
    )


def invalid_flag_cases() -> tuple[Case[str], ...]:
    """Values that no framework accepts as a boolean; some accept yes, on and 1, so these are not among them."""
    suffix = "sendPasswordResetNotifications.type"
    return (
        Case("a word", "maybe", suffix),
        Case("a number", "2", suffix),
        Case("the word false and more", "falsey", suffix),
        Case("the word null", "null", suffix),
        Case("a list", "false,true", suffix),
    )
