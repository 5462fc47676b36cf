"""Defects of updates: upserts and patches that change ids or creation times, or reject merge patches."""

from mock_tenant.behaviour import Behaviour
from mock_tenant.behaviour.persistence import Values
from mock_tenant.constants import MERGE_PATCH_TYPE, UPDATE_OPERATIONS
from mock_tenant.messages import ApiRequest
from mock_tenant.registry import operation_defects
from mock_tenant.store import Customer


@operation_defects(UPDATE_OPERATIONS, "{}.id.fixed")
class ChangesTheId(Behaviour):
    """{} changes the id of a customer to the id in the body."""

    def store_customer(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
        wanted = request.body.get("id")
        if isinstance(wanted, str) and wanted and before is not None:
            request.tenant.customers.pop(before.id)
            after = after.replace(id=wanted, number=wanted)
        super().store_customer(request, before, after)


@operation_defects(["upsert"], "{}.metadataCreatedAt.generated")
@operation_defects(["patch"], "{}.fields.only-named", also_violates=["{}.metadataCreatedAt.generated"])
class ResetsTheCreationTime(Behaviour):
    """{} of an existing customer sets metadataCreatedAt to the current time."""

    def next_version(self, request: ApiRequest, current: Customer, values: Values) -> Customer:
        return super().next_version(request, current, values).replace(created_at=self.timestamp())


@operation_defects(UPDATE_OPERATIONS, "{}.merge-patch", also_violates=("{}.lock.current",))
class RefusesMergePatch(Behaviour):
    """{} rejects application/merge-patch+json."""

    def is_supported_media_type(self, request: ApiRequest, media_type: str) -> bool:
        return media_type != MERGE_PATCH_TYPE and super().is_supported_media_type(request, media_type)
