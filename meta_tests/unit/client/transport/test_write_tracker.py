"""When each customer was last written to."""

from collections.abc import Iterable

import pytest

from client.exchange import Exchange
from client.transport.write_tracker import NEVER, UNKNOWN, WriteTracker

PATH = "/customer/acme/customers/one"


def answer(number: int, status: int) -> Exchange:
    return Exchange(number, "patch", "client", "PATCH", "", PATH, (), None, status, (), b"", 0.0, 0.0)


def after(*steps: tuple[int, int]) -> float:
    writes = WriteTracker()
    for number, status in steps:
        writes.end(writes.begin(PATH), answer(number, status))
    return writes.last(PATH)


@pytest.mark.parametrize(
    ("steps", "last"),
    [((), NEVER), ([(4, 200)], 4), ([(4, 200), (7, 404)], 4), ([(4, 200), (7, 500)], 7), ([(9, 403)], NEVER)],
)
def test_only_refusals_change_nothing(steps: Iterable[tuple[int, int]], last: float) -> None:
    assert after(*steps) == last


def test_a_write_that_is_not_answered_leaves_the_customer_unknown() -> None:
    writes = WriteTracker()
    writes.begin(PATH)
    assert writes.last(PATH) == UNKNOWN
    assert writes.last(PATH + "x") == NEVER


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("statuses", [(202, 404), (404, 202), (200, 200)])
def test_writes_that_overlap_leave_the_customer_unknown(
    order: tuple[int, int], statuses: tuple[int, int]
) -> None:
    writes = WriteTracker()
    writes.end(writes.begin(PATH), answer(1, 201))
    pending = [writes.begin(PATH), writes.begin(PATH)]
    for number, which in enumerate(order, start=2):
        writes.end(pending[which], answer(number, statuses[which]))
    assert writes.last(PATH) == UNKNOWN
    writes.end(writes.begin(PATH), answer(4, 200))
    assert writes.last(PATH) == 4
