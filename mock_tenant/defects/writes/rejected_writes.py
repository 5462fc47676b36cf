"""Defects of rejected writes: an error response is returned, but the write takes effect."""

from contextlib import suppress
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import BODY_OPERATIONS, PROPERTIES, UPDATE_OPERATIONS
from mock_tenant.messages import ApiError, ApiRequest, ApiResponse
from mock_tenant.registry import defect, operation_defects
from mock_tenant.store import Customer


def valid_properties(behaviour: Behaviour, request: ApiRequest) -> dict[str, Any]:
    """The valid properties of a rejected body, except id and contactEmail."""
    return {
        name: value
        for name, value in request.body.items()
        if name in PROPERTIES[request.operation]
        and name not in ("id", "contactEmail")
        and behaviour.property_error(request, name, value) is None
    }


def write_valid_properties(behaviour: Behaviour, request: ApiRequest) -> None:
    """Stores the valid properties of a rejected body in the customer of the path, if it exists."""
    current = request.tenant.customers.get(request.customer_number)
    if current is not None:
        request.body = valid_properties(behaviour, request)
        values = {**current.values, **behaviour.written_values(request)}
        behaviour.store_customer(request, current, current.with_values(values))


@defect("create.refused.changes-nothing")
class RefusedCreatesCreate(Behaviour):
    """A create returns 400 and stores a customer with the valid properties."""

    def error_response(self, request: ApiRequest, error: ApiError) -> ApiResponse:
        if request.operation == "create" and error.status == 400 and request.body:
            custom_id, email = request.body.get("id"), request.body.get("contactEmail")
            request.body = valid_properties(self, request)
            is_valid_id = isinstance(custom_id, str) and not self.string_error(request, "id", custom_id)
            customer_id = str(custom_id) if is_valid_id else self.generate_id(request)
            if not self.is_id_taken(request, customer_id):
                values = self.written_values(request)
                if isinstance(email, str) and email not in request.tenant.emails:
                    values["contactEmail"] = email
                self.store_customer(request, None, self.new_customer(request, customer_id, values))
        return super().error_response(request, error)


@defect("create.refused.changes-nothing")
class RefusedCreatesWithoutIdCreate(RefusedCreatesCreate):
    """A create without an id returns 400 and stores a customer with the valid properties."""

    def error_response(self, request: ApiRequest, error: ApiError) -> ApiResponse:
        if "id" in request.body:
            return Behaviour.error_response(self, request, error)
        return super().error_response(request, error)


@defect("create.refused.changes-nothing")
class RefusedCreatesReserveTheEmail(Behaviour):
    """A create that is rejected because of another property reserves its contactEmail."""

    def error_response(self, request: ApiRequest, error: ApiError) -> ApiResponse:
        email = request.body.get("contactEmail")
        if request.operation == "create" and error.status == 400 and isinstance(email, str) and email:
            request.tenant.emails.setdefault(email, "")
        return super().error_response(request, error)


@defect("upsert.refused.changes-nothing")
class RefusedUpsertsWrite(Behaviour):
    """An upsert returns 400 or 409 and stores the valid properties."""

    def error_response(self, request: ApiRequest, error: ApiError) -> ApiResponse:
        if request.operation == "upsert" and error.status in (400, 409) and request.body:
            write_valid_properties(self, request)
        return super().error_response(request, error)


@defect("patch.refused.changes-nothing")
class PatchToATakenEmailChangesTheRest(Behaviour):
    """A patch that is rejected because of its contactEmail changes the other properties."""

    def email_conflict(self, request: ApiRequest, email: str) -> ApiError:
        current = request.tenant.customers.get(request.customer_number)
        if request.operation == "patch" and current is not None:
            rest = {name: value for name, value in request.body.items() if name != "contactEmail"}
            values = self.patch_values(request, dict(current.values), rest)
            self.store_customer(request, current, self.next_version(request, current, values))
        return super().email_conflict(request, email)


@defect("patch.refused.changes-nothing")
class RefusedPatchesWrite(Behaviour):
    """A patch returns 400 and stores the valid properties."""

    def error_response(self, request: ApiRequest, error: ApiError) -> ApiResponse:
        if request.operation == "patch" and error.status == 400 and request.body:
            write_valid_properties(self, request)
        return super().error_response(request, error)


@defect("delete.refused.changes-nothing")
class RefusedDeletesDelete(Behaviour):
    """A delete returns 400 or 403 and deletes the customer."""

    def error_response(self, request: ApiRequest, error: ApiError) -> ApiResponse:
        tenant = self.tenants.get(request.tenant_name)
        if request.operation == "delete" and error.status in (400, 403) and tenant is not None:
            tenant.remove(request.customer_number)
        return super().error_response(request, error)


@defect("delete.refused.changes-nothing")
class UnauthorisedDeletesDelete(Behaviour):
    """A delete returns 401 and deletes the customer."""

    def error_response(self, request: ApiRequest, error: ApiError) -> ApiResponse:
        tenant = self.tenants.get(request.tenant_name)
        if request.operation == "delete" and error.status == 401 and tenant is not None:
            tenant.remove(request.customer_number)
        return super().error_response(request, error)


@defect("delete.refused.changes-nothing")
class DeletesOutsideRestrictionsDelete(Behaviour):
    """A delete of a customer outside the restrictions of the client is rejected and deletes the customer."""

    def is_within_restrictions(self, request: ApiRequest, customer: Customer) -> bool:
        is_within = super().is_within_restrictions(request, customer)
        if request.operation == "delete" and not is_within:
            request.tenant.remove(customer.id)
        return is_within


def writes_although_refused(status: int) -> None:
    """Seeds writes that take effect although they are rejected with this status."""

    @operation_defects(
        BODY_OPERATIONS,
        "{}.refused.changes-nothing",
        name=f"{{}}-writes-with-{status}",
        description=f"{{}} returns {status} and writes.",
        also_violates=["{}.auth.*", "{}.restriction.managed", "isolation.writes"],
    )
    class WritesAlthoughRefused(Behaviour):
        def error_response(self, request: ApiRequest, error: ApiError) -> ApiResponse:
            tenant = self.tenants.get(request.tenant_name)
            if error.status == status and tenant is not None:
                request.tenant = tenant
                with suppress(ApiError, ValueError):
                    self.write(request)
            return super().error_response(request, error)

        def write(self, request: ApiRequest) -> None:
            request.body = request.body or dict(self.parse_body(request))
            if request.operation != "create":
                write_valid_properties(self, request)
                return
            customer_id = str(request.body.get("id") or self.generate_id(request))
            values = self.written_values(request)
            if (
                not self.is_id_taken(request, customer_id)
                and values.get("contactEmail") not in request.tenant.emails
            ):
                self.store_customer(request, None, self.new_customer(request, customer_id, values))


for _status in (401, 403):
    writes_although_refused(_status)


@operation_defects(UPDATE_OPERATIONS, "{}.refused.changes-nothing")
class PutsCustomersOnHoldIfRefused(Behaviour):
    """{} returns 400 and puts the customer on hold."""

    def error_response(self, request: ApiRequest, error: ApiError) -> ApiResponse:
        tenant = self.tenants.get(request.tenant_name)
        current = tenant.customers.get(request.customer_number) if tenant else None
        if tenant and current and error.status == 400:
            tenant.put(current.with_values({**current.values, "onHold": True}))
        return super().error_response(request, error)
