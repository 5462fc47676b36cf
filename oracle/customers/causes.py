"""Which promise is broken when a value that was seen right is wrong at the next look."""

from dataclasses import dataclass
from typing import Literal

from oracle.customers.properties import DEFAULTS, GENERATED
from oracle.values.json_values import Absent, Json

Kind = Literal["write", "empty write", "elsewhere", "refusal", "duplicate", "read", "view", "other tenant"]


@dataclass(frozen=True, slots=True)
class Cause:
    """What ran between the last look and this one. Made by the functions below, one for each situation."""

    operation: str
    kind: Kind

    def blames(self, name: str, actual: Json | Absent) -> str:
        """The clause that a confirmed property breaks when it now holds `actual`."""
        if self.kind == "write":
            return self._own_write(name, actual)
        return {
            "empty write": "patch.empty.changes-nothing",
            "elsewhere": f"{self.operation}.others.unchanged",
            "refusal": f"{self.operation}.refused.changes-nothing",
            "duplicate": "create.duplicate.keeps-existing",
            "read": f"{self.operation}.changes-nothing",
            "view": f"{self.operation}.agrees-with-get",
            "other tenant": "isolation.writes",
        }[self.kind]

    def _own_write(self, name: str, actual: Json | Absent) -> str:
        if name == "id":
            return f"{self.operation}.id.{'custom' if self.operation == 'create' else 'fixed'}"
        if name in GENERATED:
            return f"{self.operation}.{name}.generated"
        if self.operation != "patch":
            return f"{self.operation}.{name}.round-trip"
        reset = name in DEFAULTS and actual == DEFAULTS[name]
        return "patch.defaults.not-applied" if reset else "patch.fields.only-named"


def blamed(since: Cause | str, name: str, actual: Json | Absent) -> str:
    """The clause that a confirmed property breaks; a text is the clause itself.

    The text patch.fields.only-named stands for an accepted patch, which for some properties has finer ones.
    """
    if since == "patch.fields.only-named":
        since = written("patch")
    return since if isinstance(since, str) else since.blames(name, actual)


def written(operation: str, *, names: bool = True) -> Cause:
    """An accepted write of this customer, upsert or patch; names=False: a patch that named no property."""
    return Cause(operation, "write" if names else "empty write")


def elsewhere(operation: str) -> Cause:
    """An accepted write of another customer: create, upsert, patch or delete."""
    return Cause(operation, "elsewhere")


def refused(operation: str) -> Cause:
    """A write of this customer that the tenant refused."""
    return Cause(operation, "refusal")


def duplicated() -> Cause:
    """A create answered 409 because this customer has the id or the e-mail."""
    return Cause("create", "duplicate")


def looked(operation: str) -> Cause:
    """A read: get, list or search."""
    return Cause(operation, "read")


def viewed(operation: str) -> Cause:
    """Nothing ran; list or search is compared with what get has shown."""
    return Cause(operation, "view")


def foreign(operation: str) -> Cause:
    """A write in another tenant."""
    return Cause(operation, "other tenant")
