"""Who of ours is still there: many asked for at once, or one by one where that cannot be trusted."""

import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from client.client import Client
from client.errors import TransientError, UnsendableError
from client.exchange import Exchange
from client.lifecycle.ledger import Named
from client.lifecycle.run import EVERY, NAMED

THREADS: Final = 4
_BATCH: Final = 40  # values in one q; some 2 KB of URL, of the 10 KB that the vendor allows
_PAGE: Final = 100
_PAGES: Final = 50
_TAME: Final = re.compile(r"[A-Za-z0-9._@+-]+")  # values that mean nothing to the language of q


def identity_for(client: Client, tenant: str) -> str:
    """Who may read and delete in this tenant."""
    other = client.settings.other_tenant
    return "other" if other is not None and tenant == other else "client"


def found_by_id(client: Client, tenant: str, ids: Iterable[str]) -> set[str]:
    """Those of the ids that list shows, asked by `id:(a,b,...)`; none of a batch that is not answered 200."""
    found: set[str] = set()
    wanted = [id for id in ids if _TAME.fullmatch(id)]
    for batch in _batches(wanted):
        shown = _shown(client, tenant, f"id:({','.join(batch)})")
        found |= {customer["id"] for customer in shown if customer.get("id") in batch}
    return found


def found_by_email(client: Client, tenant: str, emails: Iterable[str]) -> set[str]:
    """The ids of the customers that list shows with one of these addresses."""
    found: set[str] = set()
    wanted = {email for email in emails if _TAME.fullmatch(email)}
    for batch in _batches(sorted(wanted)):
        shown = _shown(client, tenant, f"contactEmail:({','.join(batch)})")
        found |= {customer["id"] for customer in shown if customer.get("contactEmail") in wanted}
    return found


def found_by_one_email(client: Client, tenant: str, email: str) -> set[str]:
    """The ids of the customers that list shows with exactly this address."""
    shown = _shown(client, tenant, f"contactEmail:{email}") if _TAME.fullmatch(email) else ()
    return {customer["id"] for customer in shown if customer.get("contactEmail") == email}


def found_by_prefix(client: Client, tenant: str) -> set[str]:
    """The ids of the customers whose id or address begins with the run's prefix, as far as q knows `~`."""
    prefix = client.run.prefix
    found: set[str] = set()
    for name in ("contactEmail", "id"):
        for customer in _shown(client, tenant, f"{name}:~{prefix}"):
            named = (customer["id"], customer.get("contactEmail"))
            if any(isinstance(value, str) and value.lower().startswith(prefix) for value in named):
                found.add(customer["id"])
    return found


@dataclass(frozen=True, slots=True)
class Trace:
    """What a run left in a tenant: its customers, and when the newest of them was made (None: not told)."""

    customers: tuple[Named, ...]
    newest: datetime | None


def runs_found(client: Client) -> dict[str, Trace]:
    """By run id, what runs of the suite left in the tenants, as far as list and q show it."""
    found: dict[str, dict[Named, datetime | None]] = defaultdict(dict)
    for tenant in sorted({client.settings.tenant, client.settings.other_tenant or client.settings.tenant}):
        for name in ("contactEmail", "id"):
            for customer in _shown(client, tenant, f"{name}:~{EVERY}"):
                named = NAMED.match(str(customer["id"])) or NAMED.match(str(customer.get("contactEmail")))
                if named is not None:
                    made = _time(customer.get("metadataCreatedAt"))
                    found[named[1].lower()][Named(tenant, customer["id"])] = made
    return {run: _trace(customers) for run, customers in sorted(found.items())}


def _trace(customers: dict[Named, datetime | None]) -> Trace:
    made = list(customers.values())
    newest = None if None in made else max(time for time in made if time is not None)
    return Trace(tuple(customers), newest)


def _time(told: Any) -> datetime | None:
    """A time of RFC 3339; None where it is none."""
    try:
        time = datetime.fromisoformat(told)
    except (TypeError, ValueError):
        return None
    return time if time.tzinfo is not None else None


def there(client: Client, customer: Named) -> bool:
    """Whether GET shows the customer; an answer other than 400, 404 or 410 is no proof of absence."""
    try:
        exchange = client.get(
            customer.id,
            tenant=customer.tenant,
            identity=identity_for(client, customer.tenant),
            operation="cleanup",
        )
    except UnsendableError:
        return False
    return exchange.status not in (400, 404, 410)


def in_parallel(work: Callable[[Named], bool], customers: Iterable[Named]) -> dict[Named, bool]:
    """The work done for each customer, a few at a time; TransientError of one ends it, or an outage would last."""
    customers = tuple(customers)
    stopped = threading.Event()

    def one(customer: Named) -> bool:
        if stopped.is_set():
            raise TransientError("the tenant is out of reach.")
        try:
            return work(customer)
        except TransientError:
            stopped.set()
            raise

    with ThreadPoolExecutor(THREADS, thread_name_prefix="cleanup") as pool:
        return dict(zip(customers, pool.map(one, customers), strict=True))


def _shown(client: Client, tenant: str, q: str) -> Iterator[dict[str, Any]]:
    for page in range(1, _PAGES + 1):
        exchange = client.list(
            q,
            page_number=page,
            page_size=_PAGE,
            tenant=tenant,
            identity=identity_for(client, tenant),
            operation="cleanup",
        )
        customers = _customers(exchange)
        yield from customers
        if len(customers) < _PAGE:
            return


def _customers(exchange: Exchange) -> list[dict[str, Any]]:
    if exchange.status != 200 or not isinstance(exchange.json, list):
        return []
    return [one for one in exchange.json if isinstance(one, dict) and isinstance(one.get("id"), str)]


def _batches(values: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(values), _BATCH):
        yield values[start : start + _BATCH]
