"""The seven operations, each composed of hooks."""

# ruff: noqa: ARG002 - a hook receives whatever an override may need
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from mock_tenant.behaviour.addresses import Addresses
from mock_tenant.behaviour.configuration_service import ConfigurationService
from mock_tenant.behaviour.listing import Listing
from mock_tenant.behaviour.persistence import Persistence
from mock_tenant.behaviour.token_endpoint import TokenEndpoint
from mock_tenant.behaviour.validation import Validation
from mock_tenant.constants import ADDRESS_OPERATIONS
from mock_tenant.messages import (
    ApiError,
    ApiRequest,
    ApiResponse,
    conflict,
    forbidden,
    invalid_field,
    not_found,
)
from mock_tenant.store import Customer


class Operations(ConfigurationService, Addresses, Listing, Validation, Persistence, TokenEndpoint):
    """The steps of each operation and its response."""

    async def handle(self, request: ApiRequest) -> ApiResponse:
        """The response to a request of any operation."""
        early = await self.before_request(request)
        if early is not None:
            return early
        try:
            self.authorize(request)
            response = await self.dispatch(request)
        except ApiError as error:
            response = self.error_response(request, error)
        return self.after_request(request, response)

    async def dispatch(self, request: ApiRequest) -> ApiResponse:
        """Reads and validates the body of an authorized request and calls the handler of its operation."""
        if request.operation in ADDRESS_OPERATIONS:
            return await self.dispatch_addresses(request)
        if request.operation not in ("list", "get"):
            request.body = self.read_body(request)
        if request.operation in ("list", "search"):
            return self.handle_listing(request)
        if request.operation == "get":
            return self.handle_get(request)
        if request.operation in ("create", "upsert"):
            self.check_notification_flag(request)
        if request.operation != "delete":
            self.check_body(request)
        async with self.write_lock(request):
            if request.operation == "create":
                return await self.handle_create(request)
            if request.operation == "upsert":
                return await self.handle_upsert(request)
            if request.operation == "patch":
                return await self.handle_patch(request)
            return await self.handle_delete(request)

    async def dispatch_addresses(self, request: ApiRequest) -> ApiResponse:
        """Calls the handler of addresses for the customer in the path."""
        if request.operation == "addAddress":
            request.body = self.read_body(request)
        async with self.write_lock(request):
            customer = self.find_customer(request)
            if customer is None and request.operation == "listAddresses":
                unknown = self.addresses_of_unknown(request)
                if unknown is not None:
                    return ApiResponse(200, unknown)
            return self.handle_addresses(request, self.require_customer(request))

    @asynccontextmanager
    async def write_lock(self, request: ApiRequest) -> AsyncIterator[None]:
        """A lock that serializes the writes of a tenant."""
        async with request.tenant.write_lock:
            yield

    async def before_write(self, request: ApiRequest) -> None:
        """A hook between the checks of a write and its effect."""

    def handle_listing(self, request: ApiRequest) -> ApiResponse:
        """List and search: one page of customers, with their number in the header Count."""
        page = self.select_page(request)
        body = [self.serialize(request, customer) for customer in page]
        headers = {"Count": self.count_header(request, page)}
        return ApiResponse(self.success_status(request, 200), body, headers)

    def count_header(self, request: ApiRequest, page: list[Customer]) -> str:
        """The header Count: the number of customers in the response."""
        return str(len(page))

    def handle_get(self, request: ApiRequest) -> ApiResponse:
        """Get: one customer, or 404."""
        customer = self.require_customer(request)
        return ApiResponse(self.success_status(request, 200), self.serialize(request, customer))

    async def handle_create(self, request: ApiRequest) -> ApiResponse:
        """Create: a new customer, or 409."""
        customer = await self.create_customer(request)
        return ApiResponse(self.success_status(request, 201), self.creation_body(request, customer))

    async def handle_upsert(self, request: ApiRequest) -> ApiResponse:
        """Upsert: creates a customer under the id in the path, or replaces the values of the existing one."""
        current = self.find_customer(request)
        if current is None:
            if (message := self.path_id_error(request, request.customer_number)) is not None:
                raise invalid_field("customerNumber", message)
            customer = await self.create_customer(request)
            return ApiResponse(self.success_status(request, 201), self.creation_body(request, customer))
        if not self.is_within_restrictions(request, current):
            raise forbidden()
        self.check_version(request, current)
        written = self.written_values(request)
        self.check_email_is_free(request, written, current.id)
        await self.before_write(request)
        values = self.replace_values(request, dict(current.values), written)
        await self.commit(request, current, self.next_version(request, current, values))
        return ApiResponse(self.success_status(request, 204))

    async def handle_patch(self, request: ApiRequest) -> ApiResponse:
        """Patch: changes the properties in the body, or 404."""
        current = self.require_customer(request)
        self.check_version(request, current)
        written = self.written_values(request)
        self.check_email_is_free(request, written, current.id)
        await self.before_write(request)
        values = self.patch_values(request, dict(current.values), written)
        await self.commit(request, current, self.next_version(request, current, values))
        return ApiResponse(self.success_status(request, 200))

    async def handle_delete(self, request: ApiRequest) -> ApiResponse:
        """Delete: removes the customer, or 404."""
        customer = self.require_customer(request)
        await self.before_write(request)
        self.delete_customer(request, customer)
        return ApiResponse(self.success_status(request, 202))

    async def create_customer(self, request: ApiRequest) -> Customer:
        """Stores a new customer; ApiError 409 if its id or its e-mail address is in use."""
        customer_id = self.new_customer_id(request)
        written = self.written_values(request)
        if self.is_id_taken(request, customer_id) or self.is_id_retired(request, customer_id):
            raise conflict(customer_id, request.tenant.name)
        self.check_email_is_free(request, written, None)
        customer = self.new_customer(request, customer_id, written)
        if not self.is_within_restrictions(request, customer):
            raise forbidden()
        await self.before_write(request)
        await self.commit(request, None, customer)
        return customer

    async def commit(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
        """Stores a created or changed customer in one step."""
        self.store_customer(request, before, after)

    def check_version(self, request: ApiRequest, current: Customer) -> None:
        """Raises an ApiError if the body has a metadata.version that is not the current one; without one, nothing."""
        version = self.sent_version(request)
        if version is not None and version != current.version:
            raise self.stale_version(request)

    def sent_version(self, request: ApiRequest) -> int | None:
        """The metadata.version in the body."""
        metadata = request.body.get("metadata")
        version = metadata.get("version") if isinstance(metadata, dict) else None
        return version if isinstance(version, int) else None

    def stale_version(self, request: ApiRequest) -> ApiError:
        """The error for a version that is not the current one."""
        return ApiError(409, "conflict_resource", "The customer has another version.")

    def next_version(self, request: ApiRequest, current: Customer, values: dict[str, Any]) -> Customer:
        """The next version of a customer; ApiError 403 if it would leave the caller's restrictions."""
        after = current.with_values(values)
        if not self.is_within_restrictions(request, after):
            raise forbidden()
        return after

    def check_email_is_free(
        self, request: ApiRequest, written: dict[str, Any], customer_id: str | None
    ) -> None:
        """Raises an ApiError if another customer of the tenant has the contactEmail."""
        email = written.get("contactEmail")
        if isinstance(email, str) and email and self.is_email_taken(request, email, customer_id):
            raise self.email_conflict(request, email)

    def email_conflict(self, request: ApiRequest, email: str) -> ApiError:
        """The error for a contactEmail in use; the contract has 409 only for create and upsert."""
        if request.operation == "patch":
            return invalid_field("contactEmail", "Another customer has this address.")
        return conflict(email, request.tenant.name)

    def require_customer(self, request: ApiRequest) -> Customer:
        """The customer in the path; ApiError 404 if it does not exist or the caller may not see it."""
        customer = self.find_customer(request)
        if customer is None or not self.is_within_restrictions(request, customer):
            raise not_found(request.customer_number)
        return customer

    def find_customer(self, request: ApiRequest) -> Customer | None:
        """The customer in the path, by its case-sensitive id."""
        return request.tenant.customers.get(request.customer_number)

    def path_id_error(self, request: ApiRequest, number: str) -> str | None:
        """The error in the id under which an upsert creates a customer; None if the id is valid."""
        if 1 <= len(number) <= 66 and self.has_valid_id_characters(request, number):
            return None
        return "The value must be 1 to 66 letters, digits, underscores or hyphens."

    def creation_body(self, request: ApiRequest, customer: Customer) -> object:
        """The response body when a customer was created."""
        return {"id": customer.id}

    def success_status(self, request: ApiRequest, status: int) -> int:
        """The status of a successful response."""
        return status
