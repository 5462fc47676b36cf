"""Input that one tenant takes and another refuses, both rightly."""

# ruff: noqa: ARG002 - a variation takes what the default takes, and need not look at it
import re
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.behaviour.listing import SortKey
from mock_tenant.constants import ON_REQUEST, PROPERTIES
from mock_tenant.registry import variation
from mock_tenant.requests import Answer, Call, Refusal, duplicate, invalid

KNOWN = frozenset(name for names in PROPERTIES.values() for name in names) | {
    "id",
    "customerNumber",
    "email",
    "businessModel",
    "metadataCreatedAt",
    *ON_REQUEST,
}
LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
PICTURE = re.compile(r"https?://\S+")


@variation()
class StrictProperties(Behaviour):
    """Create, upsert and patch refuse properties that their bodies do not have."""

    def unknown_property(self, call: Call, name: str) -> str | None:
        return "There is no such property."


def prose(name: str, pattern: re.Pattern[str], message: str) -> type[Behaviour]:
    """A behaviour that is strict on one property that the prose describes."""

    class Strict(Behaviour):
        def prose_problem(self, call: Call, asked: str, value: str) -> str | None:
            if asked == name and not pattern.fullmatch(value):
                return message
            return super().prose_problem(call, asked, value)

    return Strict


@variation()
class StrictLanguages(prose("preferredLanguage", LANGUAGE, "The value is no language tag.")):  # type: ignore[misc]
    """A preferredLanguage must have the form of a language tag, hyphens or underscores between its parts."""


@variation()
class StrictAddresses(prose("contactEmail", ADDRESS, "The value is no e-mail address.")):  # type: ignore[misc]
    """A contactEmail must have the form of an e-mail address."""


@variation()
class StrictPictures(prose("photoUrl", PICTURE, "The value is no URL.")):  # type: ignore[misc]
    """A photoUrl must be an http URL."""


@variation()
class StrictSites(Behaviour):
    """A preferredSite must be one of the configured sites."""

    def prose_problem(self, call: Call, name: str, value: str) -> str | None:
        if name == "preferredSite" and value not in self.configuration.sites:
            return "There is no such site."
        return super().prose_problem(call, name, value)


@variation()
class LenientProse(Behaviour):
    """Whatever the schema allows is accepted: any currency, any type, a patch to an empty address."""

    def prose_problem(self, call: Call, name: str, value: str) -> str | None:
        return None

    def address_emptied(self, call: Call) -> str | None:
        return None


@variation()
class NotificationsAreAnyWord(Behaviour):
    """Create and upsert take any word as sendPasswordResetNotifications: what is not true is false."""

    def check_notification(self, call: Call) -> None:
        pass


@variation()
class NoCharacterNul(Behaviour):
    """The character NUL is refused in every text."""

    def body_parsed(self, call: Call) -> Any:
        if b"\\u0000" in call.content:
            raise ValueError("a text holds the character NUL")
        return super().body_parsed(call)


@variation()
class LiteralIdPattern(Behaviour):
    """The published pattern of ids is taken literally: a custom id has exactly one character."""

    def bounds(self, call: Call, name: str) -> tuple[int, int]:
        return (1, 1) if name == "id" else super().bounds(call, name)


@variation()
class LiteralIdPatternInPaths(Behaviour):
    """The published pattern of ids is taken literally, in the path of upsert too where the customer would be new."""

    def bounds(self, call: Call, name: str) -> tuple[int, int]:
        return (1, 1) if name == "id" else super().bounds(call, name)

    def path_problem(self, call: Call, number: str) -> str | None:
        return "It has more than one character." if len(number) > 1 else super().path_problem(call, number)


@variation()
class NullUnsetsInPatch(Behaviour):
    """Null in a patch unsets a property, the address excepted."""

    def null_problem(self, call: Call, name: str) -> str | None:
        unset = call.operation == "patch" and name != "contactEmail"
        return None if unset else super().null_problem(call, name)


@variation()
class NullIsRefusedInMergePatch(Behaviour):
    """Null is refused in a merge patch too, but for the restriction."""

    def null_problem(self, call: Call, name: str) -> str | None:
        return None if name == "restriction" else "The value must not be null."


@variation()
class NullIsAbsent(Behaviour):
    """Null in a create or an upsert is taken for a property left out."""

    def null_problem(self, call: Call, name: str) -> str | None:
        return super().null_problem(call, name) if call.operation == "patch" else None

    def written(self, call: Call) -> dict[str, Any]:
        values = super().written(call)
        if call.operation == "patch":
            return values
        return {name: value for name, value in values.items() if value is not None}


@variation()
class EmptyRestrictionIsNone(Behaviour):
    """An empty restriction is taken for none."""

    def restriction_listed(self, call: Call, value: str) -> bool:
        return not value or super().restriction_listed(call, value)

    def kept(self, call: Call, name: str, value: Any) -> Any:
        return None if name == "restriction" and value == "" else super().kept(call, name, value)


@variation()
class FlagsCountInCreate(Behaviour):
    """Create takes active and onHold, which its body does not have."""

    def flags_sent_on_creation(self, call: Call, written: dict[str, Any]) -> dict[str, Any]:
        sent = {
            name: call.body[name] for name in ("active", "onHold") if isinstance(call.body.get(name), bool)
        }
        return {**super().flags_sent_on_creation(call, written), **sent}


@variation()
class ConflictingPatchesAnswer409(Behaviour):
    """A patch with an address that another customer has is answered 409."""

    def address_conflict(self, call: Call, address: str) -> Refusal:
        return duplicate(address, call.tenant.name)


@variation()
class MediaTypesAreRefusedWith400(Behaviour):
    """A body in a media type that is not JSON is answered 400."""

    def refused(self, call: Call, refusal: Refusal) -> Answer:
        refusal.status = 400 if refusal.status == 415 else refusal.status
        return super().refused(call, refusal)


@variation()
class UnknownSortIsRefused(Behaviour):
    """Sorting by a property that no customer can have is refused."""

    def sort_keys(self, call: Call) -> list[SortKey]:
        keys = super().sort_keys(call)
        if any(name.partition(".")[0] not in KNOWN for name, _ in keys):
            raise invalid("sort", "There is no such property.")
        return keys


@variation()
class ColonsDoNotSeparate(Behaviour):
    """Several sort properties are separated by commas; a colon comes before a direction only."""

    def sort_keys(self, call: Call) -> list[SortKey]:
        for part in call.params.get("sort", "").split(","):
            _, colon, direction = part.partition(":")
            if colon and direction not in ("asc", "desc"):
                raise invalid("sort", "The direction must be asc or desc.")
        return super().sort_keys(call)


@variation()
class UnknownExpandIsRefused(Behaviour):
    """An attribute in expand that does not exist is refused."""

    def expansion(self, call: Call) -> list[str]:
        asked = super().expansion(call)
        if any(word not in ("accounts", "addresses") and word.partition(":")[0] != "mixin" for word in asked):
            raise invalid("expand", "There is no such attribute.")
        return asked

    def page(self, call: Call) -> list[Any]:
        self.expansion(call)
        return super().page(call)


@variation()
class PageNumberNeedsPageSize(Behaviour):
    """A pageNumber without a pageSize is refused."""

    def page_asked(self, call: Call) -> tuple[int, int]:
        if "pageNumber" in call.params and "pageSize" not in call.params:
            raise invalid("pageSize", "The pageNumber needs a pageSize.")
        return super().page_asked(call)
