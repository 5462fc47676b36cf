"""Responses of list and search taken together: completeness, pages and counts."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from oracle.customers.comparisons import first_mismatch
from oracle.json_values import Json
from oracle.operations.state import ModelState
from spec import ABSENT, Absent, Kind, Mismatch, Rule, show


def listing_mismatch(
    state: ModelState,
    seen: Sequence[Json],
    *,
    read: str = "list",
    expand: Collection[str] = (),
) -> Mismatch | None:
    """The first mismatch between the state and the customers of all pages of a list or search result, or None.

    Customers that the state does not know are not compared. A change of a confirmed property violates
    `<read>.agrees-with-get`.
    """
    customers = [customer for customer in seen if isinstance(customer, dict)]
    times = Counter(map(_id, customers))
    if repeated := next((id for id in times if times[id] > 1), None):
        shown = [repeated] * times[repeated]
        return _customers_mismatch(repeated, [repeated], shown, f"{read}.no-duplicates")
    by_id: Mapping[Json, Json] = {_id(customer): customer for customer in customers}
    for id, model in state.customers.items():
        if id not in by_id:
            return _customers_mismatch(id, id, ABSENT, f"{read}.complete")
        found = first_mismatch(model, by_id[id], expand=expand, read=read, since=f"{read}.agrees-with-get")
        if found:
            return found
    gone = sorted(id for id in state.deleted - state.pending_deletion.keys() if id in by_id)
    return _customers_mismatch(gone[0], ABSENT, gone[0], f"{read}.deleted.vanishes") if gone else None


def pages_mismatch(
    pages: Sequence[Sequence[Json]],
    universe: Collection[str],
    size: int,
    *,
    clause: str = "list.page.partition",
) -> Mismatch | None:
    """Why the pages, in order, are not the partition of the customers that the clause promises, or None.

    Pages contain customers or their ids. universe: ids that must occur (the tenant may have more customers); size:
    customers of a page. Every page but the last must be full, and each customer must occur once.
    """
    for number, page in enumerate(pages, start=1):
        later = sum(map(len, pages[number:]))
        if len(page) > size or (len(page) < size and later):
            return Mismatch(
                Kind.CUSTOMERS,
                expected=Rule(f"{'' if later else 'at most '}{size} customers"),
                actual=Rule(f"{len(page)} customers, and {later} on later pages"),
                about=f"page {number}",
            ).owned_by(f"{clause.partition('.')[0]}.pageSize.honoured")
    times = Counter(_id(customer) for page in pages for customer in page)
    if repeated := next((id for id in times if times[id] > 1), None):
        return _customers_mismatch(repeated, [repeated], [repeated] * times[repeated], clause)
    missing = sorted(id for id in universe if id not in times)
    return _customers_mismatch(missing[0], missing[0], ABSENT, clause) if missing else None


def same_customers(one: Sequence[Json], other: Sequence[Json]) -> bool:
    """Whether two results contain the same customers by id, each as often, in any order."""
    return Counter(map(_id, one)) == Counter(map(_id, other))


def is_count(header: str | None, page_length: int, total: int | None = None) -> bool:
    """Whether the header Count is the number of customers retrieved: on the page, or in all where known."""
    if header is None or not header.strip().isascii() or not header.strip().isdigit():
        return False
    stated = int(header.strip())
    return stated >= page_length if total is None else stated in (page_length, total)


def _id(customer: Json) -> str:
    id = customer.get("id") if isinstance(customer, dict) else customer
    return id if isinstance(id, str) else show(customer)


def _customers_mismatch(id: str, expected: Json | Absent, actual: Json | Absent, clause: str) -> Mismatch:
    path = f"$[?@.id=={show(id)}]"
    return Mismatch(Kind.CUSTOMERS, expected=expected, actual=actual, path=path).owned_by(clause)
