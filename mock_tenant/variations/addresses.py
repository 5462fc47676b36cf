"""Variations of addresses: which one is the default, where it is returned, and who may add them."""

# ruff: noqa: ARG002 - an override has the signature of its hook
from collections.abc import Mapping
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import ADDRESS_OPERATIONS, ADDRESS_STRINGS
from mock_tenant.messages import ApiRequest, forbidden
from mock_tenant.registry import variation
from mock_tenant.store import Customer


@variation()
class AddressesNeedAnotherScope(Behaviour):
    """The clients lack the scope that the operations on addresses need."""

    def authorize(self, request: ApiRequest) -> None:
        super().authorize(request)
        if request.operation in ADDRESS_OPERATIONS:
            raise forbidden()


@variation(readings={"get.expand.addresses": "always returned"})
class AddressesAlwaysShow(Behaviour):
    """Addresses are returned even if expand does not name them."""

    def expand_property(self, request: ApiRequest, name: str, value: Any, expansion: list[str]) -> Any:
        return value if name == "addresses" else super().expand_property(request, name, value, expansion)


@variation()
class FirstAddressIsDefault(Behaviour):
    """The first address of a customer becomes its default address."""

    def add_address(self, request: ApiRequest, customer: Customer) -> str:
        if not customer.addresses:
            request.body = {**request.body, "isDefault": True}
        return super().add_address(request, customer)


@variation()
class DefaultAddressOnRequest(Behaviour):
    """The default address is returned only if expand names addresses."""

    def serialize(self, request: ApiRequest, customer: Customer) -> dict[str, Any]:
        result = super().serialize(request, customer)
        if "addresses" not in self.expansion(request):
            result.pop("defaultAddress", None)
        return result


@variation()
class DefaultAddressIsNull(Behaviour):
    """The default address of a customer without one is returned as null, and so is an absent value of an address."""

    def build_document(self, customer: Customer) -> dict[str, Any]:
        return {"defaultAddress": None, **super().build_document(customer)}

    def address_document(self, address: Mapping[str, Any]) -> dict[str, Any]:
        return {**dict.fromkeys(ADDRESS_STRINGS), **super().address_document(address)}


@variation()
class AddressesAreSorted(Behaviour):
    """Addresses are returned with the default one first, their tags are sorted, and each has a version."""

    def build_document(self, customer: Customer) -> dict[str, Any]:
        document = super().build_document(customer)
        return {
            **document,
            "addresses": sorted(document["addresses"], key=lambda each: not each["isDefault"]),
        }

    def address_document(self, address: Mapping[str, Any]) -> dict[str, Any]:
        document = {**super().address_document(address), "metadata": {"version": 1}}
        return (
            {**document, "tags": sorted(document["tags"], reverse=True)} if "tags" in document else document
        )


@variation()
class SeveralDefaultAddresses(Behaviour):
    """A new default address leaves the former one as it is; the last one is the default address."""

    def replaced_defaults(self, addresses: tuple[Mapping[str, Any], ...]) -> tuple[Mapping[str, Any], ...]:
        return addresses

    def default_address(self, customer: Customer) -> Mapping[str, Any] | None:
        return next((each for each in reversed(customer.addresses) if each["isDefault"]), None)


@variation()
class AddressesOfUnknownCustomersAreEmpty(Behaviour):
    """The list of addresses of a customer that does not exist is empty."""

    def addresses_of_unknown(self, request: ApiRequest) -> list[dict[str, Any]] | None:
        return []
