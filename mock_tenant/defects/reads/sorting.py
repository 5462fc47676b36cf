"""Defects of sorting: a wrong order, or omitted customers."""

from mock_tenant.behaviour import Behaviour
from mock_tenant.behaviour.listing import SortKey
from mock_tenant.constants import ABSENT, LIST_OPERATIONS
from mock_tenant.messages import ApiRequest
from mock_tenant.query_language import resolve
from mock_tenant.registry import register_defect
from mock_tenant.store import Customer


def sorts_wrongly(operation: str) -> None:
    """Seeds defects of sorting in one operation."""

    class IgnoresSort(Behaviour):
        def sort_keys(self, request: ApiRequest) -> list[SortKey]:
            return [] if request.operation == operation else super().sort_keys(request)

    class IgnoresDescending(Behaviour):
        def is_descending(self, request: ApiRequest, direction: str) -> bool:
            return request.operation != operation and super().is_descending(request, direction)

    class ReversesAscending(Behaviour):
        def is_descending(self, request: ApiRequest, direction: str) -> bool:
            return super().is_descending(request, direction) != (
                request.operation == operation and direction == "asc"
            )

    class DescendingByDefault(Behaviour):
        def is_descending_by_default(self, request: ApiRequest) -> bool:
            return request.operation == operation or super().is_descending_by_default(request)

    class SortsById(Behaviour):
        def sort_keys(self, request: ApiRequest) -> list[SortKey]:
            keys = super().sort_keys(request)
            return [("id", descending) for _, descending in keys] if request.operation == operation else keys

    class OmitsAbsent(Behaviour):
        def sort_by_property(
            self, request: ApiRequest, customers: list[Customer], name: str, descending: bool
        ) -> list[Customer]:
            if request.operation == operation:
                customers = [c for c in customers if resolve(self.document(c), name) is not ABSENT]
            return super().sort_by_property(request, customers, name, descending)

    class SortsByLength(Behaviour):
        def collation_key(self, request: ApiRequest, text: str) -> object:
            return (
                (len(text), text) if request.operation == operation else super().collation_key(request, text)
            )

    class SortsWithinPage(Behaviour):
        def slice_page(
            self, request: ApiRequest, customers: list[Customer], number: int, size: int
        ) -> list[Customer]:
            if request.operation != operation or "sort" not in request.params:
                return super().slice_page(request, customers, number, size)
            positions = {c.id: position for position, c in enumerate(self.indexed_customers(request))}
            page = sorted(customers, key=lambda c: positions.get(c.id, 0))[
                (number - 1) * size : number * size
            ]
            return [customer for customer in customers if customer in page]

    label = operation.capitalize()
    register_defect(
        f"{operation}.sort.ascending",
        IgnoresSort,
        name=f"{operation}-ignores-sort",
        description=f"{label} ignores sort.",
    )
    register_defect(
        f"{operation}.sort.descending",
        IgnoresDescending,
        name=f"{operation}-always-ascends",
        description=f"{label} sorts in ascending order although desc is requested.",
    )
    register_defect(
        f"{operation}.sort.ascending",
        ReversesAscending,
        name=f"{operation}-takes-asc-for-desc",
        description=f"{label} interprets asc as desc.",
    )
    register_defect(
        f"{operation}.sort.default-direction",
        DescendingByDefault,
        name=f"{operation}-descends-by-default",
        description=f"{label} sorts in descending order if no direction is given.",
    )
    register_defect(
        f"{operation}.sort.ascending",
        SortsById,
        name=f"{operation}-sorts-by-id",
        description=f"{label} sorts by id, regardless of the requested property.",
    )
    register_defect(
        f"{operation}.sort.ascending",
        OmitsAbsent,
        name=f"{operation}-loses-the-unsortable",
        description=f"{label} omits customers without the sorted property.",
    )
    register_defect(
        f"{operation}.sort.ascending",
        SortsByLength,
        name=f"{operation}-sorts-by-length",
        description=f"{label} sorts short strings before long ones.",
    )
    register_defect(
        f"{operation}.sort.ascending",
        SortsWithinPage,
        name=f"{operation}-sorts-within-pages",
        description=f"{label} sorts each page separately.",
    )


for _operation in LIST_OPERATIONS:
    sorts_wrongly(_operation)
