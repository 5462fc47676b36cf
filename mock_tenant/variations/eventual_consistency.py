"""Eventual consistency: changes become visible late, within the configured windows."""

from collections.abc import Iterable
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.messages import ApiRequest
from mock_tenant.registry import variation
from mock_tenant.store import Customer

WINDOW = 0.6
DELAY = 0.5
"""The delay as a fraction of the window, which leaves time for the network and for a busy machine."""

PendingChange = tuple[float, str, Customer | None]
"""When a change becomes visible, the id of the customer, and its new version (None: deleted)."""


class Delayed(Behaviour):
    """Shows changes after a delay."""

    def delay(self, *windows: str) -> float:
        """The delay in seconds within consistency windows: half of the shortest, or less if it is configured."""
        half: float = min(getattr(self.configuration, window) for window in windows) * DELAY
        return min(self.configuration.delays.get(windows[0], half), half)


class DelayedView(Delayed):
    """Keeps named views of the customers, in which each change becomes visible after a delay."""

    def record_change(
        self,
        view: str,
        request: ApiRequest,
        before: Customer | None,
        after: Customer | None,
        delay: float,
    ) -> None:
        """Makes a change visible in a view after a delay; an initial customer is visible at once."""
        if not request.number:
            delay = 0.0
        customer_id = after.id if after is not None else before.id if before is not None else ""
        self.pending_changes(view, request).append((self.now() + delay, customer_id, after))

    def pending_changes(self, view: str, request: ApiRequest) -> list[PendingChange]:
        """The changes that are not yet visible in a view, in the order of writes."""
        pending: list[PendingChange] = self.state[f"{view} pending"].setdefault(request.tenant.name, [])
        return pending

    def customers_in(self, view: str, request: ApiRequest) -> dict[str, Customer]:
        """The customers that are visible in a view now, in the order of creation."""
        customers: dict[str, Customer] = self.state[view].setdefault(request.tenant.name, {})
        pending = self.pending_changes(view, request)
        while pending and pending[0][0] <= self.now():
            _, customer_id, after = pending.pop(0)
            if after is None:
                customers.pop(customer_id, None)
            else:
                customers[customer_id] = after
        return customers


@variation(delays="index", index=WINDOW)
class EventualLists(DelayedView):
    """Every change becomes visible in lists and searches after half of the index window."""

    def on_change(self, request: ApiRequest, before: Customer | None, after: Customer | None) -> None:
        super().on_change(request, before, after)
        self.record_change("index", request, before, after, self.delay("index"))

    def indexed_customers(self, request: ApiRequest) -> Iterable[Customer]:
        return list(self.customers_in("index", request).values())


@variation(index=WINDOW)
class ReplicasDiffer(EventualLists):
    """Two replicas serve lists and searches alternately; one lags by half of the index window."""

    def indexed_customers(self, request: ApiRequest) -> Iterable[Customer]:
        delayed = list(super().indexed_customers(request))
        return delayed if self.increment("replica") % 2 else list(request.tenant.customers.values())


@variation(delays="read", read=WINDOW)
class LateReads(DelayedView):
    """Every change becomes visible in get after half of the read window, a deletion as well."""

    def on_change(self, request: ApiRequest, before: Customer | None, after: Customer | None) -> None:
        super().on_change(request, before, after)
        self.record_change("reads", request, before, after, self.delay("read"))

    def find_customer(self, request: ApiRequest) -> Customer | None:
        if request.operation != "get":
            return super().find_customer(request)
        return self.customers_in("reads", request).get(request.customer_number)


@variation(read=WINDOW)
class ReadReplicasDiffer(DelayedView):
    """Two replicas serve get alternately; one lags by half of the read window, deletions included."""

    def find_customer(self, request: ApiRequest) -> Customer | None:
        current = super().find_customer(request)
        if request.operation != "get":
            return current
        delayed = self.customers_in("reads", request).get(request.customer_number)
        return delayed if self.increment("read replica") % 2 else current

    def on_change(self, request: ApiRequest, before: Customer | None, after: Customer | None) -> None:
        super().on_change(request, before, after)
        self.record_change("reads", request, before, after, self.delay("read"))


@variation(delays="deletion", deletion=WINDOW, index=WINDOW)
class AsynchronousDeletion(Delayed):
    """A deleted customer stays visible in get, lists and searches for half of the deletion window."""

    def delete_customer(self, request: ApiRequest, customer: Customer) -> None:
        super().delete_customer(request, customer)
        end = self.now() + self.delay("deletion", "index")
        self.visible_deletions(request)[customer.id] = (end, customer)

    def visible_deletions(self, request: ApiRequest) -> dict[str, tuple[float, Customer]]:
        """The deleted customers that are still visible, each with the end of its visibility."""
        deletions: dict[str, Any] = self.state["visible deletions"].setdefault(request.tenant.name, {})
        for customer_id in [each for each, (end, _) in deletions.items() if end <= self.now()]:
            del deletions[customer_id]
        return deletions

    def find_customer(self, request: ApiRequest) -> Customer | None:
        found = super().find_customer(request)
        deletions = self.visible_deletions(request)
        if found is None and request.operation == "get" and request.customer_number in deletions:
            return deletions[request.customer_number][1]
        return found

    def indexed_customers(self, request: ApiRequest) -> Iterable[Customer]:
        existing = {customer.id: customer for customer in super().indexed_customers(request)}
        deletions = self.visible_deletions(request)
        return [*existing.values(), *(c for i, (_, c) in deletions.items() if i not in existing)]
