"""Parameters of parametrised tests, each marked with the clauses that it covers."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import pytest

from harness.plugin.execution.profiles import only_nightly
from spec import clauses
from strategies.cases import Case
from strategies.customers import BodyOperation

READS = ("list", "search", "get")
WRITES: tuple[BodyOperation, ...] = ("create", "upsert", "patch")
RESULTS = ("list", "search")
DIRECTIONS = {":asc": "ascending", ":desc": "descending", "": "default-direction"}
"""The suffixes of a sort property, and the aspect of the clause of each."""
covering = pytest.mark.covers
"""The mark that declares clauses."""


def round_trips(operation: str) -> tuple[str, ...]:
    """The clauses that promise that what the operation writes is read back."""
    return tuple(
        name for name in clauses() if name.startswith(f"{operation}.") and name.endswith(".round-trip")
    )


def operations(names: Iterable[str], *aspects: str) -> list[Any]:
    """One parameter for each operation, marked with its clauses of these aspects, as far as it has them."""
    return [
        pytest.param(
            name, marks=covering(*(each for aspect in aspects if (each := f"{name}.{aspect}") in clauses()))
        )
        for name in names
    ]


def cases(
    names: Iterable[str],
    values: Sequence[Case[Any]],
    aspect: str = "",
    *,
    gate: Collection[str] | None = None,
    also: Sequence[str] = (),
) -> list[Any]:
    """One parameter for each operation and case, marked with the operation's clause of the aspect.

    Without an aspect it is that of the case's own constraint; `also` are further ones. Cases that `gate` does not
    name run in the nightly profile only; without `gate` all run at the gate.
    """
    return [
        pytest.param(
            name,
            case,
            id=f"{name}-{case.constraint + '-' if not aspect and case.constraint else ''}{case.name}",
            marks=[
                covering(*(f"{name}.{each}" for each in (aspect or case.constraint, *also))),
                *([] if gate is None or case.name in gate else [only_nightly]),
            ],
        )
        for name in names
        for case in values
    ]
