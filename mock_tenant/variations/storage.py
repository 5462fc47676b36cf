"""Ids of other forms, upserts that keep or reset, and what the configuration allows."""

# ruff: noqa: ARG002 - a variation takes what the default takes, and need not look at it
import secrets
import uuid
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.registry import variation
from mock_tenant.requests import Call
from mock_tenant.store import Customer


@variation()
class IdsAreUuids(Behaviour):
    """Generated ids are UUIDs."""

    def generated_id(self, call: Call) -> str:
        return str(uuid.uuid4())


@variation()
class IdsAreNumbers(Behaviour):
    """Generated ids are ten digits, counted up."""

    def generated_id(self, call: Call) -> str:
        return f"{8_000_000_000 + self.turn('generated ids')}"


@variation()
class IdsAreShort(Behaviour):
    """Generated ids are a letter and a few random ones."""

    def generated_id(self, call: Call) -> str:
        return "c" + secrets.token_hex(5)


@variation()
class IdsHaveAPrefix(Behaviour):
    """Generated ids have a prefix and an underscore."""

    def generated_id(self, call: Call) -> str:
        return f"cust_{super().generated_id(call)}"


@variation()
class UpsertMerges(Behaviour):
    """An upsert keeps every property that it leaves out."""

    def replaced(self, call: Call, current: dict[str, Any], written: dict[str, Any]) -> dict[str, Any]:
        return self.settled(call, {**current, **written})


@variation()
class UpsertResets(Behaviour):
    """An upsert resets every property that it leaves out, but for the address."""

    def replaced(self, call: Call, current: dict[str, Any], written: dict[str, Any]) -> dict[str, Any]:
        kept = {name: value for name, value in current.items() if name == "contactEmail"}
        anew = {**self.defaults(call), **self.flags_on_creation(call)}
        return self.settled(call, {**anew, **kept, **written})


@variation()
class PatchMergesObjects(Behaviour):
    """A JSON patch keeps the mixins that it does not name."""

    def combined(self, call: Call, name: str, old: Any, new: Any) -> Any:
        value = super().combined(call, name, old, new)
        both = name == "mixins" and isinstance(old, dict) and isinstance(value, dict)
        return {**old, **value} if both and call.media_type.endswith("/json") else value


@variation()
class EveryWriteCounts(Behaviour):
    """Every upsert and patch counts the version up, changing something or not."""

    def updated(self, call: Call, current: Customer, values: dict[str, Any]) -> Customer:
        after = super().updated(call, current, values)
        return after.remade(version=current.version + 1)


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
    """A restriction that is not set follows the preferred site."""


@variation(sync_restrictions_with_sites=True)
class SynchronisationStores(Behaviour):
    """A restriction that is not set on creation is stored as the preferred site of that moment."""

    def created(self, call: Call, customer_id: str, written: dict[str, Any]) -> Customer:
        customer = super().created(call, customer_id, written)
        follows = {"restriction": self.restriction_of(customer)}
        return customer.remade(values=self.settled(call, {**customer.values, **follows}))
