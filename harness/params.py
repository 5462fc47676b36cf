"""Rows of a parametrised test, each marked with the clauses that it answers for."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import pytest

from harness.clause_ids import of
from harness.plugin.profiles import only_nightly
from strategies.cases import Case
from strategies.customers import BodyOperation

OPERATIONS = ("list", "create", "search", "get", "upsert", "patch", "delete")
WRITES: tuple[BodyOperation, ...] = ("create", "upsert", "patch")
RESULTS = ("list", "search")


def each(operations: Iterable[str], *aspects: str) -> list[Any]:
    """One row for each operation, marked with its clauses of these aspects."""
    return [
        pytest.param(
            operation,
            marks=pytest.mark.clause(*(name for aspect in aspects for name in of(operation, aspect=aspect))),
        )
        for operation in operations
    ]


def cases(
    operations: Iterable[str],
    named: Sequence[Case[Any]],
    aspect: str = "",
    *,
    gate: Collection[str] | None = None,
    also: Sequence[str] = (),
) -> list[Any]:
    """One row for each operation and case, marked with the operation's clause of the aspect.

    Without an aspect it is that of the case's own constraint; `also` are further ones. The cases that `gate`
    does not name run at night only; without `gate` all run at the gate.
    """
    return [
        pytest.param(
            operation,
            case,
            id=f"{operation}-{case.constraint + '-' if not aspect and case.constraint else ''}{case.name}",
            marks=[
                pytest.mark.clause(*(f"{operation}.{each}" for each in (aspect or case.constraint, *also))),
                *([] if gate is None or case.name in gate else [only_nightly]),
            ],
        )
        for operation in operations
        for case in named
    ]
