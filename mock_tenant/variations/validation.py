"""Variations of input validation: input that a tenant may accept or reject."""

# ruff: noqa: ARG002 - an override has the signature of its hook
import re
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import BOOLEANS, MERGE_PATCH_TYPE
from mock_tenant.messages import ApiError, ApiRequest, ApiResponse, conflict
from mock_tenant.registry import variation

LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
HTTP_URL = re.compile(r"https?://\S+")


@variation(readings={"*.unknown-properties": "rejected"})
class StrictProperties(Behaviour):
    """Create, upsert and patch reject unknown properties, except active and onHold in create."""

    def unknown_property_error(self, request: ApiRequest, name: str) -> str | None:
        if name in BOOLEANS:
            return super().unknown_property_error(request, name)
        return "There is no such property."


@variation(readings={"create.active.ignored": "rejected"})
class FlagsAreRefusedInCreate(Behaviour):
    """Create rejects active and onHold, which its body does not define."""

    def unknown_property_error(self, request: ApiRequest, name: str) -> str | None:
        if name in BOOLEANS:
            return "The flag cannot be set on creation."
        return super().unknown_property_error(request, name)


@variation()
class MergePatchesIgnoreFlags(Behaviour):
    """A merge patch does not change active and onHold, which its body does not define."""

    def written_values(self, request: ApiRequest) -> dict[str, Any]:
        written = super().written_values(request)
        if request.media_type == MERGE_PATCH_TYPE:
            return {name: value for name, value in written.items() if name not in BOOLEANS}
        return written


@variation()
class MergePatchesRefuseFlags(Behaviour):
    """A merge patch with active or onHold is rejected, because its body does not define them."""

    def property_error(self, request: ApiRequest, name: str, value: Any) -> str | None:
        if name in BOOLEANS and request.media_type == MERGE_PATCH_TYPE:
            return "The flag cannot be set by a merge patch."
        return super().property_error(request, name, value)


@variation()
class ReservedNamesAreRefused(Behaviour):
    """Names of members in mixins must not be empty, have a dot or begin with a dollar sign, as in some databases."""

    def member_error(self, request: ApiRequest, name: str, value: dict[str, Any]) -> str | None:
        if name == "mixins" and has_reserved_name(value):
            return "The name of a member is reserved."
        return super().member_error(request, name, value)


def has_reserved_name(value: Any) -> bool:
    """Whether the name of a member, at any depth, is reserved."""
    if isinstance(value, list):
        return any(map(has_reserved_name, value))
    if not isinstance(value, dict):
        return False
    return any(
        not name or name.startswith("$") or "." in name or has_reserved_name(member)
        for name, member in value.items()
    )


@variation()
class StrictLanguages(Behaviour):
    """A preferredLanguage must have the form of a language tag, with hyphens or underscores between its parts."""

    def prose_error(self, request: ApiRequest, name: str, value: str) -> str | None:
        if name == "preferredLanguage" and not LANGUAGE_TAG.fullmatch(value):
            return "The value is not a language tag."
        return super().prose_error(request, name, value)


@variation()
class StrictAddresses(Behaviour):
    """A contactEmail must have the form of an e-mail address."""

    def prose_error(self, request: ApiRequest, name: str, value: str) -> str | None:
        if name == "contactEmail" and not EMAIL.fullmatch(value):
            return "The value is not an e-mail address."
        return super().prose_error(request, name, value)


@variation()
class StrictPictures(Behaviour):
    """A photoUrl must be an http or https URL."""

    def prose_error(self, request: ApiRequest, name: str, value: str) -> str | None:
        if name == "photoUrl" and not HTTP_URL.fullmatch(value):
            return "The value is not an http URL."
        return super().prose_error(request, name, value)


@variation()
class StrictSites(Behaviour):
    """A preferredSite must be one of the configured sites."""

    def prose_error(self, request: ApiRequest, name: str, value: str) -> str | None:
        if name == "preferredSite" and value not in self.configuration.sites:
            return "There is no such site."
        return super().prose_error(request, name, value)


@variation()
class LenientProse(Behaviour):
    """Everything that the schema permits is accepted: any currency, any type, an empty contactEmail in a patch."""

    def prose_error(self, request: ApiRequest, name: str, value: str) -> str | None:
        return None

    def emptied_email_error(self, request: ApiRequest) -> str | None:
        return None


@variation()
class NotificationsAreAnyWord(Behaviour):
    """Create and upsert accept any sendPasswordResetNotifications; values other than true mean false."""

    def check_notification_flag(self, request: ApiRequest) -> None:
        pass


@variation()
class NoCharacterNul(Behaviour):
    """The character NUL is rejected in every string."""

    def parse_body(self, request: ApiRequest) -> Any:
        if b"\\u0000" in request.content:
            raise ValueError("a string contains the character NUL")
        return super().parse_body(request)


@variation(readings={"create.id.pattern-reading": "exactly one character"})
class LiteralIdPattern(Behaviour):
    """The published pattern of ids is applied literally: a custom id has exactly one character."""

    def length_bounds(self, request: ApiRequest, name: str) -> tuple[int, int]:
        return (1, 1) if name == "id" else super().length_bounds(request, name)


@variation(readings={"create.id.pattern-reading": "exactly one character"})
class LiteralIdPatternInPaths(Behaviour):
    """The published pattern of ids is applied literally, also to the path of an upsert that creates."""

    def length_bounds(self, request: ApiRequest, name: str) -> tuple[int, int]:
        return (1, 1) if name == "id" else super().length_bounds(request, name)

    def path_id_error(self, request: ApiRequest, number: str) -> str | None:
        return (
            "The value must have one character."
            if len(number) > 1
            else super().path_id_error(request, number)
        )


@variation(readings={"create.active.ignored": "applied"})
class FlagsCountInCreate(Behaviour):
    """Create accepts active and onHold, which its body does not define."""

    def flags_from_body(self, request: ApiRequest, written: dict[str, Any]) -> dict[str, Any]:
        sent = {
            name: request.body[name]
            for name in ("active", "onHold")
            if isinstance(request.body.get(name), bool)
        }
        return {**super().flags_from_body(request, written), **sent}


@variation()
class ConflictingPatchesAnswer409(Behaviour):
    """A patch returns 409 for a contactEmail that another customer has."""

    def email_conflict(self, request: ApiRequest, address: str) -> ApiError:
        return conflict(address, request.tenant.name)


@variation(readings={"patch.email.conflict": "accepted"})
class PatchesMayShareAnEmail(Behaviour):
    """A patch accepts a contactEmail that another customer has."""

    def is_email_taken(self, request: ApiRequest, email: str, customer_id: str | None) -> bool:
        return request.operation != "patch" and super().is_email_taken(request, email, customer_id)


@variation()
class MediaTypesAreRefusedWith400(Behaviour):
    """A body of an unsupported media type is rejected with 400."""

    def error_response(self, request: ApiRequest, error: ApiError) -> ApiResponse:
        error.status = 400 if error.status == 415 else error.status
        return super().error_response(request, error)
