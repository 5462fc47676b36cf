"""Other people's customers, as far as the run has met them: a tenant that says one of them is ours is not believed."""

import threading
from typing import Any, Final

from client.exchange import Exchange
from client.lifecycle.run import NAMED
from client.transport.prepared_request import PreparedRequest

_KEPT: Final = 100_000  # ids; a run that has met more of them forgets none, and learns no more


class ForeignCustomers:
    """Who was seen with an address that no run gives anybody; safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._met: set[tuple[str, str]] = set()

    def see(self, outgoing: PreparedRequest, exchange: Exchange) -> None:
        """Take in the customers that an answer to a question shows."""
        tenant = outgoing.address.tenant
        if not outgoing.reads or tenant is None or exchange.status != 200:
            return
        shown = exchange.json if isinstance(exchange.json, list) else [exchange.json]
        ids = {(tenant, customer["id"]) for customer in shown if _is_strange(customer)}
        with self._lock:
            if len(self._met) < _KEPT:
                self._met |= ids

    def know(self, tenant: str, id: str) -> bool:
        """Whether this is somebody else's customer."""
        with self._lock:
            return (tenant, id) in self._met


def _is_strange(customer: Any) -> bool:
    if not isinstance(customer, dict) or not isinstance(customer.get("id"), str):
        return False
    email = customer.get("contactEmail")
    named = NAMED.match(customer["id"]) or (isinstance(email, str) and NAMED.match(email))
    return isinstance(email, str) and "@" in email and not named
