"""Defects of paging: overlapping or incomplete pages, wrong default values, invalid numbers, and a wrong Count."""

# ruff: noqa: ARG002, ARG005 - an override has the signature of its hook, and a bound depends on number and size
from collections.abc import Callable

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import LIST_OPERATIONS
from mock_tenant.messages import ApiRequest, ApiResponse
from mock_tenant.registry import operation_defects
from mock_tenant.store import Customer

Bound = Callable[[int, int], int]
"""A bound of a page in the list of customers, by page number and page size."""
MANY_CUSTOMERS = ("crowded",)
"""The variation with enough customers to expose wrong default values and capped page sizes."""


def lowers_minimum(parameter: str, minimum: int, name: str, description: str) -> None:
    """Seeds a list and a search that accept smaller values of a paging parameter and handle them as 1."""

    @operation_defects(
        LIST_OPERATIONS,
        f"{{}}.{parameter}.min",
        name="{}-accepts-" + name,
        description=f"{{}} accepts a {description}.",
    )
    class LowersMinimum(Behaviour):
        def paging_parameter(self, request: ApiRequest, name: str) -> int | None:
            number = super().paging_parameter(request, name)
            return number if number is None else max(number, 1)

        def paging_minimum(self, request: ApiRequest, name: str) -> int:
            return minimum if name == parameter else super().paging_minimum(request, name)


def accepts_non_integers(parameter: str) -> None:
    """Seeds a list and a search that accept a paging parameter that is not an integer."""

    @operation_defects(
        LIST_OPERATIONS,
        f"{{}}.{parameter}.type",
        name="{}-accepts-any-" + parameter,
        description=f"{{}} accepts a {parameter} that is not an integer.",
    )
    class AcceptsNonIntegers(Behaviour):
        def parse_integer(self, request: ApiRequest, name: str, text: str) -> int:
            if name == parameter and not text.removeprefix("-").isdecimal():
                digits = text.partition(".")[0].strip()
                return int(digits) if digits.isdecimal() and len(digits) < 10 else 1
            return super().parse_integer(request, name, text)


for _parameter in ("pageSize", "pageNumber"):
    lowers_minimum(_parameter, 0, f"{_parameter}-0", f"{_parameter} of 0")
    lowers_minimum(_parameter, -(10**15), f"negative-{_parameter}", f"negative {_parameter}")
    accepts_non_integers(_parameter)


def slices_wrongly(
    name: str,
    aspect: str,
    description: str,
    start: Bound,
    end: Bound,
    requires_variations: tuple[str, ...] = (),
) -> None:
    """Seeds a list and a search whose pages have other bounds."""

    @operation_defects(
        LIST_OPERATIONS,
        "{}." + aspect,
        name="{}-" + name,
        description="{} " + description,
        requires_variations=requires_variations,
    )
    class SlicesWrongly(Behaviour):
        def slice_page(
            self, request: ApiRequest, customers: list[Customer], number: int, size: int
        ) -> list[Customer]:
            return customers[start(number, size) : end(number, size)]


slices_wrongly(
    "pages-overlap",
    "page.partition",
    "starts each page with the last customer of the previous page.",
    lambda number, size: max((number - 1) * size - (number > 1), 0),
    lambda number, size: number * size - (number > 1),
)
slices_wrongly(
    "pages-skip",
    "page.partition",
    "omits a customer between two pages.",
    lambda number, size: (number - 1) * (size + 1),
    lambda number, size: (number - 1) * (size + 1) + size,
)
slices_wrongly(
    "repeats-page-1",
    "page.partition",
    "returns page 1 for page 2 too.",
    lambda number, size: max(number - 2, 0) * size,
    lambda number, size: max(number - 1, 1) * size,
)
slices_wrongly(
    "returns-one-too-few",
    "pageSize.honoured",
    "returns one customer fewer than pageSize.",
    lambda number, size: (number - 1) * size,
    lambda number, size: number * size - (size > 1),
)
slices_wrongly(
    "returns-one-too-many",
    "pageSize.honoured",
    "returns one customer more than pageSize.",
    lambda number, size: (number - 1) * size,
    lambda number, size: number * size + 1,
)
slices_wrongly(
    "caps-the-page-size-at-20",
    "pageSize.honoured",
    "returns at most 20 customers per page, regardless of pageSize.",
    lambda number, size: (number - 1) * min(size, 20),
    lambda number, size: number * min(size, 20),
    MANY_CUSTOMERS,
)
slices_wrongly(
    "ignores-the-page-size",
    "pageSize.honoured",
    "returns 60 customers per page, regardless of pageSize.",
    lambda number, size: (number - 1) * 60,
    lambda number, size: number * 60,
)


def wrong_default_page_size(size: int) -> None:
    """Seeds a list and a search with another default value of pageSize."""

    @operation_defects(
        LIST_OPERATIONS,
        "{}.pageSize.default",
        name=f"{{}}-returns-{size}-by-default",
        description=f"{{}} returns {size} customers if pageSize is left out.",
        requires_variations=MANY_CUSTOMERS,
    )
    class WrongDefaultPageSize(Behaviour):
        def default_page_size(self, request: ApiRequest) -> int:
            return size


wrong_default_page_size(50)
wrong_default_page_size(100)


@operation_defects(LIST_OPERATIONS, "{}.pageSize.default", requires_variations=MANY_CUSTOMERS)
class ReturnsOnePageIfSorted(Behaviour):
    """{} with sort returns 1,000 customers if pageSize is left out."""

    def default_page_size(self, request: ApiRequest) -> int:
        return 1000 if "sort" in request.params else super().default_page_size(request)


@operation_defects(LIST_OPERATIONS, "{}.pageNumber.default", requires_variations=MANY_CUSTOMERS)
class ReturnsPage2ByDefault(Behaviour):
    """{} returns page 2 if pageNumber is left out."""

    def default_page_number(self, request: ApiRequest) -> int:
        return 2


@operation_defects(LIST_OPERATIONS, "{}.page.beyond-end", also_violates=["{}.page.partition"])
class RepeatsTheLastPage(Behaviour):
    """{} returns the last page for every page after it."""

    def slice_page(
        self, request: ApiRequest, customers: list[Customer], number: int, size: int
    ) -> list[Customer]:
        last = max(-(-len(customers) // size), 1)
        return super().slice_page(request, customers, min(number, last), size)


@operation_defects(LIST_OPERATIONS, "{}.page.partition-ties")
class ChangesItsOrder(Behaviour):
    """{} reverses its order with every request."""

    def sort_customers(self, request: ApiRequest, customers: list[Customer]) -> list[Customer]:
        ordered = super().sort_customers(request, customers)
        is_reversed = "sort" not in request.params and self.increment(request.operation) % 2
        return ordered[::-1] if is_reversed else ordered


@operation_defects(LIST_OPERATIONS, "{}.count.present")
class HasNoCount(Behaviour):
    """{} returns no header Count."""

    def after_request(self, request: ApiRequest, response: ApiResponse) -> ApiResponse:
        response = super().after_request(request, response)
        return response.replace(headers={}) if response.status == 200 else response


@operation_defects(LIST_OPERATIONS, "{}.count.header")
class CountsOneTooMany(Behaviour):
    """{} returns a Count that is too high by one."""

    def count_header(self, request: ApiRequest, page: list[Customer]) -> str:
        return str(int(super().count_header(request, page)) + 1)


@operation_defects(LIST_OPERATIONS, "{}.count.header")
class AlwaysCounts60(Behaviour):
    """{} always returns a Count of 60."""

    def count_header(self, request: ApiRequest, page: list[Customer]) -> str:
        return "60"


@operation_defects(LIST_OPERATIONS, "{}.page.partition")
class LosesAFullLastPage(Behaviour):
    """{} returns no customer on the last page if that is full."""

    def slice_page(
        self, request: ApiRequest, customers: list[Customer], number: int, size: int
    ) -> list[Customer]:
        is_full_and_last = number > 1 and number * size == len(customers)
        return [] if is_full_and_last else super().slice_page(request, customers, number, size)


@operation_defects(
    ["list"],
    "{}.addresses.on-request",
    also_violates=["{}.pageSize.honoured", "{}.complete", "{}.page.*", "{}.q.any-of"],
)
class CountsAddressesAsCustomers(Behaviour):
    """{} with expanded addresses counts a customer once for each of its addresses towards pageSize."""

    def slice_page(
        self, request: ApiRequest, customers: list[Customer], number: int, size: int
    ) -> list[Customer]:
        is_affected = "addresses" in self.expansion(request)
        rows = [each for each in customers for _ in (is_affected and each.addresses) or [None]]
        return list(dict.fromkeys(super().slice_page(request, rows, number, size)))
