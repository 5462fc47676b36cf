"""The clause catalogue: every promise of the customer API under one id."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast, get_args

from spec.errors import SpecificationError
from spec.files import read_yaml

Level = Literal["must", "should", "unspecified"]

CATALOGUE = Path(__file__).with_name("clauses.yaml")
OPERATIONS = (
    "token",
    "any",
    "errors",
    "http",
    "list",
    "create",
    "search",
    "get",
    "upsert",
    "patch",
    "delete",
)
NEEDS = frozenset(
    {
        "restrictions",
        "restricted-client",
        "second-tenant",
        "client-credentials",
        "short-lived-tokens",
        "custom-ids",
        "active-on-creation",
        "on-hold-on-creation",
        "shown-metadata",
    }
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One promise: its id (operation.subject.aspect), level, sentence and source."""

    id: str
    operation: str
    level: Level
    text: str
    source: str
    needs: frozenset[str] = frozenset()
    untestable: str | None = None


class Violation(AssertionError):
    """A promise seen broken: the clause, what was accepted, and what came.

    `detail` holds one line of context, such as the JSON path of the first difference.
    Every clause has a subclass of its own: Hypothesis tells failures apart by exception type, so that
    shrinking the counterexample of one clause never slips into that of another.
    """

    diagnosed: Callable[[], "Violation"] | None = None
    """Asks what is really broken, for whoever has waited long enough; None where there is nothing to ask."""

    def __new__(cls, clause_id: str, **_: str) -> "Violation":
        kind = _KINDS.setdefault(clause_id, type("Violation", (Violation,), {"__module__": __name__}))
        return super().__new__(kind, clause_id)

    def __init__(self, clause_id: str, *, expected: str, actual: str, detail: str = "") -> None:
        self.clause = clause(clause_id)
        self.expected = expected
        self.actual = actual
        self.detail = detail
        super().__init__(
            f"{self.clause.id}: {self.clause.text}\n  accepted: {expected}\n  came:     {actual}"
            + (f"\n  at:       {detail}" if detail else "")
        )


_KINDS: dict[str, type[Violation]] = {}


@cache
def clauses(path: Path = CATALOGUE) -> Mapping[str, Clause]:
    """Every clause by its id, in catalogue order; SpecificationError names the entry that cannot be read."""
    entries = read_yaml(path)
    if not isinstance(entries, list) or not entries:
        raise SpecificationError(f"{path}: must be a list of clauses; restore it from the release.")
    catalogue: dict[str, Clause] = {}
    for number, entry in enumerate(entries, start=1):
        read = _clause(entry, f"{path}, entry {number}")
        if read.id in catalogue:
            raise SpecificationError(f"{path}, entry {number}: the id {read.id} is taken; choose another.")
        catalogue[read.id] = read
    return catalogue


def clause(clause_id: str) -> Clause:
    """The clause with this id; KeyError with a sentence where there is none."""
    try:
        return clauses()[clause_id]
    except KeyError:
        raise KeyError(f"there is no clause {clause_id} in {CATALOGUE.name}") from None


def _clause(entry: Any, place: str) -> Clause:
    if not isinstance(entry, dict):
        raise SpecificationError(f"{place}: must be a mapping with id, operation, level, text and source.")
    known = {"id", "operation", "level", "text", "source", "needs", "untestable"}
    if unknown := sorted(set(entry) - known):
        raise SpecificationError(
            f"{place}: does not know the key {unknown[0]}; use one of {', '.join(sorted(known))}."
        )
    for key in ("id", "operation", "level", "text", "source"):
        if not isinstance(entry.get(key), str) or not entry[key]:
            raise SpecificationError(f"{place}: needs a {key}, a sentence or name.")
    if entry["operation"] not in OPERATIONS:
        raise SpecificationError(
            f"{place}: {entry['operation']} is no operation; use one of {', '.join(OPERATIONS)}."
        )
    if entry["level"] not in get_args(Level):
        raise SpecificationError(f"{place}: {entry['level']} is no level; use must, should or unspecified.")
    if not isinstance(entry.get("needs", []), list):
        raise SpecificationError(f"{place}: needs must be a list; use {', '.join(sorted(NEEDS))}.")
    if not isinstance(entry.get("untestable", ""), str):
        raise SpecificationError(f"{place}: untestable must be a sentence that gives the reason.")
    needs = frozenset(entry.get("needs", ()))
    if unknown := sorted(needs - NEEDS):
        raise SpecificationError(
            f"{place}: does not know the need {unknown[0]}; use one of {', '.join(sorted(NEEDS))}."
        )
    return Clause(
        id=entry["id"],
        operation=entry["operation"],
        level=cast(Level, entry["level"]),
        text=entry["text"],
        source=entry["source"],
        needs=needs,
        untestable=entry.get("untestable"),
    )
