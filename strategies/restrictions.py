"""Restrictions that the configured list of a tenant does not contain."""

from collections.abc import Sequence

import hypothesis.strategies as st

from strategies.cases import Case


def unlisted_cases(configured: Sequence[str], site: str = "main") -> tuple[Case[str], ...]:
    """Values that the list does not contain in any case of letters, a site and near misses among them.

    Source: restriction, "The value must exist in the tenant's configured list of valid restrictions".
    """
    first = configured[0] if configured else "DE"
    candidates = (
        Case("another value", "ZZ"),
        Case("a beginning of a listed value", first[:-1]),
        Case("a listed value and more", f"{first}X"),
        Case("the code of a site", site),
        Case("a listed value twice", first + first),
        Case("a listed value and a space", f"{first} "),
        Case("a space and a listed value", f" {first}"),
        Case("two values in one", f"{first},{configured[-1] if configured else 'AT'}"),
        Case("a pattern that matches a listed value", f"{first[:-1]}."),
        Case("any value", "*"),
        Case("the word null", "null"),
        Case("a word that is never configured", "no-such-restriction"),
    )
    taken = {value.casefold() for value in configured} | {""}
    return tuple(
        Case(case.name, case.value, "restriction.unlisted")
        for case in candidates
        if case.value.casefold() not in taken
    )


def case_variants(configured: Sequence[str]) -> st.SearchStrategy[Case[str]]:
    """Listed values in another case that is not listed; an empty strategy if there is none."""
    changes = (("lower", str.lower), ("upper", str.upper), ("title", str.title), ("swapped", str.swapcase))
    found: dict[str, Case[str]] = {}
    for value in configured:
        for name, change in changes:
            changed = change(value)
            if changed not in configured and changed.casefold() == value.casefold():
                found.setdefault(changed, Case(f"{value} in {name} case", changed, "restriction.case"))
    return st.sampled_from(list(found.values())) if found else st.nothing()
