"""Defects of updates: properties that an update does not change, or that change with another one."""

import json
from collections.abc import Callable
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.behaviour.persistence import Values
from mock_tenant.constants import CREATING_OPERATIONS, PROPERTIES
from mock_tenant.messages import ApiRequest
from mock_tenant.registry import operation_defects

Change = Callable[[Values, Values], Values]
"""What an update writes, given the current values and the values in the body."""


def updates_wrongly(
    operation: str,
    name: str,
    aspect: str,
    description: str,
    change: Change,
    also_violates: tuple[str, ...] = (),
) -> None:
    """Seeds an update (patch, or upsert of an existing customer) that writes other values than those of its body."""

    @operation_defects(
        [operation],
        "{}." + aspect,
        name="{}-" + name,
        description="{} " + description,
        also_violates=also_violates,
    )
    class UpdatesWrongly(Behaviour):
        def patch_values(self, request: ApiRequest, current: Values, written: Values) -> Values:
            return super().patch_values(request, current, change(current, written))

        def replace_values(self, request: ApiRequest, current: Values, written: Values) -> Values:
            changed = change(current, written)
            kept = {name: current[name] for name in written.keys() - changed.keys() if name in current}
            return super().replace_values(request, current, {**kept, **changed})


def never_false(flag: str) -> Change:
    """Ignores a flag that is false."""
    return lambda _, written: {n: v for n, v in written.items() if n != flag or v is not False}


def never(name: str) -> Change:
    """Ignores a property."""
    return lambda _, written: {n: v for n, v in written.items() if n != name}


def only_if_present(name: str) -> Change:
    """Ignores a property that the customer does not have yet."""
    return lambda current, written: {n: v for n, v in written.items() if n != name or n in current}


def resetting(cause: str, effect: str, value: Any) -> Change:
    """Sets another property if one is written."""
    return lambda _, written: {effect: value, **written} if cause in written else written


for _operation in ("upsert", "patch"):
    for _flag in ("active", "onHold"):
        updates_wrongly(
            _operation,
            f"never-sets-{_flag}-to-false",
            f"{_flag}.round-trip",
            f"of an existing customer does not set {_flag} to false.",
            never_false(_flag),
            ("upsert.twice.*", "patch.twice.*"),
        )
for _operation, _name in (
    *(("upsert", name) for name in ("mixins", "metadata", "b2b")),
    *(
        ("patch", name)
        for name in ("mixins", "metadata", "b2b", "title", "middleName", "restriction", "type")
    ),
):
    updates_wrongly(
        _operation,
        f"adds-no-{_name}",
        f"{_name}.round-trip",
        f"ignores {_name} if the customer has none yet.",
        only_if_present(_name),
    )
for _name in (
    "mixins",
    "metadata",
    "b2b",
    "active",
    "onHold",
    "contactEmail",
    "restriction",
    "type",
    "photoUrl",
):
    updates_wrongly(
        "upsert",
        f"updates-no-{_name}",
        f"{_name}.round-trip",
        f"of an existing customer does not change {_name}.",
        never(_name),
    )
for _cause, _effect, _value in (
    ("contactEmail", "onHold", False),
    ("mixins", "metadata", None),
    ("b2b", "mixins", None),
    ("metadata", "mixins", None),
    ("active", "onHold", False),
    ("preferredCurrency", "preferredLanguage", "en_US"),
    ("preferredLanguage", "preferredCurrency", "USD"),
    ("preferredSite", "preferredCurrency", "USD"),
    ("restriction", "preferredSite", "main"),
    ("type", "b2b", None),
    ("company", "b2b", None),
    ("firstName", "middleName", None),
    ("contactEmail", "contactPhone", None),
    ("onHold", "active", False),
    ("lastName", "title", None),
):
    updates_wrongly(
        "patch",
        f"of-{_cause}-resets-{_effect}",
        "fields.only-named",
        f"of {_cause} sets {_effect} to {json.dumps(_value)}.",
        resetting(_cause, _effect, _value),
        ("patch.defaults.*",),
    )


def creates_without(name: str) -> None:
    """Seeds an upsert that creates a customer without a property of its body."""

    @operation_defects(
        ["upsert"],
        f"{{}}.{name}.round-trip",
        name="{}-creates-without-" + name,
        description=f"An {{}} that creates ignores {name}.",
    )
    class CreatesWithout(Behaviour):
        def new_customer(self, request: ApiRequest, customer_id: str, written: Values) -> Any:
            written = {n: v for n, v in written.items() if n != name}
            return super().new_customer(request, customer_id, written)


for _name in ("mixins", "metadata", "b2b", "restriction", "type", "photoUrl"):
    creates_without(_name)


@operation_defects(
    CREATING_OPERATIONS,
    "{}.lastName.round-trip",
    name="{}-with-an-unknown-property-drops-lastName",
)
@operation_defects(["patch"], "{}.fields.only-named", name="{}-with-an-unknown-property-drops-lastName")
class DropsLastName(Behaviour):
    """{} drops lastName if the body has an unknown property."""

    def written_values(self, request: ApiRequest) -> Values:
        values = super().written_values(request)
        has_unknown = request.body.keys() - PROPERTIES[request.operation]
        return {**values, "lastName": None} if has_unknown else values
