"""Creation and change of customers: ids, default values, replacement, patches, and storing."""

# ruff: noqa: ARG002 - a hook receives whatever an override may need
import uuid
from collections.abc import Mapping
from typing import Any

from mock_tenant.behaviour.base_handler import BaseHandler
from mock_tenant.constants import (
    ABSENT,
    BOOLEANS,
    DEFAULTS,
    MERGE_PATCH_TYPE,
    NOT_STORED,
    PRIMARY,
    PROPERTIES,
)
from mock_tenant.messages import ApiRequest
from mock_tenant.store import Customer

Values = dict[str, Any]
"""The values of a customer by property."""


class Persistence(BaseHandler):
    """Hooks for what is stored."""

    def new_customer_id(self, request: ApiRequest) -> str:
        """The id of a new customer: from the path, from the body, or generated."""
        if request.operation == "upsert":
            return self.id_from_path(request, request.customer_number)
        custom = request.body.get("id")
        if custom and isinstance(custom, str):
            return self.custom_id(request, custom)
        return self.generate_id(request)

    def id_from_path(self, request: ApiRequest, number: str) -> str:
        """The id under which an upsert creates a customer."""
        return number

    def custom_id(self, request: ApiRequest, custom: str) -> str:
        """The id that is stored for an id in the body."""
        return custom

    def generate_id(self, request: ApiRequest) -> str:
        """A new id: a letter, and letters and digits, all in lower case."""
        return f"c{uuid.uuid4().hex[:19]}"

    def new_customer_number(self, request: ApiRequest, customer_id: str) -> str:
        """The customerNumber of a new customer."""
        return customer_id

    def is_id_taken(self, request: ApiRequest, customer_id: str) -> bool:
        """Whether an existing customer has this id."""
        return customer_id in request.tenant.customers

    def is_id_retired(self, request: ApiRequest, customer_id: str) -> bool:
        """Whether a deleted customer had this id and the tenant does not allow its recreation."""
        return not self.configuration.recreate_deleted and customer_id in request.tenant.deleted_ids

    def is_email_taken(self, request: ApiRequest, email: str, customer_id: str | None) -> bool:
        """Whether a customer of the tenant other than `customer_id` has this contactEmail."""
        owner = request.tenant.emails.get(email)
        return owner is not None and owner != customer_id

    def written_values(self, request: ApiRequest) -> Values:
        """The values in the body that are to be stored, by property."""
        names = (
            name for name in PROPERTIES[request.operation] if name in request.body and name not in NOT_STORED
        )
        values = {name: self.stored_value(request, name, request.body[name]) for name in names}
        return {name: value for name, value in values.items() if value is not ABSENT}

    def stored_value(self, request: ApiRequest, name: str, value: Any) -> Any:
        """The part of a value that is stored, without generated members; ABSENT if there is none."""
        if name == "metadata" and isinstance(value, dict):
            return {"mixins": value["mixins"]} if "mixins" in value else ABSENT
        if name == "b2b" and isinstance(value, dict):
            return {
                key: member
                for key, member in value.items()
                if key == "companyRegistrationId" and member is not None
            }
        return value

    def default_values(self, request: ApiRequest) -> Mapping[str, str]:
        """The values of properties that a creation leaves out."""
        return DEFAULTS

    def default_flags(self, request: ApiRequest) -> dict[str, bool]:
        """The values of active and onHold of a new customer."""
        return {
            "active": self.configuration.active_on_creation,
            "onHold": self.configuration.on_hold_on_creation,
        }

    def flags_from_body(self, request: ApiRequest, written: Values) -> dict[str, Any]:
        """The values of active and onHold in the body of a creation; the body of a create has neither."""
        return {name: written[name] for name in BOOLEANS if name in written}

    def new_customer(self, request: ApiRequest, customer_id: str, written: Values) -> Customer:
        """The customer that a create or an upsert creates."""
        values = {
            **self.default_values(request),
            **written,
            **self.default_flags(request),
            **self.flags_from_body(request, written),
        }
        return Customer(
            id=customer_id,
            number=self.new_customer_number(request, customer_id),
            created_at=self.timestamp(),
            values=without_nulls(values),
            password=request.body.get("password"),
        )

    def replace_values(self, request: ApiRequest, current: Values, written: Values) -> Values:
        """The values after an upsert of an existing customer: primary data is replaced, the rest kept if left out."""
        kept = {name: value for name, value in current.items() if name not in PRIMARY}
        return without_nulls({**self.default_values(request), **kept, **written})

    def patch_values(self, request: ApiRequest, current: Values, written: Values) -> Values:
        """The values after a patch: only the properties in the body change."""
        changed = {
            name: self.patch_value(request, name, current.get(name), value) for name, value in written.items()
        }
        return without_nulls({**current, **changed})

    def patch_value(self, request: ApiRequest, name: str, old: Any, new: Any) -> Any:
        """The new value of a property: JSON replaces it, a JSON merge patch merges objects (RFC 7396)."""
        return merge_patch(old, new) if request.media_type == MERGE_PATCH_TYPE else new

    def store_customer(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
        """Stores a customer; `before` is the version that it replaces."""
        request.tenant.put(after)
        self.on_change(request, before, after)

    def delete_customer(self, request: ApiRequest, customer: Customer) -> None:
        """Removes a customer."""
        request.tenant.remove(customer.id)
        self.on_change(request, customer, None)

    def on_change(self, request: ApiRequest, before: Customer | None, after: Customer | None) -> None:
        """A hook after a customer was created (`before` is None), changed or deleted (`after` is None)."""


def without_nulls(values: Values) -> Values:
    """The values without null: a property that is set to null is stored as absent."""
    return {name: value for name, value in values.items() if value is not None}


def merge_patch(old: Any, new: Any) -> Any:
    """The result of a JSON merge patch (RFC 7396): objects are merged by member, null removes a member."""
    if not isinstance(new, dict):
        return new
    result = dict(old) if isinstance(old, dict) else {}
    for name, value in new.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merge_patch(result.get(name), value)
    return result
