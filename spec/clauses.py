"""The clause catalogue: every promise of the customer API under one id."""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import ConfigDict, Field, TypeAdapter, model_validator
from pydantic.dataclasses import dataclass

from spec.errors import SpecificationError
from spec.files import read_model

Level = Literal["must", "should", "unspecified"]
ClauseOperation = Literal[
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
    "addresses",
]
Need = Literal[
    "restrictions",
    "restricted-client",
    "second-tenant",
    "client-credentials",
    "short-lived-tokens",
    "custom-ids",
    "active-on-creation",
    "on-hold-on-creation",
    "shown-metadata",
    "free-mixins",
    "companies",
    "addresses",
]
Words: TypeAlias = Annotated[str, Field(min_length=1)]

CATALOGUE = Path(__file__).with_name("clauses.yaml")

HEADINGS: Mapping[str, str] = {
    "token": "Tokens",
    "any": "Every operation",
    "errors": "Errors",
    "http": "HTTP",
    "list": "List",
    "create": "Create",
    "search": "Search",
    "get": "Get",
    "upsert": "Upsert",
    "patch": "Patch",
    "delete": "Delete",
    "addresses": "Addresses",
}
"""The operations of clauses, as pages and reports name them."""


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class Clause:
    """One promise: its id (operation.subject.aspect), level, sentence and source.

    An unspecified clause lists its `readings`: the ways in which a tenant may fill the gap in the contract.
    """

    id: Words
    operation: ClauseOperation
    level: Level
    text: Words
    source: Words
    needs: frozenset[Need] = frozenset()
    untestable: Words | None = None
    readings: tuple[Words, ...] = ()

    @model_validator(mode="after")
    def _only_an_unspecified_clause_has_readings(self) -> "Clause":
        if (self.level == "unspecified") != bool(self.readings):
            raise ValueError("readings belong to a clause of level unspecified, which must have at least one")
        return self


_ENTRIES: TypeAdapter[list[Clause]] = TypeAdapter(Annotated[list[Clause], Field(min_length=1)])


@cache
def clauses(path: Path = CATALOGUE) -> Mapping[str, Clause]:
    """Every clause by its id, in catalogue order; SpecificationError names the entry that is wrong."""
    entries = read_model(_ENTRIES, path)
    catalogue: dict[str, Clause] = {}
    for number, entry in enumerate(entries, start=1):
        if entry.id in catalogue:
            raise SpecificationError(f"{path}, entry {number}: the id {entry.id} is taken; choose another.")
        catalogue[entry.id] = entry
    return catalogue


def hint_for_unknown(clause_id: str) -> str:
    """What a user may have meant by an id that the catalogue does not have, as the end of a sentence."""
    near = get_close_matches(clause_id, clauses(), 1)
    return f"did you mean {near[0]}?" if near else "docs/clauses.md lists all clauses"


def clause(clause_id: str) -> Clause:
    """The clause with this id; KeyError if there is none."""
    return clauses()[clause_id]
