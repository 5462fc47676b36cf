"""The ledger: a write-ahead log of the customers that a run creates.

One JSON object per line. `run` identifies the run and its target. `intend` precedes each request that may
create a customer; `created`, `refused`, `answered` (ambiguous) or `lost` (no response) follows it; `deleted`
records an accepted deletion, and `address` an address of a customer, before and after the request that adds it. The
other events and keys are those of the first edition, so its ledgers stay readable.
"""

import json
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Literal, Self

from client.errors import ConfigurationError, LedgerLocked
from client.locks import try_lock

Outcome = Literal["refused", "answered", "lost"]
"""How a create ended that confirmed no customer: rejected (4xx) or not sent; answered ambiguously; no response."""


@dataclass(frozen=True, slots=True, order=True)
class CustomerKey:
    """A customer by tenant and id."""

    tenant: str
    id: str


@dataclass(slots=True)
class PendingCreate:
    """A request that may create a customer and whose response did not confirm one.

    `id` and `email` are those that the request names, `mark` is a text of this run in its body, and `at` is when it was
    sent (seconds since the epoch). `outcome` is None while the request is in flight.
    """

    number: int
    tenant: str
    id: str | None
    email: str | None
    mark: str | None = None
    at: float = 0.0
    outcome: Outcome | None = None

    @property
    def sent_at(self) -> str:
        """When the request was sent, in UTC to the second (RFC 3339)."""
        return datetime.fromtimestamp(self.at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Ledger:
    """What a run may have created, created and deleted; appends and flushes, safe between threads.

    `Ledger(path)` reads a ledger, also that of a killed run (a torn last line is skipped), and is empty without a file.
    `Ledger.open` appends to it.
    """

    def __init__(self, path: Path, file: IO[str] | None = None) -> None:
        self.path = path
        self.header: Mapping[str, Any] = {}
        self.compacted = 0
        """Deleted customers that `compact` removed from memory."""
        self._file = file
        self._lock = threading.RLock()
        self._last_number = 0
        self._pending: dict[int, PendingCreate] = {}
        self._customers: dict[CustomerKey, int | None] = {}
        """The number of the create that confirmed each customer last; None once it is deleted."""
        self._addresses: dict[CustomerKey, set[str]] = {}
        for event in _events(path):
            with suppress(KeyError, TypeError, ValueError):  # of another version, or torn and continued
                self._apply(event)

    @classmethod
    def open(cls, path: Path, header: Mapping[str, Any]) -> Self:
        """Start to append; the file stays locked until `close`, so that no sweep touches a run in progress.

        Forks keep it locked until they have ended, too. Killed workers may have left ledgers of their own.
        TenantError if the file cannot be written or another process has locked it.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = path.open("a+", encoding="utf-8")
        except OSError as error:
            raise ConfigurationError(
                f"the ledger {path} cannot be written ({_reason(error)}); name a writable --report-dir."
            ) from None
        if not try_lock(file):
            file.close()
            raise LedgerLocked(f"the run of the ledger {path} is still in progress; let it end first.")
        ledger = cls(path, file)
        if not (path.read_bytes() or b"\n").endswith(b"\n"):  # the last line is torn
            file.write("\n")
        if not ledger.header:
            ledger._record({"event": "run", **header})
        ledger.absorb_workers()
        return ledger

    def absorb_workers(self) -> None:
        """Take over the ledgers of the workers of this run, which must have ended, and delete their files.

        The creates of a worker get numbers after those that are in use.
        """
        for path in sorted(self.path.parent.glob(f"{self.path.stem}.*.jsonl")):
            with self._lock:
                before = self._last_number
                for event in _events(path):
                    with suppress(KeyError, TypeError, ValueError):  # a torn line
                        number = {"number": event["number"] + before} if "number" in event else {}
                        if event["event"] != "run":
                            self._record({**event, **number})
            path.unlink()

    def record_intent(
        self, tenant: str, *, id: str | None = None, email: str | None = None, mark: str | None = None
    ) -> int:
        """Record, before a request is sent, that it may create a customer; returns the number of the create."""
        intended = {"tenant": tenant, "id": id, "email": email, "mark": mark}
        with self._lock:
            number = self._last_number + 1
            self._record({"event": "intend", "number": number, **intended})
            return number

    def record_created(self, number: int, id: str) -> None:
        """Record that the response confirms a customer with this id."""
        self._record({"event": "created", "number": number, "id": id})

    def record_outcome(self, number: int, outcome: Outcome) -> None:
        """Record that the create ended without a confirmed customer."""
        self._record({"event": outcome, "number": number})

    def record_address(self, customer: CustomerKey, id: str | None) -> None:
        """Record that the customer may have an address, with this id if it is known."""
        self._record({"event": "address", "tenant": customer.tenant, "customer": customer.id, "id": id})

    def addresses(self) -> Mapping[CustomerKey, frozenset[str]]:
        """The known ids of addresses, by the customers that may have one."""
        with self._lock:
            return {customer: frozenset(ids) for customer, ids in self._addresses.items()}

    def creation(self, customer: CustomerKey) -> int | None:
        """The number of the create that confirmed the customer last; None if it does not exist as far as is known."""
        return self._customers.get(customer)

    def record_deleted(self, customer: CustomerKey, creation: int | None) -> None:
        """Record that the tenant accepted a deletion; `creation` is what it was when the deletion was sent.

        Ignored if another request may have created the customer again in the meantime.
        """
        with self._lock:
            is_current = creation is not None and creation == self.creation(customer)
            if is_current and not self._is_in_flight(customer):
                self._record({"event": "deleted", "tenant": customer.tenant, "id": customer.id})

    def contains(self, customer: CustomerKey) -> bool:
        """Whether this run created a customer with exactly this id, deleted since or not."""
        return customer in self._customers

    def outstanding(self) -> tuple[CustomerKey, ...]:
        """The customers that were created and not deleted since."""
        with self._lock:
            return tuple(key for key, creation in self._customers.items() if creation is not None)

    def ever_created(self) -> tuple[CustomerKey, ...]:
        """Every customer that was created, deleted since or not."""
        with self._lock:
            return tuple(self._customers)

    def pending_creates(self) -> tuple[PendingCreate, ...]:
        """The creates without a confirmed customer, in order; also rejected ones, which may have had an effect."""
        with self._lock:
            return tuple(self._pending.values())

    def unresolved(self) -> tuple[PendingCreate, ...]:
        """The pending creates that were not rejected either."""
        return tuple(create for create in self.pending_creates() if create.outcome != "refused")

    def tenants(self) -> set[str]:
        """The tenants in which the run created customers, or may have."""
        created = {customer.tenant for customer in self.ever_created()}
        return created.union(create.tenant for create in self.pending_creates())

    def compact(self, unaccounted: Collection[PendingCreate] = ()) -> None:
        """Remove deleted customers and pending creates, but those unaccounted for, from memory; the file keeps all.

        Only while no request is in flight and after the tenant was found to have none of them.
        """
        with self._lock:
            alive = self.outstanding()
            self.compacted += len(self._customers) - len(alive)
            self._customers = {customer: self._customers[customer] for customer in alive}
            self._pending = {create.number: create for create in unaccounted}
            self._addresses = {key: ids for key, ids in self._addresses.items() if key in alive}

    def close(self) -> None:
        """Close and unlock the file."""
        with self._lock:
            if self._file is not None:
                self._file.close()
            self._file = None

    def _is_in_flight(self, customer: CustomerKey) -> bool:
        """Whether a request is under way that names the customer and may create it."""
        return any(
            create.outcome is None and (create.tenant, create.id) == (customer.tenant, customer.id)
            for create in self._pending.values()
        )

    def _record(self, event: Mapping[str, Any]) -> None:
        """Write an event to the file, with its time (seconds since the epoch), and apply it."""
        with self._lock:
            event = {**event, "at": event.get("at", round(time.time(), 3))}
            if self._file is not None:
                self._file.write(json.dumps(event) + "\n")
                self._file.flush()
            self._apply(event)

    def _apply(self, event: Mapping[str, Any]) -> None:
        match event["event"]:
            case "run":
                self.header = self.header or {k: v for k, v in event.items() if k not in ("event", "at")}
            case "intend":
                number = int(event["number"])
                self._last_number = max(self._last_number, number)
                names = (event["tenant"], event["id"], event["email"], event.get("mark"))
                self._pending[number] = PendingCreate(number, *names, at=float(event["at"]))
            case "created":
                id, create = event["id"], self._pending.pop(int(event["number"]))
                self._customers[CustomerKey(create.tenant, id)] = create.number
            case "refused" | "answered" | "lost" as outcome:
                self._pending[int(event["number"])].outcome = outcome
            case "address":
                ids = self._addresses.setdefault(CustomerKey(event["tenant"], event["customer"]), set())
                ids.update(filter(None, [event["id"]]))
            case "deleted":
                self._customers[CustomerKey(event["tenant"], event["id"])] = None


def _events(path: Path) -> Iterator[Mapping[str, Any]]:
    """The events in the file, in order; a line that is no event, such as a torn one, is skipped.

    ConfigurationError where the file cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return
    except OSError as error:
        raise ConfigurationError(
            f"the ledger {path} cannot be read ({_reason(error)}); correct its permissions."
        ) from None
    for line in text.splitlines():
        with suppress(ValueError):
            event = json.loads(line)
            if isinstance(event, dict):
                yield event


def _reason(error: OSError) -> str:
    return (error.strerror or "no reason given").lower()
