"""Race conditions: defects that only concurrent requests expose."""

# ruff: noqa: ARG002 - an override has the signature of its hook
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import BODY_OPERATIONS
from mock_tenant.messages import ApiError, ApiRequest
from mock_tenant.registry import defect, operation_defects
from mock_tenant.store import Customer

RACE_WINDOW = 0.06
"""The duration of a race window in seconds: concurrent requests overlap in it on a slow machine, too."""
LOCKS = ("concurrency.patch-lock", "concurrency.upsert-lock")
"""The clauses that a tenant without locks violates, too."""


class Unlocked(Behaviour):
    """Writes are not serialized."""

    @asynccontextmanager
    async def write_lock(self, request: ApiRequest) -> AsyncIterator[None]:
        yield


@defect("concurrency.create", also_violates=LOCKS)
class ConcurrentCreatesAllSucceed(Unlocked):
    """Concurrent creates with the same id or contactEmail all return 201."""

    async def before_write(self, request: ApiRequest) -> None:
        if request.operation == "create":
            await asyncio.sleep(RACE_WINDOW)


@defect("concurrency.upsert", also_violates=LOCKS)
class ConcurrentUpsertsMixValues(Unlocked):
    """Concurrent upserts of one id store some values of each."""

    async def commit(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
        if request.operation != "upsert":
            await super().commit(request, before, after)
            return
        for part in (0, 1):
            current = request.tenant.customers.get(after.id)
            names = sorted(after.values)[part::2]
            mixed = {**(current.values if current else {}), **{name: after.values[name] for name in names}}
            values = {name: value for name, value in mixed.items() if name in after.values}
            self.store_customer(request, before, after.replace(values=values))
            await asyncio.sleep(RACE_WINDOW)


@defect("concurrency.upsert", also_violates=LOCKS)
class ConcurrentUpsertsCreateDuplicates(Unlocked):
    """Concurrent upserts of one id each create a customer."""

    async def before_write(self, request: ApiRequest) -> None:
        if request.operation == "upsert":
            await asyncio.sleep(RACE_WINDOW)

    def store_customer(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
        if request.operation == "upsert" and before is None and after.id in request.tenant.customers:
            values = {name: value for name, value in after.values.items() if name != "contactEmail"}
            other_id = self.generate_id(request)
            after = after.replace(id=other_id, number=other_id, values=values)
        super().store_customer(request, before, after)


@defect("concurrency.patch", also_violates=LOCKS)
class ConcurrentPatchesOverwrite(Unlocked):
    """Of concurrent patches, the last one reverts the changes of the others (lost update)."""

    async def before_write(self, request: ApiRequest) -> None:
        if request.operation == "patch":
            await asyncio.sleep(RACE_WINDOW)


@defect("concurrency.delete", also_violates=LOCKS)
class ConcurrentPatchRestoresDeletedCustomer(Unlocked):
    """A patch that starts before a delete and ends after it restores the customer."""

    async def commit(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
        if request.operation == "patch":
            await asyncio.sleep(RACE_WINDOW)
            current = request.tenant.customers.get(after.id)
            # Concurrent patches are merged, so that only a concurrent delete is lost.
            if current is not None and current is not before:
                written = self.patch_values(request, dict(current.values), self.written_values(request))
                after = self.next_version(request, current, written)
        await super().commit(request, before, after)


@defect("concurrency.linearizable", also_violates=LOCKS)
class PatchesAreVisibleTooEarly(Unlocked):
    """While a patch is in progress, its effect becomes visible, disappears, and becomes visible again."""

    async def commit(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
        if request.operation == "patch" and before is not None:
            self.store_customer(request, before, after)
            await asyncio.sleep(RACE_WINDOW)
            self.store_customer(request, after, before)
            await asyncio.sleep(RACE_WINDOW)
        await super().commit(request, before, after)


@defect("concurrency.linearizable")
class PatchesAreVisibleInTwoSteps(Behaviour):
    """A patch of several properties becomes visible in two steps."""

    async def commit(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
        if request.operation == "patch" and before is not None:
            changed = sorted(n for n in after.values if after.values[n] != before.values.get(n))
            half = {**before.values, **{name: after.values[name] for name in changed[: len(changed) // 2]}}
            self.store_customer(request, before, before.with_values(half))
            await asyncio.sleep(RACE_WINDOW)
        await super().commit(request, before, after)


@operation_defects(
    BODY_OPERATIONS,
    "concurrency.{}",
    name="late-{}-returns-500",
    description="{} returns 500 if a concurrent one is faster.",
    also_violates=["concurrency.*", "{}.robust.no-5xx"],
)
class FailsWhenLate(Unlocked):
    """A write returns 500 if a concurrent write of the same customer or address is faster."""

    async def before_write(self, request: ApiRequest) -> None:
        await asyncio.sleep(RACE_WINDOW)

    async def commit(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
        tenant = request.tenant
        owner = tenant.emails.get(after.email or "")
        if tenant.customers.get(after.id) is not before or owner not in (None, after.id):
            raise ApiError(500, "internal_error", "A unique constraint is violated.")
        await super().commit(request, before, after)
