"""Discovery of the customers that runs left in a tenant: many by one list request, or each by GET."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from client.api import CustomerApi
from client.client import Client
from client.lifecycle.ledger import CustomerKey
from client.lifecycle.run import ANY_RUN, RUN_PREFIX
from client.parallel import map_parallel

THREADS: Final = 4  # for requests of a clean-up
_BATCH: Final = 40  # values in one q: about 2 KB of URL, of the 10 KB that the vendor allows
_PAGE_SIZE: Final = 100
_MAX_PAGES: Final = 50
_MARKED: Final = (
    "contactEmail",
    "id",
    "lastName",
)  # one of them has the prefix of the run in almost every create
_SKEW: Final = 60.0  # seconds by which the clock of the tenant may be behind
_LITERAL: Final = re.compile(r"[A-Za-z0-9._@+-]+")  # values without a special meaning in q

UNKNOWN: Final = datetime.max.replace(tzinfo=UTC)
"""The time of creation of a customer that does not show it: later than any other, so nothing counts as old."""


@dataclass(frozen=True, slots=True)
class OrphanedRun:
    """What a run left: how many customers, and when the newest was created (UNKNOWN if it is for one of them)."""

    customers: int
    newest: datetime


def find_by_key(client: Client, customers: Iterable[CustomerKey]) -> set[CustomerKey]:
    """Those of the customers that list returns for `id:(a,b,...)`."""
    ids: dict[str, list[str]] = defaultdict(list)
    for customer in sorted(customers):
        ids[customer.tenant].append(customer.id)
    return {key for tenant in ids for key in _find_by_values(client, tenant, "id", ids[tenant])}


def find_by_email(client: Client, tenant: str, emails: Iterable[str]) -> set[CustomerKey]:
    """The customers that list returns with one of these addresses."""
    return set(_find_by_values(client, tenant, "contactEmail", sorted(emails)))


def find_by_prefix(client: Client, tenant: str) -> set[CustomerKey]:
    """The customers with the prefix of the run in id, address or last name, if the tenant's q supports `~`."""
    found = _find_with_prefix(client, tenant, client.run.prefix)
    return {CustomerKey(tenant, customer["id"]) for customer in found}


def find_newest(client: Client, tenants: Iterable[str], *, since: float) -> set[CustomerKey]:
    """The customers with a text of the run in any property, among those created `since` (seconds since the epoch).

    They are found without q, in the list sorted by creation time.
    """
    found: set[CustomerKey] = set()
    for tenant in tenants:
        for customer in _list(client, tenant, sort="metadataCreatedAt:desc"):
            if _created_at(customer).timestamp() < since - _SKEW:
                break
            if any(str(value).lower().startswith(client.run.prefix) for value in customer.values()):
                found.add(CustomerKey(tenant, customer["id"]))
    return found


def find_orphaned_runs(client: Client) -> dict[str, OrphanedRun]:
    """What runs of the suite left in the tenants, by run id, as far as list and q return it."""
    created: dict[str, dict[CustomerKey, datetime]] = defaultdict(dict)
    for tenant in client.settings.tenants:
        for customer in _find_with_prefix(client, tenant, ANY_RUN):
            matches = (RUN_PREFIX.match(str(customer.get(name))) for name in _MARKED)
            match = next(filter(None, matches), None)
            if match is not None:
                key = CustomerKey(tenant, customer["id"])
                created[match[1].lower()][key] = _created_at(customer)
    return {run: OrphanedRun(len(times), max(times.values())) for run, times in sorted(created.items())}


def api_of(client: Client, tenant: str) -> CustomerApi:
    """The customer API of this tenant, for requests of the clean-up."""
    return client.as_(client.requests.identity_for(tenant), tenant=tenant, operation="cleanup")


def _exists(client: Client, customer: CustomerKey) -> bool:
    """Whether GET returns the customer; only 400, 404 and 410 are proof of absence."""
    return api_of(client, customer.tenant).get(customer.id).status not in (400, 404, 410)


def find_existing(client: Client, customers: Iterable[CustomerKey]) -> set[CustomerKey]:
    """Those of the customers that GET returns, one request for each."""
    customers = tuple(customers)
    results = map_parallel(lambda customer: _exists(client, customer), customers, THREADS)
    return {customer for customer, exists in zip(customers, results, strict=True) if exists}


def _find_by_values(client: Client, tenant: str, name: str, values: Iterable[str]) -> Iterator[CustomerKey]:
    """The customers that list returns with one of the values; values that q cannot express are left out."""
    literals = [value for value in values if _LITERAL.fullmatch(value)]
    for start in range(0, len(literals), _BATCH):
        batch = literals[start : start + _BATCH]
        condition = batch[0] if len(batch) == 1 else f"({','.join(batch)})"
        for customer in _list(client, tenant, f"{name}:{condition}"):
            if customer.get(name) in batch:
                yield CustomerKey(tenant, customer["id"])


def _find_with_prefix(client: Client, tenant: str, prefix: str) -> Iterator[dict[str, Any]]:
    """The customers that list returns with an id, an address or a last name that begins with the prefix."""
    for name in _MARKED:
        for customer in _list(client, tenant, f"{name}:~{prefix}"):
            if any(str(customer.get(key)).lower().startswith(prefix) for key in _MARKED):
                yield customer


def _list(
    client: Client, tenant: str, q: str | None = None, sort: str | None = None
) -> Iterator[dict[str, Any]]:
    """The customers that list returns, page by page until a page is short, empty or invalid."""
    for page in range(1, _MAX_PAGES + 1):
        exchange = api_of(client, tenant).list(q, sort, page_number=page, page_size=_PAGE_SIZE)
        found = exchange.customers if exchange.status == 200 else []
        customers = [each for each in found if isinstance(each.get("id"), str)]
        yield from customers
        if len(customers) < _PAGE_SIZE:
            return


def _created_at(customer: dict[str, Any]) -> datetime:
    """When the customer was created; UNKNOWN where that is no timestamp of RFC 3339."""
    try:
        time = datetime.fromisoformat(customer.get("metadataCreatedAt", ""))
    except (TypeError, ValueError):
        return UNKNOWN
    return time if time.tzinfo is not None else UNKNOWN
