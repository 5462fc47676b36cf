"""A tenant in memory behind the driver that tests call, for tests of the harness."""

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import unquote, urlencode

import oracle
from client import ABSENT, Client, Exchange, Recorder
from client.transport.write_tracker import WriteTracker
from harness import TenantApi
from meta_tests.support.oracle_samples import RULES, Tenant

READS = ("get", "list", "search")
RULES_OF_API = oracle.Rules(
    sites=RULES.sites, restrictions=RULES.restrictions, custom_ids=True, active=True, on_hold=False
)
Customers = list[dict[str, Any]]


def exchange(
    operation: str = "get",
    status: int = 200,
    body: Any = ABSENT,
    *,
    number: int = 1,
    method: str = "GET",
    path: str = "/customer/acme/customers",
    params: Iterable[tuple[str, Any]] = (),
    sent: Any = ABSENT,
    headers: Iterable[tuple[str, str]] = (("Content-Type", "application/json"),),
    sent_headers: Iterable[tuple[str, str]] = (),
    identity: str = "client",
) -> Exchange:
    """An exchange with a response of this status and JSON body, or of these bytes; ABSENT: no body."""
    query = urlencode([*params])
    return Exchange(
        number=number,
        operation=operation,
        identity=identity,
        method=method,
        url=f"http://127.0.0.1{path}{'?' if query else ''}{query}",
        path=path,
        request_headers=tuple(sent_headers),
        request_body=None if sent is ABSENT else json.dumps(sent).encode(),
        status=status,
        response_headers=tuple(headers),
        response_body=body
        if isinstance(body, bytes)
        else b""
        if body is ABSENT
        else json.dumps(body).encode(),
        started=float(number),
        elapsed=0.5,
    )


@dataclass
class ScriptedClient:
    """Sends requests to a tenant in memory, as any thread; the identity `reader` may only read.

    result: what list and search return instead of the customers that the query selects; status: that of both.
    """

    tenant: Tenant
    result: Callable[[str, Customers], Customers] = lambda _, selected: selected
    status: int = 200
    writers: frozenset[str] = frozenset({"client"})
    recorder: Recorder = field(default_factory=Recorder)
    writes: WriteTracker = field(default_factory=WriteTracker)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def identities(self) -> frozenset[str]:
        """The identities that can send requests."""
        return frozenset({"client", "reader"})

    def tenant_of(self, identity: str) -> str:  # noqa: ARG002 - there is one tenant
        """The name of the only tenant."""
        return "acme"

    def send(
        self,
        method: str,
        path: str,
        *,
        operation: str,
        identity: str,
        json: Any = ABSENT,
        params: Iterable[tuple[str, Any]] = (),
        **_: Any,
    ) -> Exchange:
        """Execute the operation and record the exchange."""
        write = None if operation in READS else self.writes.begin(path)
        q = dict(params).get("q") or (json or {}).get("q") if operation in ("list", "search") else None
        body: Any
        with self.lock:
            if operation in ("list", "search"):
                status, body = self.status, self._page(str(q or ""), dict(params))
            elif write is not None and identity not in self.writers:
                status, body = 403, {}
            else:
                status, body = self.tenant.answer(_operation(operation, path, json))
        count = [("Count", str(len(body)))] if isinstance(body, list) else []
        details: dict[str, Any] = {"method": method, "path": path, "params": params, "sent": json}
        headers = [("Content-Type", "application/json"), *count]
        sent = self.recorder.record(
            operation,
            lambda number: exchange(
                operation, status, body, number=number, identity=identity, headers=headers, **details
            ),
        )
        if write is not None:
            self.writes.end(write, sent)
        return sent

    def _page(self, q: str, params: Mapping[str, Any]) -> Customers:
        """The first page of the result."""
        customers = [dict(each) for each in self.tenant.customers.values()]
        selected = self.result(q, oracle.select(customers, q) if q else customers)
        return selected[: int(params.get("pageSize", 60))]


def scripted_api(tenant: Tenant | None = None) -> tuple[TenantApi, ScriptedClient]:
    """The driver for a tenant in memory, and the client behind it."""
    client = ScriptedClient(tenant or Tenant())
    return TenantApi(cast(Client, client), rules=RULES_OF_API), client


@dataclass
class ScriptedSession:
    """The run of an EvidencePlugin. unmet: for a need of clauses, why the run does not meet it."""

    api: TenantApi
    unmet: Mapping[str, str] = field(default_factory=dict)

    def missing(self, need: str) -> str:
        """Why the need is not met; empty where it is."""
        return self.unmet.get(need, "")

    def exchanges(self, since: int) -> tuple[Exchange, ...]:
        """The recorded exchanges after a position."""
        return self.api.client.recorder.since(since)

    def check_interruption(self) -> None:
        """Nothing interrupts this run."""

    def mark(self) -> int:
        """The position of the recorder."""
        return self.api.client.recorder.mark()

    def redacted(self, text: str) -> str:
        """The text, in which there is no secret."""
        return text


def _operation(name: str, path: str, body: Any) -> oracle.Operation:
    customer_id = unquote(path.rpartition("/")[2])
    match name:
        case "create":
            return oracle.Create(body)
        case "get":
            return oracle.Get(customer_id)
        case "upsert":
            return oracle.Upsert(customer_id, body)
        case "patch":
            return oracle.Patch(customer_id, body)
        case _:
            return oracle.Delete(customer_id)
