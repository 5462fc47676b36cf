"""Writes that set what is generated, happen though refused, or touch somebody else."""

# ruff: noqa: ARG002 - a lie takes what the truth takes, and need not look at it
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import PROPERTIES, WRITING
from mock_tenant.registry import defect, plant
from mock_tenant.requests import Answer, Call, Refusal, invalid
from mock_tenant.store import Customer


def sets_generated(operation: str) -> None:
    """Plants an operation through which a client sets what the tenant generates."""

    class Number(Behaviour):
        def write(self, call: Call, before: Customer | None, after: Customer) -> None:
            sent = call.body.get("customerNumber")
            mine = call.operation == operation and isinstance(sent, str)
            super().write(call, before, after.remade(number=sent) if mine else after)

    class Created(Behaviour):
        def write(self, call: Call, before: Customer | None, after: Customer) -> None:
            sent = call.body.get("metadataCreatedAt")
            mine = call.operation == operation and isinstance(sent, str)
            super().write(call, before, after.remade(created_at=sent) if mine else after)

    class Model(Behaviour):
        def write(self, call: Call, before: Customer | None, after: Customer) -> None:
            sent = call.body.get("businessModel")
            if call.operation == operation and isinstance(sent, str):
                after = after.remade(values={**after.values, "businessModel": sent})
            super().write(call, before, after)

        def business_model(self, customer: Customer) -> str:
            return str(customer.values.get("businessModel", super().business_model(customer)))

    for name, behaviour in (
        ("customerNumber", Number),
        ("metadataCreatedAt", Created),
        ("businessModel", Model),
    ):
        plant(
            f"{operation}.{name}.generated",
            behaviour,
            name=f"{operation}-sets-{name}",
            lie=f"{operation.capitalize()} takes {name} from the client.",
        )


def valid_part(behaviour: Behaviour, call: Call) -> dict[str, Any]:
    """The properties of a refused body that are valid, each by itself, but for the id and the address."""
    return {
        name: value
        for name, value in call.body.items()
        if name in PROPERTIES[call.operation]
        and name not in ("id", "contactEmail")
        and behaviour.problem(call, name, value) is None
    }


@defect("create.refused.changes-nothing")
class RefusedCreatesCreate(Behaviour):
    """A create is answered 400, and makes a customer of what was valid."""

    def refused(self, call: Call, refusal: Refusal) -> Answer:
        if call.operation == "create" and refusal.status == 400 and call.body:
            identity, address = call.body.get("id"), call.body.get("contactEmail")
            call.body = valid_part(self, call)
            free = isinstance(address, str) and address not in call.tenant.addresses
            known = isinstance(identity, str) and not self.text_problem(call, "id", identity)
            wanted = str(identity) if known else self.generated_id(call)
            if not self.id_taken(call, wanted):
                values = {**self.written(call), **({"contactEmail": address} if free else {})}
                self.write(call, None, self.created(call, wanted, values))
        return super().refused(call, refusal)


@defect("create.refused.changes-nothing")
class RefusedCreatesReserveTheAddress(Behaviour):
    """A create that is refused for another property keeps its address from everybody else."""

    def refused(self, call: Call, refusal: Refusal) -> Answer:
        address = call.body.get("contactEmail")
        if call.operation == "create" and refusal.status == 400 and isinstance(address, str) and address:
            call.tenant.addresses.setdefault(address, "")
        return super().refused(call, refusal)


@defect("upsert.refused.changes-nothing")
class RefusedUpsertsWrite(Behaviour):
    """An upsert is answered 400 or 409, and writes what was valid."""

    def refused(self, call: Call, refusal: Refusal) -> Answer:
        current = (
            call.tenant.customers.get(call.customer_number)
            if refusal.status in (400, 409) and call.body
            else None
        )
        if call.operation == "upsert" and current is not None:
            call.body = valid_part(self, call)
            self.write(call, current, current.having({**current.values, **self.written(call)}))
        return super().refused(call, refusal)


@defect("patch.refused.changes-nothing")
class RefusedPatchesWrite(Behaviour):
    """A patch is answered 400, and writes what was valid."""

    def refused(self, call: Call, refusal: Refusal) -> Answer:
        current = (
            call.tenant.customers.get(call.customer_number) if refusal.status == 400 and call.body else None
        )
        if call.operation == "patch" and current is not None:
            call.body = valid_part(self, call)
            self.write(call, current, current.having({**current.values, **self.written(call)}))
        return super().refused(call, refusal)


@defect("delete.refused.changes-nothing")
class RefusedDeletesDelete(Behaviour):
    """A delete is answered 400 or 403, and deletes."""

    def refused(self, call: Call, refusal: Refusal) -> Answer:
        tenant = self.tenants.get(call.tenant_name)
        if call.operation == "delete" and refusal.status in (400, 403) and tenant is not None:
            tenant.remove(call.customer_number)
        return super().refused(call, refusal)


@defect("delete.refused.changes-nothing")
class UnauthorisedDeletesDelete(Behaviour):
    """A delete is answered 401, and deletes."""

    def refused(self, call: Call, refusal: Refusal) -> Answer:
        tenant = self.tenants.get(call.tenant_name)
        if call.operation == "delete" and refusal.status == 401 and tenant is not None:
            tenant.remove(call.customer_number)
        return super().refused(call, refusal)


def touches_neighbour(operation: str, step: int, where: str) -> None:
    """Plants a write that changes the customer that was created just before or just after."""

    class Touches(Behaviour):
        def write(self, call: Call, before: Customer | None, after: Customer) -> None:
            super().write(call, before, after)
            neighbour = beside(call, after.id, step)
            if call.operation == operation and neighbour is not None:
                title = after.values.get("lastName", "touched")
                call.tenant.put(neighbour.having({**neighbour.values, "lastName": title, "title": "touched"}))

    plant(
        f"{operation}.others.unchanged",
        Touches,
        name=f"{operation}-touches-the-customer-{where}",
        lie=f"{operation.capitalize()} changes the customer created just {where} as well.",
    )


def beside(call: Call, customer_id: str, step: int) -> Customer | None:
    """The customer so many places from this one in the order of creation."""
    order = list(call.tenant.customers)
    place = order.index(customer_id) + step
    return call.tenant.customers[order[place]] if 0 <= place < len(order) else None


touches_neighbour("create", -1, "before")
for _operation in ("upsert", "patch"):
    touches_neighbour(_operation, -1, "before")
    touches_neighbour(_operation, 1, "after")
for _operation in WRITING:
    sets_generated(_operation)


@defect("patch.others.unchanged")
class PatchReachesNamesakes(Behaviour):
    """A patch changes every customer with the same last name as well."""

    def write(self, call: Call, before: Customer | None, after: Customer) -> None:
        super().write(call, before, after)
        name = before.values.get("lastName") if before is not None and call.operation == "patch" else None
        for other in list(call.tenant.customers.values()) if name else ():
            if other.id != after.id and other.values.get("lastName") == name:
                changes = {key: value for key, value in self.written(call).items() if key != "contactEmail"}
                call.tenant.put(other.having(self.settled(call, {**other.values, **changes})))


def steals_customer(name: str, step: int, where: str) -> None:
    """Plants a delete that takes a neighbour along."""

    class Steals(Behaviour):
        def erase(self, call: Call, customer: Customer) -> None:
            neighbour = beside(call, customer.id, step)
            super().erase(call, customer)
            if neighbour is not None:
                super().erase(call, neighbour)

    plant(
        "delete.others.unchanged",
        Steals,
        name=name,
        lie=f"Delete takes the customer created just {where} along.",
    )


steals_customer("delete-takes-the-customer-before", -1, "before")
steals_customer("delete-takes-the-customer-after", 1, "after")


@defect("delete.others.unchanged")
class DeleteTakesPrefixesAlong(Behaviour):
    """Delete takes every customer whose id begins with the id of the path."""

    def erase(self, call: Call, customer: Customer) -> None:
        for other in list(call.tenant.customers.values()):
            if other.id.startswith(customer.id):
                super().erase(call, other)


@defect("delete.gone.get")
class DeleteDoesNothing(Behaviour):
    """Delete is answered 202 and nothing happens."""

    def erase(self, call: Call, customer: Customer) -> None:
        return


@defect("delete.gone.get")
class DeleteOnlyHidesFromLists(Behaviour):
    """A deleted customer vanishes from lists, yet get still shows it."""

    def erase(self, call: Call, customer: Customer) -> None:
        super().erase(call, customer)
        self.notes["kept_back"][customer.id] = customer

    def looked_up(self, call: Call) -> Customer | None:
        kept: dict[str, Customer] = self.notes["kept_back"]
        found = super().looked_up(call)
        return kept.get(call.customer_number) if found is None and call.operation == "get" else found


@defect("delete.no-revival.patch")
class PatchRevives(Behaviour):
    """A patch of a deleted customer brings it back."""

    def erase(self, call: Call, customer: Customer) -> None:
        super().erase(call, customer)
        self.notes["buried"][customer.id] = customer

    def looked_up(self, call: Call) -> Customer | None:
        buried: dict[str, Customer] = self.notes["buried"]
        found = super().looked_up(call)
        return buried.get(call.customer_number) if found is None and call.operation == "patch" else found


@defect("delete.email.freed")
class DeletedAddressesStayTaken(Behaviour):
    """The address of a deleted customer can never be used again."""

    def erase(self, call: Call, customer: Customer) -> None:
        super().erase(call, customer)
        if customer.email is not None:
            call.tenant.addresses[customer.email] = customer.id


@defect("delete.body.optional")
class DeleteNeedsABody(Behaviour):
    """Delete refuses a request without a body."""

    def body_left_out(self, call: Call) -> dict[str, Any]:
        if call.operation == "delete":
            raise invalid("body", "The body is missing.")
        return super().body_left_out(call)


@defect("delete.body.optional")
class DeleteRefusesABody(Behaviour):
    """Delete refuses a request with an object."""

    def erase(self, call: Call, customer: Customer) -> None:
        if call.content:
            raise invalid("body", "There must be no body.")
        super().erase(call, customer)
