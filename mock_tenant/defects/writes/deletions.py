"""Defects of delete: customers that remain or return, reserved contactEmails, and rejected bodies."""

# ruff: noqa: ARG002 - an override has the signature of its hook
from mock_tenant.behaviour import Behaviour
from mock_tenant.messages import ApiRequest, invalid_field
from mock_tenant.registry import defect
from mock_tenant.store import Customer


@defect("delete.gone.get")
class DeleteDoesNothing(Behaviour):
    """Delete returns 202 and has no effect."""

    def delete_customer(self, request: ApiRequest, customer: Customer) -> None:
        return


@defect("delete.gone.get")
class DeleteRemovesFromListsOnly(Behaviour):
    """A deleted customer disappears from lists, but get still returns it."""

    def delete_customer(self, request: ApiRequest, customer: Customer) -> None:
        super().delete_customer(request, customer)
        self.state["still readable"][customer.id] = customer

    def find_customer(self, request: ApiRequest) -> Customer | None:
        readable: dict[str, Customer] = self.state["still readable"]
        found = super().find_customer(request)
        return (
            readable.get(request.customer_number) if found is None and request.operation == "get" else found
        )


@defect("delete.no-revival.patch")
class PatchRestoresDeletedCustomers(Behaviour):
    """A patch of a deleted customer restores it."""

    def delete_customer(self, request: ApiRequest, customer: Customer) -> None:
        super().delete_customer(request, customer)
        self.state["deleted"][customer.id] = customer

    def find_customer(self, request: ApiRequest) -> Customer | None:
        deleted: dict[str, Customer] = self.state["deleted"]
        found = super().find_customer(request)
        return (
            deleted.get(request.customer_number) if found is None and request.operation == "patch" else found
        )


@defect("delete.email.freed")
class EmailsOfDeletedCustomersStayReserved(Behaviour):
    """The contactEmail of a deleted customer cannot be used again."""

    def delete_customer(self, request: ApiRequest, customer: Customer) -> None:
        super().delete_customer(request, customer)
        if customer.email is not None:
            request.tenant.emails[customer.email] = customer.id


@defect("delete.body.optional")
class DeleteRefusesABody(Behaviour):
    """Delete rejects a request with a body."""

    def delete_customer(self, request: ApiRequest, customer: Customer) -> None:
        if request.content:
            raise invalid_field("body", "There must be no body.")
        super().delete_customer(request, customer)
