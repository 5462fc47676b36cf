"""Leaving somebody's tenant as it was found."""

import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Self

import stamina

from client.client import Client
from client.errors import GuardError, TenantError, TransientError, UnsendableError
from client.exchange import ABSENT, Exchange
from client.lifecycle.discovery import (
    found_by_email,
    found_by_id,
    found_by_one_email,
    found_by_prefix,
    identity_for,
    in_parallel,
    there,
)
from client.lifecycle.ledger import Intention, Ledger, Named
from client.lifecycle.progress import Progress

_WANTS_A_BODY: Final = frozenset({400, 411, 415, 422})
_GRACE: Final = 0.5  # seconds beyond a window, for the way there and back


@dataclass(frozen=True, slots=True)
class Leftovers:
    """What a run created, what is deleted of it, how much of that was swept now, and what is left.

    `left` is what the tenant, asked, still shows when the deletion window closes.
    """

    created: int
    deleted: int
    swept: int
    left: tuple[Named, ...]

    @classmethod
    def by_ledger(cls, ledger: Ledger) -> Self:
        """What the ledger alone says, where the clean-up was broken off and the tenant cannot be asked."""
        created, left = ledger.settled + len(ledger.ever_created()), ledger.outstanding()
        return cls(created, created - len(left), 0, left)


class _NotYet(Exception):
    pass


def clean_up(client: Client, progress: Progress | None = None, *, by_prefix: bool = False) -> Leftovers:
    """Delete everything that the run made, whatever came of it, and ask the tenant what is left.

    Deletes in parallel, tolerates 404, and polls for the windows of tenant.toml (seconds). TransientError raises
    nothing: what could not be deleted is left, and reported so. A run that intended nothing asks nothing,
    unless `by_prefix` has the tenant searched for it all the same. Progress is told as (done, all).
    """
    client.lift_bounds()
    return _cleaned_up(client, progress, by_prefix=by_prefix)


def clean_up_between(client: Client) -> Leftovers:
    """As `clean_up`, while the run goes on: within the bounds of [safety], and what is gone is forgotten."""
    cleaned = _cleaned_up(client, None)
    if not cleaned.left:
        client.ledger.settle()
        client.writes.forget()
    return cleaned


def _cleaned_up(client: Client, progress: Progress | None, *, by_prefix: bool = False) -> Leftovers:
    settled = client.ledger.settled
    if not client.ledger.intentions() and not by_prefix:
        return Leftovers(settled, settled, 0, ())
    ever = set(client.ledger.ever_created())
    try:
        doomed, proved = _surveyed(client)
    except TenantError:
        doomed, proved = set(client.ledger.outstanding()), set[Named]()
    for stray in doomed - ever:
        client.ledger.created(client.ledger.intend(stray.tenant, id=stray.id), stray.id)
    left = _deleted_all(client, doomed, proved, progress)
    created = settled + len(ever | doomed)
    return Leftovers(created, created - len(left), len(doomed) - len(left), left)


def _deleted_all(
    client: Client, doomed: set[Named], proved: set[Named], progress: Progress | None
) -> tuple[Named, ...]:
    """What is still there: asked again and again while that helps, for a deletion may be accepted and lost."""
    pending = doomed
    while True:
        _delete_all(client, pending, progress)
        left = _left(client, pending, proved)
        if not left or len(left) == len(pending):
            return left
        pending = set(left)


def outstanding_anywhere(client: Client) -> set[Named]:
    """Every customer of the run that may still be there, by its ledger and by asking the tenant."""
    return _surveyed(client)[0]


def _surveyed(client: Client) -> tuple[set[Named], set[Named]]:
    """What may still be there, and that of it which list shows.

    An accepted deletion is not believed: list is asked for all that the run ever created. Where list does not
    show those that must be there, it cannot be trusted, and the deleted ones are asked for one by one.
    """
    alive, ever = set(client.ledger.outstanding()), set(client.ledger.ever_created())
    shown = _shown_in_time(client, ever, alive)
    found = alive | shown | _strays(client)
    if not alive or not alive <= shown:
        answers = in_parallel(lambda customer: there(client, customer), ever - found)
        found |= {customer for customer, is_there in answers.items() if is_there}
    return found, shown


def _shown_in_time(client: Client, ever: set[Named], alive: set[Named]) -> set[Named]:
    """Those that list shows, asked again within the index window until all of the alive are among them."""
    window = client.settings.tenant_config.consistency.index
    closes = time.monotonic() + window
    shown: set[Named] = set()
    for attempt in stamina.retry_context(
        on=_NotYet, attempts=None, timeout=window + _GRACE, wait_initial=0.1, wait_max=1.0, wait_jitter=0.0
    ):
        with attempt:
            shown = _shown(client, ever)
            if not alive <= shown and time.monotonic() < closes:
                raise _NotYet
    return shown


def _shown(client: Client, customers: Iterable[Named]) -> set[Named]:
    by_tenant: dict[str, list[str]] = defaultdict(list)
    for customer in sorted(customers, key=_order):
        by_tenant[customer.tenant].append(customer.id)
    shown: set[Named] = set()
    for tenant, ids in by_tenant.items():
        shown |= {Named(tenant, id) for id in found_by_id(client, tenant, ids)}
    return shown


def _strays(client: Client) -> set[Named]:
    """Customers of the run that no answer told of: refused and written all the same, or lost on the way."""
    tenants = {client.settings.tenant}
    if "other" in client.identities():
        tenants.add(client.home("other"))
    intentions = client.ledger.intentions()
    found: set[Named] = set()
    for tenant in tenants:
        doubtful = [i for i in intentions if i.tenant == tenant and i.outcome != "created"]
        if intentions and all(i.tenant != tenant for i in intentions):
            continue
        emails = {i.email for i in doubtful if i.email is not None and _ours(client, i.email)}
        ids = found_by_prefix(client, tenant) | found_by_email(client, tenant, emails)
        for intention in doubtful:
            if intention.outcome != "refused":
                ids |= _unresolved(client, tenant, intention)
        found |= {Named(tenant, id) for id in ids}
    return found


def _unresolved(client: Client, tenant: str, intention: Intention) -> set[str]:
    """The customer of an intention whose end nobody told, asked for by what it names."""
    if intention.id is not None and client.guard.owns(tenant, intention.id):
        return {intention.id} if there(client, Named(tenant, intention.id)) else set()
    if intention.email is not None and _ours(client, intention.email):
        return found_by_one_email(client, tenant, intention.email)
    return set()


def _ours(client: Client, email: str) -> bool:
    return email.lower().startswith(client.run.prefix)


def _delete_all(client: Client, doomed: set[Named], progress: Progress | None) -> None:
    done: list[Named] = []

    def delete(customer: Named) -> bool:
        since = client.ledger.clock()
        try:
            exchange = _deleted(client, customer)
        except (GuardError, UnsendableError):
            return False
        if exchange.status in (404, 410):
            client.ledger.deleted(customer.tenant, customer.id, since)
        done.append(customer)
        if progress is not None:
            progress(len(done), len(doomed))
        return True

    try:
        in_parallel(delete, sorted(doomed, key=_order))
    except TenantError:
        return  # what was not deleted is found when the tenant is asked what is left


def _deleted(client: Client, customer: Named) -> Exchange:
    """The answer to the deletion; one that is refused without a body, as no contract says, is tried with one."""
    bodies: tuple[Any, ...] = (ABSENT, {})
    for body in bodies:
        exchange = client.delete(
            customer.id,
            body,
            tenant=customer.tenant,
            identity=identity_for(client, customer.tenant),
            operation="cleanup",
            retries="always",
        )
        if exchange.status not in _WANTS_A_BODY:
            break
    return exchange


def _left(client: Client, doomed: set[Named], proved: set[Named]) -> tuple[Named, ...]:
    """What is still there when the deletion window closes.

    A customer that list showed before the deletion (`proved`) and does not show after it is gone; the others
    are asked for one by one.
    """
    window = client.settings.tenant_config.consistency.deletion
    pending = (doomed - proved) | _shown_or_unknown(client, doomed & proved)
    closes = time.monotonic() + window + _GRACE
    try:
        for attempt in stamina.retry_context(
            on=_NotYet,
            attempts=None,
            timeout=window + _GRACE,
            wait_initial=0.05,
            wait_max=1.0,
            wait_jitter=0.0,
        ):
            with attempt:
                answers = in_parallel(lambda customer: there(client, customer), pending)
                pending = {customer for customer, is_there in answers.items() if is_there}
                if pending and time.monotonic() < closes:
                    raise _NotYet
    except (_NotYet, TenantError):
        pass  # the window is closed, or the tenant is out of reach; either way these are left
    return tuple(sorted(pending, key=_order))


def _shown_or_unknown(client: Client, customers: set[Named]) -> set[Named]:
    try:
        return _shown(client, customers)
    except TransientError:
        return customers


def _order(customer: Named) -> tuple[str, str]:
    return customer.tenant, customer.id
