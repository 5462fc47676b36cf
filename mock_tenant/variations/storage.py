"""Variations of stored data: generated ids, omitted properties of upserts, and configuration options."""

# ruff: noqa: ARG002 - an override has the signature of its hook
import secrets
import uuid
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.behaviour.persistence import Values, without_nulls
from mock_tenant.constants import RESPONSE_PROPERTIES
from mock_tenant.messages import ApiRequest
from mock_tenant.registry import variation
from mock_tenant.store import Customer

ACCOUNT = "account address"
"""The name under which a customer stores the address of its account."""


@variation(readings={"create.id.format": "uuid"})
class IdsAreUuids(Behaviour):
    """Generated ids are UUIDs."""

    def generate_id(self, request: ApiRequest) -> str:
        return str(uuid.uuid4())


@variation(readings={"create.id.format": "digits"})
class IdsAreNumbers(Behaviour):
    """Generated ids are consecutive numbers of ten digits."""

    def generate_id(self, request: ApiRequest) -> str:
        return f"{8_000_000_000 + self.increment('generated ids')}"


@variation()
class IdsAreShort(Behaviour):
    """Generated ids are a letter and ten random hexadecimal digits."""

    def generate_id(self, request: ApiRequest) -> str:
        return "c" + secrets.token_hex(5)


@variation(readings={"create.id.format": "other format"})
class IdsHaveAPrefix(Behaviour):
    """Generated ids have a prefix and an underscore."""

    def generate_id(self, request: ApiRequest) -> str:
        return f"cust_{super().generate_id(request)}"


@variation(readings={"upsert.update.omitted": "kept"})
class UpsertMerges(Behaviour):
    """An upsert keeps the properties that it leaves out."""

    def replace_values(self, request: ApiRequest, current: Values, written: Values) -> Values:
        return without_nulls({**current, **written})


@variation()
class UpsertResets(Behaviour):
    """An upsert resets the properties that it leaves out, except contactEmail."""

    def replace_values(self, request: ApiRequest, current: Values, written: Values) -> Values:
        kept = {name: value for name, value in current.items() if name == "contactEmail"}
        initial = {**self.default_values(request), **self.default_flags(request)}
        return without_nulls({**initial, **kept, **written})


@variation(readings={"*.unknown-properties": "stored"})
class UnknownPropertiesAreStored(Behaviour):
    """Create, upsert and patch store unknown properties, and responses have them."""

    def written_values(self, request: ApiRequest) -> Values:
        unknown = {name: value for name, value in request.body.items() if name not in RESPONSE_PROPERTIES}
        return {**unknown, **super().written_values(request)}


def names_company(customer: Customer) -> bool:
    """Whether a customer has a companyRegistrationId."""
    b2b = customer.values.get("b2b")
    return isinstance(b2b, dict) and bool(b2b.get("companyRegistrationId"))


@variation()
class CompaniesDetermineTheBusinessModel(Behaviour):
    """A customer with a companyRegistrationId is B2B; an upsert without one ends the assignment to the company."""

    def replace_values(self, request: ApiRequest, current: Values, written: Values) -> Values:
        values = super().replace_values(request, current, written)
        return values if "b2b" in written else {name: values[name] for name in values if name != "b2b"}

    def business_model(self, customer: Customer) -> str:
        return "B2B" if names_company(customer) else "B2C"


@variation()
class CompaniesAreAssignedLater(Behaviour):
    """A customer with a companyRegistrationId becomes B2B while it is read, without a write."""

    def business_model(self, customer: Customer) -> str:
        if not names_company(customer):
            return super().business_model(customer)
        reads = self.state["reads of companies"]
        reads[customer.id] = reads.get(customer.id, 0) + 1
        return "B2B" if reads[customer.id] > 2 else "B2C"


@variation()
class PatchMergesObjects(Behaviour):
    """A JSON patch keeps the mixins that it leaves out."""

    def patch_value(self, request: ApiRequest, name: str, old: Any, new: Any) -> Any:
        value = super().patch_value(request, name, old, new)
        are_mixins = name == "mixins" and isinstance(old, dict) and isinstance(value, dict)
        return {**old, **value} if are_mixins and request.media_type.endswith("/json") else value


@variation()
class EveryWriteCounts(Behaviour):
    """Every upsert and patch increments the version, even without a change."""

    def next_version(self, request: ApiRequest, current: Customer, values: Values) -> Customer:
        after = super().next_version(request, current, values)
        return after.replace(version=current.version + 1)


@variation(active_on_creation=False)
class CreatedInactive(Behaviour):
    """New customers are not active."""


@variation(on_hold_on_creation=True)
class CreatedOnHold(Behaviour):
    """New customers are on hold."""


@variation(recreate_deleted=True)
class Recreation(Behaviour):
    """The id of a deleted customer can be used again."""


@variation(sync_restrictions_with_sites=True)
class Synchronisation(Behaviour):
    """A restriction that is not set equals the preferred site."""


@variation(sync_restrictions_with_sites=True)
class SynchronisationStores(Behaviour):
    """A restriction that is not set on creation is stored with the value of the preferred site."""

    def new_customer(self, request: ApiRequest, customer_id: str, written: Values) -> Customer:
        customer = super().new_customer(request, customer_id, written)
        restriction = self.effective_restriction(customer)
        return customer.replace(values=without_nulls({**customer.values, "restriction": restriction}))


@variation()
class AccountsKeepTheirAddress(Behaviour):
    """An account keeps the contactEmail with which its customer was created, and no other customer can have it."""

    def new_customer(self, request: ApiRequest, customer_id: str, written: Values) -> Customer:
        customer = super().new_customer(request, customer_id, written)
        return customer.replace(values={**customer.values, ACCOUNT: customer.email})

    def replace_values(self, request: ApiRequest, current: Values, written: Values) -> Values:
        return {**super().replace_values(request, current, written), ACCOUNT: current.get(ACCOUNT)}

    def build_document(self, customer: Customer) -> dict[str, Any]:
        return {name: value for name, value in super().build_document(customer).items() if name != ACCOUNT}

    def accounts(self, customer: Customer) -> list[dict[str, str]]:
        address = customer.values.get(ACCOUNT)
        return [{"id": address}] if address else super().accounts(customer)

    def is_email_taken(self, request: ApiRequest, email: str, customer_id: str | None) -> bool:
        others = (each for each in request.tenant.customers.values() if each.id != customer_id)
        return super().is_email_taken(request, email, customer_id) or any(
            each.values.get(ACCOUNT) == email for each in others
        )
