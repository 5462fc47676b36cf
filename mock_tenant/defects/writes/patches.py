"""Patches that reset, ignore, revert, forget or invent."""

# ruff: noqa: ARG002 - a lie takes what the truth takes, and need not look at it
import json
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import MERGE_PATCH_TYPE, TEXTS
from mock_tenant.registry import defect
from mock_tenant.requests import Answer, Call, invalid
from mock_tenant.store import Customer

Values = dict[str, Any]


@defect("patch.fields.only-named")
class PatchReplaces(Behaviour):
    """Patch drops every text that it does not name, but for the address."""

    def patched(self, call: Call, current: Values, written: Values) -> Values:
        kept = {name: value for name, value in current.items() if name not in TEXTS or name == "contactEmail"}
        return super().patched(call, kept, written)


@defect("patch.fields.only-named")
class PatchDropsTheTitle(Behaviour):
    """Patch drops a title that it does not name."""

    def patched(self, call: Call, current: Values, written: Values) -> Values:
        return super().patched(call, {n: v for n, v in current.items() if n != "title"}, written)


@defect("patch.fields.only-named")
class PatchDropsTheMixins(Behaviour):
    """Patch drops mixins that it does not name."""

    def patched(self, call: Call, current: Values, written: Values) -> Values:
        return super().patched(call, {n: v for n, v in current.items() if n != "mixins"}, written)


@defect("patch.fields.only-named")
class PatchActivates(Behaviour):
    """Patch makes every customer active that it does not make inactive."""

    def patched(self, call: Call, current: Values, written: Values) -> Values:
        return super().patched(call, current, {"active": True, **written})


@defect("patch.fields.only-named")
class PatchOfTheSiteLiftsTheRestriction(Behaviour):
    """A patch of preferredSite unsets a restriction that it does not name."""

    def patched(self, call: Call, current: Values, written: Values) -> Values:
        lifted = {"restriction": None} if "preferredSite" in written else {}
        return super().patched(call, current, {**lifted, **written})


@defect("patch.fields.only-named", also=("patch.metadataCreatedAt.generated",))
class PatchRenewsTheBirthday(Behaviour):
    """Patch makes metadataCreatedAt the time of the patch."""

    def updated(self, call: Call, current: Customer, values: Values) -> Customer:
        after = super().updated(call, current, values)
        return after.remade(created_at=self.today()) if call.operation == "patch" else after


@defect("patch.defaults.not-applied")
class PatchAppliesDefaults(Behaviour):
    """Patch gives language, currency and site their defaults unless it names them."""

    def patched(self, call: Call, current: Values, written: Values) -> Values:
        return super().patched(call, current, {**self.defaults(call), **written})


@defect("patch.empty.changes-nothing")
class EmptyPatchClears(Behaviour):
    """A patch that names nothing drops the names of the customer."""

    def patched(self, call: Call, current: Values, written: Values) -> Values:
        if not written:
            current = {n: v for n, v in current.items() if n not in ("firstName", "lastName")}
        return super().patched(call, current, written)


@defect("patch.empty.changes-nothing")
class EmptyPatchPutsOnHold(Behaviour):
    """A patch that names nothing puts the customer on hold."""

    def patched(self, call: Call, current: Values, written: Values) -> Values:
        return super().patched(call, current, written or {"onHold": True})


@defect("patch.unknown.not-found")
class PatchCreates(Behaviour):
    """A patch of a customer that does not exist is answered 200 and creates it."""

    async def patch(self, call: Call) -> Answer:
        if self.looked_up(call) is None and call.customer_number not in call.tenant.deleted:
            self.write(call, None, self.created(call, call.customer_number, self.written(call)))
            return Answer(200)
        return await super().patch(call)


@defect("patch.contactEmail.not-emptied")
class PatchEmptiesTheAddress(Behaviour):
    """A patch with an empty contactEmail unsets it."""

    def address_emptied(self, call: Call) -> str | None:
        return None


@defect("patch.contactEmail.not-unset")
class PatchNullsTheAddress(Behaviour):
    """A patch with null as contactEmail unsets it."""

    def null_problem(self, call: Call, name: str) -> str | None:
        unset = call.operation == "patch" and name == "contactEmail"
        return None if unset else super().null_problem(call, name)


@defect("patch.merge-patch")
class PatchRefusesMergePatch(Behaviour):
    """Patch refuses application/merge-patch+json."""

    def media_type_known(self, call: Call, media_type: str) -> bool:
        merging = call.operation == "patch" and media_type == MERGE_PATCH_TYPE
        return not merging and super().media_type_known(call, media_type)


@defect("patch.merge-patch")
class PatchIgnoresMergePatch(Behaviour):
    """A merge patch is answered 200 and changes nothing."""

    def patched(self, call: Call, current: Values, written: Values) -> Values:
        return super().patched(call, current, {} if call.media_type == MERGE_PATCH_TYPE else written)


@defect("patch.id.fixed")
class PatchMovesTheId(Behaviour):
    """An id in the body of a patch moves the customer to that id."""

    def write(self, call: Call, before: Customer | None, after: Customer) -> None:
        wanted = call.body.get("id")
        if call.operation == "patch" and isinstance(wanted, str) and wanted and before is not None:
            call.tenant.customers.pop(before.id)
            after = after.remade(id=wanted, number=wanted)
        super().write(call, before, after)


@defect("patch.twice.equals-once")
class SecondPatchTakesBack(Behaviour):
    """The same patch for the second time running takes back what the first one did."""

    def patched(self, call: Call, current: Values, written: Values) -> Values:
        last: dict[str, tuple[str, Values]] = self.notes["last_patches"]
        text = json.dumps(written, sort_keys=True)
        before = last.get(call.customer_number, ("", {}))
        last[call.customer_number] = (text, current)
        return before[1] if written and before[0] == text else super().patched(call, current, written)


@defect("patch.twice.equals-once", also=("patch.active.round-trip", "patch.onHold.round-trip"))
class PatchTogglesFlags(Behaviour):
    """A patch that sets a flag as it is turns it round."""

    def combined(self, call: Call, name: str, old: Any, new: Any) -> Any:
        value = super().combined(call, name, old, new)
        return not value if isinstance(value, bool) and value == old else value


@defect("patch.split.equals-whole", also=("patch.*.round-trip",))
class PatchStopsAfterTwo(Behaviour):
    """A patch of more than two properties changes the first two."""

    def patched(self, call: Call, current: Values, written: Values) -> Values:
        first = [name for name in call.body if name in written][:2]
        return super().patched(call, current, {name: written[name] for name in first})


@defect("patch.split.equals-whole", also=("patch.*.round-trip",))
class PatchOfBothNamesKeepsTheLast(Behaviour):
    """A patch of firstName and lastName together changes firstName alone."""

    def patched(self, call: Call, current: Values, written: Values) -> Values:
        if {"firstName", "lastName"} <= written.keys():
            written = {name: value for name, value in written.items() if name != "lastName"}
        return super().patched(call, current, written)


@defect("patch.body.optional")
class PatchNeedsABody(Behaviour):
    """Patch refuses a request without a body."""

    def body_left_out(self, call: Call) -> dict[str, Any]:
        if call.operation == "patch":
            raise invalid("body", "The body is missing.")
        return super().body_left_out(call)
