"""Pages that overlap, skip, shift, or take numbers that are none; a Count that does not count."""

# ruff: noqa: ARG005 - a slice takes number and size, and need not look at both
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import LISTING
from mock_tenant.registry import plant
from mock_tenant.requests import Answer, Call
from mock_tenant.store import Customer

CROWD = ("crowded",)
"""Defaults and large pages show where there are many customers."""


def misreads_numbers(operation: str, name: str) -> None:
    """Plants an operation that accepts a paging parameter it should refuse."""

    class Below(Behaviour):
        def whole_number(self, call: Call, asked: str) -> int | None:
            number = super().whole_number(call, asked)
            return number if number is None else max(number, 1)

        def smallest(self, call: Call, asked: str) -> int:
            return (
                -(10**15) if call.operation == operation and asked == name else super().smallest(call, asked)
            )

    class Zero(Behaviour):
        def whole_number(self, call: Call, asked: str) -> int | None:
            number = super().whole_number(call, asked)
            return number if number is None else max(number, 1)

        def smallest(self, call: Call, asked: str) -> int:
            return 0 if call.operation == operation and asked == name else super().smallest(call, asked)

    class AnyText(Behaviour):
        def number_read(self, call: Call, asked: str, text: str) -> int:
            if call.operation == operation and asked == name and not text.removeprefix("-").isdecimal():
                digits = text.partition(".")[0].strip()
                return int(digits) if digits.isdecimal() and len(digits) < 10 else 1
            return super().number_read(call, asked, text)

    said = operation.capitalize()
    plant(
        f"{operation}.{name}.min",
        Zero,
        name=f"{operation}-accepts-{name}-0",
        lie=f"{said} accepts a {name} of 0.",
    )
    plant(
        f"{operation}.{name}.min",
        Below,
        name=f"{operation}-accepts-negative-{name}",
        lie=f"{said} accepts a negative {name}.",
    )
    plant(
        f"{operation}.{name}.type",
        AnyText,
        name=f"{operation}-accepts-any-{name}",
        lie=f"{said} accepts a {name} that is no whole number.",
    )


def pages_wrongly(operation: str) -> None:
    """Plants slips of paging in one operation."""

    def sliced(name: str, clause: str, lie: str, start: Any, end: Any, amid: tuple[str, ...] = ()) -> None:
        class Slices(Behaviour):
            def sliced(self, call: Call, customers: list[Customer], number: int, size: int) -> list[Customer]:
                if call.operation != operation:
                    return super().sliced(call, customers, number, size)
                return customers[start(number, size) : end(number, size)]

        plant(
            f"{operation}.{clause}",
            Slices,
            name=f"{operation}-{name}",
            lie=f"{operation.capitalize()} {lie}",
            amid=amid,
        )

    def defaults(name: str, clause: str, lie: str, number: int, size: int) -> None:
        class Defaults(Behaviour):
            def default_number(self, call: Call) -> int:
                return number if call.operation == operation else super().default_number(call)

            def default_size(self, call: Call) -> int:
                return size if call.operation == operation else super().default_size(call)

        plant(
            f"{operation}.{clause}",
            Defaults,
            name=f"{operation}-{name}",
            lie=f"{operation.capitalize()} {lie}",
            amid=CROWD,
        )

    sliced(
        "pages-overlap",
        "page.partition",
        "begins each page with the last customer of the one before.",
        lambda n, s: max((n - 1) * s - (n > 1), 0),
        lambda n, s: n * s - (n > 1),
    )
    sliced(
        "pages-skip",
        "page.partition",
        "leaves a customer out between two pages.",
        lambda n, s: (n - 1) * (s + 1),
        lambda n, s: (n - 1) * (s + 1) + s,
    )
    sliced(
        "repeats-page-1",
        "page.partition",
        "returns page 1 for page 2 as well.",
        lambda n, s: max(n - 2, 0) * s,
        lambda n, s: max(n - 1, 1) * s,
    )
    sliced(
        "returns-one-too-few",
        "pageSize.honoured",
        "returns one customer fewer than pageSize.",
        lambda n, s: (n - 1) * s,
        lambda n, s: n * s - (s > 1),
    )
    sliced(
        "returns-one-too-many",
        "pageSize.honoured",
        "returns one customer more than pageSize.",
        lambda n, s: (n - 1) * s,
        lambda n, s: n * s + 1,
    )
    sliced(
        "caps-the-page-size-at-20",
        "pageSize.honoured",
        "returns at most 20 customers a page, whatever pageSize says.",
        lambda n, s: (n - 1) * min(s, 20),
        lambda n, s: n * min(s, 20),
        CROWD,
    )
    sliced(
        "ignores-the-page-size",
        "pageSize.honoured",
        "returns 60 customers a page, whatever pageSize says.",
        lambda n, s: (n - 1) * 60,
        lambda n, s: n * 60,
    )
    defaults(
        "returns-50-by-default", "pageSize.default", "returns 50 customers when pageSize is left out.", 1, 50
    )
    defaults(
        "returns-100-by-default",
        "pageSize.default",
        "returns 100 customers when pageSize is left out.",
        1,
        100,
    )
    defaults(
        "returns-page-2-by-default",
        "pageNumber.default",
        "returns page 2 when pageNumber is left out.",
        2,
        60,
    )

    class LastPageTwice(Behaviour):
        def sliced(self, call: Call, customers: list[Customer], number: int, size: int) -> list[Customer]:
            last = max(-(-len(customers) // size), 1)
            mine = call.operation == operation
            return super().sliced(call, customers, min(number, last) if mine else number, size)

    class Restless(Behaviour):
        def ordered(self, call: Call, customers: list[Customer]) -> list[Customer]:
            found = super().ordered(call, customers)
            turned = call.operation == operation and "sort" not in call.params and self.turn(operation) % 2
            return found[::-1] if turned else found

    class NoCount(Behaviour):
        def departure(self, call: Call, answer: Answer) -> Answer:
            answer = super().departure(call, answer)
            return answer.but(headers={}) if call.operation == operation and answer.status == 200 else answer

    class WrongCount(Behaviour):
        def counted_customers(self, call: Call, page: list[Customer]) -> str:
            counted = super().counted_customers(call, page)
            return str(int(counted) + 1) if call.operation == operation else counted

    class CountsOthers(Behaviour):
        def counted_customers(self, call: Call, page: list[Customer]) -> str:
            return "60" if call.operation == operation else super().counted_customers(call, page)

    said = operation.capitalize()
    plant(
        f"{operation}.page.beyond-end",
        LastPageTwice,
        name=f"{operation}-repeats-the-last-page",
        lie=f"{said} returns the last page for every page beyond it.",
        also=(f"{operation}.page.partition",),
    )
    plant(
        f"{operation}.page.partition",
        Restless,
        name=f"{operation}-changes-its-order",
        lie=f"{said} turns its order round with every request.",
    )
    plant(
        f"{operation}.count.header", NoCount, name=f"{operation}-has-no-count", lie=f"{said} states no Count."
    )
    plant(
        f"{operation}.count.header",
        WrongCount,
        name=f"{operation}-counts-one-too-many",
        lie=f"{said} counts one customer more than it returns.",
    )
    plant(
        f"{operation}.count.header",
        CountsOthers,
        name=f"{operation}-always-counts-60",
        lie=f"{said} states a Count of 60 always.",
    )


for _operation in LISTING:
    for _name in ("pageSize", "pageNumber"):
        misreads_numbers(_operation, _name)
    pages_wrongly(_operation)
