"""Defects of other customers: writes that change or delete customers that they do not address."""

from mock_tenant.behaviour import Behaviour
from mock_tenant.behaviour.persistence import without_nulls
from mock_tenant.messages import ApiRequest
from mock_tenant.registry import defect, register_defect
from mock_tenant.store import Customer


def adjacent_customer(request: ApiRequest, customer_id: str, offset: int) -> Customer | None:
    """The customer at this offset from another one in the order of creation; None if there is none."""
    ids = list(request.tenant.customers)
    index = ids.index(customer_id) + offset
    return request.tenant.customers[ids[index]] if 0 <= index < len(ids) else None


def changes_adjacent_customer(operation: str, offset: int, position: str) -> None:
    """Seeds a write that also changes the customer that was created just before or after."""

    class ChangesAdjacentCustomer(Behaviour):
        def store_customer(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
            super().store_customer(request, before, after)
            other = adjacent_customer(request, after.id, offset)
            if request.operation == operation and other is not None:
                changes = {"lastName": after.values.get("lastName", "touched"), "title": "touched"}
                request.tenant.put(other.with_values({**other.values, **changes}))

    register_defect(
        f"{operation}.others.unchanged",
        ChangesAdjacentCustomer,
        name=f"{operation}-touches-the-customer-{position}",
        description=f"{operation.capitalize()} also changes the customer created just {position}.",
    )


changes_adjacent_customer("create", -1, "before")
for _operation in ("upsert", "patch"):
    changes_adjacent_customer(_operation, -1, "before")
    changes_adjacent_customer(_operation, 1, "after")


@defect("patch.others.unchanged", name="patch-reaches-namesakes")
class PatchChangesEqualLastNames(Behaviour):
    """A patch also changes every other customer with the same lastName."""

    def store_customer(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
        super().store_customer(request, before, after)
        name = before.values.get("lastName") if before is not None and request.operation == "patch" else None
        if not name:
            return
        changes = self.written_values(request)
        changes.pop("contactEmail", None)
        for other in list(request.tenant.customers.values()):
            if other.id != after.id and other.values.get("lastName") == name:
                request.tenant.put(other.with_values(without_nulls({**other.values, **changes})))


def deletes_adjacent_customer(offset: int, position: str) -> None:
    """Seeds a delete that also deletes the customer that was created just before or after."""

    class DeletesAdjacentCustomer(Behaviour):
        def delete_customer(self, request: ApiRequest, customer: Customer) -> None:
            other = adjacent_customer(request, customer.id, offset)
            super().delete_customer(request, customer)
            if other is not None:
                super().delete_customer(request, other)

    register_defect(
        "delete.others.unchanged",
        DeletesAdjacentCustomer,
        name=f"delete-takes-the-customer-{position}",
        description=f"Delete also deletes the customer created just {position}.",
    )


deletes_adjacent_customer(-1, "before")
deletes_adjacent_customer(1, "after")


@defect("delete.others.unchanged")
class DeleteTakesPrefixesAlong(Behaviour):
    """Delete deletes every customer whose id starts with the id in the path."""

    def delete_customer(self, request: ApiRequest, customer: Customer) -> None:
        for other in list(request.tenant.customers.values()):
            if other.id.startswith(customer.id):
                super().delete_customer(request, other)
