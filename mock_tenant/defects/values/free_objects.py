"""Defects of free objects: structure inside mixins that a write loses or changes."""

from collections.abc import Callable, Iterable
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import BODY_OPERATIONS
from mock_tenant.messages import ApiError, ApiRequest
from mock_tenant.registry import defect, operation_defects

Change = Callable[[Any], Any]
ABSENT = object()
WORDS = {"yes": True, "on": True, "no": False, "off": False}
"""The words for booleans in YAML 1.1."""


def everywhere(change: Change) -> Change:
    """Changes every value in a JSON value from the inside out; what becomes ABSENT is left out."""

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            changed = {name: walk(member) for name, member in value.items()}
            value = {name: member for name, member in changed.items() if member is not ABSENT}
        elif isinstance(value, list):
            value = [item for item in map(walk, value) if item is not ABSENT]
        return change(value)

    return walk


def without(*unwanted: Any) -> Change:
    """Leaves out values equal to one of these and of its type."""
    return everywhere(
        lambda value: ABSENT if any(type(value) is type(u) and value == u for u in unwanted) else value
    )


def with_texts(change: Callable[[str], Any]) -> Change:
    """Changes every string."""
    return everywhere(lambda value: change(value) if isinstance(value, str) else value)


def with_numbers(change: Callable[[Any], Any]) -> Change:
    """Changes every number."""
    return everywhere(
        lambda value: (
            change(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
        )
    )


def with_lists(change: Callable[[list[Any]], Any]) -> Change:
    """Changes every list."""
    return everywhere(lambda value: change(value) if isinstance(value, list) else value)


def with_names(change: Callable[[str], str]) -> Change:
    """Changes the name of every member."""
    return everywhere(
        lambda value: (
            {change(name): member for name, member in value.items()} if isinstance(value, dict) else value
        )
    )


def without_members(is_unwanted: Callable[[str], bool]) -> Change:
    """Leaves out members by their name."""
    return everywhere(
        lambda value: (
            {name: member for name, member in value.items() if not is_unwanted(name)}
            if isinstance(value, dict)
            else value
        )
    )


def down_to(depth: int) -> Change:
    """Leaves out what is nested deeper than this."""

    def cut(value: Any, left: int = depth) -> Any:
        if isinstance(value, dict):
            return {name: cut(member, left - 1) for name, member in value.items()} if left else {}
        if isinstance(value, list):
            return [cut(item, left - 1) for item in value] if left else []
        return value

    return cut


def nested(value: Any) -> Any:
    """Reads a member whose name has a dot as a path."""
    if isinstance(value, list):
        return [nested(item) for item in value]
    if not isinstance(value, dict):
        return value
    result: dict[str, Any] = {}
    for name, member in value.items():
        first, dot, rest = name.partition(".")
        result[first if dot else name] = {rest: nested(member)} if dot else nested(member)
    return result


def guessed(text: str) -> Any:
    """A string of digits as a number."""
    return int(text) if text.isdecimal() and text.isascii() else text


def flat(items: list[Any]) -> list[Any]:
    """The items with nested lists in their place."""
    return [inner for item in items for inner in (item if isinstance(item, list) else [item])]


def unique(items: list[Any]) -> list[Any]:
    """The items without repetition."""
    return [item for position, item in enumerate(items) if item not in items[:position]]


CHANGES: dict[str, tuple[str, Change]] = {
    "drops-empty-lists": ("leaves out empty lists", without([])),
    "drops-empty-objects": ("leaves out empty objects", without({})),
    "drops-empty-texts": ("leaves out empty strings", without("")),
    "drops-false-and-zero": ("leaves out false and 0", without(False, 0, 0.0)),
    "drops-nulls-in-lists": (
        "leaves out null in lists",
        with_lists(lambda items: [each for each in items if each is not None]),
    ),
    "stores-empty-objects-as-lists": (
        "stores empty objects as empty lists",
        everywhere(lambda v: [] if v == {} else v),
    ),
    "sorts-lists": ("sorts lists", with_lists(lambda items: sorted(items, key=str))),
    "reverses-lists-of-three": (
        "reverses lists of more than two items",
        with_lists(lambda items: items[::-1] if len(items) > 2 else items),
    ),
    "removes-duplicates": ("removes repeated items from lists", with_lists(unique)),
    "flattens-lists": ("flattens lists of lists", with_lists(flat)),
    "unwraps-lists": (
        "stores the only item of a list instead of the list",
        with_lists(lambda items: items[0] if len(items) == 1 else items),
    ),
    "cuts-lists": ("stores the first ten items of a list", with_lists(lambda items: items[:10])),
    "cuts-below-level-5": ("leaves out values below the fifth level", down_to(5)),
    "converts-digits-to-numbers": ("stores strings of digits as numbers", with_texts(guessed)),
    "writes-numbers-as-text": ("stores fractions as strings", with_numbers(lambda n: str(n) if n % 1 else n)),
    "rounds-fractions": ("rounds fractions to two digits", with_numbers(lambda n: round(n, 2))),
    "drops-signs": ("stores the absolute value of numbers", with_numbers(abs)),
    "clamps-numbers": (
        "stores numbers of more than 31 bits as 2147483647",
        with_numbers(lambda n: min(n, 2**31 - 1)),
    ),
    "lowercases-names": ("stores the names of members in lower case", with_names(str.lower)),
    "replaces-hyphens-of-names": (
        "replaces hyphens and spaces in the names of members",
        with_names(lambda name: name.replace("-", "_").replace(" ", "_")),
    ),
    "splits-names": ("reads dots in the names of members as paths", nested),
    "reads-pointers": (
        "reads slashes in the names of members as pointers",
        with_names(lambda name: name.rpartition("/")[2] or name),
    ),
    "drops-non-ascii-letters-of-names": (
        "drops the letters outside ASCII in the names of members",
        with_names(lambda name: name.encode("ascii", "ignore").decode() or name),
    ),
    "drops-operators": (
        "leaves out members whose name begins with a dollar sign",
        without_members(lambda name: name.startswith("$")),
    ),
    "drops-members-without-a-name": (
        "leaves out members whose name is empty",
        without_members(lambda name: not name),
    ),
    "trims-texts": ("trims strings", with_texts(str.strip)),
    "cuts-texts": ("stores the first 255 characters of strings", with_texts(lambda text: text[:255])),
    "rewrites-dates": (
        "rewrites dates in UTC",
        with_texts(lambda text: text.replace("+01:00", "Z").replace(".000Z", "Z")),
    ),
    "drops-ids": ("leaves out members named id", without_members(lambda name: name == "id")),
    "drops-types": ("leaves out members named type", without_members(lambda name: name == "type")),
    "drops-members-named-0": ("leaves out members named 0", without_members(lambda name: name == "0")),
    "trims-names": ("trims the names of members", with_names(str.strip)),
    "converts-words-to-booleans": (
        "stores the words yes, no, on and off as booleans",
        with_texts(lambda text: WORDS.get(text, text)),
    ),
    "drops-small-fractions": (
        "stores 0 for a fraction smaller than 0.0001",
        with_numbers(lambda n: n if abs(n) >= 0.0001 else 0),
    ),
}


def changes_mixins(operations: Iterable[str], name: str, description: str, change: Change) -> None:
    """Seeds writes that change the content of mixins."""

    @operation_defects(
        operations,
        "{}.mixins.round-trip",
        name=f"{{}}-{name}-in-mixins",
        description=f"{{}} {description} in mixins.",
    )
    class ChangesMixins(Behaviour):
        def stored_value(self, request: ApiRequest, property_name: str, value: Any) -> Any:
            stored = super().stored_value(request, property_name, value)
            if property_name != "mixins" or not isinstance(stored, dict):
                return stored
            return {mixin: change(members) for mixin, members in stored.items()}


for _position, (_name, (_description, _change)) in enumerate(CHANGES.items()):
    changes_mixins(
        BODY_OPERATIONS if _position < 6 else [BODY_OPERATIONS[_position % 3]], _name, _description, _change
    )


@operation_defects(BODY_OPERATIONS, "{}.mixins.round-trip")
class DropsEmptyMixins(Behaviour):
    """{} leaves out mixins without a member."""

    def stored_value(self, request: ApiRequest, name: str, value: Any) -> Any:
        stored = super().stored_value(request, name, value)
        is_affected = name == "mixins" and isinstance(stored, dict)
        return {n: members for n, members in stored.items() if members} if is_affected else stored


@defect("create.mixins.round-trip")
class CreateCutsHugeTextsInMixins(Behaviour):
    """Create stores the first 65,535 characters of a string in mixins."""

    def stored_value(self, request: ApiRequest, name: str, value: Any) -> Any:
        stored = super().stored_value(request, name, value)
        cut = with_texts(lambda text: text[:65_535])
        return cut(stored) if request.operation == "create" and name == "mixins" else stored


@defect("create.mixins.round-trip", also_violates=("create.status.created",))
class CreateRefusesLargeBodies(Behaviour):
    """Create returns 413 for a body of more than 64 kilobytes."""

    def read_body(self, request: ApiRequest) -> dict[str, Any]:
        if request.operation == "create" and len(request.content) > 65_536:
            raise ApiError(413, "too_large", "The body is too large.")
        return super().read_body(request)
