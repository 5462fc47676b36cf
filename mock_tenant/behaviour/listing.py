"""Which customers a list or a search returns, in which order, and on which page."""

# ruff: noqa: ARG002 - a decision is handed whatever an override of it may need
from collections.abc import Iterable, Mapping
from typing import Any

from mock_tenant.behaviour.parsing import Intake
from mock_tenant.behaviour.serialization import Views
from mock_tenant.constants import ABSENT, PAGE_SIZE
from mock_tenant.querying import Condition, conditions, holds, resolve
from mock_tenant.requests import Call, invalid
from mock_tenant.store import Customer

SortKey = tuple[str, bool]


class Selection(Views, Intake):
    """Decisions about lists and searches."""

    def page(self, call: Call) -> list[Customer]:
        """The customers on the page that a call asks for."""
        number, size = self.page_asked(call)
        chosen = self.matching(call, self.seen(call))
        return self.sliced(call, self.ordered(call, chosen), number, size)

    def page_asked(self, call: Call) -> tuple[int, int]:
        """The number and the size of the page asked for."""
        number = self.whole_number(call, "pageNumber")
        size = self.whole_number(call, "pageSize")
        return (
            self.default_number(call) if number is None else number,
            self.default_size(call) if size is None else size,
        )

    def default_number(self, call: Call) -> int:
        """The page that is meant when none is named."""
        return 1

    def default_size(self, call: Call) -> int:
        """The size of a page when none is named."""
        return PAGE_SIZE

    def known(self, call: Call) -> Iterable[Customer]:
        """Every customer that lists and searches know of, in their own order."""
        return call.tenant.customers.values()

    def seen(self, call: Call) -> list[Customer]:
        """Those of the known customers that the caller may see."""
        known = self.known(call)
        if self.restrictions_open(call) is None:
            return list(known)
        return [customer for customer in known if self.within_restrictions(call, customer)]

    def matching(self, call: Call, customers: list[Customer]) -> list[Customer]:
        """Those customers that meet every condition of q."""
        for condition in self.conditions(call):
            customers = [customer for customer in customers if self.meets(call, condition, customer)]
        return customers

    def conditions(self, call: Call) -> list[Condition]:
        """The conditions of q, or a refusal."""
        try:
            return conditions(self.query(call) or "")
        except ValueError as error:
            raise invalid("q", str(error)) from error

    def meets(self, call: Call, condition: Condition, customer: Customer) -> bool:
        """Whether a customer meets one condition."""
        return holds(condition, self.searched(call, customer))

    def searched(self, call: Call, customer: Customer) -> Mapping[str, Any]:
        """The document of a customer in which conditions are looked up."""
        return self.document(customer)

    def ordered(self, call: Call, customers: list[Customer]) -> list[Customer]:
        """The customers in the order that sort asks for, the first property weighing most."""
        for name, descending in reversed(self.sort_keys(call)):
            customers = self.sorted_by(call, customers, name, descending)
        return customers

    def sorted_by(self, call: Call, customers: list[Customer], name: str, descending: bool) -> list[Customer]:
        """The customers in the order of one property."""
        return sorted(
            customers,
            key=lambda customer: self.rank(call, resolve(self.document(customer), name)),
            reverse=descending,
        )

    def rank(self, call: Call, value: Any) -> tuple[int, Any]:
        """Where a value stands in an ascending order: the absent first, then flags, numbers and texts."""
        if value is ABSENT or value is None:
            return (0, 0)
        if isinstance(value, bool):
            return (1, value)
        if isinstance(value, int | float):
            return (2, value)
        return (3, self.collated(call, value)) if isinstance(value, str) else (4, 0)

    def collated(self, call: Call, text: str) -> Any:
        """What a text is sorted by: its code points."""
        return text

    def sort_keys(self, call: Call) -> list[SortKey]:
        """The properties that sort names and whether each descends; commas and colons both separate them."""
        keys: list[SortKey] = []
        for part in call.params.get("sort", "").split(","):
            for place, word in enumerate(word.strip() for word in part.split(":")):
                if place and keys and word in ("asc", "desc"):
                    keys[-1] = (keys[-1][0], self.descends(call, word))
                elif word:
                    keys.append((word, self.descends_by_default(call)))
        return keys

    def descends(self, call: Call, word: str) -> bool:
        """Whether a direction descends."""
        return word == "desc"

    def descends_by_default(self, call: Call) -> bool:
        """Whether a property without a direction descends."""
        return False

    def sliced(self, call: Call, customers: list[Customer], number: int, size: int) -> list[Customer]:
        """One page of the customers."""
        return customers[(number - 1) * size : number * size]
