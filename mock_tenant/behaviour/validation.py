"""Validation of the properties of a body: types, lengths, characters, and the rules in the prose of the contract."""

# ruff: noqa: ARG002 - a hook receives whatever an override may need
from collections.abc import Iterator
from typing import Any

from babel.core import get_global

from mock_tenant.behaviour.base_handler import BaseHandler
from mock_tenant.constants import (
    BOOLEANS,
    ID_CHARACTERS,
    LENGTH_BOUNDS,
    MERGE_PATCH_TYPE,
    PROPERTIES,
    STRINGS,
    TYPES,
)
from mock_tenant.messages import ApiRequest, FieldError, bad_request


class Validation(BaseHandler):
    """Hooks for the validation of each property. Each returns an error message, or None if the value is valid."""

    def check_body(self, request: ApiRequest) -> None:
        """Raises ApiError 400 with one detail for each invalid property."""
        errors = tuple(self.field_errors(request))
        if errors:
            raise bad_request("The customer is not valid.", *errors)

    def field_errors(self, request: ApiRequest) -> Iterator[FieldError]:
        """The errors in the properties of the body, in the order of the body."""
        for name, value in request.body.items():
            if name in PROPERTIES[request.operation]:
                message = self.property_error(request, name, value)
            else:
                message = self.unknown_property_error(request, name)
            if message is not None:
                yield FieldError(name, message)

    def unknown_property_error(self, request: ApiRequest, name: str) -> str | None:
        """The error for a property that the operation does not define; by default such properties are ignored."""
        return None

    def property_error(self, request: ApiRequest, name: str, value: Any) -> str | None:
        """The error in one property."""
        if value is None:
            return self.null_error(request, name)
        if (message := self.type_error(request, name, value)) is not None:
            return message
        if isinstance(value, str):
            return self.string_error(request, name, value)
        return None

    def null_error(self, request: ApiRequest, name: str) -> str | None:
        """The error for null, which is valid for restriction, and in a merge patch except for contactEmail."""
        if name == "restriction":
            return None
        if request.media_type == MERGE_PATCH_TYPE and name != "contactEmail":
            return None
        return "The value must not be null."

    def type_error(self, request: ApiRequest, name: str, value: Any) -> str | None:
        """The error in the JSON type of a value."""
        if name in STRINGS or name in ("id", "password"):
            return None if isinstance(value, str) else "The value must be a string."
        if name in BOOLEANS:
            return None if isinstance(value, bool) else "The value must be true or false."
        if not isinstance(value, dict):
            return "The value must be an object."
        return self.member_error(request, name, value)

    def member_error(self, request: ApiRequest, name: str, value: dict[str, Any]) -> str | None:
        """The error in the members of b2b or metadata; the members of mixins are not validated."""
        if name == "b2b" and not isinstance(value.get("companyRegistrationId", ""), str):
            return "The member companyRegistrationId must be a string."
        if name == "metadata":
            if not isinstance(value.get("mixins", {}), dict):
                return "The member mixins must be an object."
            version = value.get("version", 0)
            if isinstance(version, bool) or not isinstance(version, int):
                return "The member version must be a whole number."
        return None

    def string_error(self, request: ApiRequest, name: str, value: str) -> str | None:
        """The error in the length, the characters or the meaning of a string."""
        if name in LENGTH_BOUNDS:
            shortest, longest = self.length_bounds(request, name)
            if not shortest <= len(value) <= longest:
                return f"The value must have {shortest} to {longest} characters."
        if name == "id" and not self.has_valid_id_characters(request, value):
            return "The value must consist of letters, digits, underscores and hyphens."
        if name == "restriction" and not self.is_listed_restriction(request, value):
            return "The restriction is not configured for this tenant."
        if name == "contactEmail" and not value and request.operation == "patch":
            return self.emptied_email_error(request)
        return self.prose_error(request, name, value)

    def length_bounds(self, request: ApiRequest, name: str) -> tuple[int, int]:
        """The minimum and the maximum length of a property."""
        return LENGTH_BOUNDS[name]

    def has_valid_id_characters(self, request: ApiRequest, value: str) -> bool:
        """Whether an id consists of permitted characters."""
        return ID_CHARACTERS.fullmatch(value) is not None

    def is_listed_restriction(self, request: ApiRequest, value: str) -> bool:
        """Whether the restriction is in the configured list; without a list every restriction is valid."""
        listed = self.configuration.restrictions
        return listed is None or value in listed

    def emptied_email_error(self, request: ApiRequest) -> str | None:
        """The error for a patch with an empty contactEmail."""
        return "The contactEmail cannot be unset."

    def prose_error(self, request: ApiRequest, name: str, value: str) -> str | None:
        """The error by a rule in the prose of the contract: currency codes and customer types."""
        if name == "preferredCurrency" and value not in get_global("all_currencies"):
            return "The value is not an ISO 4217 currency code."
        if name == "type" and value not in TYPES:
            return "The value must be CUSTOMER or CONTACT."
        return None
