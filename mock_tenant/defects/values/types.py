"""Defects of validation by type: a value of another JSON type that is accepted."""

from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import BODY_OPERATIONS, OBJECTS, PROPERTIES, STRINGS, UPDATE_OPERATIONS
from mock_tenant.messages import ApiRequest
from mock_tenant.registry import defect, operation_defects


def accepts_any_type(operation: str, name: str) -> None:
    """Seeds an operation that does not validate the type of a property."""

    @operation_defects(
        [operation],
        f"{{}}.{name}.type",
        name=f"accepts-wrong-type-of-{name}-on-{{}}",
        description=f"{{}} accepts {name} of any JSON type.",
    )
    class AcceptsAnyType(Behaviour):
        def type_error(self, request: ApiRequest, property_name: str, value: Any) -> str | None:
            return None if property_name == name else super().type_error(request, property_name, value)


for _operation in BODY_OPERATIONS:
    for _name in PROPERTIES[_operation]:
        accepts_any_type(_operation, _name)


class AcceptsArraysOfOneText(Behaviour):
    """{} accepts an array of one text as the text."""

    def type_error(self, request: ApiRequest, property_name: str, value: Any) -> str | None:
        if property_name in STRINGS and isinstance(value, list) and len(value) == 1:
            value = value[0]
        return super().type_error(request, property_name, value)

    def stored_value(self, request: ApiRequest, name: str, value: Any) -> Any:
        value = value[0] if name in STRINGS and isinstance(value, list) else value
        return super().stored_value(request, name, value)


class ValidatesNoFalsyTexts(Behaviour):
    """{} does not validate false, 0, [] and {{}} as texts, and ignores them."""

    def type_error(self, request: ApiRequest, property_name: str, value: Any) -> str | None:
        is_ignored = property_name in STRINGS and not value
        return None if is_ignored else super().type_error(request, property_name, value)

    def written_values(self, request: ApiRequest) -> dict[str, Any]:
        written = super().written_values(request)
        return {name: value for name, value in written.items() if name not in STRINGS or value or value == ""}


for _behaviour, _names in {
    AcceptsArraysOfOneText: {"create": "company", "upsert": "middleName", "patch": "preferredLanguage"},
    ValidatesNoFalsyTexts: {"create": "firstName", "upsert": "title", "patch": "lastName"},
}.items():
    for _operation, _name in _names.items():
        _others = [f"{{}}.{_each}.type" for _each in STRINGS if _each != _name]
        operation_defects([_operation], f"{{}}.{_name}.type", also_violates=_others)(_behaviour)


@operation_defects(BODY_OPERATIONS, "{}.mixins.type")
class AcceptsArraysAsMixins(Behaviour):
    """{} accepts an array as mixins, and stores an empty object."""

    def type_error(self, request: ApiRequest, property_name: str, value: Any) -> str | None:
        is_accepted = property_name == "mixins" and isinstance(value, list)
        return None if is_accepted else super().type_error(request, property_name, value)

    def stored_value(self, request: ApiRequest, name: str, value: Any) -> Any:
        value = {} if name == "mixins" and isinstance(value, list) else value
        return super().stored_value(request, name, value)


@operation_defects(BODY_OPERATIONS, "{}.mixins.type", also_violates=["{}.metadata.type", "{}.b2b.type"])
class AcceptsEmptyTextsAsObjects(Behaviour):
    """{} accepts an empty string as an object, and ignores it."""

    def type_error(self, request: ApiRequest, property_name: str, value: Any) -> str | None:
        is_accepted = property_name in OBJECTS and value == ""
        return None if is_accepted else super().type_error(request, property_name, value)

    def written_values(self, request: ApiRequest) -> dict[str, Any]:
        written = super().written_values(request)
        return {name: value for name, value in written.items() if name not in OBJECTS or value != ""}


@operation_defects(UPDATE_OPERATIONS, "{}.onHold.type", also_violates=["{}.active.type"])
class AcceptsNumbersAsFlags(Behaviour):
    """{} accepts 0 and 1 as flags."""

    def type_error(self, request: ApiRequest, property_name: str, value: Any) -> str | None:
        is_accepted = property_name in ("active", "onHold") and value in (0, 1)
        return None if is_accepted else super().type_error(request, property_name, value)

    def stored_value(self, request: ApiRequest, name: str, value: Any) -> Any:
        value = bool(value) if name in ("active", "onHold") else value
        return super().stored_value(request, name, value)


@operation_defects(UPDATE_OPERATIONS, "{}.onHold.type")
class AcceptsWordsAsOnHold(Behaviour):
    """{} accepts the words true and false as onHold."""

    def type_error(self, request: ApiRequest, property_name: str, value: Any) -> str | None:
        is_accepted = property_name == "onHold" and value in ("true", "false")
        return None if is_accepted else super().type_error(request, property_name, value)

    def stored_value(self, request: ApiRequest, name: str, value: Any) -> Any:
        value = value in ("true", True) if name == "onHold" else value
        return super().stored_value(request, name, value)


@defect("patch.b2b.type", name="patch-validates-no-member-of-b2b")
class PatchValidatesNoMemberOfB2B(Behaviour):
    """Patch does not validate the members of b2b and metadata."""

    def member_error(self, request: ApiRequest, name: str, value: dict[str, Any]) -> str | None:
        return None if request.operation == "patch" else super().member_error(request, name, value)
