"""Which bodies that satisfy the schema a tenant must refuse, and which it may."""

import re
from collections.abc import Iterator
from typing import Final

from babel.core import get_global

from oracle.customers.model import Body
from oracle.customers.properties import DEFAULTS, FLAGS, TYPES, WRITABLE
from oracle.tenant_config import Rules
from oracle.values.json_values import ABSENT, Json

ID: Final = re.compile(r"[A-Za-z0-9_-]{1,66}")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}([_-][A-Za-z0-9]{1,8})*")
_EMAIL: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_URL: Final = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?([/?#][A-Za-z0-9._~%!$&'()*+,;=:@/?#-]*)?")

_OWN: Final = {
    "create": frozenset(WRITABLE) - frozenset(FLAGS) | {"id", "password"},
    "upsert": frozenset(WRITABLE),
    "patch": frozenset(WRITABLE),
}


def refusal(operation: str, body: Body | None, rules: Rules) -> str | None:
    """The clause by which the configuration makes the tenant refuse a restriction with 400, or None.

    Source: Creating a customer, Validation of restriction.
    """
    value = (body or {}).get("restriction")
    if not value or rules.restrictions is None or value in rules.restrictions:
        return None
    listed = {restriction.casefold() for restriction in rules.restrictions}
    return f"{operation}.restriction.{'case' if str(value).casefold() in listed else 'unlisted'}"


def doubts(operation: str, body: Body | None, rules: Rules) -> tuple[str, ...]:
    """The parts of a body because of which a tenant may refuse it although the schema allows it.

    Names of properties, "body" for no body at all. Source: prose rules, open clauses, design of variations.
    """
    return ("body",) if body is None else tuple(dict.fromkeys(_doubtful(operation, body, rules)))


def locks(body: Body | None) -> bool:
    """Whether the body states metadata.version, so that a tenant with optimistic locking may refuse it."""
    metadata = (body or {}).get("metadata")
    return isinstance(metadata, dict) and "version" in metadata


def _doubtful(operation: str, body: Body, rules: Rules) -> Iterator[str]:
    for name, value in body.items():
        unknown = name not in _OWN[operation]
        forbidden = value is None and name != "restriction"
        if unknown or forbidden or _odd_text(value) or _odd(name, value, rules):
            yield name


def _odd(name: str, value: Json, rules: Rules) -> bool:
    """Whether prose, not the schema, speaks against this value of this property."""
    if name == "id":
        return ID.fullmatch(str(value)) is None or (len(value) > 1 and rules.custom_ids is not True)
    if name == "b2b" and isinstance(value, dict):
        return not value.keys() <= {"companyRegistrationId"}
    if name == "metadata" and isinstance(value, dict):
        return not value.keys() <= {"mixins"}
    if not isinstance(value, str):
        return False
    if name == "restriction":
        return value == "" or rules.restrictions is None
    if name == "preferredSite":
        return value not in {*rules.sites, DEFAULTS[name]}
    if name == "preferredCurrency":
        return value not in get_global("all_currencies")
    if name == "type":
        return value not in TYPES
    forms = {"preferredLanguage": _LANGUAGE, "contactEmail": _EMAIL, "photoUrl": _URL}
    return name in forms and forms[name].fullmatch(value) is None


def _odd_text(value: Json) -> bool:
    """Whether a text somewhere in the value holds NUL or half a surrogate pair, which stores may refuse."""
    if isinstance(value, str):
        return any(c == "\0" or "\ud800" <= c <= "\udfff" for c in value)
    if isinstance(value, dict):
        return any(_odd_text(name) or _odd_text(member) for name, member in value.items())
    return isinstance(value, list) and any(map(_odd_text, value))


def text(body: Body | None, name: str) -> str | None:
    """The non-empty text that a body gives a property, or None."""
    value = (body or {}).get(name, ABSENT)
    return value if isinstance(value, str) and value else None
