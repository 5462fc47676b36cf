"""Defects of sorting: a wrong order, or omitted customers."""

# ruff: noqa: ARG002 - an override has the signature of its hook
from mock_tenant.behaviour import Behaviour
from mock_tenant.behaviour.listing import SortKey
from mock_tenant.constants import ABSENT, LIST_OPERATIONS
from mock_tenant.messages import ApiRequest
from mock_tenant.query_language import resolve
from mock_tenant.registry import operation_defects
from mock_tenant.store import Customer


@operation_defects(LIST_OPERATIONS, "{}.sort.ascending", also_violates=("{}.sort.*",))
class IgnoresSort(Behaviour):
    """{} ignores sort."""

    def sort_keys(self, request: ApiRequest) -> list[SortKey]:
        return []


@operation_defects(LIST_OPERATIONS, "{}.sort.descending")
class AlwaysSortsAscending(Behaviour):
    """{} sorts in ascending order although desc is requested."""

    def is_descending(self, request: ApiRequest, direction: str) -> bool:
        return False


@operation_defects(LIST_OPERATIONS, "{}.sort.ascending")
class InterpretsAscAsDesc(Behaviour):
    """{} interprets asc as desc."""

    def is_descending(self, request: ApiRequest, direction: str) -> bool:
        return super().is_descending(request, direction) != (direction == "asc")


@operation_defects(LIST_OPERATIONS, "{}.sort.default-direction")
class SortsDescendingByDefault(Behaviour):
    """{} sorts in descending order if no direction is given."""

    def is_descending_by_default(self, request: ApiRequest) -> bool:
        return True


@operation_defects(LIST_OPERATIONS, "{}.sort.ascending", also_violates=("{}.sort.*",))
class SortsById(Behaviour):
    """{} sorts by id, regardless of the requested property."""

    def sort_keys(self, request: ApiRequest) -> list[SortKey]:
        return [("id", descending) for _, descending in super().sort_keys(request)]


@operation_defects(LIST_OPERATIONS, "{}.sort.ascending")
class OmitsCustomersWithoutTheSortedProperty(Behaviour):
    """{} omits customers without the sorted property."""

    def sort_by_property(
        self, request: ApiRequest, customers: list[Customer], name: str, descending: bool
    ) -> list[Customer]:
        customers = [c for c in customers if resolve(self.document(c), name) is not ABSENT]
        return super().sort_by_property(request, customers, name, descending)


@operation_defects(LIST_OPERATIONS, "{}.sort.ascending", also_violates=("{}.sort.*",))
class SortsByLength(Behaviour):
    """{} sorts short strings before long ones."""

    def collation_key(self, request: ApiRequest, text: str) -> object:
        return (len(text), text)


@operation_defects(LIST_OPERATIONS, "{}.sort.ascending", also_violates=("{}.sort.*",))
class SortsWithinPages(Behaviour):
    """{} sorts each page separately."""

    def slice_page(
        self, request: ApiRequest, customers: list[Customer], number: int, size: int
    ) -> list[Customer]:
        if "sort" not in request.params:
            return super().slice_page(request, customers, number, size)
        positions = {c.id: position for position, c in enumerate(self.indexed_customers(request))}
        page = sorted(customers, key=lambda c: positions.get(c.id, 0))[(number - 1) * size : number * size]
        return [customer for customer in customers if customer in page]
