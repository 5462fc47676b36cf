"""The ledger: what a request may create is on disk before the request is sent, and what came of it after."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from client.exchange import Exchange
from client.json_values import text_member
from client.lifecycle.ledger import Ledger
from client.lifecycle.run import RUN_PREFIX
from client.transport.recorder import exchange_of
from client.transport.requests.prepared_request import PreparedRequest

_MAX_IDS: Final = 100_000  # a run that has received more ids of foreign customers records no further ones


@dataclass(frozen=True, eq=False)
class LedgerTransport(httpx.BaseTransport):
    """Writes to the ledger before each request that may create or delete a customer, and after its response.

    `foreign` are the customers, by tenant and id, that were received with an e-mail address that no run assigns. A
    response that claims to have created one of them is not trusted: the run would own, and delete, it.
    """

    inner: httpx.BaseTransport
    ledger: Ledger
    prefix: str
    foreign: set[tuple[str, str]] = field(default_factory=set)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request; record what it may create before, and the outcome after."""
        prepared = PreparedRequest.of(request)
        tenant, id, sent_at = prepared.address.tenant, prepared.address.id, self.ledger.clock()
        entry = None
        if self._may_create(prepared):
            entry = self.ledger.record_intent(
                tenant,
                id=prepared.intended_id,
                email=prepared.intended_email,
                mark=_mark(prepared.body or b"", self.prefix),
            )
        if prepared.adds_address:
            self.ledger.record_address(tenant, id, text_member(prepared.body_json, "id"))
        try:
            response = self.inner.handle_request(request)
        except BaseException:
            if entry is not None:
                self.ledger.record_lost(entry)
            raise
        exchange = exchange_of(response)
        if prepared.is_safe and exchange.status == 200 and len(self.foreign) < _MAX_IDS:
            customers = exchange.json if isinstance(exchange.json, list) else [exchange.json]
            self.foreign.update((tenant, customer["id"]) for customer in customers if _is_foreign(customer))
        if prepared.adds_address and response.is_success:
            self.ledger.record_address(tenant, id, text_member(exchange.json, "id"))
        if entry is not None:
            self._record_outcome(entry, prepared, exchange)
        elif prepared.kind == "delete" and response.is_success:
            self.ledger.record_deleted(tenant, id, sent_at)
        return response

    def _may_create(self, prepared: PreparedRequest) -> bool:
        if prepared.kind in ("create", "upsert"):
            return True
        if prepared.is_safe or prepared.kind == "delete":
            return False
        # A patch changes what exists; only of an unknown customer could a faulty tenant make a new one.
        return not self.ledger.is_alive(prepared.address.tenant, prepared.address.id)

    def _record_outcome(self, entry: int, prepared: PreparedRequest, exchange: Exchange) -> None:
        id = prepared.address.id or text_member(exchange.json, "id")
        is_success = 200 <= exchange.status < 300
        if is_success and id is not None and (prepared.address.tenant, id) not in self.foreign:
            self.ledger.record_created(entry, id)
        elif 400 <= exchange.status < 500:
            self.ledger.record_rejected(entry)
        else:
            self.ledger.record_ambiguous(entry)


def _mark(body: bytes, prefix: str) -> str | None:
    """The first word of the body that begins with the prefix, in UTF-8 or UTF-16."""
    pattern = rb"(?<![\w@.-])" + re.escape(prefix.encode("ascii")) + rb"[\w@.-]+"
    found = re.search(pattern, body.replace(b"\0", b""))
    return None if found is None else found[0].decode("utf-8", "replace")


def _is_foreign(customer: Any) -> bool:
    """Whether this is a customer with an id and an e-mail address, neither of them of a run."""
    id, email = text_member(customer, "id"), text_member(customer, "contactEmail")
    return (
        id is not None
        and email is not None
        and "@" in email
        and not (RUN_PREFIX.match(id) or RUN_PREFIX.match(email))
    )
