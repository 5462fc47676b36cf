"""Defects of generated properties: writes that take them from the client."""

from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import BODY_OPERATIONS
from mock_tenant.messages import ApiRequest
from mock_tenant.registry import register_defect
from mock_tenant.store import Customer


def accepts_generated_properties(operation: str) -> None:
    """Seeds an operation through which a client sets the properties that the tenant generates."""

    class AcceptsCustomerNumber(Behaviour):
        def store_customer(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
            sent = request.body.get("customerNumber")
            if request.operation == operation and isinstance(sent, str):
                after = after.replace(number=sent)
            super().store_customer(request, before, after)

    class AcceptsCreationTime(Behaviour):
        def store_customer(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
            sent = request.body.get("metadataCreatedAt")
            if request.operation == operation and isinstance(sent, str):
                after = after.replace(created_at=sent)
            super().store_customer(request, before, after)

    class AcceptsBusinessModel(Behaviour):
        def store_customer(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
            sent = request.body.get("businessModel")
            if request.operation == operation and isinstance(sent, str):
                after = after.replace(values={**after.values, "businessModel": sent})
            super().store_customer(request, before, after)

        def business_model(self, customer: Customer) -> str:
            return str(customer.values.get("businessModel", super().business_model(customer)))

    class AcceptsLegalEntities(Behaviour):
        def stored_value(self, request: ApiRequest, name: str, value: Any) -> Any:
            stored = super().stored_value(request, name, value)
            if request.operation == operation and name == "b2b" and "legalEntities" in (value or {}):
                return {**stored, "legalEntities": value["legalEntities"]}
            return stored

        def build_document(self, customer: Customer) -> dict[str, Any]:
            document = super().build_document(customer)
            b2b = customer.values.get("b2b")
            return {**document, "b2b": b2b} if isinstance(b2b, dict) and "legalEntities" in b2b else document

    for name, behaviour in (
        ("legalEntities", AcceptsLegalEntities),
        ("customerNumber", AcceptsCustomerNumber),
        ("metadataCreatedAt", AcceptsCreationTime),
        ("businessModel", AcceptsBusinessModel),
    ):
        register_defect(
            f"{operation}.{name}.generated",
            behaviour,
            name=f"{operation}-sets-{name}",
            description=f"{operation.capitalize()} stores the {name} in the body.",
        )


for _operation in BODY_OPERATIONS:
    accepts_generated_properties(_operation)
