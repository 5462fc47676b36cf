"""The model of one customer: the values that the contract permits, and the clauses that wrong values violate."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from oracle.customers.causes import Cause
from oracle.customers.properties import GENERATED, MIXINS, WRITABLE, compared_part
from oracle.json_values import Alternatives, Anything, Json, instant, same
from oracle.tenant_config import Rules
from spec import ABSENT, Absent


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
        List and search may show fewer generated properties than get, and a tenant may keep metadata to itself.
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
