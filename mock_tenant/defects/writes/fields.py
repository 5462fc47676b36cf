"""Values that are lost, changed on the way in, or defaulted wrongly."""

import html
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import ABSENT, DEFAULTS, FLAGS, NOT_STORED, PROPERTIES, WRITING
from mock_tenant.registry import defect, plant
from mock_tenant.requests import Call
from mock_tenant.store import Customer


def loses(operation: str, name: str) -> None:
    """Plants an operation that accepts a property and does not store it."""

    class Loses(Behaviour):
        def kept(self, call: Call, asked: str, value: Any) -> Any:
            lost = call.operation == operation and asked == name
            return ABSENT if lost else super().kept(call, asked, value)

    plant(
        f"{operation}.{name}.round-trip",
        Loses,
        name=f"loses-{name}-on-{operation}",
        lie=f"{operation.capitalize()} accepts {name} and forgets it.",
    )


for _operation in WRITING:
    for _name in PROPERTIES[_operation]:
        if _name not in NOT_STORED:
            loses(_operation, _name)


def alters(operation: str, name: str, how: str, change: Callable[[str], str]) -> None:
    """Plants an operation that stores a changed text."""

    class Alters(Behaviour):
        def kept(self, call: Call, asked: str, value: Any) -> Any:
            stored = super().kept(call, asked, value)
            mine = call.operation == operation and asked == name and isinstance(stored, str)
            return change(stored) if mine else stored

    plant(
        f"{operation}.{name}.round-trip",
        Alters,
        name=f"{operation}-{how}-{name}",
        lie=f"{operation.capitalize()} {how} {name}.",
    )


def normalised(text: str) -> str:
    """The composed form of a text."""
    return unicodedata.normalize("NFC", text)


alters("create", "firstName", "trims", str.strip)
alters("patch", "lastName", "trims", str.strip)
alters("create", "lastName", "capitalises", str.capitalize)
alters("upsert", "company", "escapes", html.escape)
alters("create", "title", "escapes", html.escape)
alters("create", "company", "cuts", lambda text: text[:64])
alters("patch", "photoUrl", "cuts", lambda text: text[:255])
alters("create", "middleName", "normalises", normalised)
alters("upsert", "firstName", "normalises", normalised)
alters("patch", "company", "lowers", str.lower)
alters("upsert", "contactEmail", "lowers", str.lower)
alters("create", "contactEmail", "lowers", str.lower)
alters("create", "contactPhone", "strips-the-plus-of", lambda text: text.removeprefix("+"))
alters("upsert", "contactPhone", "strips-the-zeros-of", lambda text: text.lstrip("0"))
alters(
    "patch",
    "firstName",
    "drops-astral-characters-of",
    lambda text: "".join(c for c in text if ord(c) < 0x10000),
)
alters(
    "upsert",
    "lastName",
    "collapses-spaces-of",
    lambda text: " ".join(text.split()) if text.strip() else text,
)
alters("create", "preferredLanguage", "hyphenates", lambda text: text.replace("_", "-"))
alters("create", "photoUrl", "lowers", str.lower)


@defect("create.firstName.round-trip")
class CreateSwapsTheNames(Behaviour):
    """Create stores the first name as the last and the last as the first."""

    def written(self, call: Call) -> dict[str, Any]:
        return swapped(super().written(call), call.operation == "create", "firstName", "lastName")


@defect("upsert.title.round-trip")
class UpsertSwapsTitleAndCompany(Behaviour):
    """Upsert stores the title as the company and the company as the title."""

    def written(self, call: Call) -> dict[str, Any]:
        return swapped(super().written(call), call.operation == "upsert", "title", "company")


def swapped(values: dict[str, Any], really: bool, one: str, other: str) -> dict[str, Any]:
    """Values in which two properties have changed places."""
    turned = {one: other, other: one}
    return {turned.get(name, name) if really else name: value for name, value in values.items()}


@defect("patch.mixins.round-trip")
class PatchStoresMixinsAsText(Behaviour):
    """Patch stores every value in mixins as a text."""

    def kept(self, call: Call, name: str, value: Any) -> Any:
        stored = super().kept(call, name, value)
        if call.operation == "patch" and name == "mixins" and isinstance(stored, dict):
            return {key: str(member) for key, member in stored.items()}
        return stored


@defect("create.mixins.round-trip")
class CreateKeepsOneMixin(Behaviour):
    """Create stores the first of several mixins only."""

    def kept(self, call: Call, name: str, value: Any) -> Any:
        stored = super().kept(call, name, value)
        if call.operation == "create" and name == "mixins" and isinstance(stored, dict):
            return dict(list(stored.items())[:1])
        return stored


@defect("upsert.lastName.round-trip")
class UpsertUpdatesNoLastName(Behaviour):
    """An upsert of an existing customer leaves the last name as it was."""

    def replaced(self, call: Call, current: dict[str, Any], written: dict[str, Any]) -> dict[str, Any]:
        old = {name: current[name] for name in ("lastName",) if name in current}
        return {**super().replaced(call, current, written), **old}


def defaults_wrongly(operation: str, name: str, wrong: str | None) -> None:
    """Plants a creation that gives a property another default, or none."""

    class Wrong(Behaviour):
        def defaults(self, call: Call) -> Mapping[str, str]:
            known = dict(super().defaults(call))
            if call.operation == operation and call.customer_number not in call.tenant.customers:
                del known[name]
                known |= {} if wrong is None else {name: wrong}
            return known

    said = f"{wrong}" if wrong else "no default"
    plant(
        f"{operation}.{name}.default",
        Wrong,
        name=f"{operation}-gives-{name}-{said.replace(' ', '-').replace('_', '-').lower()}",
        lie=f"A customer that {operation} creates without {name} gets {said}.",
    )


def flags_wrongly(operation: str, name: str) -> None:
    """Plants a creation that turns a flag of the configuration round."""

    class Wrong(Behaviour):
        def flags_on_creation(self, call: Call) -> dict[str, bool]:
            flags = super().flags_on_creation(call)
            return {**flags, name: not flags[name]} if call.operation == operation else flags

    plant(
        f"{operation}.{name}.on-creation",
        Wrong,
        name=f"{operation}-turns-{name}-round",
        lie=f"A customer that {operation} creates has the opposite of the configured {name}.",
    )


def restricts(operation: str) -> None:
    """Plants a creation that restricts whoever asked for no restriction."""

    class Restricts(Behaviour):
        def created(self, call: Call, customer_id: str, written: dict[str, Any]) -> Customer:
            customer = super().created(call, customer_id, written)
            if call.operation != operation or customer.values.get("restriction") is not None:
                return customer
            first = (self.configuration.restrictions or ("DE",))[0]
            return customer.remade(values={**customer.values, "restriction": first})

    plant(
        f"{operation}.restriction.unset",
        Restricts,
        name=f"{operation}-restricts-the-unrestricted",
        lie=f"A customer that {operation} creates without a restriction gets the first of the list.",
    )


for _operation in ("create", "upsert"):
    for _name in DEFAULTS:
        defaults_wrongly(_operation, _name, None)
    for _name in FLAGS:
        flags_wrongly(_operation, _name)
    restricts(_operation)
defaults_wrongly("create", "preferredLanguage", "de_DE")
defaults_wrongly("create", "preferredCurrency", "EUR")
defaults_wrongly("upsert", "preferredSite", "default")


@defect("create.restriction.unset", sync_restrictions_with_sites=True)
class SynchronisationIsForgotten(Behaviour):
    """An unset restriction stays unset though the tenant synchronises it with the site."""

    def restriction_of(self, customer: Customer) -> str | None:
        own = customer.values.get("restriction")
        return own if isinstance(own, str) else None
