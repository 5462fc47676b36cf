"""Tenants that know of each other."""

# ruff: noqa: ARG002 - a lie takes what the truth takes, and need not look at it
from mock_tenant.behaviour import Behaviour
from mock_tenant.registry import defect
from mock_tenant.requests import Call
from mock_tenant.store import Customer


@defect("isolation.ids")
class TenantsShareIds(Behaviour):
    """An id that another tenant's customer has is taken."""

    def id_taken(self, call: Call, customer_id: str) -> bool:
        return any(customer_id in tenant.customers for tenant in self.tenants.values())


@defect("isolation.emails")
class TenantsShareAddresses(Behaviour):
    """An address that another tenant's customer has is taken."""

    def address_taken(self, call: Call, address: str, own: str | None) -> bool:
        others = (tenant for tenant in self.tenants.values() if tenant is not call.tenant)
        return super().address_taken(call, address, own) or any(address in t.addresses for t in others)


@defect("isolation.customers")
class GetLooksIntoEveryTenant(Behaviour):
    """Get finds a customer of any tenant by its id."""

    def looked_up(self, call: Call) -> Customer | None:
        found = super().looked_up(call)
        if found is None and call.operation == "get":
            everywhere = (t.customers.get(call.customer_number) for t in self.tenants.values())
            return next((customer for customer in everywhere if customer is not None), None)
        return found


@defect("isolation.customers")
class ListShowsEveryTenant(Behaviour):
    """List shows the customers of every tenant."""

    def known(self, call: Call) -> list[Customer]:
        mine = list(super().known(call))
        others = (t for t in self.tenants.values() if t is not call.tenant and call.operation == "list")
        return mine + [customer for tenant in others for customer in tenant.customers.values()]


@defect("isolation.writes")
class PatchReachesEveryTenant(Behaviour):
    """A patch changes the customers of the same id in every tenant."""

    def changed(self, call: Call, before: Customer | None, after: Customer | None) -> None:
        super().changed(call, before, after)
        if call.operation != "patch" or after is None:
            return
        for tenant in self.tenants.values():
            twin = tenant.customers.get(after.id)
            if twin is not None and tenant is not call.tenant:
                values = {**after.values, "contactEmail": twin.email}
                tenant.put(twin.having(self.settled(call, values)))


@defect("isolation.writes")
class DeleteReachesEveryTenant(Behaviour):
    """A delete takes the customers of the same id from every tenant."""

    def erase(self, call: Call, customer: Customer) -> None:
        super().erase(call, customer)
        for tenant in self.tenants.values():
            tenant.remove(customer.id)
