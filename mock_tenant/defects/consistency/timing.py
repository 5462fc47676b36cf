"""Faults that come now and then, faults that need several steps, and races."""

# ruff: noqa: ARG002 - a lie takes what the truth takes, and need not look at it
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.registry import defect
from mock_tenant.requests import Answer, Call, Refusal, not_found
from mock_tenant.store import Customer

WINDOW = 0.03


@defect("create.lastName.round-trip")
class EveryFifthCreateLosesTheLastName(Behaviour):
    """Every fifth create forgets lastName."""

    def written(self, call: Call) -> dict[str, Any]:
        values = super().written(call)
        if call.operation == "create" and self.turn("create") % 5 == 0:
            values.pop("lastName", None)
        return values


@defect("create.visible.get", rare=True)
class EveryNinthCreateIsLost(Behaviour):
    """Every ninth customer is answered 201 and not stored."""

    def write(self, call: Call, before: Customer | None, after: Customer) -> None:
        if call.operation != "create" or self.turn("create") % 9:
            super().write(call, before, after)


@defect("create.visible.get", also=("get.status.ok",), rare=True)
class EveryEleventhGetFindsNobody(Behaviour):
    """Every eleventh get is answered 404."""

    def get(self, call: Call) -> Answer:
        if self.turn("get") % 11 == 0:
            raise not_found(call.customer_number)
        return super().get(call)


@defect("list.complete")
class EveryFourthListIsEmpty(Behaviour):
    """Every fourth list is empty."""

    def known(self, call: Call) -> list[Customer]:
        empty = call.operation == "list" and self.turn("list") % 4 == 0
        return [] if empty else list(super().known(call))


@defect("patch.lastName.round-trip", also=("patch.*.round-trip",), rare=True)
class EverySixthPatchIsLost(Behaviour):
    """Every sixth patch is answered 200 and changes nothing."""

    def patched(self, call: Call, current: dict[str, Any], written: dict[str, Any]) -> dict[str, Any]:
        return current if self.turn("patch") % 6 == 0 else super().patched(call, current, written)


@defect("upsert.robust.no-5xx")
class EverySeventhUpsertBreaks(Behaviour):
    """Every seventh upsert is answered 500."""

    def written(self, call: Call) -> dict[str, Any]:
        if call.operation == "upsert" and self.turn("upsert") % 7 == 0:
            raise Refusal(500, "internal_error", "Internal server error.")
        return super().written(call)


@defect("delete.gone.get", rare=True)
class EveryFifthDeleteIsLost(Behaviour):
    """Every fifth delete is answered 202 and deletes nobody."""

    def erase(self, call: Call, customer: Customer) -> None:
        if self.turn("delete") % 5:
            super().erase(call, customer)


@defect("patch.fields.only-named")
class ThirdPatchRestoresTheFirstState(Behaviour):
    """The third patch of a customer starts from what it was when it was created."""

    def patched(self, call: Call, current: dict[str, Any], written: dict[str, Any]) -> dict[str, Any]:
        origins: dict[str, dict[str, Any]] = self.notes["origins"]
        origin = origins.setdefault(call.customer_number, current)
        third = self.turn(f"patch of {call.customer_number}") == 3
        return super().patched(call, origin if third else current, written)


@defect("patch.fields.only-named")
class PatchAfterUpsertForgetsTheUpsert(Behaviour):
    """A patch after an upsert starts from the state before that upsert."""

    def updated(self, call: Call, current: Customer, values: dict[str, Any]) -> Customer:
        if call.operation == "upsert":
            self.notes["before_upsert"][current.id] = dict(current.values)
        return super().updated(call, current, values)

    def patched(self, call: Call, current: dict[str, Any], written: dict[str, Any]) -> dict[str, Any]:
        old = self.notes["before_upsert"].pop(call.customer_number, current)
        return super().patched(call, {**old, "contactEmail": current.get("contactEmail")}, written)


@defect(
    "upsert.deleted-id.as-configured",
    also=("create.*.round-trip", "upsert.*.round-trip"),
    recreate_deleted=True,
)
class RecreationBringsTheDeadBack(Behaviour):
    """A customer recreated under the id of a deleted one has what that one had beside it."""

    def erase(self, call: Call, customer: Customer) -> None:
        super().erase(call, customer)
        self.notes["graves"][customer.id] = dict(customer.values)

    def created(self, call: Call, customer_id: str, written: dict[str, Any]) -> Customer:
        new = super().created(call, customer_id, written)
        old = self.notes["graves"].get(customer_id, {})
        inherited = {name: value for name, value in old.items() if name != "contactEmail"}
        return new.remade(values={**inherited, **new.values})


@defect("delete.others.unchanged")
class DeleteAfterPatchTakesTheLastPatched(Behaviour):
    """A delete takes along the customer that was patched last."""

    def erase(self, call: Call, customer: Customer) -> None:
        super().erase(call, customer)
        other = self.notes["last patched"].pop(call.tenant.name, None)
        if other in call.tenant.customers:
            super().erase(call, call.tenant.customers[other])

    def write(self, call: Call, before: Customer | None, after: Customer) -> None:
        super().write(call, before, after)
        if call.operation == "patch":
            self.notes["last patched"][call.tenant.name] = after.id


class Unlocked(Behaviour):
    """Writes do not wait for each other, and each takes its time between looking and writing."""

    @asynccontextmanager
    async def alone(self, call: Call) -> AsyncIterator[None]:
        yield


@defect("concurrency.create")
class ConcurrentCreatesAllSucceed(Unlocked):
    """Creates of one id or address that arrive together are all answered 201."""

    async def pause(self, call: Call) -> None:
        if call.operation == "create":
            await asyncio.sleep(WINDOW)


@defect("concurrency.upsert")
class ConcurrentUpsertsMix(Unlocked):
    """Upserts of one id that arrive together leave a mixture of themselves."""

    async def store(self, call: Call, before: Customer | None, after: Customer) -> None:
        if call.operation != "upsert":
            await super().store(call, before, after)
            return
        for part in (0, 1):
            current = call.tenant.customers.get(after.id)
            names = sorted(after.values)[part::2]
            mixed = {**(current.values if current else {}), **{name: after.values[name] for name in names}}
            values = {name: value for name, value in mixed.items() if name in after.values}
            self.write(call, before, replace(after, values=values, memo={}))
            await asyncio.sleep(WINDOW)


@defect("concurrency.upsert")
class ConcurrentUpsertsDouble(Unlocked):
    """Upserts of one id that arrive together each make a customer."""

    async def pause(self, call: Call) -> None:
        if call.operation == "upsert":
            await asyncio.sleep(WINDOW)

    def write(self, call: Call, before: Customer | None, after: Customer) -> None:
        if call.operation == "upsert" and before is None and after.id in call.tenant.customers:
            values = {name: value for name, value in after.values.items() if name != "contactEmail"}
            twin = self.generated_id(call)
            after = after.remade(id=twin, number=twin, values=values)
        super().write(call, before, after)


@defect("concurrency.patch")
class ConcurrentPatchesOverwrite(Unlocked):
    """Of patches that arrive together, the last takes back what the others changed."""

    async def pause(self, call: Call) -> None:
        if call.operation == "patch":
            await asyncio.sleep(WINDOW)


@defect("concurrency.delete")
class ConcurrentPatchRevives(Unlocked):
    """A patch that began before a delete and ends after it brings the customer back."""

    async def store(self, call: Call, before: Customer | None, after: Customer) -> None:
        if call.operation == "patch":
            await asyncio.sleep(WINDOW)
            current = call.tenant.customers.get(after.id)
            # Patches among themselves are kept apart: only a delete is overrun.
            if current is not None and current is not before:
                written = self.patched(call, dict(current.values), self.written(call))
                after = self.updated(call, current, written)
        await super().store(call, before, after)


@defect("concurrency.linearizable")
class WritesAreSeenTooEarly(Unlocked):
    """A patch can be seen, is taken back, and comes again, while it is under way."""

    async def store(self, call: Call, before: Customer | None, after: Customer) -> None:
        if call.operation == "patch" and before is not None:
            self.write(call, before, after)
            await asyncio.sleep(WINDOW)
            self.write(call, after, before)
            await asyncio.sleep(WINDOW)
        await super().store(call, before, after)


@defect("concurrency.linearizable")
class PatchesComeInTwoSteps(Behaviour):
    """A patch of several properties can be seen when it is half done."""

    async def store(self, call: Call, before: Customer | None, after: Customer) -> None:
        if call.operation == "patch" and before is not None:
            changed = sorted(n for n in after.values if after.values[n] != before.values.get(n))
            half = {**before.values, **{name: after.values[name] for name in changed[: len(changed) // 2]}}
            self.write(call, before, before.having(half))
            await asyncio.sleep(WINDOW)
        await super().store(call, before, after)
