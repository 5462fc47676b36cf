"""The ledger: what a request may create is on disk before the request is sent, and what came of it after."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from client.errors import TenantError
from client.exchange import Exchange
from client.json_values import text_member
from client.lifecycle.ledger import CustomerKey, Ledger
from client.lifecycle.run import RUN_PREFIX
from client.transport.recorder import exchange_of, was_sent
from client.transport.requests.prepared_request import PreparedRequest

_MAX_IDS: Final = 100_000  # a run that has received more ids of foreign customers records no further ones


@dataclass(frozen=True, eq=False)
class LedgerTransport(httpx.BaseTransport):
    """Writes to the ledger before each request that may create or delete a customer, and after its response.

    `foreign` are the customers that were received with an e-mail address that no run assigns. A
    response that claims to have created one of them is not trusted: the run would own, and delete, it.
    """

    inner: httpx.BaseTransport
    ledger: Ledger
    prefix: str
    foreign: set[CustomerKey] = field(default_factory=set)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request; record what it may create before, and the outcome after."""
        prepared = PreparedRequest.of(request)
        customer, creation = prepared.customer, self.ledger.creation(prepared.customer)
        number = self._record_intent(prepared) if self._may_create(prepared) else None
        if prepared.adds_address:
            self.ledger.record_address(customer, text_member(prepared.body_json, "id"))
        try:
            response = self.inner.handle_request(request)
        except BaseException as error:
            if number is not None:
                is_unsent = isinstance(error, TenantError) and not was_sent(request)
                self.ledger.record_outcome(number, "refused" if is_unsent else "lost")
            raise
        exchange = exchange_of(response)
        if prepared.is_safe:
            self._collect_foreign(customer.tenant, exchange)
        if number is not None:
            self._record_outcome(number, prepared, exchange)
        elif prepared.kind == "delete" and response.is_success:
            self.ledger.record_deleted(customer, creation)
        if prepared.adds_address and response.is_success:
            self.ledger.record_address(customer, text_member(exchange.json, "id"))
        return response

    def _collect_foreign(self, tenant: str, exchange: Exchange) -> None:
        if exchange.status == 200 and len(self.foreign) < _MAX_IDS:
            received = exchange.json if isinstance(exchange.json, list) else [exchange.json]
            self.foreign.update(CustomerKey(tenant, each["id"]) for each in received if _is_foreign(each))

    def _may_create(self, prepared: PreparedRequest) -> bool:
        if prepared.kind in ("create", "upsert"):
            return True
        if prepared.is_safe or prepared.kind == "delete":
            return False
        # A patch changes what exists; only of an unknown customer could a faulty tenant make a new one.
        return self.ledger.creation(prepared.customer) is None

    def _record_intent(self, prepared: PreparedRequest) -> int:
        return self.ledger.record_intent(
            prepared.address.tenant,
            id=prepared.intended_id,
            email=prepared.intended_email,
            mark=_mark(prepared.body or b"", self.prefix),
        )

    def _record_outcome(self, number: int, prepared: PreparedRequest, exchange: Exchange) -> None:
        tenant, id = prepared.address.tenant, prepared.address.id or text_member(exchange.json, "id")
        is_success = 200 <= exchange.status < 300
        if is_success and id is not None and CustomerKey(tenant, id) not in self.foreign:
            self.ledger.record_created(number, id)
        else:
            is_rejected = 400 <= exchange.status < 500
            self.ledger.record_outcome(number, "refused" if is_rejected else "answered")


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
