"""Defects of merge patches (RFC 7396) of nested objects."""

from collections.abc import Callable
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.behaviour.persistence import merge_patch
from mock_tenant.constants import MERGE_PATCH_TYPE
from mock_tenant.messages import ApiRequest
from mock_tenant.registry import defect

Merge = Callable[[Any, Any], Any]


def merging(member: Callable[[Any, Any], Any], keep: Callable[[Any], bool] = lambda _: False) -> Merge:
    """A merge patch that merges a member that is no object by `member`, and ignores what `keep` names."""

    def merge(old: Any, new: Any) -> Any:
        if not isinstance(new, dict):
            return member(old, new)
        result = dict(old) if isinstance(old, dict) else {}
        for name, value in new.items():
            if keep(value) and name in result:
                continue
            if value is None:
                result.pop(name, None)
            else:
                result[name] = merge(result.get(name), value)
        return result

    return merge


def to_depth(depth: int) -> Merge:
    """A merge patch that replaces whole objects below a level."""

    def merge(old: Any, new: Any, left: int = depth) -> Any:
        if not isinstance(new, dict) or not left:
            return merge_patch(None, new)
        result = dict(old) if isinstance(old, dict) else {}
        for name, value in new.items():
            if value is None:
                result.pop(name, None)
            else:
                result[name] = merge(result.get(name), value, left - 1)
        return result

    return merge


def appended(old: Any, new: Any) -> Any:
    """The items of both lists."""
    return [*old, *new] if isinstance(old, list) and isinstance(new, list) else new


def by_index(old: Any, new: Any) -> Any:
    """The new items in place of the first old ones."""
    return [*new, *old[len(new) :]] if isinstance(old, list) and isinstance(new, list) else new


def is_nested_null(value: Any) -> bool:
    """Whether a value is null."""
    return value is None


MERGES: dict[str, tuple[str, Merge]] = {
    "replaces-mixins": ("replaces mixins as a whole", to_depth(0)),
    "replaces-each-mixin": ("replaces each named mixin as a whole", to_depth(1)),
    "replaces-nested-objects": ("replaces nested objects of a mixin as a whole", to_depth(2)),
    "replaces-deep-objects": ("replaces objects below the second level as a whole", to_depth(3)),
    "ignores-null": ("ignores null in mixins", merging(lambda _, new: new, is_nested_null)),
    "appends-lists": ("appends lists", merging(appended)),
    "merges-lists-by-index": ("merges lists by index", merging(by_index)),
    "ignores-empty-lists": ("ignores empty lists", merging(lambda _, new: new, lambda v: v == [])),
    "ignores-false": (
        "ignores false and 0",
        merging(lambda _, new: new, lambda v: isinstance(v, int) and not v),
    ),
    "ignores-scalars-for-objects": (
        "ignores a value of another type for an object",
        merging(lambda old, new: old if isinstance(old, dict) else new),
    ),
}


def merges_wrongly(name: str, description: str, merge: Merge) -> None:
    """Seeds a merge patch that merges mixins wrongly."""

    @defect(
        "patch.merge-patch",
        name=f"merge-patch-{name}",
        description=f"A merge patch {description}.",
        also_violates=("patch.mixins.round-trip", "patch.fields.only-named"),
    )
    class MergesWrongly(Behaviour):
        def patch_value(self, request: ApiRequest, property_name: str, old: Any, new: Any) -> Any:
            if request.media_type == MERGE_PATCH_TYPE and property_name == "mixins":
                return merge(old, new)
            return super().patch_value(request, property_name, old, new)


for _name, (_description, _merge) in MERGES.items():
    merges_wrongly(_name, _description, _merge)


def merges_no_member(property_name: str) -> None:
    """Seeds a merge patch that replaces another object than mixins as a whole."""

    @defect(
        "patch.merge-patch",
        name=f"merge-patch-replaces-{property_name}",
        description=f"A merge patch replaces {property_name} as a whole.",
        also_violates=(f"patch.{property_name}.round-trip", "patch.fields.only-named"),
    )
    class MergesNoMember(Behaviour):
        def patch_value(self, request: ApiRequest, name: str, old: Any, new: Any) -> Any:
            return new if name == property_name else super().patch_value(request, name, old, new)


merges_no_member("metadata")


def ignores_property(property_name: str) -> None:
    """Seeds a merge patch that changes every property but one."""

    @defect(
        "patch.merge-patch",
        name=f"merge-patch-ignores-{property_name}",
        description=f"A merge patch ignores {property_name}.",
        also_violates=(f"patch.{property_name}.round-trip",),
    )
    class IgnoresProperty(Behaviour):
        def patch_value(self, request: ApiRequest, name: str, old: Any, new: Any) -> Any:
            is_ignored = request.media_type == MERGE_PATCH_TYPE and name == property_name
            return old if is_ignored else super().patch_value(request, name, old, new)


for _name in ("company", "restriction", "preferredLanguage", "b2b"):
    ignores_property(_name)


@defect("patch.restriction.unlisted")
class MergePatchAcceptsAnyRestriction(Behaviour):
    """A merge patch accepts restrictions that are not listed."""

    def is_listed_restriction(self, request: ApiRequest, value: str) -> bool:
        return request.media_type == MERGE_PATCH_TYPE or super().is_listed_restriction(request, value)


@defect("patch.lastName.type")
class MergePatchAcceptsAnyLastName(Behaviour):
    """A merge patch accepts values of any JSON type as lastName."""

    def type_error(self, request: ApiRequest, name: str, value: Any) -> str | None:
        is_accepted = request.media_type == MERGE_PATCH_TYPE and name == "lastName"
        return None if is_accepted else super().type_error(request, name, value)


@defect("patch.contactEmail.not-unset")
class MergePatchUnsetsTheEmail(Behaviour):
    """Null in a merge patch unsets contactEmail."""

    def null_error(self, request: ApiRequest, name: str) -> str | None:
        return None if request.media_type == MERGE_PATCH_TYPE else super().null_error(request, name)
