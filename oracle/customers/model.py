"""The model of one customer: the values that the contract permits, and the clauses that wrong values violate.

They depend on the configuration of the tenant, and on what ran since the customer was last confirmed.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from oracle.customers.properties import DEFAULTS, GENERATED, MIXINS, WRITABLE, compared_part
from oracle.json_values import Alternatives, Anything, Json, same
from oracle.times import instant
from spec import ABSENT, Absent

Kind = Literal["write", "empty write", "elsewhere", "rejection", "duplicate"]


@dataclass(frozen=True, slots=True)
class Rules:
    """The configuration of a tenant, as far as expected responses depend on it; None: not known.

    restrictions: the configured list; sites: codes of existing sites; synchronise: an unset restriction follows
    preferredSite; recreate: the id of a deleted customer may be used again; active, on_hold: the flags of a new
    customer; custom_ids: custom ids of 1 to 66 characters are accepted (None: the literal reading of the id pattern,
    one character, is possible too); shows_metadata: metadata.mixins are returned at all; free_mixins:
    mixins are accepted whose schema the tenant does not know.
    Source: Validation of restriction; published, prose.
    """

    restrictions: tuple[str, ...] | None = None
    sites: tuple[str, ...] = ("main",)
    synchronise: bool | None = False
    recreate: bool = False
    active: bool | None = None
    on_hold: bool | None = None
    custom_ids: bool | None = None
    shows_metadata: bool = True
    free_mixins: bool = True


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


@dataclass(frozen=True)
class CustomerModel:
    """One customer as far as the contract determines it.

    fields: the permitted values of each property; promises: the clause that a wrong value of a property violates
    until the property is confirmed; confirmed: the properties that a response has shown right since their last
    write; rules: the configuration that later writes are modelled with; ambiguous: since the last confirmation a
    write left several values permitted, so that a stale response may look like a current one; cause: what ran since
    the last confirmation, or the clause that a change since then violates; created_by: create or upsert.
    """

    id: str
    fields: Mapping[str, Alternatives]
    promises: Mapping[str, str] = field(default_factory=dict)
    confirmed: frozenset[str] = frozenset()
    rules: Rules = field(default_factory=Rules)
    ambiguous: bool = False
    cause: Cause | str | None = None
    created_by: str = "create"

    @property
    def email(self) -> str:
        """The definite contactEmail; empty where there is none."""
        email = self.definite("contactEmail")
        return email if isinstance(email, str) else ""

    def definite(self, name: str) -> Json | Absent:
        """The only permitted value of a property, or ABSENT where there are several or none."""
        values = self.fields.get(name, (ABSENT,))
        return values[0] if len(values) == 1 and not isinstance(values[0], Anything) else ABSENT

    def permitted(self, name: str) -> Alternatives:
        """The permitted values of a property or of the id."""
        return (self.id,) if name == "id" else self.fields[name]

    def permitted_as(self, name: str, shown: Json | Absent) -> Alternatives:
        """The permitted values that agree with the compared part of a property in a response; empty: a mismatch."""
        return tuple(value for value in self.permitted(name) if _agrees(name, value, shown))

    def stated(
        self, seen: Mapping[str, Json], *, expand: Collection[str] = (), read: str = "get"
    ) -> Iterator[tuple[str, Json | Absent]]:
        """Name and compared part of each property that a get, list or search response is compared in.

        Order: id, writable properties, generated properties. Mixins are compared only where `expand` has mixin:*.
        List and search may show fewer generated properties than get, and a tenant may omit metadata.
        """
        for name in ("id", *WRITABLE, *GENERATED):
            shown = compared_part(name, seen.get(name))
            optional = (name == "metadata" and not self.rules.shows_metadata) or (
                name in GENERATED and read != "get"
            )
            if not (optional and shown is ABSENT) and (name != "mixins" or MIXINS in expand):
                yield name, shown

    def matches(self, seen: Json | Absent, *, expand: Collection[str] = (), read: str = "get") -> bool:
        """Whether a response shows this customer; parameters as for `comparisons`."""
        return isinstance(seen, dict) and all(
            self.permitted_as(name, shown) for name, shown in self.stated(seen, expand=expand, read=read)
        )

    def after(self, cause: Cause | str | None) -> "CustomerModel":
        """The model with this cause: what ran since the last confirmation."""
        return replace(self, cause=cause)


def _agrees(name: str, value: Json | Absent | Anything, shown: Json | Absent) -> bool:
    if isinstance(value, Anything):
        return not any(same(shown, excluded) for excluded in value.but)
    value = compared_part(name, value)
    if name == "metadataCreatedAt" and instant(value) is not None:
        return instant(value) == instant(shown)
    return same(value, shown)


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
