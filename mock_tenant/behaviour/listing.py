"""List and search: filtering, sorting and paging."""

# ruff: noqa: ARG002 - a hook receives whatever an override may need
from collections.abc import Iterable, Mapping
from typing import Any

from mock_tenant.behaviour.parsing import Parsing
from mock_tenant.behaviour.serialization import Serialization
from mock_tenant.constants import ABSENT, PAGE_SIZE
from mock_tenant.messages import ApiRequest, invalid_field
from mock_tenant.query_language import Condition, holds, parse_query, resolve
from mock_tenant.store import Customer

SortKey = tuple[str, bool]
"""A property path, and whether it is sorted in descending order."""


class Listing(Serialization, Parsing):
    """Hooks for the result of a list or a search."""

    def select_page(self, request: ApiRequest) -> list[Customer]:
        """The customers on the requested page."""
        number, size = self.requested_page(request)
        found = self.filter_customers(request, self.visible_customers(request))
        return self.slice_page(request, self.sort_customers(request, found), number, size)

    def requested_page(self, request: ApiRequest) -> tuple[int, int]:
        """The number and the size of the requested page."""
        number = self.paging_parameter(request, "pageNumber")
        size = self.paging_parameter(request, "pageSize")
        return (
            self.default_page_number(request) if number is None else number,
            self.default_page_size(request) if size is None else size,
        )

    def default_page_number(self, request: ApiRequest) -> int:
        """The page number if pageNumber is left out."""
        return 1

    def default_page_size(self, request: ApiRequest) -> int:
        """The page size if pageSize is left out."""
        return PAGE_SIZE

    def indexed_customers(self, request: ApiRequest) -> Iterable[Customer]:
        """Every customer in the index of lists and searches, in default order."""
        return request.tenant.customers.values()

    def visible_customers(self, request: ApiRequest) -> list[Customer]:
        """The indexed customers that the caller may see."""
        customers = self.indexed_customers(request)
        if self.permitted_restrictions(request) is None:
            return list(customers)
        return [customer for customer in customers if self.is_within_restrictions(request, customer)]

    def filter_customers(self, request: ApiRequest, customers: list[Customer]) -> list[Customer]:
        """The customers that match every condition of q."""
        for condition in self.parse_conditions(request):
            customers = [customer for customer in customers if self.matches(request, condition, customer)]
        return customers

    def parse_conditions(self, request: ApiRequest) -> list[Condition]:
        """The conditions of q; ApiError 400 if q is invalid."""
        try:
            return parse_query(self.query_text(request) or "")
        except ValueError as error:
            raise invalid_field("q", str(error)) from error

    def matches(self, request: ApiRequest, condition: Condition, customer: Customer) -> bool:
        """Whether a customer matches one condition."""
        return holds(condition, self.searchable_document(request, customer))

    def searchable_document(self, request: ApiRequest, customer: Customer) -> Mapping[str, Any]:
        """The document of a customer on which conditions are evaluated."""
        return self.document(customer)

    def sort_customers(self, request: ApiRequest, customers: list[Customer]) -> list[Customer]:
        """The customers sorted by every property in sort; the first property takes precedence."""
        for name, descending in reversed(self.sort_keys(request)):
            customers = self.sort_by_property(request, customers, name, descending)
        return customers

    def sort_by_property(
        self, request: ApiRequest, customers: list[Customer], name: str, descending: bool
    ) -> list[Customer]:
        """The customers sorted by one property; the sort is stable."""
        return sorted(
            customers,
            key=lambda customer: self.sort_rank(request, resolve(self.document(customer), name)),
            reverse=descending,
        )

    def sort_rank(self, request: ApiRequest, value: Any) -> tuple[int, Any]:
        """The sort key of a value: absent values first, then booleans, numbers and strings."""
        if value is ABSENT or value is None:
            return (0, 0)
        if isinstance(value, bool):
            return (1, value)
        if isinstance(value, int | float):
            return (2, value)
        return (3, self.collation_key(request, value)) if isinstance(value, str) else (4, 0)

    def collation_key(self, request: ApiRequest, text: str) -> Any:
        """The sort key of a string: its code points."""
        return text

    def sort_keys(self, request: ApiRequest) -> list[SortKey]:
        """The properties in sort and their directions; both commas and colons separate properties."""
        keys: list[SortKey] = []
        for part in request.params.get("sort", "").split(","):
            for position, word in enumerate(word.strip() for word in part.split(":")):
                if position and keys and word in ("asc", "desc"):
                    keys[-1] = (keys[-1][0], self.is_descending(request, word))
                elif word:
                    keys.append((word, self.is_descending_by_default(request)))
        return keys

    def is_descending(self, request: ApiRequest, direction: str) -> bool:
        """Whether a direction means descending order."""
        return direction == "desc"

    def is_descending_by_default(self, request: ApiRequest) -> bool:
        """Whether a property without a direction is sorted in descending order."""
        return False

    def slice_page(
        self, request: ApiRequest, customers: list[Customer], number: int, size: int
    ) -> list[Customer]:
        """One page of the customers."""
        return customers[(number - 1) * size : number * size]
