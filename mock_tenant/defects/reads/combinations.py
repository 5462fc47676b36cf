"""Defects of combinations: parameters of list and search that work alone and fail together."""

from collections.abc import Callable

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import LIST_OPERATIONS
from mock_tenant.messages import ApiRequest
from mock_tenant.query_language import Condition
from mock_tenant.registry import register_defect
from mock_tenant.store import Customer

Filter = Callable[[ApiRequest], bool]


def is_later_page(request: ApiRequest) -> bool:
    """Whether a request asks for a page other than the first."""
    return request.params.get("pageNumber", "1") != "1"


def sorts(request: ApiRequest) -> bool:
    """Whether a request sorts."""
    return "sort" in request.params


def descends(request: ApiRequest) -> bool:
    """Whether a request sorts in descending order."""
    return request.params.get("sort", "").endswith(":desc")


def ignores(
    operation: str, parameter: str, when: str, is_affected: Filter, clause: str, also: tuple[str, ...]
) -> None:
    """Seeds a list or a search that ignores a parameter in some requests."""

    class Ignores(Behaviour):
        def select_page(self, request: ApiRequest) -> list[Customer]:
            return super().select_page(self.reduced(request))

        def expansion(self, request: ApiRequest) -> list[str]:
            return super().expansion(self.reduced(request))

        def reduced(self, request: ApiRequest) -> ApiRequest:
            if request.operation == operation and is_affected(request):
                request.params = {name: value for name, value in request.params.items() if name != parameter}
                if parameter == "q":
                    request.body = {}
            return request

    register_defect(
        f"{operation}.{clause}",
        Ignores,
        name=f"{operation}-ignores-{parameter}-{when.replace(' ', '-')}",
        description=f"{operation.capitalize()} ignores {parameter} {when}.",
        also_violates=tuple(f"{operation}.{each}" for each in also),
    )


PAGES = ("page.*", "pageSize.*", "pageNumber.*", "sort.*", "complete", "no-duplicates", "q.*")
for _operation in LIST_OPERATIONS:
    for _parameter, _when, _is_affected, _clause in (
        ("pageSize", "with sort", sorts, "pageSize.honoured"),
        ("pageSize", "on later pages", is_later_page, "page.partition"),
        ("pageNumber", "with sort", sorts, "page.partition"),
        ("sort", "on later pages", is_later_page, "sort.descending"),
        ("sort", "with expand", lambda r: "expand" in r.params and not is_later_page(r), "sort.ascending"),
        ("q", "on later pages", is_later_page, "page.partition"),
        ("q", "with sort", descends, "sort.descending"),
        ("expand", "on later pages", is_later_page, "expand.mixin"),
        ("expand", "with sort", sorts, "expand.mixin"),
        ("expand", "with pageSize", lambda r: "pageSize" in r.params, "expand.mixin"),
    ):
        ignores(_operation, _parameter, _when, _is_affected, _clause, PAGES)


def pages_wrongly(
    operation: str,
    name: str,
    clause: str,
    description: str,
    cut: Callable[[list[Customer], int, int], list[Customer]],
    is_affected: Filter = lambda _: True,
) -> None:
    """Seeds a list or a search that cuts some pages wrongly."""

    class PagesWrongly(Behaviour):
        def slice_page(
            self, request: ApiRequest, customers: list[Customer], number: int, size: int
        ) -> list[Customer]:
            if request.operation != operation or not is_affected(request):
                return super().slice_page(request, customers, number, size)
            return cut(customers, number, size)

    register_defect(
        f"{operation}.{clause}",
        PagesWrongly,
        name=f"{operation}-{name}",
        description=f"{operation.capitalize()} {description}",
        also_violates=tuple(f"{operation}.{each}" for each in PAGES),
    )


def page(customers: list[Customer], number: int, size: int) -> list[Customer]:
    """A page."""
    return customers[(number - 1) * size : number * size]


for _operation in LIST_OPERATIONS:
    pages_wrongly(
        _operation,
        "returns-full-pages-only",
        "page.partition",
        "omits the last page if it is not full.",
        lambda c, n, s: found if len(found := page(c, n, s)) == s or n == 1 else [],
    )
    pages_wrongly(
        _operation,
        "repeats-the-last-customer",
        "page.beyond-end",
        "returns the last customer on the page after a full last page.",
        lambda c, n, s: page(c, n, s) or (c[-1:] if n > 1 and len(c) == (n - 1) * s else []),
    )
    pages_wrongly(
        _operation,
        "reverses-pages-not-the-order",
        "sort.descending",
        "returns the pages of the ascending order, each reversed, in descending order.",
        lambda c, n, s: page(c[::-1], n, s)[::-1],
        descends,
    )
    pages_wrongly(
        _operation,
        "starts-page-3-late",
        "page.partition",
        "omits the first customer of the third page.",
        lambda c, n, s: page(c, n, s)[1:] if n == 3 else page(c, n, s),
    )
    pages_wrongly(
        _operation,
        "numbers-sorted-pages-from-0",
        "page.partition",
        "starts with the second page if it sorts.",
        lambda c, n, s: page(c, n + 1, s),
        lambda r: sorts(r) and "pageNumber" in r.params,
    )


def sorts_wrongly(operation: str, name: str, description: str, is_affected: Callable[[str], bool]) -> None:
    """Seeds a list or a search that does not sort by some properties."""

    class SortsWrongly(Behaviour):
        def sort_by_property(
            self, request: ApiRequest, customers: list[Customer], property_name: str, descending: bool
        ) -> list[Customer]:
            if request.operation != operation or not is_affected(property_name):
                return super().sort_by_property(request, customers, property_name, descending)
            return sorted(customers, key=lambda each: each.id[::-1])

    register_defect(
        f"{operation}.sort.ascending",
        SortsWrongly,
        name=f"{operation}-{name}",
        description=f"{operation.capitalize()} {description}",
        also_violates=(f"{operation}.sort.*", f"{operation}.complete"),
    )


def does_not_sort_by(operation: str, name: str) -> None:
    """Seeds a list or a search that does not sort by one property."""
    sorts_wrongly(
        operation, f"does-not-sort-by-{name}", f"ignores sort by {name}.", lambda each: each == name
    )


for _position, _name in enumerate(("metadataCreatedAt", "contactEmail", "title")):
    does_not_sort_by(LIST_OPERATIONS[_position % 2], _name)


def loses_condition(
    operation: str,
    name: str,
    description: str,
    clause: str,
    is_affected: Callable[[ApiRequest, Condition], bool],
) -> None:
    """Seeds a list or a search that finds nothing by some conditions."""

    class LosesCondition(Behaviour):
        def matches(self, request: ApiRequest, condition: Condition, customer: Customer) -> bool:
            lost = request.operation == operation and is_affected(request, condition)
            return not lost and super().matches(request, condition, customer)

    register_defect(
        f"{operation}.{clause}",
        LosesCondition,
        name=f"{operation}-{name}",
        description=f"{operation.capitalize()} {description}",
        also_violates=(f"{operation}.q.*", f"{operation}.complete"),
    )


NAMES = (
    *("contactEmail", "title", "firstName", "middleName", "lastName", "company", "preferredLanguage"),
    *("preferredCurrency", "preferredSite", "type", "id", "customerNumber"),
)


def finds_nothing_by(operation: str, name: str) -> None:
    """Seeds a list or a search that finds nothing by the exact value of one property."""
    loses_condition(
        operation,
        f"finds-nothing-by-{name}",
        f"finds nothing by {name}.",
        "q.exact",
        lambda _, condition: condition.name == name and condition.form == "exact",
    )


for _position, _name in enumerate(NAMES):
    finds_nothing_by(LIST_OPERATIONS[_position % 2], _name)
for _operation in LIST_OPERATIONS:
    loses_condition(
        _operation,
        "finds-nothing-with-sort",
        "finds nothing by q and sort.",
        "sort.ascending",
        lambda r, _: sorts(r),
    )
    loses_condition(
        _operation,
        "finds-nothing-by-false",
        "finds nothing by q=field:false.",
        "q.boolean",
        lambda _, condition: condition.form == "boolean" and condition.operands == ("false",),
    )
