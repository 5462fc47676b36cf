"""Disclosure of passwords in responses."""

from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import LIST_OPERATIONS, OPERATIONS
from mock_tenant.messages import ApiRequest, ApiResponse
from mock_tenant.registry import register_defect
from mock_tenant.store import Customer


def shows_password(operation: str) -> None:
    """Seeds an operation whose response contains the password."""

    class InRepresentation(Behaviour):
        def serialize(self, request: ApiRequest, customer: Customer) -> dict[str, Any]:
            result = super().serialize(request, customer)
            return {**result, "password": customer.password} if request.operation == operation else result

    class InWriteResponse(Behaviour):
        def store_customer(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
            super().store_customer(request, before, after)
            self.state["passwords"][after.id] = after.password

        def after_request(self, request: ApiRequest, response: ApiResponse) -> ApiResponse:
            response = super().after_request(request, response)
            # A 204 has no body, so an upsert discloses the password only when it creates.
            if request.operation != operation or response.status not in (200, 201, 202):
                return response
            body = response.body if isinstance(response.body, dict) else {}
            passwords = self.state["passwords"]
            password = passwords.get(body.get("id", request.customer_number)) or request.body.get(
                "password", "initial"
            )
            return response.replace(body={**body, "password": password})

    returns_customers = operation in (*LIST_OPERATIONS, "get")
    register_defect(
        f"{operation}.password.never-returned",
        InRepresentation if returns_customers else InWriteResponse,
        name=f"{operation}-shows-the-password",
        description=f"The response to {operation} contains the password.",
    )


def shows_hash(operation: str) -> None:
    """Seeds an operation that shows a hash of the password."""

    class ShowsHash(Behaviour):
        def serialize(self, request: ApiRequest, customer: Customer) -> dict[str, Any]:
            result = super().serialize(request, customer)
            shown = (
                {"passwordHash": "$2b$10$N9qo8uLOickgx2ZMRZoMye"} if request.operation == operation else {}
            )
            return {**result, **shown}

    register_defect(
        f"{operation}.password.never-returned",
        ShowsHash,
        name=f"{operation}-shows-a-password-hash",
        description=f"The response to {operation} contains a hash of the password.",
    )


for _operation in OPERATIONS:
    shows_password(_operation)
for _operation in ("get", *LIST_OPERATIONS):
    shows_hash(_operation)
