"""Defects of stored values: values that are lost or altered, and wrong default values."""

import html
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import (
    ABSENT,
    BODY_OPERATIONS,
    BOOLEANS,
    CREATING_OPERATIONS,
    DEFAULTS,
    NOT_STORED,
    PROPERTIES,
)
from mock_tenant.messages import ApiRequest
from mock_tenant.registry import defect, operation_defects
from mock_tenant.store import Customer


def loses(operation: str, name: str) -> None:
    """Seeds an operation that accepts a property and does not store it."""

    @operation_defects(
        [operation],
        f"{{}}.{name}.round-trip",
        name=f"loses-{name}-on-{{}}",
        description=f"{{}} accepts {name} and does not store it.",
    )
    class LosesProperty(Behaviour):
        def stored_value(self, request: ApiRequest, property_name: str, value: Any) -> Any:
            return ABSENT if property_name == name else super().stored_value(request, property_name, value)


for _operation in BODY_OPERATIONS:
    for _name in PROPERTIES[_operation]:
        if _name not in NOT_STORED:
            loses(_operation, _name)


def alters(operation: str, name: str, verb: str, description: str, alter: Callable[[str], str]) -> None:
    """Seeds an operation that stores an altered string."""

    @operation_defects(
        [operation],
        f"{{}}.{name}.round-trip",
        name=f"{{}}-{verb}-{name}",
        description=f"{{}} {description} {name}.",
    )
    class AltersString(Behaviour):
        def stored_value(self, request: ApiRequest, property_name: str, value: Any) -> Any:
            stored = super().stored_value(request, property_name, value)
            return alter(stored) if property_name == name and isinstance(stored, str) else stored


def normalize(text: str) -> str:
    """The composed form of a string (Unicode NFC)."""
    return unicodedata.normalize("NFC", text)


def without_supplementary_characters(text: str) -> str:
    """The string without characters outside the Basic Multilingual Plane."""
    return "".join(character for character in text if ord(character) < 0x10000)


def with_single_spaces(text: str) -> str:
    """The string without leading, trailing and repeated whitespace, unless it consists of whitespace."""
    return " ".join(text.split()) if text.strip() else text


alters("create", "firstName", "trims", "trims whitespace from", str.strip)
alters("patch", "lastName", "trims", "trims whitespace from", str.strip)
alters("create", "lastName", "capitalises", "capitalizes", str.capitalize)
alters("upsert", "company", "escapes", "escapes HTML in", html.escape)
alters("create", "title", "escapes", "escapes HTML in", html.escape)
alters("create", "company", "cuts", "stores only the first 64 characters of", lambda text: text[:64])
alters("patch", "photoUrl", "cuts", "stores only the first 255 characters of", lambda text: text[:255])
alters("create", "middleName", "normalises", "stores the Unicode normal form NFC of", normalize)
alters("upsert", "firstName", "normalises", "stores the Unicode normal form NFC of", normalize)
for _operation, _name in (
    ("patch", "company"),
    ("upsert", "contactEmail"),
    ("create", "contactEmail"),
    ("create", "photoUrl"),
):
    alters(_operation, _name, "lowercases", "stores the lower-case form of", str.lower)
alters(
    "create",
    "contactPhone",
    "strips-the-plus-of",
    "removes the plus sign from",
    lambda text: text.removeprefix("+"),
)
alters(
    "upsert",
    "contactPhone",
    "strips-the-zeros-of",
    "removes leading zeros from",
    lambda text: text.lstrip("0"),
)
alters(
    "patch",
    "firstName",
    "drops-supplementary-characters-of",
    "removes characters outside the Basic Multilingual Plane from",
    without_supplementary_characters,
)
alters("upsert", "lastName", "collapses-spaces-of", "collapses whitespace in", with_single_spaces)
alters(
    "create",
    "preferredLanguage",
    "hyphenates",
    "replaces underscores by hyphens in",
    lambda text: text.replace("_", "-"),
)


@defect("create.firstName.round-trip")
class CreateSwapsTheNames(Behaviour):
    """Create swaps firstName and lastName."""

    def written_values(self, request: ApiRequest) -> dict[str, Any]:
        values = super().written_values(request)
        return swapped(values, "firstName", "lastName") if request.operation == "create" else values


@defect("upsert.title.round-trip")
class UpsertSwapsTitleAndCompany(Behaviour):
    """Upsert swaps title and company."""

    def written_values(self, request: ApiRequest) -> dict[str, Any]:
        values = super().written_values(request)
        return swapped(values, "title", "company") if request.operation == "upsert" else values


def swapped(values: dict[str, Any], one: str, other: str) -> dict[str, Any]:
    """The values with two properties swapped."""
    names = {one: other, other: one}
    return {names.get(name, name): value for name, value in values.items()}


@defect("patch.mixins.round-trip")
class PatchStoresMixinsAsText(Behaviour):
    """Patch stores every member of mixins as a string."""

    def stored_value(self, request: ApiRequest, name: str, value: Any) -> Any:
        stored = super().stored_value(request, name, value)
        if request.operation == "patch" and name == "mixins" and isinstance(stored, dict):
            return {key: str(member) for key, member in stored.items()}
        return stored


@defect("create.mixins.round-trip")
class CreateKeepsOneMixin(Behaviour):
    """Create stores only the first of several mixins."""

    def stored_value(self, request: ApiRequest, name: str, value: Any) -> Any:
        stored = super().stored_value(request, name, value)
        if request.operation == "create" and name == "mixins" and isinstance(stored, dict):
            return dict(list(stored.items())[:1])
        return stored


@defect("upsert.lastName.round-trip")
class UpsertUpdatesNoLastName(Behaviour):
    """An upsert of an existing customer does not change lastName."""

    def replace_values(
        self, request: ApiRequest, current: dict[str, Any], written: dict[str, Any]
    ) -> dict[str, Any]:
        old = {name: current[name] for name in ("lastName",) if name in current}
        return {**super().replace_values(request, current, written), **old}


def wrong_default(operations: Iterable[str], name: str, wrong: str | None) -> None:
    """Seeds a creation with another default value of a property, or with none."""
    default = (wrong or "").replace("_", "-").lower()

    @operation_defects(
        operations,
        f"{{}}.{name}.default",
        name=f"{{}}-defaults-{name}-to-{default}" if wrong else f"{{}}-applies-no-default-{name}",
        description=f"{{}} stores {wrong or 'no default'} for a {name} that is left out.",
    )
    class WrongDefault(Behaviour):
        def default_values(self, request: ApiRequest) -> Mapping[str, str]:
            defaults = dict(super().default_values(request))
            if request.customer_number not in request.tenant.customers:
                del defaults[name]
                defaults |= {} if wrong is None else {name: wrong}
            return defaults


for _name in DEFAULTS:
    wrong_default(CREATING_OPERATIONS, _name, None)
wrong_default(["create"], "preferredLanguage", "de_DE")
wrong_default(["create"], "preferredCurrency", "EUR")
wrong_default(["upsert"], "preferredSite", "default")


@operation_defects(["upsert"], "{}.preferredSite.default")
class DefaultsTheSiteToTheRestriction(Behaviour):
    """{} that creates stores its restriction as a preferredSite that is left out."""

    def default_values(self, request: ApiRequest) -> Mapping[str, str]:
        defaults, restriction = super().default_values(request), request.body.get("restriction")
        is_creation = request.customer_number not in request.tenant.customers
        return {**defaults, "preferredSite": restriction} if restriction and is_creation else defaults


def inverts_flag(name: str) -> None:
    """Seeds a creation that inverts a configured flag."""

    @operation_defects(
        CREATING_OPERATIONS,
        f"{{}}.{name}.on-creation",
        name=f"{{}}-inverts-{name}",
        description=f"{{}} inverts the configured {name} of new customers.",
    )
    class InvertsFlag(Behaviour):
        def default_flags(self, request: ApiRequest) -> dict[str, bool]:
            flags = super().default_flags(request)
            return {**flags, name: not flags[name]}


for _name in BOOLEANS:
    inverts_flag(_name)


@operation_defects(CREATING_OPERATIONS, "{}.restriction.unset")
class SetsARestrictionThatIsLeftOut(Behaviour):
    """{} stores the first configured restriction for a restriction that is left out."""

    def new_customer(self, request: ApiRequest, customer_id: str, written: dict[str, Any]) -> Customer:
        customer = super().new_customer(request, customer_id, written)
        if customer.values.get("restriction") is not None:
            return customer
        first = (self.configuration.restrictions or ("DE",))[0]
        return customer.replace(values={**customer.values, "restriction": first})


@defect("create.restriction.unset", sync_restrictions_with_sites=True)
class RestrictionsAreNotSynchronized(Behaviour):
    """A restriction that is not set stays absent although the tenant synchronizes it with the site."""

    def effective_restriction(self, customer: Customer) -> str | None:
        restriction = customer.values.get("restriction")
        return restriction if isinstance(restriction, str) else None
