"""What becomes of a customer: ids, values, defaults, replacement, patch, and the places a write touches."""

# ruff: noqa: ARG002 - a decision is handed whatever an override of it may need
import uuid
from collections.abc import Mapping
from typing import Any

from mock_tenant.behaviour.base import Ground
from mock_tenant.constants import ABSENT, DEFAULTS, MERGE_PATCH_TYPE, NOT_STORED, PRIMARY, PROPERTIES
from mock_tenant.requests import Call
from mock_tenant.store import Customer

Values = dict[str, Any]


class Records(Ground):
    """Decisions about what is stored."""

    def number_for(self, call: Call) -> str:
        """The id of a customer about to be created: the path's, the body's, or a generated one."""
        if call.operation == "upsert":
            return self.number_from_path(call, call.customer_number)
        custom = call.body.get("id")
        return self.custom_id(call, custom) if custom and isinstance(custom, str) else self.generated_id(call)

    def number_from_path(self, call: Call, number: str) -> str:
        """The id under which an upsert creates."""
        return number

    def custom_id(self, call: Call, custom: str) -> str:
        """The id that a client's own id becomes."""
        return custom

    def generated_id(self, call: Call) -> str:
        """A new id in lower case."""
        return uuid.uuid4().hex[:20]

    def customer_number(self, call: Call, customer_id: str) -> str:
        """The customerNumber of a new customer."""
        return customer_id

    def id_taken(self, call: Call, customer_id: str) -> bool:
        """Whether a customer has this id now."""
        return customer_id in call.tenant.customers

    def id_spent(self, call: Call, customer_id: str) -> bool:
        """Whether a deleted customer had this id and the tenant does not allow it again."""
        return not self.configuration.recreate_deleted and customer_id in call.tenant.deleted

    def address_taken(self, call: Call, address: str, own: str | None) -> bool:
        """Whether another customer of the tenant has this address."""
        holder = call.tenant.addresses.get(address)
        return holder is not None and holder != own

    def written(self, call: Call) -> Values:
        """What the body sets, by property, as it is to be stored."""
        names = (name for name in PROPERTIES[call.operation] if name in call.body and name not in NOT_STORED)
        values = {name: self.kept(call, name, call.body[name]) for name in names}
        return {name: value for name, value in values.items() if value is not ABSENT}

    def kept(self, call: Call, name: str, value: Any) -> Any:
        """What is stored of one value; ABSENT for nothing. What is generated is not the client's."""
        if name == "metadata" and isinstance(value, dict):
            return {"mixins": value["mixins"]} if "mixins" in value else ABSENT
        if name == "b2b" and isinstance(value, dict):
            return {
                key: member
                for key, member in value.items()
                if key == "companyRegistrationId" and member is not None
            }
        return value

    def defaults(self, call: Call) -> Mapping[str, str]:
        """The values of what a creation leaves out."""
        return DEFAULTS

    def flags_on_creation(self, call: Call) -> dict[str, bool]:
        """The flags of a new customer."""
        return {
            "active": self.configuration.active_on_creation,
            "onHold": self.configuration.on_hold_on_creation,
        }

    def flags_sent_on_creation(self, call: Call, written: Values) -> dict[str, Any]:
        """The flags that a creation sets by itself: an upsert's body has them, a create's has not."""
        return {name: written[name] for name in ("active", "onHold") if name in written}

    def created(self, call: Call, customer_id: str, written: Values) -> Customer:
        """The customer that a creation makes."""
        values = {
            **self.defaults(call),
            **written,
            **self.flags_on_creation(call),
            **self.flags_sent_on_creation(call, written),
        }
        return Customer(
            id=customer_id,
            number=self.customer_number(call, customer_id),
            created_at=self.today(),
            values=self.settled(call, values),
            password=call.body.get("password"),
        )

    def replaced(self, call: Call, current: Values, written: Values) -> Values:
        """The values after an upsert that updates: primary data anew, everything else kept if left out."""
        beside = {name: value for name, value in current.items() if name not in PRIMARY}
        return self.settled(call, {**self.defaults(call), **beside, **written})

    def patched(self, call: Call, current: Values, written: Values) -> Values:
        """The values after a patch: what it names changes, everything else stays."""
        changed = {
            name: self.combined(call, name, current.get(name), value) for name, value in written.items()
        }
        return self.settled(call, {**current, **changed})

    def combined(self, call: Call, name: str, old: Any, new: Any) -> Any:
        """The new value of a property: a JSON body replaces it, a merge patch merges objects (RFC 7396)."""
        return merged(old, new) if call.media_type == MERGE_PATCH_TYPE else new

    def settled(self, call: Call, values: Values) -> Values:
        """Values without those that are null: a property unset is a property absent."""
        return {name: value for name, value in values.items() if value is not None}

    def write(self, call: Call, before: Customer | None, after: Customer) -> None:
        """Puts a customer in its place."""
        call.tenant.put(after)
        self.changed(call, before, after)

    def erase(self, call: Call, customer: Customer) -> None:
        """Removes a customer."""
        call.tenant.remove(customer.id)
        self.changed(call, customer, None)

    def changed(self, call: Call, before: Customer | None, after: Customer | None) -> None:
        """What else happens when a customer comes, changes or goes: nothing."""


def merged(old: Any, new: Any) -> Any:
    """RFC 7396: objects are merged member by member, null removes, everything else replaces."""
    if not isinstance(new, dict):
        return new
    result = dict(old) if isinstance(old, dict) else {}
    for name, value in new.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result
