"""Two responses that show the same customer: before and after, or by get and by list."""

from collections.abc import Collection, Mapping

from oracle.customers.properties import GENERATED, MIXINS, WRITABLE, compared_part, path_of
from oracle.json_values import Json, same
from oracle.times import instant
from spec import ABSENT, Absent, Kind, Mismatch, Rule

Seen = Mapping[str, Json]


def change_mismatch(
    before: Json | Absent, after: Json | Absent, *, exclude: Collection[str] = ()
) -> Mismatch | None:
    """The first property in which two get responses show a customer differently, or None.

    Null, empty objects and absence are equal. Not compared are the properties in `exclude`, metadata.version, the
    legal entities of b2b, which the tenant assigns to each customer, the business model of a customer with a company,
    which it may assign later, and what the contract does not know, such as the time of the last change. Accounts are
    compared by id where both responses show some.
    """
    if not isinstance(before, dict) or not isinstance(after, dict):
        return Mismatch(Kind.VALUE, expected=Rule("the customer as before"), actual=after, path="$")
    for name in sorted({"id", *WRITABLE, *_stable_generated(after)} - set(exclude)):
        expected, actual = compared_part(name, before.get(name)), compared_part(name, after.get(name))
        if not same(expected, actual):
            return Mismatch(Kind.VALUE, expected=expected, actual=actual, path=path_of(name))
    expected, actual = account_ids(before), account_ids(after)
    if "accounts" not in exclude and expected and actual and expected != actual:
        return Mismatch(Kind.VALUE, expected=expected, actual=actual, path="$.accounts")
    return None


def views_mismatch(
    get_seen: Seen, list_seen: Seen, expand: Collection[str] = (), *, read: str = "list"
) -> Mismatch | None:
    """The first property that get and list (or search) show differently, or None.

    Where both show a value, the values must be equal. Where only one does, that is a mismatch of a writable
    property; generated properties and those that need `expand` (mixins, accounts) may be left out.
    """
    clause = f"{read}.agrees-with-get"
    for name in ("id", *WRITABLE, *_stable_generated(get_seen), "email"):
        by_get, by_list = compared_part(name, get_seen.get(name)), compared_part(name, list_seen.get(name))
        optional = name not in WRITABLE or (name == "mixins" and MIXINS not in expand)
        one_sided = by_get is ABSENT or by_list is ABSENT
        moment = instant(by_get)  # the same one may be written in several ways
        is_equal = same(by_get, by_list) or (moment is not None and moment == instant(by_list))
        if (one_sided and optional) or is_equal:
            continue
        owner = f"{read}.expand.mixin" if name == "mixins" and one_sided else clause
        return _value_mismatch(by_get, by_list, path_of(name), owner)
    versions = _version(get_seen), _version(list_seen)
    if ABSENT not in versions and not same(*versions):
        return _value_mismatch(*versions, "$.metadata.version", clause)
    accounts = account_ids(get_seen), account_ids(list_seen)
    if "accounts" in expand and all(accounts) and accounts[0] != accounts[1]:
        return _value_mismatch(*accounts, "$.accounts", clause)
    return None


def _stable_generated(seen: Seen) -> tuple[str, ...]:
    """The generated properties without the business model of a customer whose company the tenant may assign later."""
    b2b = seen.get("b2b")
    has_company = isinstance(b2b, dict) and bool(b2b.get("companyRegistrationId"))
    return tuple(name for name in GENERATED if not (has_company and name == "businessModel"))


def account_ids(seen: Seen) -> list[Json]:
    """The ids of the accounts that a response shows of a customer, in order; empty where it shows no accounts."""
    accounts = seen.get("accounts")
    shown = accounts if isinstance(accounts, list) else []
    return sorted((each.get("id") for each in shown if isinstance(each, dict)), key=str)


def _value_mismatch(expected: Json | Absent, actual: Json | Absent, path: str, clause: str) -> Mismatch:
    return Mismatch(Kind.VALUE, expected=expected, actual=actual, path=path).owned_by(clause)


def _version(seen: Seen) -> Json | Absent:
    metadata = seen.get("metadata")
    return metadata.get("version", ABSENT) if isinstance(metadata, dict) else ABSENT
