"""Defects of restrictions: what a client limited to restrictions may see and change."""

from collections.abc import Callable

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import LIST_OPERATIONS
from mock_tenant.messages import ApiRequest, ApiResponse
from mock_tenant.registry import register_defect
from mock_tenant.store import Customer


def filters_by_restriction_wrongly(operation: str) -> None:
    """Seeds an operation that returns too many or too few customers to a limited client."""

    class IgnoresRestrictions(Behaviour):
        def is_within_restrictions(self, request: ApiRequest, customer: Customer) -> bool:
            return request.operation == operation or super().is_within_restrictions(request, customer)

    class HidesEverything(Behaviour):
        def is_within_restrictions(self, request: ApiRequest, customer: Customer) -> bool:
            is_limited = request.operation == operation and self.permitted_restrictions(request) is not None
            return not is_limited and super().is_within_restrictions(request, customer)

    label = operation.capitalize()
    register_defect(
        f"{operation}.restriction.filtered",
        IgnoresRestrictions,
        name=f"{operation}-looks-at-no-restriction",
        description=f"{label} returns every customer to a client limited to restrictions.",
    )
    register_defect(
        f"{operation}.restriction.visible",
        HidesEverything,
        name=f"{operation}-shows-nobody-to-the-limited",
        description=f"{label} returns no customer to a client limited to restrictions.",
    )


def writes_across_restrictions(operation: str) -> None:
    """Seeds a write that does not check restrictions."""

    class IgnoresRestrictions(Behaviour):
        def is_within_restrictions(self, request: ApiRequest, customer: Customer) -> bool:
            return request.operation == operation or super().is_within_restrictions(request, customer)

    register_defect(
        f"{operation}.restriction.managed",
        IgnoresRestrictions,
        name=f"{operation}-looks-at-no-restriction",
        description=f"{operation.capitalize()} lets a client limited to restrictions write to any customer.",
    )


for _operation in ("create", "upsert", "patch", "delete"):
    writes_across_restrictions(_operation)
for _operation in ("get", *LIST_OPERATIONS):
    filters_by_restriction_wrongly(_operation)


def forgets_restrictions(
    operation: str, name: str, description: str, is_affected: Callable[[ApiRequest], bool]
) -> None:
    """Seeds a read that ignores the restrictions of the client in some requests."""

    class ForgetsRestrictions(Behaviour):
        def is_within_restrictions(self, request: ApiRequest, customer: Customer) -> bool:
            forgotten = request.operation == operation and is_affected(request)
            return forgotten or super().is_within_restrictions(request, customer)

    register_defect(
        f"{operation}.restriction.filtered",
        ForgetsRestrictions,
        name=f"{operation}-forgets-restrictions-{name}",
        description=f"{operation.capitalize()} ignores the restrictions of the client {description}.",
    )


def query_of(request: ApiRequest) -> str:
    """The q of a list or a search; empty if there is none."""
    return str(request.params.get("q") or request.body.get("q") or "")


def pages_before_it_filters(operation: str) -> None:
    """Seeds a list or a search that cuts a page first and then removes what the client may not see."""

    class PagesBeforeItFilters(Behaviour):
        def select_page(self, request: ApiRequest) -> list[Customer]:
            if request.operation != operation:
                return super().select_page(request)
            number, size = self.requested_page(request)
            found = self.filter_customers(request, list(self.indexed_customers(request)))
            page = self.slice_page(request, self.sort_customers(request, found), number, size)
            return [each for each in page if self.is_within_restrictions(request, each)]

    class CountsWhatItHides(Behaviour):
        def handle_listing(self, request: ApiRequest) -> ApiResponse:
            response = super().handle_listing(request)
            if request.operation != operation or self.permitted_restrictions(request) is None:
                return response
            found = self.filter_customers(request, list(self.indexed_customers(request)))
            return response.with_headers(Count=str(len(found)))

    label = operation.capitalize()
    register_defect(
        f"{operation}.restriction.visible",
        PagesBeforeItFilters,
        name=f"{operation}-pages-before-it-restricts",
        description=f"{label} removes what a limited client may not see after it has cut the page.",
        also_violates=(f"{operation}.page*",),
    )
    register_defect(
        f"{operation}.count.header",
        CountsWhatItHides,
        name=f"{operation}-counts-what-it-hides",
        description=f"{label} counts the customers that a limited client may not see.",
    )


for _operation in LIST_OPERATIONS:
    pages_before_it_filters(_operation)
    for _name, _description, _is_affected in (
        ("after-page-1", "on every page but the first", lambda r: r.params.get("pageNumber", "1") != "1"),
        ("when-it-sorts", "if it sorts", lambda r: "sort" in r.params),
        ("with-several-conditions", "if q has several conditions", lambda r: query_of(r).count(":") > 1),
        ("with-any-of", "if q has several values", lambda r: "," in query_of(r)),
        ("when-it-expands", "if it expands", lambda r: "expand" in r.params),
        ("without-q", "without q", lambda r: not query_of(r)),
        ("by-id", "if q names the id", lambda r: query_of(r).startswith("id:")),
        ("by-restriction", "if q names the restriction", lambda r: "restriction:" in query_of(r)),
    ):
        forgets_restrictions(_operation, _name, _description, _is_affected)
forgets_restrictions("get", "when-it-expands", "if it expands", lambda r: "expand" in r.params)
forgets_restrictions("get", "without-expand", "without expand", lambda r: "expand" not in r.params)


def restricts_one_side(operation: str, name: str, description: str, *, ignores_new: bool) -> None:
    """Seeds a write that checks the restriction of either the present or the new state only."""

    class RestrictsOneSide(Behaviour):
        def is_within_restrictions(self, request: ApiRequest, customer: Customer) -> bool:
            is_new = customer is not request.tenant.customers.get(customer.id)
            forgotten = request.operation == operation and is_new == ignores_new
            return forgotten or super().is_within_restrictions(request, customer)

    register_defect(
        f"{operation}.restriction.managed",
        RestrictsOneSide,
        name=f"{operation}-{name}",
        description=f"{operation.capitalize()} {description}",
    )


restricts_one_side(
    "upsert",
    "creates-outside-restrictions",
    "creates outside the restrictions of the client.",
    ignores_new=True,
)
for _operation in ("upsert", "patch"):
    restricts_one_side(
        _operation,
        "changes-the-hidden",
        "changes a customer outside the restrictions of the client.",
        ignores_new=False,
    )
