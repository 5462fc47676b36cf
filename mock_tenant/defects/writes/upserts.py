"""Defects of upsert: wrong ids, duplicates, accumulated values, and rejected media types."""

# ruff: noqa: ARG002 - an override has the signature of its hook
import json
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.behaviour.persistence import Values
from mock_tenant.constants import ABSENT
from mock_tenant.messages import ApiRequest, ApiResponse, not_found
from mock_tenant.registry import defect
from mock_tenant.store import Customer


class RecordsUpserted(Behaviour):
    """Records the customers that an upsert created."""

    def on_change(self, request: ApiRequest, before: Customer | None, after: Customer | None) -> None:
        super().on_change(request, before, after)
        if request.operation == "upsert" and before is None and after is not None:
            self.state["upserted"][after.id] = True

    def is_upserted(self, customer_id: str | None) -> bool:
        """Whether an upsert created this customer."""
        return customer_id in self.state["upserted"]


@defect("upsert.create.status")
class UpsertDoesNotCreate(Behaviour):
    """Upsert of an id that does not exist returns 404."""

    def id_from_path(self, request: ApiRequest, number: str) -> str:
        raise not_found(number)


@defect("upsert.create.same-id")
class UpsertLowercasesTheId(Behaviour):
    """An upsert creates a customer under the lower-case form of the id in the path."""

    def id_from_path(self, request: ApiRequest, number: str) -> str:
        return number.lower()


@defect("upsert.create.same-id")
class UpsertGeneratesAnId(Behaviour):
    """An upsert creates a customer under a generated id."""

    def id_from_path(self, request: ApiRequest, number: str) -> str:
        return self.generate_id(request)


@defect("upsert.update.no-body")
class UpsertReturnsHeadersOfABody(Behaviour):
    """A 204 of an upsert has the headers Content-Length and Content-Type."""

    def after_request(self, request: ApiRequest, response: ApiResponse) -> ApiResponse:
        response = super().after_request(request, response)
        headers = {"Content-Length": "13", "Content-Type": "application/json"}
        return response.replace(headers=headers) if response.status == 204 else response


@defect("upsert.twice.equals-once", also_violates=("upsert.company.round-trip",))
class UpsertAppendsToTheCompany(Behaviour):
    """An upsert of an existing customer appends company to the existing value."""

    def replace_values(self, request: ApiRequest, current: Values, written: Values) -> Values:
        old, new = current.get("company"), written.get("company")
        accumulated = {"company": old + new} if isinstance(old, str) and isinstance(new, str) else {}
        return super().replace_values(request, current, {**written, **accumulated})


@defect("upsert.twice.equals-once")
class SecondUpsertInvertsOnHold(Behaviour):
    """An upsert that changes nothing inverts onHold."""

    def next_version(self, request: ApiRequest, current: Customer, values: Values) -> Customer:
        after = super().next_version(request, current, values)
        if request.operation == "upsert" and after is current:
            return super().next_version(request, current, {**values, "onHold": not values.get("onHold")})
        return after


@defect("upsert.twice.equals-once")
class SecondUpsertDropsTheLastName(Behaviour):
    """A repeated upsert removes lastName."""

    def replace_values(self, request: ApiRequest, current: Values, written: Values) -> Values:
        values = super().replace_values(request, current, written)
        text = json.dumps(written, sort_keys=True, default=str)
        last_upserts: dict[str, str] = self.state["last upserts"]
        is_repeated = last_upserts.get(request.customer_number) == text
        last_upserts[request.customer_number] = text
        return {name: value for name, value in values.items() if name != "lastName" or not is_repeated}


@defect("upsert.no-duplicate")
class UpsertCreatesDuplicates(Behaviour):
    """An upsert of an existing customer creates a duplicate under another id."""

    def store_customer(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
        super().store_customer(request, before, after)
        if request.operation == "upsert" and before is not None:
            values = {name: value for name, value in after.values.items() if name != "contactEmail"}
            other_id = self.generate_id(request)
            request.tenant.put(after.replace(id=other_id, number=other_id, values=values))


@defect("upsert.email.unique")
class UpsertUpdatesAcceptEmailsInUse(Behaviour):
    """An upsert of an existing customer accepts a contactEmail that another customer has."""

    def is_email_taken(self, request: ApiRequest, email: str, customer_id: str | None) -> bool:
        is_update = request.operation == "upsert" and customer_id is not None
        return not is_update and super().is_email_taken(request, email, customer_id)


@defect("upsert.active.round-trip")
class UpsertCreatesWithoutFlags(Behaviour):
    """An upsert that creates ignores active and onHold."""

    def flags_from_body(self, request: ApiRequest, written: Values) -> Values:
        return {}


@defect("upsert.metadata.round-trip")
class UpsertDropsTheSchemaOfAMixinNamedVersion(Behaviour):
    """Upsert does not store the schema of a mixin named version."""

    def stored_value(self, request: ApiRequest, name: str, value: Any) -> Any:
        stored = super().stored_value(request, name, value)
        if request.operation != "upsert" or name != "metadata" or not isinstance(stored, dict):
            return stored
        return {"mixins": {mixin: url for mixin, url in stored["mixins"].items() if mixin != "version"}}


@defect("upsert.metadata.round-trip")
class UpsertWithAVersionDropsTheSchemas(Behaviour):
    """An upsert with metadata.version does not store metadata.mixins."""

    def stored_value(self, request: ApiRequest, name: str, value: Any) -> Any:
        has_version = name == "metadata" and self.sent_version(request) is not None
        is_dropped = has_version and request.operation == "upsert"
        return ABSENT if is_dropped else super().stored_value(request, name, value)
