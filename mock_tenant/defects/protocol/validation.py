"""Defects of input validation: invalid input that is accepted, and valid input that is rejected."""

# ruff: noqa: ARG002 - an override has the signature of its hook
from collections.abc import Iterable
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import (
    BODY_OPERATIONS,
    CREATING_OPERATIONS,
    LENGTH_BOUNDS,
    WRITE_OPERATIONS,
)
from mock_tenant.messages import ApiRequest, invalid_field
from mock_tenant.registry import defect, operation_defects

PARSING_OPERATIONS = (*BODY_OPERATIONS, "search")


@operation_defects(BODY_OPERATIONS, "{}.preferredCurrency.min-length")
class AcceptsShortCurrencies(Behaviour):
    """{} accepts a preferredCurrency that is too short."""

    def string_error(self, request: ApiRequest, name: str, value: str) -> str | None:
        is_affected = name == "preferredCurrency" and len(value) < LENGTH_BOUNDS[name][0]
        return None if is_affected else super().string_error(request, name, value)


@operation_defects(BODY_OPERATIONS, "{}.preferredCurrency.min-length")
class AcceptsEmptyCurrencies(Behaviour):
    """{} accepts an empty preferredCurrency."""

    def string_error(self, request: ApiRequest, name: str, value: str) -> str | None:
        is_affected = name == "preferredCurrency" and not value
        return None if is_affected else super().string_error(request, name, value)


@operation_defects(BODY_OPERATIONS, "{}.preferredCurrency.max-length")
class AcceptsLongCurrencies(Behaviour):
    """{} accepts a preferredCurrency that is too long."""

    def string_error(self, request: ApiRequest, name: str, value: str) -> str | None:
        is_affected = name == "preferredCurrency" and len(value) > LENGTH_BOUNDS[name][1]
        return None if is_affected else super().string_error(request, name, value)


def ignores_prose(name: str, aspect: str) -> None:
    """Seeds writes that do not validate a property by the prose of the contract."""

    @operation_defects(
        BODY_OPERATIONS,
        f"{{}}.{name}.{aspect}",
        name="{}-accepts-any-" + name,
        description=f"{{}} accepts a {name} that the prose of the contract does not permit.",
    )
    class IgnoresProse(Behaviour):
        def prose_error(self, request: ApiRequest, property_name: str, value: str) -> str | None:
            return None if property_name == name else super().prose_error(request, property_name, value)


ignores_prose("preferredCurrency", "iso-4217")
ignores_prose("type", "unsupported")


@operation_defects(BODY_OPERATIONS, "{}.restriction.unlisted")
class AcceptsAnyRestriction(Behaviour):
    """{} accepts a restriction that is not configured."""

    def is_listed_restriction(self, request: ApiRequest, value: str) -> bool:
        return True


@operation_defects(["create"], "{}.restriction.unlisted")
class AcceptsTheFirstSiteAsRestriction(Behaviour):
    """{} accepts the first configured site as a restriction."""

    def is_listed_restriction(self, request: ApiRequest, value: str) -> bool:
        return value == self.configuration.sites[0] or super().is_listed_restriction(request, value)


@operation_defects(BODY_OPERATIONS, "{}.restriction.case")
class IgnoresTheCaseOfRestrictions(Behaviour):
    """{} accepts a configured restriction in another case."""

    def is_listed_restriction(self, request: ApiRequest, value: str) -> bool:
        listed = map(str.lower, self.configuration.restrictions or ())
        return value.lower() in listed or super().is_listed_restriction(request, value)


@operation_defects(BODY_OPERATIONS, "{}.restriction.listed")
class RefusesTheLastRestriction(Behaviour):
    """{} rejects the last of the configured restrictions."""

    def is_listed_restriction(self, request: ApiRequest, value: str) -> bool:
        last = (self.configuration.restrictions or ("",))[-1]
        return value != last and super().is_listed_restriction(request, value)


@operation_defects(BODY_OPERATIONS, "{}.restriction.null")
class RefusesANullRestriction(Behaviour):
    """{} rejects null as restriction."""

    def null_error(self, request: ApiRequest, name: str) -> str | None:
        if name == "restriction":
            return "The value must not be null."
        return super().null_error(request, name)


def rejects_type(operations: Iterable[str], value: str) -> None:
    """Seeds operations that reject a supported customer type."""

    @operation_defects(
        operations,
        "{}.type.supported",
        name="{}-refuses-the-type-" + value.lower(),
        description=f"{{}} rejects the type {value}.",
    )
    class RejectsType(Behaviour):
        def prose_error(self, request: ApiRequest, name: str, text: str) -> str | None:
            if name == "type" and text == value:
                return "The type is not supported."
            return super().prose_error(request, name, text)


rejects_type(BODY_OPERATIONS, "CONTACT")
rejects_type(["create"], "CUSTOMER")


@operation_defects(PARSING_OPERATIONS, "{}.body.malformed", also_violates=["{}.body.extensions"])
class AcceptsMalformedJson(Behaviour):
    """{} accepts a body that is not JSON as an empty object."""

    def parse_body(self, request: ApiRequest) -> Any:
        try:
            return super().parse_body(request)
        except ValueError:
            return {}


@operation_defects(PARSING_OPERATIONS, "{}.body.extensions")
class AcceptsTrailingCommas(Behaviour):
    """{} accepts a comma before a closing brace."""

    def parse_body(self, request: ApiRequest) -> Any:
        request.content = request.content.replace(b",}", b"}")
        return super().parse_body(request)


@operation_defects(PARSING_OPERATIONS, "{}.body.object")
class AcceptsBodiesThatAreNoObject(Behaviour):
    """{} accepts a JSON body that is not an object as an empty object."""

    def non_object_body(self, request: ApiRequest, body: Any) -> dict[str, Any]:
        return {}


@operation_defects(["search"], "{}.body.object")
class AcceptsFalseAsBody(Behaviour):
    """{} accepts false as a body, as if there were none."""

    def non_object_body(self, request: ApiRequest, body: Any) -> dict[str, Any]:
        return self.missing_body(request) if body is False else super().non_object_body(request, body)


@operation_defects(WRITE_OPERATIONS, "{}.body.optional")
@operation_defects(["search"], "{}.body.absent")
class NeedsABody(Behaviour):
    """{} rejects a request without a body."""

    def missing_body(self, request: ApiRequest) -> dict[str, Any]:
        raise invalid_field("body", "The body is missing.")


@operation_defects(CREATING_OPERATIONS, "{}.sendPasswordResetNotifications.type")
class AcceptsAnyNotificationFlag(Behaviour):
    """{} accepts a sendPasswordResetNotifications that is not a boolean."""

    def is_boolean(self, request: ApiRequest, text: str) -> bool:
        return True


@defect("search.q.type")
class SearchAcceptsAnyQ(Behaviour):
    """Search ignores a q that is not a string."""

    def non_string_query(self, request: ApiRequest, q: object) -> str | None:
        return None
