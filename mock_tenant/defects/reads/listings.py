"""Defects of completeness: lists and searches that omit, repeat or restore customers."""

from collections.abc import Callable, Iterable

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import LIST_OPERATIONS
from mock_tenant.messages import ApiRequest, ApiResponse, invalid_field
from mock_tenant.registry import defect, operation_defects
from mock_tenant.store import Customer


def omits(name: str, description: str, is_omitted: Callable[[Customer, int], bool]) -> None:
    """Seeds a list and a search that omit customers, by the customer and its position from 1."""

    @operation_defects(
        LIST_OPERATIONS, "{}.complete", name="{}-omits-" + name, description=f"{{}} omits {description}."
    )
    class OmitsCustomers(Behaviour):
        def indexed_customers(self, request: ApiRequest) -> Iterable[Customer]:
            return [
                customer
                for position, customer in enumerate(super().indexed_customers(request), start=1)
                if not is_omitted(customer, position)
            ]


for _name, _description, _is_omitted in (
    ("inactive-customers", "customers that are not active", lambda c, _: c.values.get("active") is False),
    ("customers-on-hold", "customers that are on hold", lambda c, _: c.values.get("onHold") is True),
    ("contacts", "customers of the type CONTACT", lambda c, _: c.values.get("type") == "CONTACT"),
    ("customers-without-email", "customers without contactEmail", lambda c, _: c.email is None),
    (
        "restricted-customers",
        "customers with a restriction",
        lambda c, _: c.values.get("restriction") is not None,
    ),
    ("every-seventh-customer", "every seventh customer", lambda _, position: position % 7 == 0),
):
    omits(_name, _description, _is_omitted)


@operation_defects(LIST_OPERATIONS, "{}.no-duplicates")
class ReturnsChangedCustomersTwice(Behaviour):
    """{} returns every changed customer twice."""

    def indexed_customers(self, request: ApiRequest) -> Iterable[Customer]:
        customers = list(super().indexed_customers(request))
        return customers + [customer for customer in customers if customer.version > 1]


class RecordsDeleted(Behaviour):
    """Records the deleted customers of each tenant."""

    def delete_customer(self, request: ApiRequest, customer: Customer) -> None:
        super().delete_customer(request, customer)
        self.state["deleted"].setdefault(request.tenant.name, []).append(customer)

    def deleted_customers(self, request: ApiRequest) -> list[Customer]:
        """The deleted customers of the tenant of a request that were not created again."""
        deleted: list[Customer] = self.state["deleted"].get(request.tenant.name, [])
        return [customer for customer in deleted if customer.id not in request.tenant.customers]


@operation_defects(LIST_OPERATIONS, "{}.deleted.vanishes")
class ReturnsDeletedCustomers(RecordsDeleted):
    """{} still returns deleted customers."""

    def indexed_customers(self, request: ApiRequest) -> Iterable[Customer]:
        return [*super().indexed_customers(request), *self.deleted_customers(request)]


class RecordsChanges(Behaviour):
    """Records the state of each customer before its last change, and how often it was read since."""

    def on_change(self, request: ApiRequest, before: Customer | None, after: Customer | None) -> None:
        super().on_change(request, before, after)
        for customer in (before, after):
            if customer is not None:
                self.state["recent changes"][customer.id] = (before, 0)


@operation_defects(LIST_OPERATIONS, "{}.flicker", also_violates=("{}.page.*",))
class Flickers(RecordsChanges):
    """{} returns a change, then once more the state before it, then the change again."""

    def indexed_customers(self, request: ApiRequest) -> Iterable[Customer]:
        versions = map(self.listed_version, super().indexed_customers(request))
        return [customer for customer in versions if customer is not None]

    def listed_version(self, customer: Customer) -> Customer | None:
        """The state of a customer in this response; None if it is omitted."""
        recent: dict[str, tuple[Customer | None, int]] = self.state["recent changes"]
        if customer.id not in recent:
            return customer
        before, reads = recent.pop(customer.id)
        if reads == 0:
            recent[customer.id] = (before, 1)
        return before if reads else customer


class CountsReadsOfDeleted(Behaviour):
    """Records each deleted customer, and how many lists were read since."""

    def delete_customer(self, request: ApiRequest, customer: Customer) -> None:
        super().delete_customer(request, customer)
        self.state["recently deleted"][customer.id] = (customer, 0)


@operation_defects(LIST_OPERATIONS, "{}.flicker")
class ReturnsDeletedCustomersOnceMore(CountsReadsOfDeleted):
    """{} no longer returns a deleted customer, then returns it once more, then never again."""

    def indexed_customers(self, request: ApiRequest) -> Iterable[Customer]:
        deleted: dict[str, tuple[Customer, int]] = self.state["recently deleted"]
        restored = [customer for customer, reads in deleted.values() if reads == 1]
        for customer_id, (customer, reads) in list(deleted.items()):
            deleted[customer_id] = (customer, reads + 1)
        return [*super().indexed_customers(request), *restored]


@defect("search.body.optional")
class SearchNeedsQ(Behaviour):
    """Search rejects an object without q."""

    def query_text(self, request: ApiRequest) -> str | None:
        if request.operation == "search" and "q" not in request.body:
            raise invalid_field("q", "The property is missing.")
        return super().query_text(request)


@defect("search.body.optional")
class SearchWithoutQIsEmpty(Behaviour):
    """Search without q returns an empty list."""

    def handle_listing(self, request: ApiRequest) -> ApiResponse:
        response = super().handle_listing(request)
        is_affected = request.operation == "search" and "q" not in request.body and response.status == 200
        return ApiResponse(200, [], {"Count": "0"}) if is_affected else response
