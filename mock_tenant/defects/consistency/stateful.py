"""Stateful defects: only certain sequences of requests expose them."""

from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.messages import ApiRequest
from mock_tenant.registry import defect
from mock_tenant.store import Customer


@defect("patch.fields.only-named")
class ThirdPatchRestoresTheFirstState(Behaviour):
    """The third patch of a customer is applied to the state before its first patch."""

    def patch_values(
        self, request: ApiRequest, current: dict[str, Any], written: dict[str, Any]
    ) -> dict[str, Any]:
        first_states: dict[str, dict[str, Any]] = self.state["first states"]
        first_state = first_states.setdefault(request.customer_number, current)
        is_third = self.increment(f"patch of {request.customer_number}") == 3
        return super().patch_values(request, first_state if is_third else current, written)


@defect("patch.fields.only-named")
class PatchAfterUpsertRevertsTheUpsert(Behaviour):
    """A patch after an upsert is applied to the state before the upsert."""

    def next_version(self, request: ApiRequest, current: Customer, values: dict[str, Any]) -> Customer:
        if request.operation == "upsert":
            self.state["before upsert"][current.id] = dict(current.values)
        return super().next_version(request, current, values)

    def patch_values(
        self, request: ApiRequest, current: dict[str, Any], written: dict[str, Any]
    ) -> dict[str, Any]:
        old = self.state["before upsert"].pop(request.customer_number, current)
        return super().patch_values(request, {**old, "contactEmail": current.get("contactEmail")}, written)


@defect(
    "upsert.deleted-id.as-configured",
    also_violates=("create.*.round-trip", "upsert.*.round-trip"),
    recreate_deleted=True,
)
class RecreationRestoresDeletedValues(Behaviour):
    """A customer that is recreated under the id of a deleted one inherits the values of the deleted one."""

    def delete_customer(self, request: ApiRequest, customer: Customer) -> None:
        super().delete_customer(request, customer)
        self.state["deleted values"][customer.id] = dict(customer.values)

    def new_customer(self, request: ApiRequest, customer_id: str, written: dict[str, Any]) -> Customer:
        new = super().new_customer(request, customer_id, written)
        old = self.state["deleted values"].get(customer_id, {})
        inherited = {name: value for name, value in old.items() if name != "contactEmail"}
        return new.replace(values={**inherited, **new.values})


@defect("delete.others.unchanged")
class DeleteAfterPatchDeletesTheLastPatchedCustomer(Behaviour):
    """A delete also deletes the customer that was patched last."""

    def delete_customer(self, request: ApiRequest, customer: Customer) -> None:
        super().delete_customer(request, customer)
        other = self.state["last patched"].pop(request.tenant.name, None)
        if other in request.tenant.customers:
            super().delete_customer(request, request.tenant.customers[other])

    def store_customer(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
        super().store_customer(request, before, after)
        if request.operation == "patch":
            self.state["last patched"][request.tenant.name] = after.id
