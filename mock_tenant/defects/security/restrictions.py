"""Defects of restrictions: what a client limited to restrictions may see and change."""

# ruff: noqa: ARG002 - an override has the signature of its hook
from collections.abc import Iterable

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import LIST_OPERATIONS, READ_OPERATIONS, UPDATE_OPERATIONS, WRITE_OPERATIONS
from mock_tenant.defects.request_filters import (
    RequestFilter,
    has_first_condition_on,
    has_no_query,
    has_parameter,
    has_several_conditions,
    is_later_page,
    lacks_parameter,
    query_of,
)
from mock_tenant.defects.writes.upserts import RecordsUpserted
from mock_tenant.messages import ApiRequest, ApiResponse
from mock_tenant.registry import defect, operation_defects
from mock_tenant.store import Customer


@operation_defects(
    READ_OPERATIONS,
    "{}.restriction.filtered",
    description="{} returns every customer to a client limited to restrictions.",
)
@operation_defects(
    WRITE_OPERATIONS,
    "{}.restriction.managed",
    description="{} changes any customer for a client limited to restrictions.",
)
class IgnoresRestrictions(Behaviour):
    """An operation does not check restrictions."""

    def is_within_restrictions(self, request: ApiRequest, customer: Customer) -> bool:
        return True


@operation_defects(READ_OPERATIONS, "{}.restriction.visible")
class ReturnsNoCustomerToLimitedClients(Behaviour):
    """{} returns no customer to a client limited to restrictions."""

    def is_within_restrictions(self, request: ApiRequest, customer: Customer) -> bool:
        return self.permitted_restrictions(request) is None


@operation_defects(READ_OPERATIONS, "{}.restriction.visible")
class HidesCustomersOnHoldFromLimitedClients(Behaviour):
    """{} returns no customer on hold to a client limited to restrictions."""

    def is_within_restrictions(self, request: ApiRequest, customer: Customer) -> bool:
        is_limited = self.permitted_restrictions(request) is not None
        is_hidden = is_limited and customer.values.get("onHold") is True
        return not is_hidden and super().is_within_restrictions(request, customer)


@operation_defects(["get"], "{}.restriction.filtered")
class ReturnsCustomersOnHoldToLimitedClients(Behaviour):
    """{} returns every customer on hold to a client limited to restrictions."""

    def is_within_restrictions(self, request: ApiRequest, customer: Customer) -> bool:
        is_on_hold = customer.values.get("onHold") is True
        return is_on_hold or super().is_within_restrictions(request, customer)


@operation_defects(READ_OPERATIONS, "{}.restriction.filtered")
class ReturnsCustomersOfTheLastRestriction(Behaviour):
    """{} returns the customers of the last configured restriction to a client limited to others."""

    def is_within_restrictions(self, request: ApiRequest, customer: Customer) -> bool:
        is_last = customer.values.get("restriction") in (self.configuration.restrictions or ())[-1:]
        return is_last or super().is_within_restrictions(request, customer)


@defect("search.restriction.visible")
class SearchHidesUpsertedCustomersFromLimitedClients(RecordsUpserted):
    """Search returns no customer that an upsert created to a client limited to restrictions."""

    def is_within_restrictions(self, request: ApiRequest, customer: Customer) -> bool:
        is_hidden = request.operation == "search" and self.is_upserted(customer.id)
        return not is_hidden and super().is_within_restrictions(request, customer)


def ignores_restrictions(
    operations: Iterable[str], name: str, description: str, is_affected: RequestFilter
) -> None:
    """Seeds reads that ignore the restrictions of the client in some requests."""

    @operation_defects(
        operations,
        "{}.restriction.filtered",
        name="{}-ignores-restrictions-" + name,
        description=f"{{}} ignores the restrictions of the client {description}.",
    )
    class IgnoresSomeRestrictions(Behaviour):
        def is_within_restrictions(self, request: ApiRequest, customer: Customer) -> bool:
            return is_affected(request) or super().is_within_restrictions(request, customer)


for _operations, _name, _description, _is_affected in (
    (LIST_OPERATIONS, "after-page-1", "on every page but the first", is_later_page),
    (LIST_OPERATIONS, "with-sort", "with sort", has_parameter("sort")),
    (
        LIST_OPERATIONS,
        "with-several-conditions",
        "if q has several conditions",
        has_several_conditions,
    ),
    (LIST_OPERATIONS, "with-several-values", "if q has several values", lambda r: "," in query_of(r)),
    (READ_OPERATIONS, "with-expand", "with expand", has_parameter("expand")),
    (
        ("list",),
        "with-addresses",
        "with expand=addresses",
        lambda r: "addresses" in r.params.get("expand", ""),
    ),
    (("get",), "without-expand", "without expand", lacks_parameter("expand")),
    (LIST_OPERATIONS, "without-q", "without q", has_no_query),
    (LIST_OPERATIONS, "by-id", "if q names the id", has_first_condition_on("id")),
    (
        LIST_OPERATIONS,
        "by-restriction",
        "if q names the restriction",
        lambda r: "restriction:" in query_of(r),
    ),
):
    ignores_restrictions(_operations, _name, _description, _is_affected)


@operation_defects(LIST_OPERATIONS, "{}.restriction.visible", also_violates=["{}.page*"])
class PagesBeforeItAppliesRestrictions(Behaviour):
    """{} applies the restrictions of the client to the page, after paging."""

    def select_page(self, request: ApiRequest) -> list[Customer]:
        number, size = self.requested_page(request)
        found = self.filter_customers(request, list(self.indexed_customers(request)))
        page = self.slice_page(request, self.sort_customers(request, found), number, size)
        return [each for each in page if self.is_within_restrictions(request, each)]


@operation_defects(LIST_OPERATIONS, "{}.count.header")
class CountsCustomersOutsideRestrictions(Behaviour):
    """{} counts the customers that a limited client may not see."""

    def handle_listing(self, request: ApiRequest) -> ApiResponse:
        response = super().handle_listing(request)
        if self.permitted_restrictions(request) is None:
            return response
        found = self.filter_customers(request, list(self.indexed_customers(request)))
        return response.with_headers(Count=str(len(found)))


def is_stored(request: ApiRequest, customer: Customer) -> bool:
    """Whether this is the stored state of a customer, not the state after a write."""
    return customer is request.tenant.customers.get(customer.id)


@operation_defects(["upsert"], "{}.restriction.managed")
class CreatesOutsideRestrictions(Behaviour):
    """{} creates outside the restrictions of the client."""

    def is_within_restrictions(self, request: ApiRequest, customer: Customer) -> bool:
        return not is_stored(request, customer) or super().is_within_restrictions(request, customer)


@operation_defects(UPDATE_OPERATIONS, "{}.restriction.managed")
class ChangesCustomersOutsideRestrictions(Behaviour):
    """{} changes a customer outside the restrictions of the client."""

    def is_within_restrictions(self, request: ApiRequest, customer: Customer) -> bool:
        return is_stored(request, customer) or super().is_within_restrictions(request, customer)
