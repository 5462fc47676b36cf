"""Defects of combinations: parameters of list and search that work alone and fail together."""

from collections.abc import Callable, Iterable

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import LIST_OPERATIONS
from mock_tenant.defects.request_filters import (
    RequestFilter,
    has_parameter,
    is_descending,
    is_later_page,
)
from mock_tenant.messages import ApiRequest
from mock_tenant.query_language import Condition
from mock_tenant.registry import operation_defects
from mock_tenant.store import Customer

PAGES = tuple(
    "{}." + aspect
    for aspect in ("page.*", "pageSize.*", "pageNumber.*", "sort.*", "complete", "no-duplicates", "q.*")
)


def ignores(parameter: str, when: str, is_affected: RequestFilter, aspect: str) -> None:
    """Seeds a list and a search that ignore a parameter in some requests."""

    @operation_defects(
        LIST_OPERATIONS,
        "{}." + aspect,
        name=f"{{}}-ignores-{parameter}-{when.replace(' ', '-')}",
        description=f"{{}} ignores {parameter} {when}.",
        also_violates=(*PAGES, *(["{}.addresses.*"] if parameter == "expand" else [])),
    )
    class IgnoresParameter(Behaviour):
        def select_page(self, request: ApiRequest) -> list[Customer]:
            return super().select_page(self.reduced(request))

        def expansion(self, request: ApiRequest) -> list[str]:
            return super().expansion(self.reduced(request))

        def reduced(self, request: ApiRequest) -> ApiRequest:
            if is_affected(request):
                request.params = {name: value for name, value in request.params.items() if name != parameter}
                if parameter == "q":
                    request.body = {}
            return request


for _parameter, _when, _is_affected, _aspect in (
    ("pageSize", "with sort", has_parameter("sort"), "pageSize.honoured"),
    ("pageSize", "on later pages", is_later_page, "page.partition"),
    ("pageNumber", "with sort", has_parameter("sort"), "page.partition"),
    ("sort", "on later pages", is_later_page, "sort.descending"),
    ("sort", "with expand", lambda r: "expand" in r.params and not is_later_page(r), "sort.ascending"),
    ("q", "on later pages", is_later_page, "page.partition"),
    ("q", "with sort", is_descending, "sort.descending"),
    ("expand", "on later pages", is_later_page, "expand.mixin"),
    ("expand", "with sort", has_parameter("sort"), "expand.mixin"),
    ("expand", "with pageSize", has_parameter("pageSize"), "expand.mixin"),
):
    ignores(_parameter, _when, _is_affected, _aspect)


def pages_wrongly(
    name: str,
    aspect: str,
    description: str,
    cut: Callable[[list[Customer], int, int], list[Customer]],
    is_affected: RequestFilter = lambda _: True,
) -> None:
    """Seeds a list and a search that cut some pages wrongly."""

    @operation_defects(
        LIST_OPERATIONS,
        "{}." + aspect,
        name="{}-" + name,
        description="{} " + description,
        also_violates=PAGES,
    )
    class PagesWrongly(Behaviour):
        def slice_page(
            self, request: ApiRequest, customers: list[Customer], number: int, size: int
        ) -> list[Customer]:
            if not is_affected(request):
                return super().slice_page(request, customers, number, size)
            return cut(customers, number, size)


def page(customers: list[Customer], number: int, size: int) -> list[Customer]:
    """A page."""
    return customers[(number - 1) * size : number * size]


pages_wrongly(
    "returns-full-pages-only",
    "page.partition",
    "omits the last page if it is not full.",
    lambda c, n, s: found if len(found := page(c, n, s)) == s or n == 1 else [],
)
pages_wrongly(
    "repeats-the-last-customer",
    "page.beyond-end",
    "returns the last customer on the page after a full last page.",
    lambda c, n, s: page(c, n, s) or (c[-1:] if n > 1 and len(c) == (n - 1) * s else []),
)
pages_wrongly(
    "reverses-each-page-instead-of-the-order",
    "sort.descending",
    "returns the pages of the ascending order, each reversed, in descending order.",
    lambda c, n, s: page(c[::-1], n, s)[::-1],
    is_descending,
)
pages_wrongly(
    "starts-page-3-late",
    "page.partition",
    "omits the first customer of the third page.",
    lambda c, n, s: page(c, n, s)[1:] if n == 3 else page(c, n, s),
)
pages_wrongly(
    "numbers-sorted-pages-from-0",
    "page.partition",
    "starts with the second page if it sorts.",
    lambda c, n, s: page(c, n + 1, s),
    lambda r: "sort" in r.params and "pageNumber" in r.params,
)


def does_not_sort_by(operation: str, name: str, aspect: str = "ascending") -> None:
    """Seeds a list or a search that sorts by firstName instead of one other property."""

    @operation_defects(
        [operation],
        f"{{}}.sort.{aspect}",
        name="{}-does-not-sort-by-" + name,
        description=f"{{}} sorts by firstName instead of {name}.",
        also_violates=["{}.sort.*", "{}.complete"],
    )
    class DoesNotSort(Behaviour):
        def sort_by_property(
            self, request: ApiRequest, customers: list[Customer], property_name: str, descending: bool
        ) -> list[Customer]:
            if property_name != name:
                return super().sort_by_property(request, customers, property_name, descending)
            return sorted(customers, key=lambda each: str(each.values.get("firstName")))


does_not_sort_by("list", "metadataCreatedAt")
does_not_sort_by("search", "contactEmail")
does_not_sort_by("list", "title")
does_not_sort_by("search", "lastName")
does_not_sort_by("list", "type")
does_not_sort_by("search", "contactPhone", "descending")
does_not_sort_by("list", "preferredCurrency", "descending")
does_not_sort_by("search", "preferredLanguage", "default-direction")


def loses_condition(
    operations: Iterable[str],
    name: str,
    description: str,
    aspect: str,
    is_affected: Callable[[ApiRequest, Condition], bool],
) -> None:
    """Seeds a list and a search in which some conditions match no customer."""

    @operation_defects(
        operations,
        "{}." + aspect,
        name="{}-" + name,
        description="{} " + description,
        also_violates=["{}.q.*", "{}.complete"],
    )
    class LosesCondition(Behaviour):
        def matches(self, request: ApiRequest, condition: Condition, customer: Customer) -> bool:
            return not is_affected(request, condition) and super().matches(request, condition, customer)


NAMES = (
    *("contactEmail", "title", "firstName", "middleName", "lastName", "company", "preferredLanguage"),
    *("preferredCurrency", "preferredSite", "type", "id", "customerNumber"),
)


def finds_nothing_by(operation: str, name: str) -> None:
    """Seeds a list or a search in which the exact value of one property matches no customer."""
    loses_condition(
        [operation],
        f"finds-nothing-by-{name}",
        f"matches no customer by {name}.",
        "q.exact",
        lambda _, condition: condition.name == name and condition.form == "exact",
    )


for _position, _name in enumerate(NAMES):
    finds_nothing_by(LIST_OPERATIONS[_position % 2], _name)
loses_condition(
    LIST_OPERATIONS,
    "finds-nothing-with-sort",
    "matches no customer by q together with sort.",
    "sort.ascending",
    lambda request, _: "sort" in request.params,
)
loses_condition(
    LIST_OPERATIONS,
    "finds-nothing-by-false",
    "matches no customer by q=field:false.",
    "q.boolean",
    lambda _, condition: condition.form == "boolean" and condition.operands == ("false",),
)


def ignores_condition_on(operation: str, name: str) -> None:
    """Seeds a list or a search in which a condition on one property excludes no customer."""

    @operation_defects(
        [operation],
        "{}.q.exact",
        name=f"{{}}-ignores-q-by-{name}",
        description=f"{{}} matches every customer by {name}.",
        also_violates=["{}.q.*"],
    )
    class IgnoresCondition(Behaviour):
        def matches(self, request: ApiRequest, condition: Condition, customer: Customer) -> bool:
            return condition.name == name or super().matches(request, condition, customer)


ignores_condition_on("list", "type")
ignores_condition_on("search", "preferredLanguage")
ignores_condition_on("list", "preferredCurrency")
ignores_condition_on("search", "middleName")
ignores_condition_on("list", "contactPhone")


@operation_defects(["list"], "{}.q.all-of", also_violates=["{}.q.*", "{}.sort.*"])
class IgnoresTheLastConditionWithSort(Behaviour):
    """{} ignores the last of several conditions together with sort."""

    def parse_conditions(self, request: ApiRequest) -> list[Condition]:
        conditions = super().parse_conditions(request)
        return conditions[:-1] if "sort" in request.params and len(conditions) > 1 else conditions
