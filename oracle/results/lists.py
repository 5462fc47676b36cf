"""What is true of the answers of list and search taken together."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from oracle.customers.causes import Cause
from oracle.customers.differences import Difference, difference
from oracle.customers.properties import GENERATED, MIXINS, WRITABLE, essence, path_of
from oracle.operations.state import ModelState
from oracle.values.json_values import ABSENT, Absent, Json, instant, same
from spec.formatting import contrast, show

Seen = Mapping[str, Json]


def listing_difference(
    world: ModelState,
    seen: Sequence[Json],
    *,
    read: str = "list",
    expand: Collection[str] = (),
    since: Cause | str | None = None,
) -> Difference | None:
    """The first difference between the whole world and everything that list or search returned; None is good.

    `seen` holds the customers of all pages; those of other people are passed over.
    """
    customers = [customer for customer in seen if isinstance(customer, dict)]
    if repeated := _repeated(customers):
        return _about(repeated, "shown once", "shown more than once", f"{read}.no-duplicates")
    by_id = {customer.get("id"): customer for customer in customers}
    for id, record in world.records.items():
        if id not in by_id:
            return _about(id, "shown", "not shown", f"{read}.complete")
        if found := difference(record, by_id[id], expand=expand, since=since, read=read):
            return found
    gone = sorted(id for id in world.deleted - world.lingering.keys() if id in by_id)
    return _about(gone[0], "gone", "shown", f"{read}.deleted.vanishes") if gone else None


def pages_difference(
    pages: Sequence[Sequence[Json]], universe: Collection[str], size: int, *, read: str = "list"
) -> Difference | None:
    """Why the pages, in order, are no partition of the customers; None is good.

    Pages hold customers or their ids. universe: ids that must occur (the tenant may hold others); size:
    customers a page. Every page but the last must be full; nobody may occur twice. Source: inferred.
    """
    for number, page in enumerate(pages, start=1):
        rest = sum(len(later) for later in pages[number:])
        if len(page) > size or (len(page) < size and rest):
            expected = f"{size} customers" if rest else f"at most {size} customers"
            came = f"{len(page)} customers, and {rest} on later pages"
            return Difference(f"$[page {number}]", "", expected, came, f"{read}.pageSize.honoured")
    shown = Counter(_id(customer) for page in pages for customer in page)
    clause = f"{read}.page.partition"
    for id, times in shown.items():
        if times > 1:
            return Difference("$[*]", "id", f"{show(id)} once", f"{show(id)} {times} times", clause)
    missing = sorted(id for id in universe if id not in shown)
    if not missing:
        return None
    return Difference("$[*]", "id", f"{show(missing[0])} on some page", "on none", clause)


def same_customers(one: Sequence[Json], other: Sequence[Json]) -> bool:
    """Whether two answers hold the same customers by id, as often as each other, in whatever order."""
    return Counter(map(_id, one)) == Counter(map(_id, other))


def views_agree(
    get_seen: Seen, list_seen: Seen, expand: Collection[str] = (), *, read: str = "list"
) -> Difference | None:
    """The first property of which get and list (or search) say different things; None is good.

    What both show must be equal. What only one shows is a difference for the writable properties; what the
    tenant generates or gives on request (mixins and accounts without expand, addresses) may be left out.
    """
    for name in ("id", *WRITABLE, *GENERATED, "email"):
        by_get, by_list = essence(name, get_seen.get(name)), essence(name, list_seen.get(name))
        optional = name not in WRITABLE or (name == "mixins" and MIXINS not in expand)
        one_sided = by_get is ABSENT or by_list is ABSENT
        if (one_sided and optional) or _equal(by_get, by_list):
            continue
        expected, actual = contrast(by_get, by_list)
        return Difference(path_of(name), name, expected, actual, f"{read}.agrees-with-get")
    versions = _version(get_seen), _version(list_seen)
    if ABSENT not in versions and not same(*versions):
        expected, actual = contrast(*versions)
        return Difference("$.metadata.version", "metadata", expected, actual, f"{read}.agrees-with-get")
    accounts = account_ids(get_seen), account_ids(list_seen)
    if "accounts" in expand and accounts[0] != accounts[1]:
        expected, actual = contrast(*accounts)
        return Difference("$.accounts", "accounts", expected, actual, f"{read}.agrees-with-get")
    return None


def account_ids(seen: Seen) -> list[Json]:
    """The ids of the accounts that a customer shows, in order; none where it shows no accounts."""
    accounts = seen.get("accounts")
    shown = accounts if isinstance(accounts, list) else []
    return sorted((each.get("id") for each in shown if isinstance(each, dict)), key=str)


def _version(seen: Seen) -> Json | Absent:
    metadata = seen.get("metadata")
    return metadata.get("version", ABSENT) if isinstance(metadata, dict) else ABSENT


def counts(header: str | None, page_length: int, total: int | None = None) -> bool:
    """Whether the header Count is the number of customers retrieved: on the page, or in all where known."""
    if header is None or not header.strip().isascii() or not header.strip().isdigit():
        return False
    stated = int(header.strip())
    return stated >= page_length if total is None else stated in (page_length, total)


def _equal(one: Json | Absent, other: Json | Absent) -> bool:
    moment = instant(one)
    return same(one, other) or (moment is not None and moment == instant(other))


def _id(customer: Json) -> str:
    id = customer.get("id") if isinstance(customer, dict) else customer
    return id if isinstance(id, str) else show(customer)


def _repeated(customers: Sequence[Seen]) -> str | None:
    return next((id for id, times in Counter(map(_id, customers)).items() if times > 1), None)


def _about(id: str, expected: str, actual: str, clause: str) -> Difference:
    return Difference(f"$[?@.id=={show(id)}]", "id", f"{show(id)} {expected}", f"{show(id)} {actual}", clause)
