"""What the values of a body must be: types, bounds, characters, and the prose rules of the contract."""

# ruff: noqa: ARG002 - a decision is handed whatever an override of it may need
from collections.abc import Iterator
from functools import cache
from typing import Any

from babel.core import get_global

from mock_tenant.behaviour.base import Ground
from mock_tenant.constants import BOUNDS, FLAGS, ID_CHARACTERS, MERGE_PATCH_TYPE, PROPERTIES, TEXTS, TYPES
from mock_tenant.requests import Call, Problem, bad_request


class Validation(Ground):
    """Decisions about each property of a body, by operation and property."""

    def check_body(self, call: Call) -> None:
        """Refuses a body with 400 and one detail for each property that is wrong."""
        problems = tuple(self.problems(call))
        if problems:
            raise bad_request("The customer is not valid.", *problems)

    def problems(self, call: Call) -> Iterator[Problem]:
        """Whatever is wrong with the properties of the body, in their order."""
        for name, value in call.body.items():
            if name in PROPERTIES[call.operation]:
                message = self.problem(call, name, value)
            else:
                message = self.unknown_property(call, name)
            if message is not None:
                yield Problem(name, message)

    def unknown_property(self, call: Call, name: str) -> str | None:
        """What is wrong with a property that the body does not have: nothing, it is ignored."""
        return None

    def problem(self, call: Call, name: str, value: Any) -> str | None:
        """What is wrong with one property; None if nothing is."""
        if value is None:
            return self.null_problem(call, name)
        if (message := self.type_problem(call, name, value)) is not None:
            return message
        if isinstance(value, str):
            return self.text_problem(call, name, value)
        return None

    def null_problem(self, call: Call, name: str) -> str | None:
        """What is wrong with null: nothing for a restriction, nor in a merge patch but for the address."""
        if name == "restriction":
            return None
        if call.media_type == MERGE_PATCH_TYPE and name != "contactEmail":
            return None
        return "The value must not be null."

    def type_problem(self, call: Call, name: str, value: Any) -> str | None:
        """What is wrong with the JSON type of a value."""
        if name in TEXTS or name in ("id", "password"):
            return None if isinstance(value, str) else "The value must be a string."
        if name in FLAGS:
            return None if isinstance(value, bool) else "The value must be true or false."
        if not isinstance(value, dict):
            return "The value must be an object."
        return self.member_problem(call, name, value)

    def member_problem(self, call: Call, name: str, value: dict[str, Any]) -> str | None:
        """What is wrong with the members of b2b and metadata; mixins are free."""
        if name == "b2b" and not isinstance(value.get("companyRegistrationId", ""), str):
            return "The member companyRegistrationId must be a string."
        if name == "metadata":
            if not isinstance(value.get("mixins", {}), dict):
                return "The member mixins must be an object."
            version = value.get("version", 0)
            if isinstance(version, bool) or not isinstance(version, int):
                return "The member version must be a whole number."
        return None

    def text_problem(self, call: Call, name: str, value: str) -> str | None:
        """What is wrong with a text: its length, its characters, or what it says."""
        if name in BOUNDS:
            shortest, longest = self.bounds(call, name)
            if not shortest <= len(value) <= longest:
                return f"The value must have {shortest} to {longest} characters."
        if name == "id" and not self.id_characters(call, value):
            return "The value must consist of letters, digits, underscores and hyphens."
        if name == "restriction" and not self.restriction_listed(call, value):
            return "The restriction is not configured for this tenant."
        if name == "contactEmail" and not value and call.operation == "patch":
            return self.address_emptied(call)
        return self.prose_problem(call, name, value)

    def bounds(self, call: Call, name: str) -> tuple[int, int]:
        """The shortest and the longest text of a property."""
        return BOUNDS[name]

    def id_characters(self, call: Call, value: str) -> bool:
        """Whether an id consists of the characters that ids may have."""
        return ID_CHARACTERS.fullmatch(value) is not None

    def restriction_listed(self, call: Call, value: str) -> bool:
        """Whether the restriction is in the configured list; without a list every one is."""
        listed = self.configuration.restrictions
        return listed is None or value in listed

    def address_emptied(self, call: Call) -> str | None:
        """What is wrong with a patch that empties the address: once set, it stays."""
        return "The contactEmail cannot be unset."

    def prose_problem(self, call: Call, name: str, value: str) -> str | None:
        """What is wrong with a text by the prose of the contract: currencies and types."""
        if name == "preferredCurrency" and value not in currencies():
            return "The value is no ISO 4217 currency."
        if name == "type" and value not in TYPES:
            return "The value must be CUSTOMER or CONTACT."
        return None


@cache
def currencies() -> frozenset[str]:
    """The codes of ISO 4217, those of the past included."""
    return frozenset(get_global("all_currencies"))
