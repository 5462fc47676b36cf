"""Defects of patch: changes of other properties, lost changes, and rejected media types."""

# ruff: noqa: ARG002 - an override has the signature of its hook
import json
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.behaviour.persistence import Values
from mock_tenant.constants import MERGE_PATCH_TYPE, STRINGS
from mock_tenant.defects.request_filters import RequestFilter
from mock_tenant.messages import ApiRequest, ApiResponse
from mock_tenant.registry import defect, operation_defects


@defect("patch.fields.only-named")
class PatchRemovesOtherStrings(Behaviour):
    """Patch removes every string property that it leaves out, except contactEmail."""

    def patch_values(self, request: ApiRequest, current: Values, written: Values) -> Values:
        kept = {
            name: value for name, value in current.items() if name not in STRINGS or name == "contactEmail"
        }
        return super().patch_values(request, kept, written)


@defect("patch.fields.only-named")
class PatchDropsTheTitle(Behaviour):
    """Patch removes a title that it leaves out."""

    def patch_values(self, request: ApiRequest, current: Values, written: Values) -> Values:
        return super().patch_values(request, {n: v for n, v in current.items() if n != "title"}, written)


@defect("patch.fields.only-named")
class PatchDropsTheMixins(Behaviour):
    """Patch removes mixins that it leaves out."""

    def patch_values(self, request: ApiRequest, current: Values, written: Values) -> Values:
        return super().patch_values(request, {n: v for n, v in current.items() if n != "mixins"}, written)


@defect("patch.fields.only-named")
class PatchSetsActive(Behaviour):
    """Patch sets active to true if it leaves active out."""

    def patch_values(self, request: ApiRequest, current: Values, written: Values) -> Values:
        return super().patch_values(request, current, {"active": True, **written})


@defect("patch.fields.only-named")
class PatchOfTheSiteRemovesTheRestriction(Behaviour):
    """A patch of preferredSite removes a restriction that it leaves out."""

    def patch_values(self, request: ApiRequest, current: Values, written: Values) -> Values:
        removed = {"restriction": None} if "preferredSite" in written else {}
        return super().patch_values(request, current, {**removed, **written})


@defect("patch.defaults.not-applied")
class PatchAppliesDefaults(Behaviour):
    """Patch sets language, currency and site to their default values if it leaves them out."""

    def patch_values(self, request: ApiRequest, current: Values, written: Values) -> Values:
        return super().patch_values(request, current, {**self.default_values(request), **written})


@defect("patch.empty.changes-nothing")
class EmptyPatchRemovesTheNames(Behaviour):
    """An empty patch removes firstName and lastName."""

    def patch_values(self, request: ApiRequest, current: Values, written: Values) -> Values:
        if not written:
            current = {n: v for n, v in current.items() if n not in ("firstName", "lastName")}
        return super().patch_values(request, current, written)


@defect("patch.empty.changes-nothing")
class EmptyPatchPutsOnHold(Behaviour):
    """An empty patch puts the customer on hold."""

    def patch_values(self, request: ApiRequest, current: Values, written: Values) -> Values:
        return super().patch_values(request, current, written or {"onHold": True})


@defect("patch.unknown.not-found")
class PatchCreates(Behaviour):
    """A patch of a customer that does not exist returns 200 and creates it."""

    async def handle_patch(self, request: ApiRequest) -> ApiResponse:
        if self.find_customer(request) is None and request.customer_number not in request.tenant.deleted_ids:
            self.store_customer(
                request,
                None,
                self.new_customer(request, request.customer_number, self.written_values(request)),
            )
            return ApiResponse(200)
        return await super().handle_patch(request)


@defect("patch.contactEmail.not-emptied")
class PatchEmptiesTheEmail(Behaviour):
    """A patch with an empty contactEmail removes it."""

    def emptied_email_error(self, request: ApiRequest) -> str | None:
        return None


def unsets_email(name: str, description: str, is_affected: RequestFilter) -> None:
    """Seeds a patch in which null unsets contactEmail in some requests."""

    @operation_defects(
        ["patch"],
        "{}.contactEmail.not-unset",
        name="{}-" + name,
        description=f"A {{}} with null as contactEmail {description}.",
    )
    class UnsetsEmail(Behaviour):
        def null_error(self, request: ApiRequest, property_name: str) -> str | None:
            is_unset = property_name == "contactEmail" and is_affected(request)
            return None if is_unset else super().null_error(request, property_name)


def is_of_company(request: ApiRequest) -> bool:
    """Whether the customer in the path has b2b."""
    customer = request.tenant.customers.get(request.customer_number)
    return customer is not None and "b2b" in customer.values


unsets_email("sets-the-email-to-null", "removes it", lambda _: True)
unsets_email("unsets-the-email-of-companies", "removes it from a customer with b2b", is_of_company)
unsets_email(
    "unsets-the-email-with-others",
    "removes it if the body has further properties",
    lambda request: len(request.body) > 1,
)


@defect("patch.merge-patch", also_violates=("patch.*.round-trip",))
class PatchIgnoresMergePatch(Behaviour):
    """A merge patch returns 200 and changes nothing."""

    def patch_values(self, request: ApiRequest, current: Values, written: Values) -> Values:
        return super().patch_values(
            request, current, {} if request.media_type == MERGE_PATCH_TYPE else written
        )


@defect("patch.twice.equals-once")
class SecondPatchRevertsTheFirst(Behaviour):
    """A repeated patch reverts the first one."""

    def patch_values(self, request: ApiRequest, current: Values, written: Values) -> Values:
        last_patches: dict[str, tuple[str, Values]] = self.state["last patches"]
        text = json.dumps(written, sort_keys=True)
        last_text, before = last_patches.get(request.customer_number, ("", {}))
        last_patches[request.customer_number] = (text, current)
        return before if written and last_text == text else super().patch_values(request, current, written)


@defect("patch.twice.equals-once", also_violates=("patch.active.round-trip", "patch.onHold.round-trip"))
class PatchTogglesFlags(Behaviour):
    """A patch that sets a flag to its current value inverts it."""

    def patch_value(self, request: ApiRequest, name: str, old: Any, new: Any) -> Any:
        value = super().patch_value(request, name, old, new)
        return not value if isinstance(value, bool) and value == old else value


@defect("patch.split.equals-whole", also_violates=("patch.*.round-trip",))
class PatchStoresTwoPropertiesOnly(Behaviour):
    """A patch of more than two properties changes only the first two."""

    def patch_values(self, request: ApiRequest, current: Values, written: Values) -> Values:
        first = [name for name in request.body if name in written][:2]
        return super().patch_values(request, current, {name: written[name] for name in first})


@defect("patch.split.equals-whole", also_violates=("patch.*.round-trip",))
class PatchOfBothNamesIgnoresTheLast(Behaviour):
    """A patch of both firstName and lastName changes only firstName."""

    def patch_values(self, request: ApiRequest, current: Values, written: Values) -> Values:
        if {"firstName", "lastName"} <= written.keys():
            written = {name: value for name, value in written.items() if name != "lastName"}
        return super().patch_values(request, current, written)
