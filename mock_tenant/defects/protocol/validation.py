"""Defects of input validation: invalid input that is accepted, and valid input that is rejected."""

# ruff: noqa: ARG002 - an override has the signature of its hook
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import BODY_OPERATIONS, LENGTH_BOUNDS, PROPERTIES
from mock_tenant.messages import ApiRequest
from mock_tenant.registry import defect, register_defect


def accepts_wrong_type(operation: str, name: str) -> None:
    """Seeds an operation that does not validate the type of a property."""

    class AcceptsAnyType(Behaviour):
        def type_error(self, request: ApiRequest, property_name: str, value: Any) -> str | None:
            is_affected = request.operation == operation and property_name == name
            return None if is_affected else super().type_error(request, property_name, value)

    register_defect(
        f"{operation}.{name}.type",
        AcceptsAnyType,
        name=f"accepts-wrong-type-of-{name}-on-{operation}",
        description=f"{operation.capitalize()} accepts {name} of any JSON type.",
    )


def accepts_currency_length(operation: str, side: str) -> None:
    """Seeds an operation that accepts a currency that is too short or too long."""
    shortest, longest = LENGTH_BOUNDS["preferredCurrency"]

    class AcceptsLength(Behaviour):
        def string_error(self, request: ApiRequest, name: str, value: str) -> str | None:
            is_accepted = len(value) < shortest if side == "short" else len(value) > longest
            if request.operation == operation and name == "preferredCurrency" and is_accepted:
                return None
            return super().string_error(request, name, value)

    register_defect(
        f"{operation}.preferredCurrency.{'min' if side == 'short' else 'max'}-length",
        AcceptsLength,
        name=f"{operation}-accepts-{side}-currencies",
        description=f"{operation.capitalize()} accepts a preferredCurrency that is too {side}.",
    )


def violates_prose(operation: str, name: str, clause: str) -> None:
    """Seeds an operation that does not validate a property by the prose of the contract."""

    class IgnoresProse(Behaviour):
        def prose_error(self, request: ApiRequest, property_name: str, value: str) -> str | None:
            is_affected = request.operation == operation and property_name == name
            return None if is_affected else super().prose_error(request, property_name, value)

    register_defect(
        f"{operation}.{clause}",
        IgnoresProse,
        name=f"{operation}-accepts-any-{name}",
        description=f"{operation.capitalize()} accepts a {name} that the prose of the contract does not permit.",
    )


def validates_restrictions_wrongly(operation: str) -> None:
    """Seeds four defects in the validation of restrictions in one operation."""

    class AcceptsUnlisted(Behaviour):
        def is_listed_restriction(self, request: ApiRequest, value: str) -> bool:
            return request.operation == operation or super().is_listed_restriction(request, value)

    class IgnoresCase(Behaviour):
        def is_listed_restriction(self, request: ApiRequest, value: str) -> bool:
            listed = self.configuration.restrictions or ()
            is_listed = request.operation == operation and value.lower() in map(str.lower, listed)
            return is_listed or super().is_listed_restriction(request, value)

    class RejectsLast(Behaviour):
        def is_listed_restriction(self, request: ApiRequest, value: str) -> bool:
            last = (self.configuration.restrictions or ("",))[-1]
            return super().is_listed_restriction(request, value) and (
                request.operation != operation or value != last
            )

    class RejectsNull(Behaviour):
        def null_error(self, request: ApiRequest, name: str) -> str | None:
            if request.operation == operation and name == "restriction":
                return "The value must not be null."
            return super().null_error(request, name)

    label = operation.capitalize()
    register_defect(
        f"{operation}.restriction.unlisted",
        AcceptsUnlisted,
        name=f"{operation}-accepts-any-restriction",
        description=f"{label} accepts a restriction that is not configured.",
    )
    register_defect(
        f"{operation}.restriction.case",
        IgnoresCase,
        name=f"{operation}-folds-the-case-of-restrictions",
        description=f"{label} accepts a configured restriction in another case.",
    )
    register_defect(
        f"{operation}.restriction.listed",
        RejectsLast,
        name=f"{operation}-refuses-the-last-restriction",
        description=f"{label} rejects the last of the configured restrictions.",
    )
    register_defect(
        f"{operation}.restriction.null",
        RejectsNull,
        name=f"{operation}-refuses-a-null-restriction",
        description=f"{label} rejects null as restriction.",
    )


def rejects_type(operation: str, value: str) -> None:
    """Seeds an operation that rejects a supported customer type."""

    class RejectsType(Behaviour):
        def prose_error(self, request: ApiRequest, name: str, text: str) -> str | None:
            if request.operation == operation and name == "type" and text == value:
                return "The type is not supported."
            return super().prose_error(request, name, text)

    register_defect(
        f"{operation}.type.supported",
        RejectsType,
        name=f"{operation}-refuses-the-type-{value.lower()}",
        description=f"{operation.capitalize()} rejects the type {value}.",
    )


def accepts_malformed(operation: str) -> None:
    """Seeds an operation that accepts a body that is not JSON, has a comma at the end, or is not an object."""

    class AcceptsTrailingCommas(Behaviour):
        def parse_body(self, request: ApiRequest) -> Any:
            if request.operation == operation:
                request.content = request.content.replace(b",}", b"}")
            return super().parse_body(request)

    class AcceptsMalformed(Behaviour):
        def parse_body(self, request: ApiRequest) -> Any:
            try:
                return super().parse_body(request)
            except ValueError:
                if request.operation == operation:
                    return {}
                raise

    class AcceptsNonObject(Behaviour):
        def non_object_body(self, request: ApiRequest, body: Any) -> dict[str, Any]:
            return {} if request.operation == operation else super().non_object_body(request, body)

    label = operation.capitalize()
    register_defect(
        f"{operation}.body.malformed",
        AcceptsMalformed,
        name=f"{operation}-accepts-malformed-json",
        description=f"{label} accepts a body that is not JSON as an empty object.",
        also_violates=(f"{operation}.body.extensions",),
    )
    register_defect(
        f"{operation}.body.extensions",
        AcceptsTrailingCommas,
        name=f"{operation}-accepts-trailing-commas",
        description=f"{label} accepts a comma before a closing brace.",
    )
    register_defect(
        f"{operation}.body.object",
        AcceptsNonObject,
        name=f"{operation}-accepts-bodies-that-are-no-object",
        description=f"{label} accepts a JSON body that is not an object as an empty object.",
    )


for _operation in BODY_OPERATIONS:
    for _name in PROPERTIES[_operation]:
        accepts_wrong_type(_operation, _name)
    accepts_currency_length(_operation, "short")
    accepts_currency_length(_operation, "long")
    violates_prose(_operation, "preferredCurrency", "preferredCurrency.iso-4217")
    violates_prose(_operation, "type", "type.unsupported")
    validates_restrictions_wrongly(_operation)
    rejects_type(_operation, "CONTACT")
rejects_type("create", "CUSTOMER")
for _operation in (*BODY_OPERATIONS, "search"):
    accepts_malformed(_operation)


@defect("patch.b2b.type")
class PatchLooksAtNoMemberOfB2B(Behaviour):
    """Patch does not validate the members of b2b and metadata."""

    def member_error(self, request: ApiRequest, name: str, value: dict[str, Any]) -> str | None:
        return None if request.operation == "patch" else super().member_error(request, name, value)


def accepts_any_notification_flag(operation: str) -> None:
    """Seeds an operation that does not validate sendPasswordResetNotifications."""

    class AcceptsAnyFlag(Behaviour):
        def is_boolean(self, request: ApiRequest, text: str) -> bool:
            return request.operation == operation or super().is_boolean(request, text)

    register_defect(
        f"{operation}.sendPasswordResetNotifications.type",
        AcceptsAnyFlag,
        name=f"{operation}-accepts-any-notification-flag",
        description=f"{operation.capitalize()} accepts a sendPasswordResetNotifications that is not a boolean.",
    )


accepts_any_notification_flag("create")
accepts_any_notification_flag("upsert")


@defect("search.q.type")
class SearchTakesAnyQ(Behaviour):
    """Search ignores a q that is not a string."""

    def non_string_query(self, request: ApiRequest, q: object) -> str | None:
        return None
