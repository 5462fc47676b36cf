"""Defects of paging: overlapping or incomplete pages, wrong default values, invalid numbers, and a wrong Count."""

# ruff: noqa: ARG005 - a bound of a slice is a function of page number and page size
from collections.abc import Callable

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import LIST_OPERATIONS
from mock_tenant.messages import ApiRequest, ApiResponse
from mock_tenant.registry import register_defect
from mock_tenant.store import Customer

Bound = Callable[[int, int], int]
"""A bound of a page in the list of customers, by page number and page size."""
MANY_CUSTOMERS = ("crowded",)
"""The variation with enough customers to expose wrong default values and capped page sizes."""


def accepts_invalid_numbers(operation: str, parameter: str) -> None:
    """Seeds an operation that accepts an invalid paging parameter."""

    class AcceptsNonIntegers(Behaviour):
        def parse_integer(self, request: ApiRequest, name: str, text: str) -> int:
            is_affected = request.operation == operation and name == parameter
            if is_affected and not text.removeprefix("-").isdecimal():
                digits = text.partition(".")[0].strip()
                return int(digits) if digits.isdecimal() and len(digits) < 10 else 1
            return super().parse_integer(request, name, text)

    label = operation.capitalize()
    register_defect(
        f"{operation}.{parameter}.min",
        lowers_minimum(operation, parameter, 0),
        name=f"{operation}-accepts-{parameter}-0",
        description=f"{label} accepts a {parameter} of 0.",
    )
    register_defect(
        f"{operation}.{parameter}.min",
        lowers_minimum(operation, parameter, -(10**15)),
        name=f"{operation}-accepts-negative-{parameter}",
        description=f"{label} accepts a negative {parameter}.",
    )
    register_defect(
        f"{operation}.{parameter}.type",
        AcceptsNonIntegers,
        name=f"{operation}-accepts-any-{parameter}",
        description=f"{label} accepts a {parameter} that is not an integer.",
    )


def lowers_minimum(operation: str, parameter: str, minimum: int) -> type[Behaviour]:
    """A behaviour that accepts smaller values of a paging parameter and handles them as 1."""

    class LowersMinimum(Behaviour):
        def paging_parameter(self, request: ApiRequest, name: str) -> int | None:
            number = super().paging_parameter(request, name)
            return number if number is None else max(number, 1)

        def paging_minimum(self, request: ApiRequest, name: str) -> int:
            if request.operation == operation and name == parameter:
                return minimum
            return super().paging_minimum(request, name)

    return LowersMinimum


def slices_wrongly(
    operation: str,
    name: str,
    clause: str,
    description: str,
    start: Bound,
    end: Bound,
    requires_variations: tuple[str, ...] = (),
) -> None:
    """Seeds an operation whose pages have other bounds."""

    class SlicesWrongly(Behaviour):
        def slice_page(
            self, request: ApiRequest, customers: list[Customer], number: int, size: int
        ) -> list[Customer]:
            if request.operation != operation:
                return super().slice_page(request, customers, number, size)
            return customers[start(number, size) : end(number, size)]

    register_defect(
        f"{operation}.{clause}",
        SlicesWrongly,
        name=f"{operation}-{name}",
        description=f"{operation.capitalize()} {description}",
        requires_variations=requires_variations,
    )


def wrong_defaults(operation: str, name: str, clause: str, description: str, number: int, size: int) -> None:
    """Seeds an operation with other default values of pageNumber and pageSize."""

    class WrongDefaults(Behaviour):
        def default_page_number(self, request: ApiRequest) -> int:
            return number if request.operation == operation else super().default_page_number(request)

        def default_page_size(self, request: ApiRequest) -> int:
            return size if request.operation == operation else super().default_page_size(request)

    register_defect(
        f"{operation}.{clause}",
        WrongDefaults,
        name=f"{operation}-{name}",
        description=f"{operation.capitalize()} {description}",
        requires_variations=MANY_CUSTOMERS,
    )


def pages_unreliably(operation: str) -> None:
    """Seeds an operation that repeats its last page, or changes its order between requests."""

    class RepeatsLastPage(Behaviour):
        def slice_page(
            self, request: ApiRequest, customers: list[Customer], number: int, size: int
        ) -> list[Customer]:
            last = max(-(-len(customers) // size), 1)
            number = min(number, last) if request.operation == operation else number
            return super().slice_page(request, customers, number, size)

    class ReversesEverySecondTime(Behaviour):
        def sort_customers(self, request: ApiRequest, customers: list[Customer]) -> list[Customer]:
            ordered = super().sort_customers(request, customers)
            is_affected = request.operation == operation and "sort" not in request.params
            return ordered[::-1] if is_affected and self.increment(operation) % 2 else ordered

    label = operation.capitalize()
    register_defect(
        f"{operation}.page.beyond-end",
        RepeatsLastPage,
        name=f"{operation}-repeats-the-last-page",
        description=f"{label} returns the last page for every page after it.",
        also_violates=(f"{operation}.page.partition",),
    )
    register_defect(
        f"{operation}.page.partition-ties",
        ReversesEverySecondTime,
        name=f"{operation}-changes-its-order",
        description=f"{label} reverses its order with every request.",
    )


def counts_wrongly(operation: str) -> None:
    """Seeds an operation with a wrong or missing header Count."""

    class OmitsCount(Behaviour):
        def after_request(self, request: ApiRequest, response: ApiResponse) -> ApiResponse:
            response = super().after_request(request, response)
            is_affected = request.operation == operation and response.status == 200
            return response.replace(headers={}) if is_affected else response

    class CountsOneMore(Behaviour):
        def count_header(self, request: ApiRequest, page: list[Customer]) -> str:
            count = super().count_header(request, page)
            return str(int(count) + 1) if request.operation == operation else count

    class AlwaysCounts60(Behaviour):
        def count_header(self, request: ApiRequest, page: list[Customer]) -> str:
            return "60" if request.operation == operation else super().count_header(request, page)

    label = operation.capitalize()
    for aspect, behaviour, name, description in (
        ("present", OmitsCount, "has-no-count", "returns no header Count."),
        ("header", CountsOneMore, "counts-one-too-many", "returns a Count that is too high by one."),
        ("header", AlwaysCounts60, "always-counts-60", "always returns a Count of 60."),
    ):
        register_defect(
            f"{operation}.count.{aspect}",
            behaviour,
            name=f"{operation}-{name}",
            description=f"{label} {description}",
        )


for _operation in LIST_OPERATIONS:
    accepts_invalid_numbers(_operation, "pageSize")
    accepts_invalid_numbers(_operation, "pageNumber")
    slices_wrongly(
        _operation,
        "pages-overlap",
        "page.partition",
        "starts each page with the last customer of the previous page.",
        lambda number, size: max((number - 1) * size - (number > 1), 0),
        lambda number, size: number * size - (number > 1),
    )
    slices_wrongly(
        _operation,
        "pages-skip",
        "page.partition",
        "omits a customer between two pages.",
        lambda number, size: (number - 1) * (size + 1),
        lambda number, size: (number - 1) * (size + 1) + size,
    )
    slices_wrongly(
        _operation,
        "repeats-page-1",
        "page.partition",
        "returns page 1 for page 2 too.",
        lambda number, size: max(number - 2, 0) * size,
        lambda number, size: max(number - 1, 1) * size,
    )
    slices_wrongly(
        _operation,
        "returns-one-too-few",
        "pageSize.honoured",
        "returns one customer fewer than pageSize.",
        lambda number, size: (number - 1) * size,
        lambda number, size: number * size - (size > 1),
    )
    slices_wrongly(
        _operation,
        "returns-one-too-many",
        "pageSize.honoured",
        "returns one customer more than pageSize.",
        lambda number, size: (number - 1) * size,
        lambda number, size: number * size + 1,
    )
    slices_wrongly(
        _operation,
        "caps-the-page-size-at-20",
        "pageSize.honoured",
        "returns at most 20 customers per page, regardless of pageSize.",
        lambda number, size: (number - 1) * min(size, 20),
        lambda number, size: number * min(size, 20),
        MANY_CUSTOMERS,
    )
    slices_wrongly(
        _operation,
        "ignores-the-page-size",
        "pageSize.honoured",
        "returns 60 customers per page, regardless of pageSize.",
        lambda number, size: (number - 1) * 60,
        lambda number, size: number * 60,
    )
    wrong_defaults(
        _operation,
        "returns-50-by-default",
        "pageSize.default",
        "returns 50 customers if pageSize is left out.",
        number=1,
        size=50,
    )
    wrong_defaults(
        _operation,
        "returns-100-by-default",
        "pageSize.default",
        "returns 100 customers if pageSize is left out.",
        number=1,
        size=100,
    )
    wrong_defaults(
        _operation,
        "returns-page-2-by-default",
        "pageNumber.default",
        "returns page 2 if pageNumber is left out.",
        number=2,
        size=60,
    )
    pages_unreliably(_operation)
    counts_wrongly(_operation)
