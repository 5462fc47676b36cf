"""How a customer that a tenant shows differs from what is known of it, and whom that blames."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from oracle.customers.causes import Cause, blamed
from oracle.customers.model import CustomerModel
from oracle.customers.properties import GENERATED, MIXINS, WRITABLE, essence, path_of
from oracle.values.json_values import ABSENT, Absent, Alternatives, Anything, Json, instant, is_json, same
from spec import Violation
from spec.formatting import contrast, show


@dataclass(frozen=True, slots=True)
class Difference:
    """The first place where an answer is not what was promised, and the clause that this breaks."""

    path: str
    property: str
    expected: str
    actual: str
    clause: str

    def violation(self) -> Violation:
        """The difference as an exception to raise."""
        return Violation(self.clause, expected=self.expected, actual=self.actual, detail=self.path)


def difference(
    record: CustomerModel,
    seen: Json,
    *,
    expand: Collection[str] = (),
    since: Cause | str | None = None,
    read: str = "get",
) -> Difference | None:
    """The first difference between the record and a customer that get, list or search returned; None is good.

    expand: the attributes asked for ("mixin:*" brings the mixins, which are compared only then). since: what
    ran after the record was last confirmed, or the clause that a change since then breaks. read: what
    showed the customer. Everything that the contract leaves open is passed over: further properties,
    email, accounts, addresses, metadata.version.
    """
    return next(differences(record, seen, expand=expand, since=since, read=read), None)


def differences(
    record: CustomerModel,
    seen: Json,
    *,
    expand: Collection[str] = (),
    since: Cause | str | None = None,
    read: str = "get",
) -> Iterator[Difference]:
    """Every difference, in the order id, writable properties, generated properties; see `difference`."""
    if not isinstance(seen, dict):
        what = show(seen) if is_json(seen) else "no JSON"
        yield Difference("$", "", "a customer, which is an object", what, f"{read}.schema.customer")
        return
    for name in ("id", *WRITABLE, *GENERATED):
        shown = essence(name, seen.get(name))
        if _passed_over(record, name, shown, expand, read):
            continue
        accepted = _accepted(record, name)
        if not any(_fits(name, value, shown) for value in accepted):
            expected, came = _texts(tuple(essence(name, value) for value in accepted), shown)
            yield Difference(path_of(name), name, expected, came, _blamed(record, name, shown, since, read))


def learned(
    record: CustomerModel, seen: Json, *, expand: Collection[str] = (), read: str = "get"
) -> CustomerModel:
    """The record with what an answer shows: open values narrowed to the seen one, right ones confirmed."""
    if not isinstance(seen, dict):
        return record
    fields, confirmed = dict(record.fields), set(record.confirmed)
    for name in ("id", *WRITABLE, *GENERATED):
        actual = essence(name, seen.get(name))
        if _passed_over(record, name, actual, expand, read) or (name in GENERATED and actual is ABSENT):
            continue
        fitting = [value for value in _accepted(record, name) if _fits(name, value, actual)]
        if fitting:
            confirmed.add(name)
        if fitting and name != "id":
            fields[name] = (actual if isinstance(fitting[0], Anything) else fitting[0],)
    return replace(record, fields=fields, confirmed=frozenset(confirmed), unsettled=False)


def assessed(
    record: CustomerModel, seen: Json, *, expand: Collection[str] = (), read: str = "get"
) -> tuple[str, ...]:
    """The promises that an answer without a difference has shown to be kept, for the first time.

    Only what could have been broken counts: values that are open, and properties nobody wrote, do not.
    """
    kept = dict.fromkeys(
        record.promises[name]
        for name in (*WRITABLE, *GENERATED)
        if name not in record.confirmed and _told(record, name, seen, expand, read)
    )
    return tuple(kept)


def _told(record: CustomerModel, name: str, seen: Json, expand: Collection[str], read: str) -> bool:
    shown = essence(name, seen.get(name)) if isinstance(seen, dict) else ABSENT
    accepted = record.fields[name]
    if _passed_over(record, name, shown, expand, read) or not any(
        _fits(name, value, shown) for value in accepted
    ):
        return False
    never_written = record.promises[name].endswith(".round-trip") and shown is ABSENT
    return not never_written and (len(accepted) == 1 or name in GENERATED)


def _accepted(record: CustomerModel, name: str) -> Alternatives:
    return (record.id,) if name == "id" else record.fields[name]


def _passed_over(
    record: CustomerModel, name: str, actual: Json | Absent, expand: Collection[str], read: str
) -> bool:
    """Whether this answer says nothing of the property.

    A list may show less of what the tenant generates than get does, and metadata may be the tenant's own affair.
    """
    if name == "mixins":
        return MIXINS not in expand
    if name == "metadata" and not record.rules.shows_metadata:
        return actual is ABSENT
    return name in GENERATED and actual is ABSENT and read != "get"


def _fits(name: str, value: Json | Absent | Anything, actual: Json | Absent) -> bool:
    if isinstance(value, Anything):
        return not any(same(actual, smuggled) for smuggled in value.but)
    value = essence(name, value)
    if name == "metadataCreatedAt" and instant(value) is not None:
        return instant(value) == instant(actual)
    return same(value, actual)


def _blamed(
    record: CustomerModel, name: str, actual: Json | Absent, since: Cause | str | None, read: str
) -> str:
    if name == "id" and actual is ABSENT:
        return f"{read}.id.present"
    if name not in record.confirmed:
        return record.promises[name]
    if since:
        return blamed(since, name, actual)
    if read != "get":
        return f"{read}.agrees-with-get"
    return "get.expand.mixin" if name == "mixins" and actual is ABSENT else "get.changes-nothing"


def _texts(accepted: Alternatives, actual: Json | Absent) -> tuple[str, str]:
    if len(accepted) == 1 and not isinstance(accepted[0], Anything):
        return contrast(accepted[0], actual)
    return " or ".join(map(_text, accepted)), show(actual)


def _text(value: Json | Absent | Anything) -> str:
    if not isinstance(value, Anything):
        return show(value)
    return "anything" + "".join(f" but {show(smuggled)}" for smuggled in value.but)
