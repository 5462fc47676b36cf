"""Variations of null and of empty values, which a tenant may store, ignore or reject."""

# ruff: noqa: ARG002 - an override has the signature of its hook
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import MERGE_PATCH_TYPE, STRINGS
from mock_tenant.messages import ApiRequest
from mock_tenant.registry import variation


@variation(readings={"patch.null.unsets": "unset", "patch.null.non-nullable": "ignored"})
class NullUnsetsInPatch(Behaviour):
    """Null in a patch unsets a property, except contactEmail."""

    def null_error(self, request: ApiRequest, name: str) -> str | None:
        is_unset = request.operation == "patch" and name != "contactEmail"
        return None if is_unset else super().null_error(request, name)


@variation(readings={"patch.null.unsets": "ignored", "patch.null.non-nullable": "ignored"})
class NullIsIgnoredInPatch(Behaviour):
    """Null in a JSON patch means that the property is left out, except for restriction."""

    def null_error(self, request: ApiRequest, name: str) -> str | None:
        return None if self.is_ignored(request, name, None) else super().null_error(request, name)

    def written_values(self, request: ApiRequest) -> dict[str, Any]:
        values = super().written_values(request)
        return {name: value for name, value in values.items() if not self.is_ignored(request, name, value)}

    def is_ignored(self, request: ApiRequest, name: str, value: object) -> bool:
        """Whether this is a null that means nothing."""
        is_json_patch = request.operation == "patch" and request.media_type != MERGE_PATCH_TYPE
        return value is None and is_json_patch and name != "restriction"


@variation()
class NullIsRefusedInMergePatch(Behaviour):
    """Null is rejected in a merge patch too, except for restriction."""

    def null_error(self, request: ApiRequest, name: str) -> str | None:
        return None if name == "restriction" else "The value must not be null."


@variation(readings={"create.null.non-nullable": "ignored", "upsert.null.non-nullable": "ignored"})
class NullIsAbsent(Behaviour):
    """Null in a create or an upsert means that the property is left out."""

    def null_error(self, request: ApiRequest, name: str) -> str | None:
        return super().null_error(request, name) if request.operation == "patch" else None

    def written_values(self, request: ApiRequest) -> dict[str, Any]:
        values = super().written_values(request)
        if request.operation == "patch":
            return values
        return {name: value for name, value in values.items() if value is not None}


@variation(readings={"*.null.non-nullable": "ignored", "patch.null.unsets": "unset"})
class NullIsAnEmptyText(Behaviour):
    """Null is stored as an empty text in every text but contactEmail and restriction."""

    def null_error(self, request: ApiRequest, name: str) -> str | None:
        return None if self.is_emptied(name) else super().null_error(request, name)

    def written_values(self, request: ApiRequest) -> dict[str, Any]:
        values = super().written_values(request)
        return {
            name: "" if value is None and self.is_emptied(name) else value for name, value in values.items()
        }

    def is_emptied(self, name: str) -> bool:
        """Whether null empties this property."""
        return name in STRINGS and name not in ("contactEmail", "restriction")


@variation(readings={"*.restriction.empty": "ignored"})
class EmptyRestrictionIsNone(Behaviour):
    """An empty restriction means no restriction."""

    def is_listed_restriction(self, request: ApiRequest, value: str) -> bool:
        return not value or super().is_listed_restriction(request, value)

    def stored_value(self, request: ApiRequest, name: str, value: Any) -> Any:
        return None if name == "restriction" and value == "" else super().stored_value(request, name, value)


@variation(readings={"*.restriction.empty": "ignored"})
class EmptyRestrictionIsLeftOut(Behaviour):
    """An empty restriction means that the property is left out: a patch keeps the restriction."""

    def is_listed_restriction(self, request: ApiRequest, value: str) -> bool:
        return not value or super().is_listed_restriction(request, value)

    def written_values(self, request: ApiRequest) -> dict[str, Any]:
        values = super().written_values(request)
        return {name: value for name, value in values.items() if (name, value) != ("restriction", "")}


@variation(readings={"*.restriction.empty": "stored"})
class EmptyRestrictionIsStored(Behaviour):
    """An empty restriction is stored, although it is not in the configured list."""

    def is_listed_restriction(self, request: ApiRequest, value: str) -> bool:
        return not value or super().is_listed_restriction(request, value)


@variation()
class NestedNullIsRefused(Behaviour):
    """Null inside an object is rejected, in a merge patch too."""

    def member_error(self, request: ApiRequest, name: str, value: dict[str, Any]) -> str | None:
        members = [value, *(each for each in value.values() if isinstance(each, dict))]
        if any(None in each.values() for each in members):
            return "The members must not be null."
        return super().member_error(request, name, value)
