"""The representation of a customer in responses."""

# ruff: noqa: ARG002 - a hook receives whatever an override may need
from collections.abc import Mapping
from typing import Any

from mock_tenant.behaviour.access import Access
from mock_tenant.constants import ON_REQUEST
from mock_tenant.messages import ApiRequest
from mock_tenant.store import Customer

MIXIN = "mixin"


class Serialization(Access):
    """Hooks for the representation of customers."""

    def document(self, customer: Customer) -> dict[str, Any]:
        """The full representation of a customer, cached for each version; callers must not change it."""
        if "document" not in customer.cache:
            customer.cache["document"] = self.build_document(customer)
        document: dict[str, Any] = customer.cache["document"]
        return document

    def build_document(self, customer: Customer) -> dict[str, Any]:
        """The full representation of a customer."""
        values, default = dict(customer.values), self.default_address(customer)
        if (restriction := self.effective_restriction(customer)) is not None:
            values.setdefault("restriction", restriction)
        if customer.email is not None:
            values["email"] = customer.email
        if isinstance(values.get("b2b"), dict):
            values["b2b"] = {**values["b2b"], "legalEntities": []}
        return {
            **values,
            "id": customer.id,
            "customerNumber": customer.number,
            "businessModel": self.business_model(customer),
            "metadataCreatedAt": customer.created_at,
            "metadata": self.metadata(customer),
            "accounts": self.accounts(customer),
            "addresses": [self.address_document(address) for address in customer.addresses],
            **({} if default is None else {"defaultAddress": self.address_document(default)}),
        }

    def address_document(self, address: Mapping[str, Any]) -> dict[str, Any]:
        """The representation of an address."""
        return dict(address)

    def default_address(self, customer: Customer) -> Mapping[str, Any] | None:
        """The default address of a customer."""
        return next((address for address in customer.addresses if address["isDefault"]), None)

    def business_model(self, customer: Customer) -> str:
        """B2C: only a customer that is assigned to a company is B2B, and this API assigns none."""
        return "B2C"

    def metadata(self, customer: Customer) -> dict[str, Any]:
        """The version, and the metadata of mixins if a client wrote any."""
        stored = customer.values.get("metadata")
        return {**(stored if isinstance(stored, dict) else {}), "version": customer.version}

    def accounts(self, customer: Customer) -> list[dict[str, str]]:
        """The accounts of a customer, identified by its e-mail address."""
        return [{"id": customer.email}] if customer.email is not None else []

    def expansion(self, request: ApiRequest) -> list[str]:
        """The items of the parameter expand."""
        return [word.strip() for word in request.params.get("expand", "").split(",") if word.strip()]

    def serialize(self, request: ApiRequest, customer: Customer) -> dict[str, Any]:
        """The representation of a customer in this response; expandable properties only if expand names them."""
        expansion = self.expansion(request)
        document = self.document(customer)
        result = {name: value for name, value in document.items() if name not in ON_REQUEST}
        for name in ON_REQUEST:
            if name in document:
                expanded = self.expand_property(request, name, document[name], expansion)
                if expanded is not None:
                    result[name] = expanded
        return result

    def expand_property(self, request: ApiRequest, name: str, value: Any, expansion: list[str]) -> Any:
        """The part of an expandable property that is returned; None for nothing."""
        if name != "mixins":
            return value if name in expansion else None
        if any(word in (MIXIN, f"{MIXIN}:*") for word in expansion):
            return value
        wanted = {word.removeprefix(f"{MIXIN}:") for word in expansion if word.startswith(f"{MIXIN}:")}
        if not wanted or not isinstance(value, dict):
            return None
        return {key: part for key, part in value.items() if key in wanted}
