"""The operations on the addresses of a customer, as far as the suite uses them."""

# ruff: noqa: ARG002 - an override has the signature of its hook
import uuid
from collections.abc import Mapping
from typing import Any

from mock_tenant.behaviour.persistence import Persistence
from mock_tenant.behaviour.serialization import Serialization
from mock_tenant.constants import ADDRESS_STRINGS
from mock_tenant.messages import ApiError, ApiRequest, ApiResponse, conflict, invalid_field
from mock_tenant.store import Customer


class Addresses(Serialization, Persistence):
    """Hooks for addresses, which are part of the snapshot of their customer."""

    def handle_addresses(self, request: ApiRequest, customer: Customer) -> ApiResponse:
        """The response to an authorized request about the addresses of an existing customer."""
        if request.operation == "listAddresses":
            return ApiResponse(200, [self.address_document(address) for address in customer.addresses])
        if request.operation == "addAddress":
            return ApiResponse(201, {"id": self.add_address(request, customer)})
        address = next((each for each in customer.addresses if each["id"] == request.address_id), None)
        if address is None:
            raise ApiError(404, "element_non_existent", f"Address {request.address_id!a} not found.")
        if request.operation == "getAddress":
            return ApiResponse(200, self.address_document(address))
        others = tuple(each for each in customer.addresses if each is not address)
        self.store_customer(request, customer, customer.replace(addresses=others))
        return ApiResponse(204)

    def add_address(self, request: ApiRequest, customer: Customer) -> str:
        """Stores a new address and returns its id; a new default address replaces the former one."""
        if (invalid := self.address_error(request.body)) is not None:
            raise invalid_field(invalid, "The value is not valid.")
        address_id = self.new_address_id(request)
        if self.is_address_id_taken(customer, address_id):
            raise conflict(address_id, request.tenant.name)
        address = {"isDefault": False, **request.body, "id": address_id}
        others = customer.addresses
        if address["isDefault"]:
            others = self.replaced_defaults(others)
        self.store_customer(request, customer, customer.replace(addresses=(*others, address)))
        return address_id

    def replaced_defaults(self, addresses: tuple[Mapping[str, Any], ...]) -> tuple[Mapping[str, Any], ...]:
        """The other addresses of a customer that gets a new default address."""
        return tuple({**each, "isDefault": False} for each in addresses)

    def addresses_of_unknown(self, request: ApiRequest) -> list[dict[str, Any]] | None:
        """The list of addresses of a customer that does not exist; None for a 404."""
        return None

    def new_address_id(self, request: ApiRequest) -> str:
        """The custom id in the body, or a generated one."""
        return str(request.body.get("id") or self.generate_address_id())

    def generate_address_id(self) -> str:
        """An unused id of an address."""
        return uuid.uuid4().hex[:10]

    def is_address_id_taken(self, customer: Customer, address_id: str) -> bool:
        """Whether an address of the customer has this id."""
        return any(each["id"] == address_id for each in customer.addresses)

    def address_error(self, body: dict[str, Any]) -> str | None:
        """The name of the first invalid property; None if the address is valid."""
        for name in ("id", *ADDRESS_STRINGS):
            if not isinstance(body.get(name, ""), str):
                return name
        if "contactName" not in body:
            return "contactName"
        if len(body.get("country", "DE")) != 2:
            return "country"
        if not isinstance(body.get("isDefault", False), bool):
            return "isDefault"
        tags = body.get("tags", [])
        return "tags" if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags) else None
