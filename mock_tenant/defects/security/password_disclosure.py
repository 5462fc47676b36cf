"""Disclosure of passwords in responses."""

from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import READ_OPERATIONS, WRITE_OPERATIONS
from mock_tenant.messages import ApiRequest, ApiResponse
from mock_tenant.registry import defect, operation_defects
from mock_tenant.store import Customer


@operation_defects(READ_OPERATIONS, "{}.password.never-returned")
class ShowsThePassword(Behaviour):
    """The response to {} contains the password."""

    def serialize(self, request: ApiRequest, customer: Customer) -> dict[str, Any]:
        return {**super().serialize(request, customer), "password": customer.password}


class RecordsPasswords(Behaviour):
    """Records the passwords of customers by id."""

    def store_customer(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
        super().store_customer(request, before, after)
        self.state["passwords"][after.id] = after.password


@operation_defects(WRITE_OPERATIONS, "{}.password.never-returned", name="{}-shows-the-password")
class WritesShowThePassword(RecordsPasswords):
    """The response to {} contains the password."""

    def after_request(self, request: ApiRequest, response: ApiResponse) -> ApiResponse:
        response = super().after_request(request, response)
        # A 204 has no body, so an upsert discloses the password only when it creates.
        if response.status not in (200, 201, 202):
            return response
        body = response.body if isinstance(response.body, dict) else {}
        recorded = self.state["passwords"].get(body.get("id", request.customer_number))
        return response.replace(
            body={**body, "password": recorded or request.body.get("password", "initial")}
        )


@defect("get.password.never-returned")
class GetShowsThePasswordOfAPatch(Behaviour):
    """The response to get contains a password that a patch has sent."""

    def store_customer(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
        super().store_customer(request, before, after)
        if request.operation == "patch" and "password" in request.body:
            self.state["patched passwords"][after.id] = {"password": request.body["password"]}

    def serialize(self, request: ApiRequest, customer: Customer) -> dict[str, Any]:
        patched = self.state["patched passwords"].get(customer.id, {})
        return {**super().serialize(request, customer), **(patched if request.operation == "get" else {})}


@operation_defects(READ_OPERATIONS, "{}.password.never-returned")
class ShowsAPasswordHash(Behaviour):
    """The response to {} contains a hash of the password."""

    def serialize(self, request: ApiRequest, customer: Customer) -> dict[str, Any]:
        return {
            **super().serialize(request, customer),
            "passwordHash": "$2b$10$N9qo8uLOickgx2ZMRZoMye",
        }
