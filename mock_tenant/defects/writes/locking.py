"""Defects of optimistic locking by metadata.version, in upsert and patch."""

# ruff: noqa: ARG002 - an override has the signature of its hook
import asyncio
from collections.abc import Callable, Iterable

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import MERGE_PATCH_TYPE, UPDATE_OPERATIONS
from mock_tenant.defects.consistency.concurrency import RACE_WINDOW, Unlocked
from mock_tenant.messages import ApiError, ApiRequest
from mock_tenant.registry import operation_defects
from mock_tenant.store import Customer


@operation_defects(UPDATE_OPERATIONS, "{}.lock.without-version", also_violates=["{}.*", "concurrency.*"])
class NeedsVersion(Behaviour):
    """{} rejects a body without a version once the customer has changed."""

    def check_version(self, request: ApiRequest, current: Customer) -> None:
        if current.version > 1 and not self.sent_version(request):
            raise self.stale_version(request)
        super().check_version(request, current)


@operation_defects(UPDATE_OPERATIONS, "{}.lock.without-version", also_violates=["{}.*", "concurrency.*"])
class NeedsVersionInMetadata(Behaviour):
    """{} rejects metadata without a version once the customer has changed."""

    def check_version(self, request: ApiRequest, current: Customer) -> None:
        if "metadata" in request.body and current.version > 1 and not self.sent_version(request):
            raise self.stale_version(request)
        super().check_version(request, current)


@operation_defects(UPDATE_OPERATIONS, "{}.lock.current", also_violates=["concurrency.*"])
class RefusesCurrentVersion(Behaviour):
    """{} rejects the current version of a customer that has changed."""

    def check_version(self, request: ApiRequest, current: Customer) -> None:
        if self.sent_version(request) == current.version > 1:
            raise self.stale_version(request)
        super().check_version(request, current)


@operation_defects(UPDATE_OPERATIONS, "{}.lock.current", also_violates=["{}.lock.stale", "concurrency.*"])
class ExpectsNextVersion(Behaviour):
    """{} rejects the current version and accepts all others."""

    def check_version(self, request: ApiRequest, current: Customer) -> None:
        if self.sent_version(request) == current.version:
            raise self.stale_version(request)


@operation_defects(UPDATE_OPERATIONS, "{}.lock.stale", also_violates=["concurrency.*"])
class IgnoresStaleVersions(Behaviour):
    """{} accepts a stale version."""

    def check_version(self, request: ApiRequest, current: Customer) -> None:
        return


@operation_defects(UPDATE_OPERATIONS, "{}.lock.stale", also_violates=["concurrency.*"])
class AcceptsPreviousVersion(Behaviour):
    """{} accepts the version before the current one."""

    def check_version(self, request: ApiRequest, current: Customer) -> None:
        if self.sent_version(request) != current.version - 1:
            super().check_version(request, current)


@operation_defects(UPDATE_OPERATIONS, "{}.lock.stale")
class LocksInJsonOnly(Behaviour):
    """{} accepts a stale version in a merge patch."""

    def check_version(self, request: ApiRequest, current: Customer) -> None:
        if request.media_type != MERGE_PATCH_TYPE:
            super().check_version(request, current)


@operation_defects(UPDATE_OPERATIONS, "{}.lock.stale", also_violates=["concurrency.*"])
class LocksInMergePatchOnly(Behaviour):
    """{} accepts a stale version in a body of application/json."""

    def check_version(self, request: ApiRequest, current: Customer) -> None:
        if request.media_type == MERGE_PATCH_TYPE:
            super().check_version(request, current)


def writes_stale(
    operations: Iterable[str], name: str, part: str, is_stored: Callable[[str], bool] = lambda _: True
) -> None:
    """Seeds updates that store properties of a body that they reject because of its version."""

    @operation_defects(
        operations,
        "{}.refused.changes-nothing",
        name="{}-writes-" + name,
        description=f"{{}} rejects a stale version and stores {part} nevertheless.",
        also_violates=["{}.lock.stale", "concurrency.*"],
    )
    class WritesStaleVersions(Behaviour):
        def check_version(self, request: ApiRequest, current: Customer) -> None:
            try:
                super().check_version(request, current)
            except ApiError:
                written = {n: v for n, v in self.written_values(request).items() if is_stored(n)}
                self.store_customer(request, current, current.with_values({**current.values, **written}))
                raise


writes_stale(UPDATE_OPERATIONS, "stale-versions", "the body")
writes_stale(["upsert"], "mixins-of-stale-versions", "the mixins", lambda name: name == "mixins")


@operation_defects(UPDATE_OPERATIONS, "{}.lock.new-version", also_violates=["{}.lock.stale", "concurrency.*"])
class KeepsVersion(Behaviour):
    """{} changes a customer and keeps its version."""

    def next_version(self, request: ApiRequest, current: Customer, values: dict[str, object]) -> Customer:
        return super().next_version(request, current, values).replace(version=current.version)


@operation_defects(["patch"], "{}.lock.new-version", also_violates=["{}.lock.stale", "concurrency.*"])
class RepeatsVersions(Behaviour):
    """{} of a customer of version 4 sets version 1 again."""

    def next_version(self, request: ApiRequest, current: Customer, values: dict[str, object]) -> Customer:
        after = super().next_version(request, current, values)
        return after.replace(version=1) if after.version > 4 else after


@operation_defects(
    UPDATE_OPERATIONS,
    "concurrency.{}-lock",
    name="concurrent-{}-share-a-version",
    also_violates=["concurrency.*"],
)
class ChecksTooEarly(Unlocked):
    """Several concurrent requests of {} with the same version succeed."""

    async def before_write(self, request: ApiRequest) -> None:
        await super().before_write(request)
        if self.sent_version(request):
            await asyncio.sleep(RACE_WINDOW)
