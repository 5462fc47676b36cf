"""What is known of one customer, and how each write changes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from oracle.customers.properties import DEFAULTS, FLAGS, GENERATED, NESTED, WRITABLE
from oracle.tenant_config import Rules
from oracle.values.json_values import ABSENT, ANYTHING, Alternatives, Anything, Json, distinct, merged

Body = Mapping[str, Json]


@dataclass(frozen=True)
class CustomerModel:
    """One customer as the contract lets us know it.

    fields: the acceptable values of each property; promises: the clause that a wrong value of a property
    breaks as long as it was never seen right; confirmed: the properties seen right since their last write;
    rules: those it was made under, which later writes follow unless told otherwise; unsettled: since it was
    last seen a write has left open what some properties hold, so that a stale view may pass for a fresh one.
    """

    id: str
    fields: Mapping[str, Alternatives]
    promises: Mapping[str, str] = field(default_factory=dict)
    confirmed: frozenset[str] = frozenset()
    rules: Rules = field(default_factory=Rules)
    unsettled: bool = False

    @property
    def maker(self) -> str:
        """The operation that created the customer: create or upsert."""
        return self.promises["id"].partition(".")[0]

    def certain(self, name: str) -> Json:
        """The only acceptable value of a property, or ABSENT where there are several or none."""
        values = self.fields.get(name, (ABSENT,))
        return values[0] if len(values) == 1 and not isinstance(values[0], Anything) else ABSENT


def created(body: Body | None, *, id: str, rules: Rules | None = None, by: str = "create") -> CustomerModel:
    """The customer that a create (or an upsert of an unknown id) with this body makes under this id.

    Source: Creating a customer, Upserting a customer profile; published, prose on ids and flags.
    """
    body = {} if body is None else body
    rules = rules or Rules()
    initial = {name: _initial(name, body, rules, by) for name in WRITABLE}
    fields = {name: values for name, (values, _) in initial.items()}
    promises = {name: promise for name, (_, promise) in initial.items()}

    if by == "upsert":
        promises["id"] = promises["customerNumber"] = "upsert.create.same-id"
    else:
        promises["id"] = "create.id.custom" if "id" in body else "create.answer.id"
        promises["customerNumber"] = "create.id.becomes-customer-number"
    fields["customerNumber"] = (id,) if by == "upsert" or "id" in body else (ANYTHING,)
    fields["metadataCreatedAt"] = (ANYTHING,)
    promises["metadataCreatedAt"] = f"{by}.metadataCreatedAt.generated"
    fields["businessModel"] = ("B2C", ABSENT)
    promises["businessModel"] = "get.businessModel.unassigned"
    return _guarded(CustomerModel(id, fields, promises, rules=rules), body, by)


def upserted(
    record: CustomerModel | None, body: Body | None, *, id: str, rules: Rules | None = None
) -> CustomerModel:
    """The customer after an upsert: what the body names is written, what it leaves out is kept or reset.

    Source: Upserting a customer profile; published, open question on omitted fields.
    """
    if record is None:
        return created(body, id=id, rules=rules, by="upsert")
    body = {} if body is None else body
    rules = rules or record.rules
    sites = _sites(body, record, rules)
    fields, promises = dict(record.fields), dict(record.promises)
    for name in WRITABLE:
        before = record.fields[name]
        if name in body:
            fields[name] = _written(name, body[name], before, sites)
            promises[name] = _promise("upsert", name, body[name], sites)
            if name == "restriction" and body[name] in (None, ""):
                # null may be read as left out, as many servers do, and what is left out may be kept.
                fields[name] = distinct((*fields[name], *before))
        else:
            fields[name] = distinct((*before, ABSENT, *_resets(name, rules, sites)))
            if name in record.confirmed:
                promises[name] = f"upsert.{name}.{'default' if name in DEFAULTS else 'round-trip'}"
            if name == "restriction" and sites:
                # Perhaps it was reset: then it follows the site from now on.
                promises[name] = f"{record.maker}.restriction.unset"
    confirmed = record.confirmed - frozenset(WRITABLE) - frozenset(body)
    after = replace(record, fields=fields, promises=promises, confirmed=confirmed)
    return _guarded(_doubted(record, after), body, "upsert")


def patched(record: CustomerModel, change: Body | None, *, rules: Rules | None = None) -> CustomerModel:
    """The customer after an accepted patch: the named properties have the value, all others stay.

    null leaves a property that is not nullable unset, at its default or as it was, except contactEmail, which
    cannot be unset. Source: Updating a customer profile; published, prose on contactEmail.
    """
    change = {} if change is None else change
    rules = rules or record.rules
    sites = _sites(change, record, rules)
    fields, promises = dict(record.fields), dict(record.promises)
    confirmed = record.confirmed - frozenset(change)
    for name in (name for name in WRITABLE if name in change):
        value, before = change[name], record.fields[name]
        fields[name] = _written(name, value, before, sites)
        promises[name] = _promise("patch", name, value, sites, maker=record.maker)
        if name == "contactEmail" and value is None:
            fields[name], promises[name] = before, "patch.contactEmail.not-unset"
    if sites and "preferredSite" in change and "restriction" not in change and _unset(record):
        fields["restriction"] = distinct((*record.fields["restriction"], ABSENT, *sites))
        confirmed -= {"restriction"}
    after = replace(record, fields=fields, promises=promises, confirmed=confirmed)
    return _guarded(_doubted(record, after), change, "patch")


def _initial(name: str, body: Body, rules: Rules, by: str) -> tuple[Alternatives, str]:
    """The acceptable first values of a property, and the clause they rest on."""
    value = body.get(name, ABSENT)
    if name in FLAGS and not (by == "upsert" and isinstance(value, bool)):
        configured = rules.active if name == "active" else rules.on_hold
        known = configured is not None and value is ABSENT
        return (configured,) if known else (True, False, ABSENT), f"{by}.{name}.on-creation"
    if name == "restriction" and value in (ABSENT, None, ""):
        return _unset_restriction(value, body, rules), f"{by}.restriction.unset"
    if value is ABSENT and name in DEFAULTS:
        return (DEFAULTS[name],), f"{by}.{name}.default"
    if value is ABSENT:
        return ((ABSENT, "CUSTOMER") if name == "type" else (ABSENT,)), f"{by}.{name}.round-trip"
    return _written(name, value, (), ()), f"{by}.{name}.round-trip"


def _unset_restriction(value: Json, body: Body, rules: Rules) -> Alternatives:
    """What a restriction is that the creating body left out, or gave as null or as an empty text."""
    kept = (ABSENT, "") if value == "" else (ABSENT,)
    if rules.synchronise is False:
        return kept
    site = body.get("preferredSite") or DEFAULTS["preferredSite"]
    if rules.synchronise and value is ABSENT and site in (rules.restrictions or ()):
        return (site,)
    return distinct((*kept, site))


def _written(name: str, value: Json, before: Alternatives, sites: Alternatives) -> Alternatives:
    """What a property may hold after a write that names it, given what it may have held before.

    sites: what a restriction may follow; empty where the tenant does not synchronise.
    """
    if name == "restriction" and value in (None, ""):
        return distinct((ABSENT, *(("",) if value == "" else ()), *sites))
    if value is None:
        return distinct((ABSENT, *_usual(name), *before))
    if value == "" and name == "type":
        return ("", ABSENT, "CUSTOMER")
    if value == "" and name == "contactEmail":
        return distinct(("", ABSENT, *before))
    if name in NESTED:
        return distinct((value, *(merged(other, value) for other in before)))
    return (value,)


def _usual(name: str) -> Alternatives:
    """What a property holds where nobody has set it, apart from nothing."""
    if name in DEFAULTS:
        return (DEFAULTS[name],)
    if name in FLAGS:
        return (True, False)
    return ("CUSTOMER",) if name == "type" else ()


def _resets(name: str, rules: Rules, sites: Alternatives) -> Alternatives:
    """What a property that an upsert leaves out may be reset to, apart from nothing."""
    configured = {"active": rules.active, "onHold": rules.on_hold}.get(name)
    if configured is not None:
        return (configured,)
    return sites if name == "restriction" else _usual(name)


def _promise(by: str, name: str, value: Json, sites: Alternatives, *, maker: str = "upsert") -> str:
    """The clause that a property written by an upsert or a patch rests on."""
    if name == "restriction" and value in (None, "") and sites:
        return f"{maker}.restriction.unset"
    return f"{by}.{name}.round-trip"


def _sites(body: Body, record: CustomerModel, rules: Rules) -> Alternatives:
    """The sites an unset restriction may follow after this body; empty where nothing is synchronised."""
    if rules.synchronise is False:
        return ()
    site = body.get("preferredSite")
    return (site,) if site else distinct((*record.fields["preferredSite"], DEFAULTS["preferredSite"]))


def _unset(record: CustomerModel) -> bool:
    """Whether the client left the restriction to the tenant, so that it may follow the site."""
    return record.promises["restriction"].endswith(".unset")


def _doubted(before: CustomerModel, after: CustomerModel) -> CustomerModel:
    """The record after a write, unsettled where the write left open what it holds now."""
    opened = (len(after.fields[name]) > 1 and after.fields[name] != before.fields[name] for name in WRITABLE)
    return replace(after, unsettled=before.unsettled or any(opened))


def _guarded(record: CustomerModel, body: Body, by: str) -> CustomerModel:
    """The record after a body that may have named generated fields, which no client can set or move."""
    fields, promises = dict(record.fields), dict(record.promises)
    for name in GENERATED:
        if name in body and name not in record.confirmed:
            promises[name] = f"{by}.{name}.generated"
            fields[name] = tuple(_without(values=record.fields[name], smuggled=body[name]))
    if "id" in body and body["id"] != record.id and by != "create":
        promises["id"] = f"{by}.id.fixed"
    if "b2b" in body:
        fields["businessModel"] = distinct((*record.fields["businessModel"], "B2B", "B2C", ABSENT))
    return replace(record, fields=fields, promises=promises)


def _without(values: Alternatives, smuggled: Json) -> Iterable[Json]:
    return (Anything((*value.but, smuggled)) if isinstance(value, Anything) else value for value in values)
