"""A response compared with the model of a customer: mismatches, evidence, and what is confirmed."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from oracle.customers.model import Cause, CustomerModel, clause_of
from oracle.customers.properties import DEFAULTS, GENERATED, compared_part, path_of
from oracle.json_values import Anything, Json, distinct
from spec import ABSENT, Absent, Kind, Mismatch, OneOf, Rule, show


@dataclass(frozen=True, slots=True)
class Comparison:
    """One property of a response, compared with the model.

    clause: the clause that the property is evidence for, or that it violates; mismatch: None where the value is
    permitted, otherwise owned by the clause; conclusive: whether the response could have violated the clause.
    """

    property: str
    clause: str
    mismatch: Mismatch | None = None
    conclusive: bool = True


def comparisons(
    model: CustomerModel,
    seen: Json | Absent,
    *,
    expand: Collection[str] = (),
    read: str = "get",
    since: Cause | str | None = None,
) -> Iterator[Comparison]:
    """One comparison for each property of a response: id, writable, generated.

    expand: the attributes of the request (mixins are compared only with mixin:*); read: the operation, get, list or
    search; since: what ran since the last confirmation, by default the cause of the model, or the clause that a
    change since then violates. What the contract does not determine is not compared: further properties, email,
    accounts, addresses, metadata.version. A response that is not an object is one mismatch of the schema.
    """
    if not isinstance(seen, dict):
        clause = f"{read}.schema.customer"
        found = Mismatch(
            Kind.SCHEMA, expected=Rule("a customer object"), actual=seen, path="$", customers=(model,)
        )
        yield Comparison("", clause, found.owned_by(clause))
        return
    since = since or model.cause
    for name, shown in model.stated(seen, expand=expand, read=read):
        if model.permitted_as(name, shown):
            clause = _clause(model, name, _likely_failure(name, shown), since, read)
            yield Comparison(name, clause, conclusive=_is_conclusive(model, name, shown))
        else:
            clause = _clause(model, name, shown, since, read)
            yield Comparison(name, clause, _mismatch(model, name, shown).owned_by(clause))


def first_mismatch(
    model: CustomerModel,
    seen: Json | Absent,
    *,
    expand: Collection[str] = (),
    read: str = "get",
    since: Cause | str | None = None,
) -> Mismatch | None:
    """The first mismatch between a response and the model, or None; parameters as for `comparisons`."""
    compared = comparisons(model, seen, expand=expand, read=read, since=since)
    return next((each.mismatch for each in compared if each.mismatch), None)


def confirmed_by(
    model: CustomerModel, seen: Json | Absent, *, expand: Collection[str] = (), read: str = "get"
) -> CustomerModel:
    """The model after a response: right values are confirmed, open values narrowed to the one that was shown.

    The response ends ambiguity, and what ran before it is no longer the cause of later changes.
    """
    if not isinstance(seen, dict):
        return model
    fields, confirmed = dict(model.fields), set(model.confirmed)
    for name, shown in model.stated(seen, expand=expand, read=read):
        agreeing = model.permitted_as(name, shown)
        if not agreeing or (name in GENERATED and shown is ABSENT):
            continue
        if name == "businessModel" and shown != "B2B" and "B2B" in model.fields[name]:
            continue  # the tenant may assign the company later
        confirmed.add(name)
        if name != "id":
            fields[name] = (shown if isinstance(agreeing[0], Anything) else agreeing[0],)
    return replace(model, fields=fields, confirmed=frozenset(confirmed), ambiguous=False, cause=None)


def _clause(
    model: CustomerModel, name: str, actual: Json | Absent, since: Cause | str | None, read: str
) -> str:
    """The clause that a property with this value violates."""
    if name == "id" and actual is ABSENT:
        return f"{read}.id.present"
    if name not in model.confirmed:
        return model.promises[name]
    if since:
        return clause_of(since, name, actual)
    if read != "get":
        return f"{read}.agrees-with-get"
    return "get.expand.mixin" if name == "mixins" and actual is ABSENT else "get.changes-nothing"


def _likely_failure(name: str, shown: Json | Absent) -> Json | Absent:
    """The wrong value that has a clause of its own: a default, or no mixins; a right value is evidence for that clause.

    Where that value is the right one, any other value would be wrong.
    """
    failure = ABSENT if name == "mixins" else DEFAULTS.get(name, "")
    return "" if shown == failure else failure


def _is_conclusive(model: CustomerModel, name: str, shown: Json | Absent) -> bool:
    """Whether a permitted value is evidence: the property was written, and another value would be a mismatch."""
    if name == "id" or name in model.confirmed:
        return True
    never_written = model.promises[name].endswith(".round-trip") and shown is ABSENT
    # Open: a tenant may keep, reset or unset it.
    is_open = len(model.fields[name]) > 1 and ABSENT in model.fields[name]
    return not never_written and (not is_open or name in GENERATED)


def _mismatch(model: CustomerModel, name: str, shown: Json | Absent) -> Mismatch:
    permitted = distinct(_operand(name, value) for value in model.permitted(name))
    expected = permitted[0] if len(permitted) == 1 else OneOf(permitted)
    return Mismatch(Kind.VALUE, expected=expected, actual=shown, path=path_of(name), customers=(model,))


def _operand(name: str, value: Json | Absent | Anything) -> Json | Absent | Rule:
    if isinstance(value, Anything):
        return Rule("any value" + "".join(f" other than {show(excluded)}" for excluded in value.but))
    return compared_part(name, value)
