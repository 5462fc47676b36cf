"""Defects of other customers: writes that change or delete customers that they do not address."""

from collections.abc import Iterable

from mock_tenant.behaviour import Behaviour
from mock_tenant.behaviour.persistence import without_nulls
from mock_tenant.constants import BODY_OPERATIONS, UPDATE_OPERATIONS
from mock_tenant.messages import ApiRequest
from mock_tenant.registry import defect, operation_defects
from mock_tenant.store import Customer


def adjacent_customer(request: ApiRequest, customer_id: str, offset: int) -> Customer | None:
    """The customer at this offset from another one in the order of creation; None if there is none."""
    ids = list(request.tenant.customers)
    index = ids.index(customer_id) + offset
    return request.tenant.customers[ids[index]] if 0 <= index < len(ids) else None


def changes_adjacent_customer(operations: Iterable[str], offset: int, position: str) -> None:
    """Seeds writes that also change the customer that was created just before or after."""

    @operation_defects(
        operations,
        "{}.others.unchanged",
        name="{}-changes-the-customer-" + position,
        description=f"{{}} also changes the customer created just {position}.",
    )
    class ChangesAdjacentCustomer(Behaviour):
        def store_customer(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
            super().store_customer(request, before, after)
            other = adjacent_customer(request, after.id, offset)
            if other is not None:
                changes = {"lastName": after.values.get("lastName", "touched"), "title": "touched"}
                request.tenant.put(other.with_values({**other.values, **changes}))


changes_adjacent_customer(BODY_OPERATIONS, -1, "before")
changes_adjacent_customer(UPDATE_OPERATIONS, 1, "after")


@defect("patch.others.unchanged")
class PatchChangesCustomersWithTheSameLastName(Behaviour):
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


@defect("patch.others.unchanged")
class PatchChangesMixinsOfTheSameNames(Behaviour):
    """A patch of mixins also changes the customer created just before if that has mixins of the same names."""

    def store_customer(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
        super().store_customer(request, before, after)
        if request.operation != "patch" or not request.body.get("mixins"):
            return
        mixins, other = after.values["mixins"], adjacent_customer(request, after.id, -1)
        if other is not None and other.values.get("mixins", {}).keys() == mixins.keys():
            request.tenant.put(other.with_values({**other.values, "mixins": mixins}))


@defect("upsert.others.unchanged", also_violates=("patch.others.unchanged",))
class UpsertChangesCustomersWhoseIdBeginsTheNewOne(Behaviour):
    """An upsert that creates also changes the title of customers with whose id the new one begins."""

    def store_customer(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
        super().store_customer(request, before, after)
        if request.operation != "upsert" or before is not None:
            return
        for other in list(request.tenant.customers.values()):
            if other is not after and after.id.startswith(other.id):
                request.tenant.put(other.with_values({**other.values, "title": "touched"}))


def deletes_adjacent_customer(offset: int, position: str) -> None:
    """Seeds a delete that also deletes the customer that was created just before or after."""

    @defect(
        "delete.others.unchanged",
        name=f"delete-deletes-the-customer-{position}",
        description=f"Delete also deletes the customer created just {position}.",
    )
    class DeletesAdjacentCustomer(Behaviour):
        def delete_customer(self, request: ApiRequest, customer: Customer) -> None:
            other = adjacent_customer(request, customer.id, offset)
            super().delete_customer(request, customer)
            if other is not None:
                super().delete_customer(request, other)


deletes_adjacent_customer(-1, "before")
deletes_adjacent_customer(1, "after")


@defect("delete.others.unchanged")
class DeleteDeletesIdsWithTheSamePrefix(Behaviour):
    """Delete deletes every customer whose id starts with the id in the path."""

    def delete_customer(self, request: ApiRequest, customer: Customer) -> None:
        for other in list(request.tenant.customers.values()):
            if other.id.startswith(customer.id):
                super().delete_customer(request, other)


@defect("delete.others.unchanged")
class DeleteIgnoresTheCaseOfIds(Behaviour):
    """Delete finds the customer by its exact id, and deletes every customer whose id differs in case alone."""

    def delete_customer(self, request: ApiRequest, customer: Customer) -> None:
        for other in list(request.tenant.customers.values()):
            if other.id.lower() == customer.id.lower():
                super().delete_customer(request, other)
