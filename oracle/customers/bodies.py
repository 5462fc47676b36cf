"""Bodies that satisfy the schema and that a tenant must or may reject all the same."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from babel.core import get_global

from oracle.customers.model import Rules
from oracle.customers.properties import DEFAULTS, FLAGS, TYPES, WRITABLE
from oracle.json_values import Body, Json

ID: Final = re.compile(r"[A-Za-z0-9_-]{1,66}")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}([_-][A-Za-z0-9]{1,8})*")
_EMAIL: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_URL: Final = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?([/?#][A-Za-z0-9._~%!$&'()*+,;=:@/?#-]*)?")

_DOCUMENTED: Final = {
    "create": frozenset(WRITABLE) - frozenset(FLAGS) | {"id", "password"},
    "upsert": frozenset(WRITABLE),
    "patch": frozenset(WRITABLE),
}
_MEMBERS: Final = {"b2b": {"companyRegistrationId"}, "metadata": {"mixins"}}
"""The members of objects that every tenant accepts."""
_IS_VALID: Final[Mapping[str, Callable[[str, Rules], object]]] = {
    "restriction": lambda text, rules: text and rules.restrictions is not None,
    "preferredSite": lambda text, rules: text in {*rules.sites, DEFAULTS["preferredSite"]},
    "preferredCurrency": lambda text, _: text in get_global("all_currencies"),
    "preferredLanguage": lambda text, _: _LANGUAGE.fullmatch(text),
    "contactEmail": lambda text, _: _EMAIL.fullmatch(text),
    "photoUrl": lambda text, _: _URL.fullmatch(text),
    "type": lambda text, _: text in TYPES,
}
"""Whether every tenant accepts a text as this property; other texts may be rejected."""


def rejection_clause(operation: str, body: Body | None, rules: Rules) -> str | None:
    """The clause that makes the tenant reject a restriction that is not configured with 400, or None.

    Source: Creating a customer, Validation of restriction.
    """
    value = (body or {}).get("restriction")
    if not value or rules.restrictions is None or value in rules.restrictions:
        return None
    listed = {restriction.casefold() for restriction in rules.restrictions}
    return f"{operation}.restriction.{'case' if str(value).casefold() in listed else 'unlisted'}"


def unspecified_inputs(operation: str, body: Body | None, rules: Rules) -> tuple[str, ...]:
    """The properties because of which a tenant may reject a body that the schema allows; ("body",) for no body.

    Source: rules in prose, unspecified clauses, conforming variations.
    """
    if body is None:
        return ("body",)
    return tuple(
        name
        for name, value in body.items()
        if name not in _DOCUMENTED[operation]
        or (value is None and name != "restriction")
        or (name == "b2b" and operation != "patch" and _is_lone_company(body))
        or _has_special_text(value)
        or _may_be_invalid(name, value, rules)
    )


def uses_optimistic_lock(body: Body | None) -> bool:
    """Whether the body has metadata.version, so that a tenant with optimistic locking may reject it."""
    metadata = (body or {}).get("metadata")
    return isinstance(metadata, dict) and "version" in metadata


def _is_lone_company(body: Body) -> bool:
    """Whether a registration number lacks the names that a sign-up needs beside it, and so perhaps a creation."""
    b2b = body["b2b"]
    company = b2b.get("companyRegistrationId") if isinstance(b2b, dict) else None
    return bool(company) and not all(body.get(name) for name in ("firstName", "lastName", "company"))


def _may_be_invalid(name: str, value: Json, rules: Rules) -> bool:
    """Whether the prose, though not the schema, permits a tenant to reject this value of the property."""
    if name == "id":
        return ID.fullmatch(str(value)) is None or (len(value) > 1 and rules.custom_ids is not True)
    if name in ("mixins", "metadata") and value and not rules.free_mixins:
        return True
    if name in _MEMBERS and isinstance(value, dict):
        return not value.keys() <= _MEMBERS[name]
    return name in _IS_VALID and isinstance(value, str) and not _IS_VALID[name](value, rules)


def _has_special_text(value: Json) -> bool:
    """Whether a text in the value contains NUL or a lone surrogate, which a database may reject."""
    if isinstance(value, str):
        return any(c == "\0" or "\ud800" <= c <= "\udfff" for c in value)
    if isinstance(value, dict):
        return any(_has_special_text(name) or _has_special_text(member) for name, member in value.items())
    return isinstance(value, list) and any(map(_has_special_text, value))
