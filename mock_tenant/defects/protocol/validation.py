"""Input that is accepted though it breaks a rule, or refused though it keeps them all."""

# ruff: noqa: ARG002 - a lie takes what the truth takes, and need not look at it
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import BOUNDS, PROPERTIES, WRITING
from mock_tenant.registry import defect, plant
from mock_tenant.requests import Call


def overlooks_type(operation: str, name: str) -> None:
    """Plants an operation that does not look at the type of a property."""

    class Overlooks(Behaviour):
        def type_problem(self, call: Call, asked: str, value: Any) -> str | None:
            mine = call.operation == operation and asked == name
            return None if mine else super().type_problem(call, asked, value)

    plant(
        f"{operation}.{name}.type",
        Overlooks,
        name=f"accepts-wrong-type-of-{name}-on-{operation}",
        lie=f"{operation.capitalize()} stores whatever {name} it is sent, of any type.",
    )


def overlooks_currency_length(operation: str, side: str) -> None:
    """Plants an operation that accepts a currency that is too short or too long."""
    shortest, longest = BOUNDS["preferredCurrency"]

    class Overlooks(Behaviour):
        def text_problem(self, call: Call, name: str, value: str) -> str | None:
            wrong = len(value) < shortest if side == "short" else len(value) > longest
            if call.operation == operation and name == "preferredCurrency" and wrong:
                return None
            return super().text_problem(call, name, value)

    plant(
        f"{operation}.preferredCurrency.{'min' if side == 'short' else 'max'}-length",
        Overlooks,
        name=f"{operation}-accepts-{side}-currencies",
        lie=f"{operation.capitalize()} accepts a preferredCurrency that is too {side}.",
    )


def overlooks_prose(operation: str, name: str, clause: str) -> None:
    """Plants an operation that does not keep a prose rule."""

    class Overlooks(Behaviour):
        def prose_problem(self, call: Call, asked: str, value: str) -> str | None:
            mine = call.operation == operation and asked == name
            return None if mine else super().prose_problem(call, asked, value)

    plant(
        f"{operation}.{clause}",
        Overlooks,
        name=f"{operation}-accepts-any-{name}",
        lie=f"{operation.capitalize()} accepts a {name} that the prose does not allow.",
    )


def misjudges_restrictions(operation: str) -> None:
    """Plants four misjudgements of restrictions in one operation."""

    class AnyAccepted(Behaviour):
        def restriction_listed(self, call: Call, value: str) -> bool:
            return call.operation == operation or super().restriction_listed(call, value)

    class CaseFolded(Behaviour):
        def restriction_listed(self, call: Call, value: str) -> bool:
            listed = self.configuration.restrictions or ()
            folded = call.operation == operation and value.lower() in map(str.lower, listed)
            return folded or super().restriction_listed(call, value)

    class LastRefused(Behaviour):
        def restriction_listed(self, call: Call, value: str) -> bool:
            last = (self.configuration.restrictions or ("",))[-1]
            return super().restriction_listed(call, value) and (call.operation != operation or value != last)

    class NullRefused(Behaviour):
        def null_problem(self, call: Call, name: str) -> str | None:
            if call.operation == operation and name == "restriction":
                return "The value must not be null."
            return super().null_problem(call, name)

    said = operation.capitalize()
    plant(
        f"{operation}.restriction.unlisted",
        AnyAccepted,
        name=f"{operation}-accepts-any-restriction",
        lie=f"{said} accepts a restriction outside the configured list.",
    )
    plant(
        f"{operation}.restriction.case",
        CaseFolded,
        name=f"{operation}-folds-the-case-of-restrictions",
        lie=f"{said} accepts a listed restriction in the wrong case.",
    )
    plant(
        f"{operation}.restriction.listed",
        LastRefused,
        name=f"{operation}-refuses-the-last-restriction",
        lie=f"{said} refuses the last restriction of the configured list.",
    )
    plant(
        f"{operation}.restriction.null",
        NullRefused,
        name=f"{operation}-refuses-a-null-restriction",
        lie=f"{said} refuses null as restriction.",
    )


def refuses_type(operation: str, value: str) -> None:
    """Plants an operation that refuses a supported type."""

    class Refuses(Behaviour):
        def prose_problem(self, call: Call, name: str, sent: str) -> str | None:
            if call.operation == operation and name == "type" and sent == value:
                return "The type is not supported."
            return super().prose_problem(call, name, sent)

    plant(
        f"{operation}.type.supported",
        Refuses,
        name=f"{operation}-refuses-the-type-{value.lower()}",
        lie=f"{operation.capitalize()} refuses the type {value}.",
    )


def accepts_malformed(operation: str) -> None:
    """Plants an operation that takes a body that is not JSON, or no object, for an empty one."""

    class Malformed(Behaviour):
        def body_parsed(self, call: Call) -> Any:
            try:
                return super().body_parsed(call)
            except ValueError:
                if call.operation == operation:
                    return {}
                raise

    class NoObject(Behaviour):
        def body_not_object(self, call: Call, body: Any) -> dict[str, Any]:
            return {} if call.operation == operation else super().body_not_object(call, body)

    said = operation.capitalize()
    plant(
        f"{operation}.body.malformed",
        Malformed,
        name=f"{operation}-accepts-malformed-json",
        lie=f"{said} takes a body that is not JSON for an empty object.",
    )
    plant(
        f"{operation}.body.object",
        NoObject,
        name=f"{operation}-accepts-bodies-that-are-no-object",
        lie=f"{said} takes a JSON body that is no object for an empty one.",
    )


for _operation in WRITING:
    for _name in PROPERTIES[_operation]:
        overlooks_type(_operation, _name)
    overlooks_currency_length(_operation, "short")
    overlooks_currency_length(_operation, "long")
    overlooks_prose(_operation, "preferredCurrency", "preferredCurrency.iso-4217")
    overlooks_prose(_operation, "type", "type.unsupported")
    misjudges_restrictions(_operation)
    refuses_type(_operation, "CONTACT")
refuses_type("create", "CUSTOMER")
for _operation in (*WRITING, "search"):
    accepts_malformed(_operation)


@defect("patch.b2b.type")
class PatchLooksAtNoMemberOfB2B(Behaviour):
    """Patch does not look at the type of the members of b2b and metadata."""

    def member_problem(self, call: Call, name: str, value: dict[str, Any]) -> str | None:
        return None if call.operation == "patch" else super().member_problem(call, name, value)


def overlooks_notification(operation: str) -> None:
    """Plants an operation that does not look at sendPasswordResetNotifications."""

    class Overlooks(Behaviour):
        def flag_read(self, call: Call, text: str) -> bool:
            return call.operation == operation or super().flag_read(call, text)

    plant(
        f"{operation}.sendPasswordResetNotifications.type",
        Overlooks,
        name=f"{operation}-accepts-any-notification-flag",
        lie=f"{operation.capitalize()} accepts a sendPasswordResetNotifications that is no boolean.",
    )


overlooks_notification("create")
overlooks_notification("upsert")


@defect("search.q.type")
class SearchTakesAnyQ(Behaviour):
    """Search ignores a q that is no string."""

    def query_not_text(self, call: Call, sent: object) -> str | None:
        return None
