"""The ledger: what this run makes on somebody's tenant, on disk before the request leaves.

One JSON object a line. `run` names the run and its target; `intend` says that a request which may create a
customer is about to leave; `created`, `refused`, `answered` and `lost` tell how it ended; `deleted` that a
customer was deleted.
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from client.errors import TenantError
from client.lifecycle.ledger_lock import lock


@dataclass(slots=True)
class Intention:
    """A request that may create a customer; `id` and `email` as far as its body or path named them."""

    number: int
    tenant: str
    id: str | None
    email: str | None
    outcome: str | None = None


@dataclass(slots=True)
class _Customer:
    alive: bool = True
    last_write: int = 0


@dataclass(frozen=True, slots=True)
class Named:
    """A customer by tenant and id."""

    tenant: str
    id: str


class Ledger:
    """What a run intended, created and deleted; appends and flushes, safe between threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.header: Mapping[str, Any] = {}
        self._lock = threading.RLock()
        self._clock = 0
        self._intentions: dict[int, Intention] = {}
        self._customers: dict[Named, _Customer] = {}
        self._in_flight: Counter[Named] = Counter()
        self._file: Any = None
        self._numbered = 0
        self.settled = 0
        self.created_count = 0

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a ledger, also that of a run which was killed: a torn last line is left out."""
        ledger = cls(path)
        for line in _lines(path):
            ledger._replay(line)
        return ledger

    def open(self, header: Mapping[str, Any]) -> None:
        """Begin to append, after what is there already; TenantError where the file cannot be written.

        Holds a lock on the file until it is closed, so that a sweep leaves a run in progress alone.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            torn = self.path.exists() and not (self.path.read_bytes() or b"\n").endswith(b"\n")
            self._file = self.path.open("a", encoding="utf-8")
        except OSError as error:
            reason = (error.strerror or "no reason given").lower()
            raise TenantError(
                f"the ledger {self.path} cannot be written ({reason}); name a writable --report-dir."
            ) from None
        if not lock(self._file):
            self._file.close()
            self._file = None
            raise TenantError(f"the run of the ledger {self.path} is still in progress; let it end first.")
        if torn:
            self._file.write("\n")
        if not self.header:
            self._note({"event": "run", **header})
            self.header = dict(header)

    def intend(self, tenant: str, *, id: str | None = None, email: str | None = None) -> int:
        """Write down, before the request leaves, that it may create a customer; the intention's number."""
        with self._lock:
            number = self._numbered + 1
            event = {"event": "intend", "number": number, "tenant": tenant, "id": id, "email": email}
            self._note(event)
            self._apply(event)
            return number

    def created(self, number: int, id: str) -> None:
        """The answer says that the customer exists now, under this id."""
        self._record({"event": "created", "number": number, "id": id})

    def refused(self, number: int) -> None:
        """The answer says that nothing was created."""
        self._record({"event": "refused", "number": number})

    def answered(self, number: int) -> None:
        """The answer leaves open what was created: a 5xx, or success without an id."""
        self._record({"event": "answered", "number": number})

    def lost(self, number: int) -> None:
        """No answer came."""
        self._record({"event": "lost", "number": number})

    def clock(self) -> int:
        """The moment to pass to `deleted`; read it before the deletion is sent."""
        with self._lock:
            return self._clock

    def deleted(self, tenant: str, id: str, since: int) -> None:
        """The tenant accepted the deletion that was sent after `since`.

        A customer that another request may have created anew in the meantime stays on the ledger.
        """
        with self._lock:
            name = Named(tenant, id)
            customer = self._customers.get(name)
            if customer is None or not customer.alive or self._in_flight[name] or customer.last_write > since:
                return
            self._record({"event": "deleted", "tenant": tenant, "id": id})

    def knows(self, tenant: str, id: str) -> bool:
        """Whether this run created a customer with exactly this id, deleted since or not."""
        with self._lock:
            return Named(tenant, id) in self._customers

    def alive(self, tenant: str, id: str) -> bool:
        """Whether the customer exists, by the answers that came."""
        with self._lock:
            customer = self._customers.get(Named(tenant, id))
            return customer is not None and customer.alive

    def outstanding(self) -> tuple[Named, ...]:
        """The customers that were created and not deleted since."""
        with self._lock:
            return tuple(name for name, customer in self._customers.items() if customer.alive)

    def ever_created(self) -> tuple[Named, ...]:
        """Every customer that was created, deleted since or not."""
        with self._lock:
            return tuple(self._customers)

    def intentions(self) -> tuple[Intention, ...]:
        """Every intention so far, in order."""
        with self._lock:
            return tuple(self._intentions.values())

    def unresolved(self) -> tuple[Intention, ...]:
        """The intentions of which no answer says how they ended."""
        return tuple(i for i in self.intentions() if i.outcome not in ("created", "refused"))

    def settle(self) -> None:
        """Forget the customers that were created and deleted, and the intentions: the tenant shows none of them.

        Only for when nothing is under way. `settled` counts those forgotten; the file keeps them.
        """
        with self._lock:
            gone = [name for name, customer in self._customers.items() if not customer.alive]
            for name in gone:
                del self._customers[name]
            self.settled += len(gone)
            self._intentions.clear()
            self._in_flight.clear()

    def tenants(self) -> frozenset[str]:
        """The tenants in which the run meant to create something."""
        return frozenset(intention.tenant for intention in self.intentions())

    def close(self) -> None:
        """Stop appending and let go of the file."""
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _record(self, event: dict[str, Any]) -> None:
        with self._lock:
            self._note(event)
            self._apply(event)

    def _note(self, event: dict[str, Any]) -> None:
        if self._file is not None:
            self._file.write(json.dumps({**event, "at": round(time.time(), 3)}) + "\n")
            self._file.flush()

    def _apply(self, event: Mapping[str, Any]) -> None:
        self._clock += 1
        match event["event"]:
            case "intend":
                number = int(event["number"])
                self._numbered = max(self._numbered, number)
                intention = Intention(number, event["tenant"], event["id"], event["email"])
                self._intentions[number] = intention
                if intention.id is not None:
                    self._in_flight[Named(intention.tenant, intention.id)] += 1
            case "created" | "refused" | "answered" | "lost" as outcome:
                self._resolve(self._intentions[int(event["number"])], outcome, event.get("id"))
            case "deleted":
                name = Named(event["tenant"], event["id"])
                self._customers.setdefault(name, _Customer()).alive = False

    def _resolve(self, intention: Intention, outcome: str, id: str | None) -> None:
        if intention.id is not None and intention.outcome is None:
            self._in_flight[Named(intention.tenant, intention.id)] -= 1
        intention.outcome = outcome
        if outcome == "created" and id is not None:
            name = Named(intention.tenant, id)
            customer = self._customers.setdefault(name, _Customer(alive=False))
            self.created_count += not customer.alive
            customer.alive, customer.last_write = True, self._clock

    def _replay(self, event: Mapping[str, Any]) -> None:
        try:
            if event["event"] == "run":
                self.header = self.header or {k: v for k, v in event.items() if k not in ("event", "at")}
            else:
                self._apply(event)
        except (KeyError, TypeError, ValueError):
            return  # a line of another version, or one torn in the middle and continued


def _lines(path: Path) -> Iterator[Mapping[str, Any]]:
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict):
            yield event
