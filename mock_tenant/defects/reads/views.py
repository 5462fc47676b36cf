"""Answers that leave out, disagree, change what they show, or show what is not theirs to show."""

# ruff: noqa: ARG002 - a lie takes what the truth takes, and need not look at it
from collections.abc import Callable
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import LISTING
from mock_tenant.registry import defect, plant
from mock_tenant.requests import Call
from mock_tenant.store import Customer

View = dict[str, Any]


def shows(operation: str, clause: str, name: str, lie: str, change: Callable[[View], View]) -> None:
    """Plants an operation that shows customers otherwise than they are."""

    class Shows(Behaviour):
        def view(self, call: Call, customer: Customer) -> View:
            shown = super().view(call, customer)
            return change(shown) if call.operation == operation else shown

    plant(f"{operation}.{clause}", Shows, name=f"{operation}-{name}", lie=f"{operation.capitalize()} {lie}")


def without(*names: str) -> Callable[[View], View]:
    """Leaves properties out."""
    return lambda view: {name: value for name, value in view.items() if name not in names}


def but(name: str, change: Callable[[Any], Any]) -> Callable[[View], View]:
    """Changes a property where it is shown."""
    return lambda view: {**view, name: change(view[name])} if name in view else view


for _operation in ("get", *LISTING):
    shows(
        _operation,
        "schema.customer",
        "shows-flags-as-text",
        "shows the active flag as a text.",
        but("active", lambda flag: str(flag).lower()),
    )
    shows(
        _operation,
        "schema.customer",
        "shows-the-version-as-text",
        "shows metadata.version as a text.",
        but("metadata", lambda data: {**data, "version": str(data["version"])}),
    )
    shows(_operation, "id.present", "shows-no-id", "shows customers without their id.", without("id"))
    shows(
        _operation,
        "businessModel.enum",
        "shows-the-model-in-lower-case",
        "shows businessModel as b2c.",
        but("businessModel", str.lower),
    )
    shows(
        _operation,
        "metadataCreatedAt.format",
        "shows-dates-of-another-zone",
        "shows metadataCreatedAt as of two hours east.",
        but("metadataCreatedAt", lambda date: date.removesuffix("Z") + "+02:00"),
    )
    shows(
        _operation,
        "accounts.shape",
        "shows-accounts-as-texts",
        "shows accounts as a list of texts.",
        but("accounts", lambda accounts: [account["id"] for account in accounts]),
    )
    shows(
        _operation,
        "expand.mixin",
        "shows-no-mixins",
        "shows no mixins though asked for them.",
        without("mixins"),
    )
    shows(
        _operation,
        "expand.mixin",
        "shows-empty-mixins",
        "shows mixins as an empty object though asked for them.",
        but("mixins", lambda _: {}),
    )
for _operation in LISTING:
    shows(
        _operation,
        "agrees-with-get",
        "drops-the-middle-name",
        "leaves middleName out, which get shows.",
        without("middleName"),
    )
    shows(
        _operation,
        "agrees-with-get",
        "drops-the-photo",
        "leaves photoUrl out, which get shows.",
        without("photoUrl"),
    )
    shows(_operation, "agrees-with-get", "drops-b2b", "leaves b2b out, which get shows.", without("b2b"))
    shows(
        _operation,
        "agrees-with-get",
        "turns-the-hold-round",
        "shows the opposite of the onHold that get shows.",
        but("onHold", lambda flag: not flag),
    )
    shows(
        _operation,
        "agrees-with-get",
        "abbreviates-first-names",
        "shows the initial of firstName, where get shows it all.",
        but("firstName", lambda name: name[:1]),
    )
    shows(
        _operation,
        "agrees-with-get",
        "always-shows-version-1",
        "shows metadata.version 1, whatever get shows.",
        but("metadata", lambda data: {**data, "version": 1}),
    )


def expands_wrongly(operation: str) -> None:
    """Plants slips of expand in one operation."""

    class FirstOnly(Behaviour):
        def expansion(self, call: Call) -> list[str]:
            return super().expansion(call)[: 1 if call.operation == operation else None]

    class Unasked(Behaviour):
        def expanded(self, call: Call, name: str, value: Any, asked: list[str]) -> Any:
            unasked = call.operation == operation and name == "mixins"
            return value if unasked else super().expanded(call, name, value, asked)

    said = operation.capitalize()
    plant(
        f"{operation}.expand.order",
        FirstOnly,
        name=f"{operation}-expands-the-first-attribute",
        lie=f"{said} expands the first attribute of several.",
    )
    plant(
        f"{operation}.expand.on-request",
        Unasked,
        name=f"{operation}-always-shows-mixins",
        lie=f"{said} shows mixins that nobody asked for.",
    )


def judges_restrictions_wrongly(operation: str) -> None:
    """Plants an operation that shows a limited client too much or too little."""

    class Everything(Behaviour):
        def within_restrictions(self, call: Call, customer: Customer) -> bool:
            return call.operation == operation or super().within_restrictions(call, customer)

    class Nothing(Behaviour):
        def within_restrictions(self, call: Call, customer: Customer) -> bool:
            limited = call.operation == operation and self.restrictions_open(call) is not None
            return not limited and super().within_restrictions(call, customer)

    said = operation.capitalize()
    plant(
        f"{operation}.restriction.filtered",
        Everything,
        name=f"{operation}-looks-at-no-restriction",
        lie=f"{said} shows every customer to a client limited to some restrictions.",
    )
    plant(
        f"{operation}.restriction.visible",
        Nothing,
        name=f"{operation}-shows-nobody-to-the-limited",
        lie=f"{said} shows no customer to a client limited to some restrictions.",
    )


def manages_restrictions_wrongly(operation: str) -> None:
    """Plants a write that does not look at restrictions."""

    class Everything(Behaviour):
        def within_restrictions(self, call: Call, customer: Customer) -> bool:
            return call.operation == operation or super().within_restrictions(call, customer)

    plant(
        f"{operation}.restriction.managed",
        Everything,
        name=f"{operation}-looks-at-no-restriction",
        lie=f"{operation.capitalize()} takes writes to any customer from a client limited to some restrictions.",
    )


for _operation in ("create", "upsert", "patch", "delete"):
    manages_restrictions_wrongly(_operation)


def changes_on_reading(operation: str) -> None:
    """Plants a reading operation that writes."""

    class Marks(Behaviour):
        def view(self, call: Call, customer: Customer) -> View:
            shown = super().view(call, customer)
            if call.operation == operation:
                call.tenant.put(customer.having({**customer.values, "title": "read"}))
            return shown

    class Holds(Behaviour):
        def view(self, call: Call, customer: Customer) -> View:
            shown = super().view(call, customer)
            if call.operation == operation:
                call.tenant.put(customer.having({**customer.values, "onHold": True}))
            return shown

    said = operation.capitalize()
    plant(
        f"{operation}.changes-nothing",
        Marks,
        name=f"{operation}-marks-whom-it-shows",
        lie=f"{said} gives whoever it shows another title.",
    )
    plant(
        f"{operation}.changes-nothing",
        Holds,
        name=f"{operation}-puts-on-hold-whom-it-shows",
        lie=f"{said} puts whoever it shows on hold.",
    )


for _operation in ("get", *LISTING):
    expands_wrongly(_operation)
    judges_restrictions_wrongly(_operation)
    changes_on_reading(_operation)


@defect("get.businessModel.unassigned")
class EverybodyIsB2B(Behaviour):
    """Every customer is B2B."""

    def business_model(self, customer: Customer) -> str:
        return "B2B"


@defect("create.metadataCreatedAt.now")
class BirthdaysAreAYearBack(Behaviour):
    """A new customer was created a year ago."""

    def today(self) -> str:
        today = super().today()
        return f"{int(today[:4]) - 1}{today[4:]}"
