"""Defects of tenant isolation: data of one tenant affects another."""

# ruff: noqa: ARG002 - an override has the signature of its hook
from collections.abc import Iterable

from mock_tenant.behaviour import Behaviour
from mock_tenant.behaviour.persistence import without_nulls
from mock_tenant.constants import LIST_OPERATIONS
from mock_tenant.messages import ApiRequest
from mock_tenant.registry import defect, operation_defects
from mock_tenant.store import Customer


@defect("isolation.ids")
class TenantsShareIds(Behaviour):
    """An id that a customer of another tenant has cannot be used."""

    def is_id_taken(self, request: ApiRequest, customer_id: str) -> bool:
        return any(customer_id in tenant.customers for tenant in self.tenants.values())


@defect("isolation.emails")
class TenantsShareEmails(Behaviour):
    """A contactEmail that a customer of another tenant has cannot be used."""

    def is_email_taken(self, request: ApiRequest, email: str, customer_id: str | None) -> bool:
        others = (tenant for tenant in self.tenants.values() if tenant is not request.tenant)
        return super().is_email_taken(request, email, customer_id) or any(email in t.emails for t in others)


@defect("isolation.customers")
class GetFindsCustomersOfEveryTenant(Behaviour):
    """Get finds a customer of any tenant by its id."""

    def find_customer(self, request: ApiRequest) -> Customer | None:
        found = super().find_customer(request)
        if found is None and request.operation == "get":
            candidates = (t.customers.get(request.customer_number) for t in self.tenants.values())
            return next((customer for customer in candidates if customer is not None), None)
        return found


@defect("isolation.customers", also_violates=("list.no-duplicates",))
class ListReturnsCustomersOfEveryTenant(Behaviour):
    """List returns the customers of every tenant."""

    def indexed_customers(self, request: ApiRequest) -> list[Customer]:
        own = list(super().indexed_customers(request))
        others = (t for t in self.tenants.values() if t is not request.tenant and request.operation == "list")
        return own + [customer for tenant in others for customer in tenant.customers.values()]


@defect("isolation.writes")
class PatchChangesCustomersOfEveryTenant(Behaviour):
    """A patch changes the customers with the same id in every tenant."""

    def on_change(self, request: ApiRequest, before: Customer | None, after: Customer | None) -> None:
        super().on_change(request, before, after)
        if request.operation != "patch" or after is None:
            return
        for tenant in self.tenants.values():
            other = tenant.customers.get(after.id)
            if other is not None and tenant is not request.tenant:
                values = {**after.values, "contactEmail": other.email}
                tenant.put(other.with_values(without_nulls(values)))


@defect("isolation.writes")
class DeleteDeletesCustomersOfEveryTenant(Behaviour):
    """A delete deletes the customers with the same id in every tenant."""

    def delete_customer(self, request: ApiRequest, customer: Customer) -> None:
        super().delete_customer(request, customer)
        for tenant in self.tenants.values():
            tenant.remove(customer.id)


@operation_defects(("upsert", "patch", "delete"), "isolation.writes")
class FindsIdsOfEveryTenant(Behaviour):
    """{} finds a customer by an id that exists only in another tenant."""

    def find_customer(self, request: ApiRequest) -> Customer | None:
        found = super().find_customer(request)
        if found is None:
            for tenant in self.tenants.values():
                if request.customer_number in tenant.customers:
                    request.tenant = tenant
                    return tenant.customers[request.customer_number]
        return found


def queries_every_tenant(parameter: str) -> None:
    """Seeds a list and a search that return the customers of every tenant if a parameter is given."""

    @operation_defects(
        LIST_OPERATIONS,
        "isolation.customers",
        name=f"{{}}-by-{parameter}-returns-customers-of-every-tenant",
        description=f"{{}} with {parameter} returns the customers of every tenant.",
        also_violates=("{}.no-duplicates",),
    )
    class QueriesEveryTenant(Behaviour):
        def indexed_customers(self, request: ApiRequest) -> Iterable[Customer]:
            if not (request.params.get(parameter) or request.body.get(parameter)):
                return super().indexed_customers(request)
            return [each for tenant in self.tenants.values() for each in tenant.customers.values()]


for _parameter in ("q", "sort", "pageSize"):
    queries_every_tenant(_parameter)


@defect("isolation.customers")
class GetWithExpandFindsCustomersOfEveryTenant(GetFindsCustomersOfEveryTenant):
    """Get with expand finds a customer of any tenant by its id."""

    def find_customer(self, request: ApiRequest) -> Customer | None:
        if "expand" in request.params:
            return super().find_customer(request)
        return request.tenant.customers.get(request.customer_number)
