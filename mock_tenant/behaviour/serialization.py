"""What an answer says of a customer."""

# ruff: noqa: ARG002 - a decision is handed whatever an override of it may need
from typing import Any

from mock_tenant.behaviour.access import Access
from mock_tenant.constants import ON_REQUEST
from mock_tenant.requests import Call
from mock_tenant.store import Customer

MIXIN = "mixin"


class Views(Access):
    """Decisions about the representation of customers."""

    def document(self, customer: Customer) -> dict[str, Any]:
        """Everything that can be said of a customer, made once for each version of it; not to be changed."""
        if "document" not in customer.memo:
            customer.memo["document"] = self.described(customer)
        found: dict[str, Any] = customer.memo["document"]
        return found

    def described(self, customer: Customer) -> dict[str, Any]:
        """Everything that can be said of a customer."""
        values = dict(customer.values)
        if (restriction := self.restriction_of(customer)) is not None:
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
            "metadataCreatedAt": self.created_at(customer),
            "metadata": self.metadata(customer),
            "accounts": self.accounts(customer),
            "addresses": [],
        }

    def business_model(self, customer: Customer) -> str:
        """B2B for whoever is assigned to a company, and this API assigns nobody."""
        return "B2C"

    def created_at(self, customer: Customer) -> str:
        """When the customer was created."""
        return customer.created_at

    def metadata(self, customer: Customer) -> dict[str, Any]:
        """The version, and the mixins' own metadata where a client wrote some."""
        stored = customer.values.get("metadata")
        return {**(stored if isinstance(stored, dict) else {}), "version": customer.version}

    def accounts(self, customer: Customer) -> list[dict[str, str]]:
        """The account of a customer, known by its address."""
        return [{"id": customer.email}] if customer.email is not None else []

    def expansion(self, call: Call) -> list[str]:
        """The attributes that expand asks for."""
        return [word.strip() for word in call.params.get("expand", "").split(",") if word.strip()]

    def view(self, call: Call, customer: Customer) -> dict[str, Any]:
        """What the answer to this call says of a customer: what is returned on request only if asked for."""
        asked = self.expansion(call)
        document = self.document(customer)
        shown = {name: value for name, value in document.items() if name not in ON_REQUEST}
        for name in ON_REQUEST:
            if name in document and (part := self.expanded(call, name, document[name], asked)) is not None:
                shown[name] = part
        return shown

    def expanded(self, call: Call, name: str, value: Any, asked: list[str]) -> Any:
        """What is shown of an attribute that is returned on request; None for nothing."""
        if name != "mixins":
            return value if name in asked else None
        if any(word in (MIXIN, f"{MIXIN}:*") for word in asked):
            return value
        wanted = {word.removeprefix(f"{MIXIN}:") for word in asked if word.startswith(f"{MIXIN}:")}
        if not wanted or not isinstance(value, dict):
            return None
        return {key: part for key, part in value.items() if key in wanted}
