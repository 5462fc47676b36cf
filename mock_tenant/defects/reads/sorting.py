"""Sorting that is ignored, reversed, or loses somebody."""

from mock_tenant.behaviour import Behaviour
from mock_tenant.behaviour.listing import SortKey
from mock_tenant.constants import ABSENT, LISTING
from mock_tenant.querying import resolve
from mock_tenant.registry import plant
from mock_tenant.requests import Call
from mock_tenant.store import Customer


def sorts_wrongly(operation: str) -> None:
    """Plants slips of sorting in one operation."""

    class Ignored(Behaviour):
        def sort_keys(self, call: Call) -> list[SortKey]:
            return [] if call.operation == operation else super().sort_keys(call)

    class DescendingIgnored(Behaviour):
        def descends(self, call: Call, word: str) -> bool:
            return call.operation != operation and super().descends(call, word)

    class Reversed(Behaviour):
        def descends(self, call: Call, word: str) -> bool:
            return super().descends(call, word) != (call.operation == operation and word == "asc")

    class DescendingByDefault(Behaviour):
        def descends_by_default(self, call: Call) -> bool:
            return call.operation == operation or super().descends_by_default(call)

    class ById(Behaviour):
        def sort_keys(self, call: Call) -> list[SortKey]:
            keys = super().sort_keys(call)
            return [("id", down) for _, down in keys] if call.operation == operation else keys

    class Loses(Behaviour):
        def sorted_by(
            self, call: Call, customers: list[Customer], name: str, descending: bool
        ) -> list[Customer]:
            if call.operation == operation:
                customers = [c for c in customers if resolve(self.document(c), name) is not ABSENT]
            return super().sorted_by(call, customers, name, descending)

    class ByLength(Behaviour):
        def collated(self, call: Call, text: str) -> object:
            return (len(text), text) if call.operation == operation else super().collated(call, text)

    class OnePageOnly(Behaviour):
        def sliced(self, call: Call, customers: list[Customer], number: int, size: int) -> list[Customer]:
            if call.operation != operation or "sort" not in call.params:
                return super().sliced(call, customers, number, size)
            known = {customer.id: place for place, customer in enumerate(self.known(call))}
            page = sorted(customers, key=lambda c: known.get(c.id, 0))[(number - 1) * size : number * size]
            return [customer for customer in customers if customer in page]

    said = operation.capitalize()
    plant(
        f"{operation}.sort.ascending", Ignored, name=f"{operation}-ignores-sort", lie=f"{said} does not sort."
    )
    plant(
        f"{operation}.sort.descending",
        DescendingIgnored,
        name=f"{operation}-always-ascends",
        lie=f"{said} sorts in ascending order though asked for the descending one.",
    )
    plant(
        f"{operation}.sort.ascending",
        Reversed,
        name=f"{operation}-takes-asc-for-desc",
        lie=f"{said} takes asc for desc.",
    )
    plant(
        f"{operation}.sort.default-direction",
        DescendingByDefault,
        name=f"{operation}-descends-by-default",
        lie=f"{said} sorts in descending order when no direction is given.",
    )
    plant(
        f"{operation}.sort.ascending",
        ById,
        name=f"{operation}-sorts-by-id",
        lie=f"{said} sorts by id, whatever property is named.",
    )
    plant(
        f"{operation}.sort.ascending",
        Loses,
        name=f"{operation}-loses-the-unsortable",
        lie=f"{said}, sorted by a property, leaves out whoever lacks it.",
    )
    plant(
        f"{operation}.sort.ascending",
        ByLength,
        name=f"{operation}-sorts-by-length",
        lie=f"{said} sorts short texts before long ones.",
    )
    plant(
        f"{operation}.sort.ascending",
        OnePageOnly,
        name=f"{operation}-sorts-within-pages",
        lie=f"{said} sorts each page by itself.",
    )


for _operation in LISTING:
    sorts_wrongly(_operation)
