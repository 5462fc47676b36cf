"""How each write changes the model of a customer."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from oracle.customers.model import CustomerModel, Rules, written
from oracle.customers.properties import DEFAULTS, FLAGS, GENERATED, NESTED, TEXTS, WRITABLE
from oracle.json_values import ANYTHING, Alternatives, Anything, Body, Json, distinct, merged
from spec import ABSENT

_UNSET: Final[Mapping[str, Alternatives]] = {
    **{name: (value,) for name, value in DEFAULTS.items()},
    **dict.fromkeys(FLAGS, (True, False)),
    "type": ("CUSTOMER",),
}
"""The permitted values of a property that no client has set, apart from absence."""


def created(body: Body | None, *, id: str, rules: Rules | None = None, by: str = "create") -> CustomerModel:
    """The customer that a create (or an upsert of an unknown id) with this body creates under this id.

    Source: Creating a customer, Upserting a customer profile; published, prose on ids and flags.
    """
    body = {} if body is None else body
    rules = rules or Rules()
    initial = {name: _initial(name, body, rules, by) for name in WRITABLE}
    fields = {name: values for name, (values, _) in initial.items()}
    promises = {name: promise for name, (_, promise) in initial.items()}

    fields |= {
        "customerNumber": (id,) if by == "upsert" or "id" in body else (ANYTHING,),
        "metadataCreatedAt": (ANYTHING,),
        "businessModel": ("B2C", ABSENT),
    }
    promises |= {
        "id": "create.id.custom" if "id" in body else "create.answer.id",
        "customerNumber": "create.id.becomes-customer-number",
        "metadataCreatedAt": f"{by}.metadataCreatedAt.generated",
        "businessModel": "get.businessModel.unassigned",
    }
    if by == "upsert":
        promises |= dict.fromkeys(("id", "customerNumber"), "upsert.create.same-id")
    return _with_generated(CustomerModel(id, fields, promises, rules=rules, created_by=by), body, by)


def upserted(
    model: CustomerModel | None, body: Body | None, *, id: str, rules: Rules | None = None
) -> CustomerModel:
    """The customer after an upsert: properties of the body are written, all others are kept or reset.

    Source: Upserting a customer profile; published, open question on omitted fields.
    """
    if model is None:
        return created(body, id=id, rules=rules, by="upsert")
    body = {} if body is None else body
    rules = rules or model.rules
    sites = _sites(body, model, rules)
    fields, promises = dict(model.fields), dict(model.promises)
    for name in WRITABLE:
        before = model.fields[name]
        if name in body:
            fields[name] = _values_after_write(name, body[name], before, sites)
            promises[name] = _promise("upsert", name, body[name], sites, "upsert")
            if name == "restriction" and body[name] in (None, ""):
                # Many servers treat null like a property that is left out, and such a property may be kept.
                fields[name] = distinct((*fields[name], *before))
        else:
            fields[name] = distinct((*before, ABSENT, *_resets(name, rules, sites)))
            if name in model.confirmed:
                promises[name] = f"upsert.{name}.{'default' if name in DEFAULTS else 'round-trip'}"
            if name == "restriction" and sites:
                # The upsert may have reset it: then it follows the site from now on.
                promises[name] = f"{model.created_by}.restriction.unset"
    confirmed = model.confirmed - frozenset(WRITABLE) - frozenset(body)
    after = replace(model, fields=fields, promises=promises, confirmed=confirmed)
    return _with_generated(_with_ambiguity(model, after), body, "upsert").after(written("upsert"))


def patched(
    model: CustomerModel, change: Body | None, *, rules: Rules | None = None, merges: bool = False
) -> CustomerModel:
    """The customer after an accepted patch: the named properties have the value, all others are kept.

    null leaves a property that is not nullable unset, empty, at its default or as it was, except contactEmail, which
    cannot be unset. A JSON patch of an object may replace or merge it; with `merges`, a JSON merge patch, it is
    merged (RFC 7396). Source: Updating a customer profile; published, prose on contactEmail.
    """
    change = {} if change is None else change
    rules = rules or model.rules
    sites = _sites(change, model, rules)
    fields, promises = dict(model.fields), dict(model.promises)
    confirmed = model.confirmed - frozenset(change)
    for name in (name for name in WRITABLE if name in change):
        value, before = change[name], model.fields[name]
        fields[name] = _values_after_write(name, value, before, sites)
        promises[name] = _promise("patch", name, value, sites, model.created_by)
        if merges and name in NESTED and value is not None:
            fields[name] = distinct(merged(other, value) for other in before)
            promises[name] = "patch.merge-patch"
        if name == "contactEmail" and value is None:
            fields[name], promises[name] = before, "patch.contactEmail.not-unset"
    if sites and "preferredSite" in change and "restriction" not in change and _has_unset_restriction(model):
        fields["restriction"] = distinct((*model.fields["restriction"], ABSENT, *sites))
        confirmed -= {"restriction"}
    after = replace(model, fields=fields, promises=promises, confirmed=confirmed)
    after = _with_generated(_with_ambiguity(model, after), change, "patch")
    return after.after(written("patch", names=bool(change)))


def _initial(name: str, body: Body, rules: Rules, by: str) -> tuple[Alternatives, str]:
    """The permitted values of a property of a new customer, and the clause that determines them."""
    value = body.get(name, ABSENT)
    if name in FLAGS and not (by == "upsert" and isinstance(value, bool)):
        configured = rules.active if name == "active" else rules.on_hold
        # The published names of the options are about creation: an upsert need not obey them.
        known = configured is not None and value is ABSENT and by == "create"
        return (configured,) if known else (True, False, ABSENT), f"{by}.{name}.on-creation"
    if name == "restriction" and value in (ABSENT, None, ""):
        return _initial_restriction(value, body, rules), f"{by}.restriction.unset"
    if value is ABSENT and name in DEFAULTS:
        return (DEFAULTS[name],), f"{by}.{name}.default"
    if value is ABSENT:
        return ((ABSENT, "CUSTOMER") if name == "type" else (ABSENT,)), f"{by}.{name}.round-trip"
    return _values_after_write(name, value, (), ()), f"{by}.{name}.round-trip"


def _initial_restriction(value: Json, body: Body, rules: Rules) -> Alternatives:
    """The permitted values of a restriction that a new customer was given as null, as an empty text or not at all."""
    kept = (ABSENT, "") if value == "" else (ABSENT,)
    if rules.synchronise is False:
        return kept
    site = body.get("preferredSite") or DEFAULTS["preferredSite"]
    if rules.synchronise and value is ABSENT and site in (rules.restrictions or ()):
        return (site,)
    return distinct((*kept, site))


def _values_after_write(name: str, value: Json, before: Alternatives, sites: Alternatives) -> Alternatives:
    """The permitted values of a property after a write that names it; before: those before the write.

    sites: the sites that an unset restriction may follow; empty where the tenant does not synchronise.
    """
    if name == "restriction" and value in (None, ""):
        return distinct((ABSENT, *(("", *before) if value == "" else ()), *sites))
    if value is None:
        empty = ("",) if name in TEXTS else ()  # where texts cannot be null, as in Go
        return distinct((ABSENT, *empty, *_UNSET.get(name, ()), *before))
    if value == "" and name == "type":
        return ("", ABSENT, "CUSTOMER")
    if value == "" and name == "contactEmail":
        return distinct(("", ABSENT, *before))
    if name in NESTED:
        return distinct((value, *(merged(other, value) for other in before)))
    return (value,)


def _resets(name: str, rules: Rules, sites: Alternatives) -> Alternatives:
    """The values to which an upsert may reset a property that it leaves out, apart from absence.

    Only a create must respect the configuration of the flags; an upsert should.
    """
    configured = {"active": rules.active, "onHold": rules.on_hold}.get(name)
    if configured is not None:
        without_configuration = name == "active"  # active, and not on hold
        return distinct((configured, without_configuration))
    return sites if name == "restriction" else _UNSET.get(name, ())


def _promise(by: str, name: str, value: Json, sites: Alternatives, created_by: str) -> str:
    """The clause that determines a property after an upsert or a patch that names it."""
    if name == "restriction" and value in (None, "") and sites:
        return f"{created_by}.restriction.unset"
    return f"{by}.{name}.round-trip"


def _sites(body: Body, model: CustomerModel, rules: Rules) -> Alternatives:
    """The sites that an unset restriction may follow after this body; empty without synchronisation."""
    if rules.synchronise is False:
        return ()
    site = body.get("preferredSite")
    return (site,) if site else distinct((*model.fields["preferredSite"], DEFAULTS["preferredSite"]))


def _has_unset_restriction(model: CustomerModel) -> bool:
    """Whether the client set no restriction, so that the tenant may derive it from the site."""
    return model.promises["restriction"].endswith(".unset")


def _with_ambiguity(before: CustomerModel, after: CustomerModel) -> CustomerModel:
    """The model after a write, ambiguous where the write left several values of a property permitted."""
    open_values = (
        len(after.fields[name]) > 1 and after.fields[name] != before.fields[name] for name in WRITABLE
    )
    return replace(after, ambiguous=before.ambiguous or any(open_values))


def _with_generated(model: CustomerModel, body: Body, by: str) -> CustomerModel:
    """The model after a body that may have named generated properties, which no client can set or change."""
    fields, promises = dict(model.fields), dict(model.promises)
    for name in GENERATED:
        if name in body and name not in model.confirmed:
            promises[name] = f"{by}.{name}.generated"
            fields[name] = tuple(
                Anything((*value.but, body[name])) if isinstance(value, Anything) else value
                for value in model.fields[name]
            )
    if "id" in body and body["id"] != model.id and by != "create":
        promises["id"] = f"{by}.id.fixed"
    if "b2b" in body or len(fields["b2b"]) > 1:  # the assignment to a company may have changed with it
        fields["businessModel"] = distinct((*model.fields["businessModel"], "B2B", "B2C", ABSENT))
    return replace(model, fields=fields, promises=promises)
