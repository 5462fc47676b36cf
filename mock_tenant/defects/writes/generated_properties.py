"""Defects of generated properties: writes that take them from the client."""

from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import BODY_OPERATIONS, MERGE_PATCH_TYPE
from mock_tenant.messages import ApiRequest
from mock_tenant.registry import defect, operation_defects
from mock_tenant.store import Customer


@operation_defects(BODY_OPERATIONS, "{}.customerNumber.generated", name="{}-sets-customerNumber")
class StoresCustomerNumber(Behaviour):
    """{} stores the customerNumber in the body."""

    def store_customer(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
        sent = request.body.get("customerNumber")
        super().store_customer(
            request, before, after.replace(number=sent) if isinstance(sent, str) else after
        )


@operation_defects(BODY_OPERATIONS, "{}.metadataCreatedAt.generated", name="{}-sets-metadataCreatedAt")
class StoresCreationTime(Behaviour):
    """{} stores the metadataCreatedAt in the body."""

    def store_customer(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
        sent = request.body.get("metadataCreatedAt")
        super().store_customer(
            request, before, after.replace(created_at=sent) if isinstance(sent, str) else after
        )


class ReturnsStoredBusinessModel(Behaviour):
    """Returns a stored businessModel."""

    def business_model(self, customer: Customer) -> str:
        return str(customer.values.get("businessModel", super().business_model(customer)))


@operation_defects(BODY_OPERATIONS, "{}.businessModel.generated", name="{}-sets-businessModel")
class StoresBusinessModel(ReturnsStoredBusinessModel):
    """{} stores the businessModel in the body."""

    def store_customer(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
        sent = request.body.get("businessModel")
        if isinstance(sent, str):
            after = after.replace(values={**after.values, "businessModel": sent})
        super().store_customer(request, before, after)


class ReturnsStoredLegalEntities(Behaviour):
    """Returns stored members legalEntities of b2b."""

    def build_document(self, customer: Customer) -> dict[str, Any]:
        document = super().build_document(customer)
        b2b = customer.values.get("b2b")
        return {**document, "b2b": b2b} if isinstance(b2b, dict) and "legalEntities" in b2b else document


@operation_defects(BODY_OPERATIONS, "{}.legalEntities.generated", name="{}-sets-legalEntities")
class StoresLegalEntities(ReturnsStoredLegalEntities):
    """{} stores the legalEntities in the body."""

    def stored_value(self, request: ApiRequest, name: str, value: Any) -> Any:
        stored = super().stored_value(request, name, value)
        if name == "b2b" and "legalEntities" in (value or {}):
            return {**stored, "legalEntities": value["legalEntities"]}
        return stored


@defect("patch.metadataCreatedAt.generated")
class MergePatchSetsCreationTime(Behaviour):
    """A merge patch stores the metadataCreatedAt in its body."""

    def store_customer(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
        sent = request.body.get("metadataCreatedAt") if request.media_type == MERGE_PATCH_TYPE else None
        super().store_customer(
            request, before, after.replace(created_at=sent) if isinstance(sent, str) else after
        )


@defect("patch.businessModel.generated")
class MergePatchSetsBusinessModel(ReturnsStoredBusinessModel):
    """A merge patch stores the businessModel in its body."""

    def store_customer(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
        sent = request.body.get("businessModel") if request.media_type == MERGE_PATCH_TYPE else None
        if isinstance(sent, str):
            after = after.replace(values={**after.values, "businessModel": sent})
        super().store_customer(request, before, after)
