"""Causes: which clause is violated when a property that was confirmed has changed."""

from dataclasses import dataclass
from typing import Literal

from oracle.customers.properties import DEFAULTS, GENERATED
from oracle.json_values import Json
from spec import Absent

Kind = Literal["write", "empty write", "elsewhere", "rejection", "duplicate"]


@dataclass(frozen=True, slots=True)
class Cause:
    """What ran since a customer was last confirmed. Constructed by the functions below, one for each situation."""

    operation: str
    kind: Kind

    def clause_for(self, name: str, actual: Json | Absent) -> str:
        """The clause that is violated where a confirmed property now has the value `actual`."""
        if self.kind == "write":
            return self._clause_of_write(name, actual)
        return {
            "empty write": "patch.empty.changes-nothing",
            "elsewhere": f"{self.operation}.others.unchanged",
            "rejection": f"{self.operation}.refused.changes-nothing",
            "duplicate": "create.duplicate.keeps-existing",
        }[self.kind]

    def _clause_of_write(self, name: str, actual: Json | Absent) -> str:
        if name == "id":
            return f"{self.operation}.id.{'custom' if self.operation == 'create' else 'fixed'}"
        if name in GENERATED:
            return f"{self.operation}.{name}.generated"
        if self.operation != "patch":
            return f"{self.operation}.{name}.round-trip"
        reset = name in DEFAULTS and actual == DEFAULTS[name]
        return "patch.defaults.not-applied" if reset else "patch.fields.only-named"


def clause_of(cause: Cause | str, name: str, actual: Json | Absent) -> str:
    """The clause that is violated where a confirmed property now has this value; a text is the clause itself."""
    return cause if isinstance(cause, str) else cause.clause_for(name, actual)


def written(operation: str, *, names: bool = True) -> Cause:
    """An accepted write of this customer, upsert or patch; names=False: a patch that named no property."""
    return Cause(operation, "write" if names else "empty write")


def elsewhere(operation: str) -> Cause:
    """An accepted write of another customer: create, upsert, patch or delete."""
    return Cause(operation, "elsewhere")


def rejected(operation: str) -> Cause:
    """A write of this customer that the tenant rejected."""
    return Cause(operation, "rejection")


def duplicated() -> Cause:
    """A create that was rejected with 409 because this customer has the id or the e-mail."""
    return Cause("create", "duplicate")
