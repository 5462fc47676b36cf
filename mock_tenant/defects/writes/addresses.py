"""Defects of operations on addresses, and of writes of customers that have addresses."""

# ruff: noqa: ARG002 - an override has the signature of its hook
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import UPDATE_OPERATIONS
from mock_tenant.messages import ApiRequest, ApiResponse
from mock_tenant.registry import defect, operation_defects
from mock_tenant.store import Customer


@defect("addresses.add.created")
class AddAddressAnswers200(Behaviour):
    """Adding an address returns 200."""

    def handle_addresses(self, request: ApiRequest, customer: Customer) -> ApiResponse:
        response = super().handle_addresses(request, customer)
        return response.replace(status=200) if response.status == 201 else response


@defect("addresses.add.created")
class AddAddressAnswersNoId(Behaviour):
    """Adding an address returns an empty object."""

    def handle_addresses(self, request: ApiRequest, customer: Customer) -> ApiResponse:
        response = super().handle_addresses(request, customer)
        return response.replace(body={}) if response.status == 201 else response


@defect("addresses.add.created")
class AddressIdsRepeat(Behaviour):
    """Every generated id of an address is the same."""

    def generate_address_id(self) -> str:
        return "1"

    def is_address_id_taken(self, customer: Customer, address_id: str) -> bool:
        return address_id != "1" and super().is_address_id_taken(customer, address_id)


@defect("addresses.add.custom-id")
class AddAddressIgnoresCustomIds(Behaviour):
    """Every address gets a generated id."""

    def new_address_id(self, request: ApiRequest) -> str:
        return self.generate_address_id()


@defect("addresses.add.custom-id")
class AddAddressLowersCustomIds(Behaviour):
    """A custom id of an address is stored in lower case."""

    def new_address_id(self, request: ApiRequest) -> str:
        return super().new_address_id(request).lower()


@defect("addresses.add.duplicate")
class AddAddressAcceptsIdsInUse(Behaviour):
    """Two addresses of a customer can have one id."""

    def is_address_id_taken(self, customer: Customer, address_id: str) -> bool:
        return False


@defect("addresses.add.duplicate")
class AddAddressReplacesAnAddress(Behaviour):
    """Adding an address with an id in use replaces the address that has it."""

    def is_address_id_taken(self, customer: Customer, address_id: str) -> bool:
        return False

    def store_customer(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
        if request.operation == "addAddress":
            by_id = {each["id"]: each for each in after.addresses}
            after = after.replace(addresses=tuple(by_id.values()))
        super().store_customer(request, before, after)


@defect("get.addresses.values", also_violates=("*.addresses.values", "addresses.list.complete"))
class AddAddressCutsTexts(Behaviour):
    """Adding an address stores the first 40 characters of each text."""

    def store_customer(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
        if request.operation == "addAddress":
            *others, new = after.addresses
            cut = {name: value[:40] if isinstance(value, str) else value for name, value in new.items()}
            after = after.replace(addresses=(*others, cut))
        super().store_customer(request, before, after)


@defect("addresses.list.complete")
class ListOfAddressesLeavesOutTheDefault(Behaviour):
    """The list of addresses does not have the default address."""

    def handle_addresses(self, request: ApiRequest, customer: Customer) -> ApiResponse:
        response = super().handle_addresses(request, customer)
        if request.operation != "listAddresses":
            return response
        return response.replace(body=[each for each in response.body if not each["isDefault"]])


@operation_defects(UPDATE_OPERATIONS, "{}.addresses.kept")
class DropsAddresses(Behaviour):
    """{} of an existing customer deletes its addresses."""

    def store_customer(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
        super().store_customer(request, before, after.replace(addresses=()))


@operation_defects(UPDATE_OPERATIONS, "{}.addresses.kept")
class StoresAddressesOfTheBody(Behaviour):
    """{} replaces the addresses of a customer by those in its body."""

    def store_customer(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
        sent = request.body.get("addresses") if isinstance(request.body, dict) else None
        replaced = after.replace(addresses=tuple(sent)) if isinstance(sent, list) else after
        super().store_customer(request, before, replaced)


@operation_defects(UPDATE_OPERATIONS, "{}.addresses.kept")
class ChangesPhonesOfAddresses(Behaviour):
    """{} of the contactPhone of a customer changes that of its addresses."""

    def store_customer(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
        phone = request.body.get("contactPhone") if isinstance(request.body, dict) else None
        if phone:
            changed = tuple({**each, "contactPhone": phone} for each in after.addresses)
            after = after.replace(addresses=changed)
        super().store_customer(request, before, after)


@defect("delete.addresses.gone")
class DeleteKeepsAddresses(Behaviour):
    """The addresses of a deleted customer are still returned."""

    def delete_customer(self, request: ApiRequest, customer: Customer) -> None:
        super().delete_customer(request, customer)
        self.state["addresses of deleted customers"][customer.id] = customer

    def find_customer(self, request: ApiRequest) -> Customer | None:
        found = super().find_customer(request)
        kept: dict[str, Any] = self.state["addresses of deleted customers"]
        return (
            kept.get(request.customer_number)
            if found is None and request.operation == "listAddresses"
            else found
        )
