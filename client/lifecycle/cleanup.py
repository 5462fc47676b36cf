"""Deletion of everything that a run created, checked against the tenant."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Self

from client.api import CustomerApi
from client.client import Client
from client.errors import GuardError, TenantError
from client.exchange import ABSENT, Exchange
from client.lifecycle.discovery import (
    THREADS,
    api_of,
    find_by_email,
    find_by_key,
    find_by_prefix,
    find_existing,
    find_newest,
)
from client.lifecycle.ledger import CustomerKey, Ledger, PendingCreate
from client.lifecycle.polling import poll
from client.lifecycle.progress import Progress
from client.parallel import map_parallel

_BODY_REQUIRED: Final = frozenset({400, 411, 415, 422})
_GRACE: Final = 0.5  # seconds beyond the deletion window, for the round trip
_LONGEST_PAUSE: Final = 1.0


@dataclass(frozen=True, slots=True, order=True)
class AddressKey:
    """An address by its customer and id."""

    customer: CustomerKey
    id: str


@dataclass(frozen=True, slots=True)
class CleanupResult:
    """How many customers a run created, how many of them are deleted, and how many of these just now (`swept`).

    `left` are those that the tenant still returns when the deletion window closes; `unaccounted` are the requests that
    may have created a customer by which no request can find it; `addresses` those of deleted customers that the tenant
    still returns.
    """

    created: int
    deleted: int
    swept: int
    left: tuple[CustomerKey, ...]
    unaccounted: tuple[PendingCreate, ...] = ()
    addresses: tuple[AddressKey, ...] = ()

    @classmethod
    def from_ledger(cls, ledger: Ledger) -> Self:
        """The result according to the ledger alone, for a clean-up that was interrupted."""
        created, left = ledger.compacted + len(ledger.ever_created()), ledger.outstanding()
        return cls(created, created - len(left), 0, left, ledger.unresolved())


def clean_up(client: Client, progress: Progress | None = None) -> CleanupResult:
    """Delete everything that the run created, also after an error response, and check what is left.

    Deletes in parallel, tolerates 404, and polls for the windows of tenant.toml (seconds). A TransientError is
    not raised: what could not be deleted is in `left`. Without an entry in the ledger no request is sent.
    """
    client.budget.lift()
    return _clean_up(client, progress)


def clean_up_by_prefix(client: Client, progress: Progress | None = None) -> CleanupResult:
    """As `clean_up`, but the tenant is searched for customers of the run even without an entry in the ledger."""
    client.budget.lift()
    return _delete_found(client, progress)


def clean_up_between(client: Client) -> CleanupResult:
    """As `clean_up`, but within the limits of [safety], and the ledger is compacted if nothing is left."""
    result = _clean_up(client, None)
    if not result.left:
        client.ledger.compact(result.unaccounted)
        client.writes.forget()
    return result


def delete_outstanding(client: Client) -> None:
    """Delete what the ledger has, without a check: for a worker, whose run checks what is left of all workers."""
    client.budget.lift()
    _delete_all(client, set(client.ledger.outstanding()), None)


def find_customers(client: Client) -> set[CustomerKey]:
    """The customers of the run that the tenant returns, by id or by what they have in common."""
    return _discover(client)[0]


def _clean_up(client: Client, progress: Progress | None) -> CleanupResult:
    if client.ledger.tenants():
        return _delete_found(client, progress)
    return CleanupResult(client.ledger.compacted, client.ledger.compacted, 0, ())


def _delete_found(client: Client, progress: Progress | None) -> CleanupResult:
    ledger = client.ledger
    recorded, is_complete = set(ledger.ever_created()), True
    try:
        found, listed = _discover(client)
    except TenantError:
        found, listed, is_complete = set(ledger.outstanding()), set[CustomerKey](), False
    _record(ledger, found)
    # A customer that was created just now may not be found yet, so all that the ledger has are deleted.
    left = _delete_until_gone(client, found | set(ledger.outstanding()), listed, progress)
    created = ledger.compacted + len(recorded | found)
    unaccounted = _find_unaccounted(client, len(found - recorded), is_complete=is_complete)
    addresses = tuple(
        address
        for customer in sorted(ledger.addresses().keys() - set(left))
        for address in _delete_addresses(client, customer)
    )
    swept = len(found - set(left))
    return CleanupResult(created, created - len(left), swept, left, unaccounted, addresses)


def _record(ledger: Ledger, customers: set[CustomerKey]) -> None:
    """Customers that were found belong to the run, which may delete them."""
    for customer in customers - set(ledger.ever_created()):
        ledger.record_created(ledger.record_intent(customer.tenant, id=customer.id), customer.id)


def _find_unaccounted(client: Client, found: int, *, is_complete: bool) -> tuple[PendingCreate, ...]:
    """The creates that may have left a customer that cannot be found: nothing of the run is in the request.

    If the tenant was not searched to the end, all whose outcome is unknown. Rejected ones count as well if the tenant
    stores what it rejects: then more customers were found than creates had an unknown outcome.
    """
    unresolved = client.ledger.unresolved()
    suspects = client.ledger.pending_creates() if found > len(unresolved) else unresolved
    return tuple(create for create in suspects if not (is_complete and _can_be_found(client, create)))


def _can_be_found(client: Client, create: PendingCreate) -> bool:
    return bool(create.id or create.mark or _has_prefix(client, create.email))


def _discover(client: Client) -> tuple[set[CustomerKey], set[CustomerKey]]:
    """The customers that exist, and those of them that list returns.

    An accepted deletion is no proof, so list is searched for every customer ever created. If list omits a customer
    that exists, it is not reliable, and GET is sent for the deleted ones.
    """
    alive, recorded = set(client.ledger.outstanding()), set(client.ledger.ever_created())
    listed: set[CustomerKey] = set()

    def alive_are_listed() -> bool:
        nonlocal listed
        listed = find_by_key(client, recorded)
        return alive <= listed

    poll(alive_are_listed, client.settings.tenant_config.consistency.index, longest_pause=_LONGEST_PAUSE)
    omitted = find_existing(client, alive - listed)
    found = listed | omitted | _find_unconfirmed(client)
    if omitted or not alive:
        found |= find_existing(client, recorded - alive - found)
    return found, listed


def _find_unconfirmed(client: Client) -> set[CustomerKey]:
    """The customers that exist although no response confirmed them: after a rejection, or a lost response."""
    tenants, pending = _tenants(client), client.ledger.pending_creates()
    found = find_newest(client, tenants, since=min(create.at for create in pending)) if pending else set()
    for tenant in tenants:
        emails = {
            create.email
            for create in pending
            if create.tenant == tenant and _has_prefix(client, create.email)
        }
        found |= find_by_prefix(client, tenant) | find_by_email(client, tenant, filter(None, emails))
    named = {
        CustomerKey(create.tenant, create.id)
        for create in client.ledger.unresolved()
        if create.tenant in tenants and create.id and client.guard.owns(create.tenant, create.id)
    }
    return found | find_existing(client, named)


def _tenants(client: Client) -> set[str]:
    """The tenants in which the run may have created customers, as far as it has a client there."""
    tenants, recorded = set(client.settings.tenants), client.ledger.tenants()
    return tenants & recorded if recorded else tenants


def _has_prefix(client: Client, email: str | None) -> bool:
    return email is not None and email.lower().startswith(client.run.prefix)


def _delete_until_gone(
    client: Client, customers: set[CustomerKey], listed: set[CustomerKey], progress: Progress | None
) -> tuple[CustomerKey, ...]:
    """Delete, and repeat for what remains while that helps: an accepted deletion may be lost."""
    while True:
        _delete_all(client, customers, progress)
        remaining = _find_remaining(client, customers, listed)
        if not remaining or len(remaining) == len(customers):
            return tuple(sorted(remaining))
        customers = remaining


def _delete_all(client: Client, customers: set[CustomerKey], progress: Progress | None) -> None:
    processed: list[CustomerKey] = []

    def delete(customer: CustomerKey) -> None:
        creation = client.ledger.creation(customer)
        try:
            exchange = _delete(client, customer)
        except GuardError:  # a customer that the tenant returned and the run did not create
            return
        if exchange.status in (404, 410):
            client.ledger.record_deleted(customer, creation)
        processed.append(customer)
        if progress is not None:
            progress(len(processed), len(customers))

    with suppress(TenantError):  # what was not deleted is found when the rest is checked
        map_parallel(delete, sorted(customers), THREADS)


def _delete(client: Client, customer: CustomerKey) -> Exchange:
    """Delete a customer; a tenant that rejects the request without a body, against the contract, gets one."""
    bodies: tuple[Any, ...] = (ABSENT, {})
    for body in bodies:
        exchange = api_of(client, customer.tenant).delete(customer.id, body, retries="always")
        if exchange.status not in _BODY_REQUIRED:
            break
    return exchange


def _find_remaining(
    client: Client, customers: set[CustomerKey], listed: set[CustomerKey]
) -> set[CustomerKey]:
    """The customers that still exist when the deletion window closes.

    A customer that list returned before the deletion and no longer returns is gone; GET is sent for the others.
    """
    remaining = customers
    with suppress(TenantError):
        remaining = (customers - listed) | find_by_key(client, customers & listed)

    def all_are_gone() -> bool:
        nonlocal remaining
        remaining = find_existing(client, remaining)
        return not remaining

    window = client.settings.tenant_config.consistency.deleted_read + _GRACE
    with suppress(TenantError):  # the tenant cannot be reached: what is not known to be gone remains
        poll(all_are_gone, window, longest_pause=_LONGEST_PAUSE)
    return remaining


def _delete_addresses(client: Client, customer: CustomerKey) -> tuple[AddressKey, ...]:
    """Delete the addresses that the tenant still returns of a deleted customer; those that remain.

    If the tenant cannot be reached, they are those in the ledger.
    """
    api = api_of(client, customer.tenant)
    remaining = set(client.ledger.addresses().get(customer, frozenset()))
    with suppress(TenantError):
        remaining = _find_addresses(api, customer)
        for id in sorted(remaining):
            api.remove_address(customer.id, id, retries="always")
        remaining = _find_addresses(api, customer) if remaining else remaining
    return tuple(AddressKey(customer, id) for id in sorted(remaining))


def _find_addresses(api: CustomerApi, customer: CustomerKey) -> set[str]:
    """The ids of the addresses that the tenant returns of the customer; none if it does not know the customer."""
    exchange = api.list_addresses(customer.id)
    found = exchange.objects if exchange.status == 200 else []
    return {each["id"] for each in found if isinstance(each.get("id"), str)}
