"""Changes that show late, within the windows that the configuration allows."""

from collections.abc import Iterable
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.registry import variation
from mock_tenant.requests import Call
from mock_tenant.store import Customer

WINDOW = 0.6
# Half of the window, so that neither the network nor a busy machine carries a change out of it.
PART = 0.5


class Late(Behaviour):
    """Keeps what a reader sees apart from what is, and lets each change through when its time has come."""

    def note(self, view: str, call: Call, customer_id: str, after: Customer | None, delay: float) -> None:
        """Announces a change of one customer to a view."""
        self.queue(view, call).append((self.now() + delay, customer_id, after))

    def queue(self, view: str, call: Call) -> list[tuple[float, str, Customer | None]]:
        """The changes that a view has yet to see, the oldest first."""
        found: list[tuple[float, str, Customer | None]] = self.notes[f"{view} queue"].setdefault(
            call.tenant.name, []
        )
        return found

    def seen_in(self, view: str, call: Call) -> dict[str, Customer]:
        """The customers as a view sees them now, in the order of their creation."""
        customers: dict[str, Customer] = self.notes[view].setdefault(call.tenant.name, {})
        waiting = self.queue(view, call)
        while waiting and waiting[0][0] <= self.now():
            _, customer_id, after = waiting.pop(0)
            if after is None:
                customers.pop(customer_id, None)
            else:
                customers[customer_id] = after
        return customers


@variation(index=WINDOW)
class EventualLists(Late):
    """Lists and searches see every change half of the index window later."""

    def changed(self, call: Call, before: Customer | None, after: Customer | None) -> None:
        super().changed(call, before, after)
        customer_id = after.id if after is not None else before.id if before is not None else ""
        self.note("index", call, customer_id, after, self.configuration.index * PART)

    def known(self, call: Call) -> Iterable[Customer]:
        return list(self.seen_in("index", call).values())


@variation(index=WINDOW)
class ReplicasDiffer(EventualLists):
    """Lists and searches are answered by two replicas in turn, one of them half of the index window behind."""

    def known(self, call: Call) -> Iterable[Customer]:
        late = list(super().known(call))
        return late if self.turn("replica") % 2 else list(call.tenant.customers.values())


@variation(read=WINDOW)
class LateReads(Late):
    """Get sees every change but a deletion half of the read window later."""

    def changed(self, call: Call, before: Customer | None, after: Customer | None) -> None:
        super().changed(call, before, after)
        customer_id = after.id if after is not None else before.id if before is not None else ""
        delay = self.configuration.read * PART if after is not None else 0.0
        self.note("reads", call, customer_id, after, delay)

    def looked_up(self, call: Call) -> Customer | None:
        current = super().looked_up(call)
        if call.operation != "get":
            return current
        return self.seen_in("reads", call).get(call.customer_number) if current is not None else None


@variation(read=WINDOW, deletion=WINDOW)
class ReadReplicasDiffer(LateReads):
    """Gets are answered by two replicas in turn, one of them half of the read window behind, in deletions too."""

    def looked_up(self, call: Call) -> Customer | None:
        current = Behaviour.looked_up(self, call)
        if call.operation != "get":
            return current
        behind = self.seen_in("reads", call).get(call.customer_number)
        return behind if self.turn("read replica") % 2 else current

    def changed(self, call: Call, before: Customer | None, after: Customer | None) -> None:
        Behaviour.changed(self, call, before, after)
        customer_id = after.id if after is not None else before.id if before is not None else ""
        self.note("reads", call, customer_id, after, self.configuration.read * PART)


@variation(deletion=WINDOW, index=WINDOW)
class AsynchronousDeletion(Behaviour):
    """A deleted customer stays in get, lists and searches for half of the deletion window."""

    def erase(self, call: Call, customer: Customer) -> None:
        super().erase(call, customer)
        window = min(self.configuration.deletion, self.configuration.index)
        self.dying(call)[customer.id] = (self.now() + window * PART, customer)

    def dying(self, call: Call) -> dict[str, tuple[float, Customer]]:
        """The deleted customers that still show, with the end of each."""
        waiting: dict[str, Any] = self.notes["dying"].setdefault(call.tenant.name, {})
        for customer_id in [known for known, (end, _) in waiting.items() if end <= self.now()]:
            del waiting[customer_id]
        return waiting

    def looked_up(self, call: Call) -> Customer | None:
        found = super().looked_up(call)
        if found is None and call.operation == "get" and call.customer_number in self.dying(call):
            return self.dying(call)[call.customer_number][1]
        return found

    def known(self, call: Call) -> Iterable[Customer]:
        alive = {customer.id: customer for customer in super().known(call)}
        return [*alive.values(), *(c for i, (_, c) in self.dying(call).items() if i not in alive)]
