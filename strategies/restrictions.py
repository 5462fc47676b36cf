"""Restrictions: values in a tenant's configured list, values that are not, and the three ways to say none."""

from collections.abc import Sequence

import hypothesis.strategies as st

from strategies.cases import ABSENT, Absent, Case, drawn


def listed(configured: Sequence[str]) -> st.SearchStrategy[str]:
    """A value of the configured list; nothing to draw where the list is empty."""
    return drawn(configured)


def unlisted_cases(configured: Sequence[str]) -> tuple[Case[str], ...]:
    """Values that the configured list holds in no case, the near misses of its first value among them.

    Source: restriction, "The value must exist in the tenant's configured list of valid restrictions".
    """
    first = configured[0] if configured else "DE"
    candidates = (
        Case("another value", "ZZ"),
        Case("a beginning of a listed value", first[:-1]),
        Case("a listed value and more", f"{first}X"),
        Case("a listed value twice", first + first),
        Case("a listed value and a space", f"{first} "),
        Case("a space and a listed value", f" {first}"),
        Case("two values in one", f"{first},{configured[-1] if configured else 'AT'}"),
        Case("a pattern that matches a listed value", f"{first[:-1]}."),
        Case("any value", "*"),
        Case("the word null", "null"),
        Case("a word nobody configures", "no-such-restriction"),
    )
    taken = {value.casefold() for value in configured} | {""}
    return tuple(
        Case(case.name, case.value, "restriction.unlisted")
        for case in candidates
        if case.value.casefold() not in taken
    )


def wrong_case_cases(configured: Sequence[str]) -> tuple[Case[str], ...]:
    """Listed values in another case, save those that are listed in that case too."""
    changes = (("lower", str.lower), ("upper", str.upper), ("title", str.title), ("swapped", str.swapcase))
    found: dict[str, Case[str]] = {}
    for value in configured:
        for name, change in changes:
            changed = change(value)
            if changed not in configured and changed.casefold() == value.casefold():
                found.setdefault(changed, Case(f"{value} in {name} case", changed, "restriction.case"))
    return tuple(found.values())


def wrong_case(configured: Sequence[str]) -> st.SearchStrategy[Case[str]]:
    """One of the listed values in another case; nothing to draw where no value has another case."""
    return drawn(wrong_case_cases(configured))


def empty() -> st.SearchStrategy[str]:
    """The empty restriction, of which the contract says nothing."""
    return st.just("")


def null() -> st.SearchStrategy[None]:
    """The null restriction, which the schema admits."""
    return st.none()


def absent() -> st.SearchStrategy[Absent]:
    """The restriction that is left out."""
    return st.just(ABSENT)
