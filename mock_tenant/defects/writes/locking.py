"""Defects of optimistic locking by metadata.version, in upsert and patch."""

import asyncio

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import MERGE_PATCH_TYPE
from mock_tenant.defects.consistency.concurrency import RACE_WINDOW, Unlocked
from mock_tenant.messages import ApiError, ApiRequest
from mock_tenant.registry import kebab_case, register_defect, summary
from mock_tenant.store import Customer


def locks_wrongly(operation: str) -> None:
    """Seeds an operation that compares versions wrongly, or not at all."""

    class NeedsVersion(Behaviour):
        """{} rejects a body without a version once the customer has changed."""

        def check_version(self, request: ApiRequest, current: Customer) -> None:
            if request.operation == operation and current.version > 1 and not self.sent_version(request):
                raise self.stale_version(request)
            super().check_version(request, current)

    class NeedsVersionInMetadata(Behaviour):
        """{} rejects metadata without a version once the customer has changed."""

        def check_version(self, request: ApiRequest, current: Customer) -> None:
            is_affected = request.operation == operation and "metadata" in request.body
            if is_affected and current.version > 1 and not self.sent_version(request):
                raise self.stale_version(request)
            super().check_version(request, current)

    class RefusesCurrentVersion(Behaviour):
        """{} rejects the current version of a customer that has changed."""

        def check_version(self, request: ApiRequest, current: Customer) -> None:
            if request.operation == operation and self.sent_version(request) == current.version > 1:
                raise self.stale_version(request)
            super().check_version(request, current)

    class ExpectsNextVersion(Behaviour):
        """{} rejects the current version and accepts all others."""

        def check_version(self, request: ApiRequest, current: Customer) -> None:
            if request.operation == operation and self.sent_version(request) == current.version:
                raise self.stale_version(request)
            if request.operation != operation:
                super().check_version(request, current)

    class IgnoresStaleVersions(Behaviour):
        """{} accepts a stale version."""

        def check_version(self, request: ApiRequest, current: Customer) -> None:
            if request.operation != operation:
                super().check_version(request, current)

    class AcceptsPreviousVersion(Behaviour):
        """{} accepts the version before the current one."""

        def check_version(self, request: ApiRequest, current: Customer) -> None:
            if request.operation != operation or self.sent_version(request) != current.version - 1:
                super().check_version(request, current)

    class LocksInJsonOnly(Behaviour):
        """{} accepts a stale version in a merge patch."""

        def check_version(self, request: ApiRequest, current: Customer) -> None:
            if request.operation != operation or request.media_type != MERGE_PATCH_TYPE:
                super().check_version(request, current)

    class LocksInMergePatchOnly(Behaviour):
        """{} accepts a stale version in a body of application/json."""

        def check_version(self, request: ApiRequest, current: Customer) -> None:
            if request.operation != operation or request.media_type == MERGE_PATCH_TYPE:
                super().check_version(request, current)

    class WritesStaleVersions(Behaviour):
        """{} rejects a stale version and stores the body nevertheless."""

        def check_version(self, request: ApiRequest, current: Customer) -> None:
            try:
                super().check_version(request, current)
            except ApiError:
                if request.operation == operation:
                    values = {**current.values, **self.written_values(request)}
                    self.store_customer(request, current, current.with_values(values))
                raise

    class KeepsVersion(Behaviour):
        """{} changes a customer and keeps its version."""

        def next_version(self, request: ApiRequest, current: Customer, values: dict[str, object]) -> Customer:
            after = super().next_version(request, current, values)
            return after.replace(version=current.version) if request.operation == operation else after

    stale = f"{operation}.lock.stale"
    for clause, behaviour, also in (
        (f"{operation}.lock.without-version", NeedsVersion, (f"{operation}.*", "concurrency.*")),
        (f"{operation}.lock.without-version", NeedsVersionInMetadata, (f"{operation}.*", "concurrency.*")),
        (f"{operation}.lock.current", RefusesCurrentVersion, ("concurrency.*",)),
        (f"{operation}.lock.current", ExpectsNextVersion, (stale, "concurrency.*")),
        (stale, IgnoresStaleVersions, ("concurrency.*",)),
        (stale, AcceptsPreviousVersion, ("concurrency.*",)),
        (stale, LocksInJsonOnly, ()),
        (stale, LocksInMergePatchOnly, ("concurrency.*",)),
        (f"{operation}.refused.changes-nothing", WritesStaleVersions, (stale, "concurrency.*")),
        (f"{operation}.lock.new-version", KeepsVersion, (stale, "concurrency.*")),
    ):
        register_defect(
            clause,
            behaviour,
            name=f"{operation}-{kebab_case(behaviour.__name__)}",
            description=summary(behaviour).format(operation.capitalize()),
            also_violates=also,
        )


def checks_too_early(operation: str) -> None:
    """Seeds an operation that compares the version and writes in two steps, without a lock."""

    class ChecksTooEarly(Unlocked):
        async def before_write(self, request: ApiRequest) -> None:
            await super().before_write(request)
            if request.operation == operation and self.sent_version(request):
                await asyncio.sleep(RACE_WINDOW)

    register_defect(
        f"concurrency.{operation}-lock",
        ChecksTooEarly,
        name=f"concurrent-{operation}-share-a-version",
        description=f"Several concurrent requests of {operation} with the same version succeed.",
        also_violates=("concurrency.*",),
    )


for _operation in ("upsert", "patch"):
    locks_wrongly(_operation)
    checks_too_early(_operation)
