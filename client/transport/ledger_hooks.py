"""What an exchange means for the ledger."""

from dataclasses import dataclass

from client.exchange import Exchange
from client.lifecycle.ledger import Ledger
from client.transport.foreign_customers import ForeignCustomers
from client.transport.prepared_request import PreparedRequest


@dataclass(frozen=True, slots=True)
class Note:
    """Taken before a request leaves: its intention where it may create, and the ledger's clock."""

    intention: int | None
    clock: int


class Notes:
    """Writes intentions before requests leave and outcomes after their answers."""

    def __init__(self, ledger: Ledger, strangers: ForeignCustomers) -> None:
        self._ledger = ledger
        self._strangers = strangers

    def before(self, outgoing: PreparedRequest) -> Note:
        """Write down what the request may create."""
        intention = None
        if self._may_create(outgoing):
            tenant = outgoing.address.tenant or ""
            intention = self._ledger.intend(tenant, id=outgoing.intended_id, email=outgoing.intended_email)
        return Note(intention, self._ledger.clock())

    def after(self, note: Note, outgoing: PreparedRequest, exchange: Exchange) -> None:
        """Write down what the answer says."""
        success = 200 <= exchange.status < 300
        if note.intention is not None:
            id = self._created_id(outgoing, exchange) if success else None
            if id is not None and not self._strangers.know(outgoing.address.tenant or "", id):
                self._ledger.created(note.intention, id)
            elif 400 <= exchange.status < 500:
                self._ledger.refused(note.intention)
            else:
                self._ledger.answered(note.intention)
        elif outgoing.kind == "delete" and success:
            tenant, id = outgoing.address.tenant, outgoing.address.id
            if tenant is not None and id is not None:
                self._ledger.deleted(tenant, id, note.clock)

    def lost(self, note: Note) -> None:
        """Write down that no answer came."""
        if note.intention is not None:
            self._ledger.lost(note.intention)

    def _may_create(self, outgoing: PreparedRequest) -> bool:
        if outgoing.kind in ("create", "upsert"):
            return True
        if outgoing.reads or outgoing.kind == "delete":
            return False
        # A patch changes what exists; only of an unknown customer could a faulty tenant make a new one.
        tenant, id = outgoing.address.tenant, outgoing.address.id
        return tenant is not None and not (id is not None and self._ledger.alive(tenant, id))

    @staticmethod
    def _created_id(outgoing: PreparedRequest, exchange: Exchange) -> str | None:
        if outgoing.address.id is not None:
            return outgoing.address.id
        answered = exchange.json.get("id") if isinstance(exchange.json, dict) else None
        return answered if isinstance(answered, str) and answered else None
