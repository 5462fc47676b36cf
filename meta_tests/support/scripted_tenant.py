"""A tenant in memory, asked as a real one is, for tests of how the suite asks and whom it blames."""

# ruff: noqa: ARG002 - a tenant takes every operation, whatever it looks at
import json
import re
import threading
from collections.abc import Callable, Mapping
from typing import Any, cast

from client import Client, Exchange
from client.transport.recorder import Recorder
from client.transport.write_tracker import Writes
from harness.polling import Windows
from harness.tenant_under_test import TenantUnderTest
from harness.test_record import TestRecord
from meta_tests.support.oracle_samples import Tenant
from oracle import Create, Delete, Get, Operation, Patch, Rules, Upsert

JSON = (("Content-Type", "application/json"),)
ID = re.compile(r"id:\((.*)\)")


class ScriptedClient:
    """Answers from a tenant in memory; a reader may only read."""

    def __init__(self, scripted: Tenant) -> None:
        self.scripted = scripted
        self.recorder = Recorder()
        self.writes = Writes()
        self.listed: Callable[[list[dict[str, Any]]], list[dict[str, Any]]] = lambda customers: customers
        self._clock = 0.0
        self._lock = threading.Lock()

    def identities(self) -> frozenset[str]:
        """Who can ask."""
        return frozenset({"client", "reader"})

    def home(self, identity: str) -> str:
        """The one tenant there is."""
        return "acme"

    def create(self, body: Any, **how: Any) -> Exchange:
        """POST of a body."""
        return self._performed(Create(body), "POST", "", body, how)

    def get(self, id: str, expand: str | None = None, **how: Any) -> Exchange:
        """GET of a customer."""
        return self._performed(Get(id), "GET", f"/{id}", None, how)

    def upsert(self, id: str, body: Any, **how: Any) -> Exchange:
        """PUT of a body."""
        return self._performed(Upsert(id, body), "PUT", f"/{id}", body, how)

    def patch(self, id: str, body: Any, **how: Any) -> Exchange:
        """PATCH of a customer."""
        return self._performed(Patch(id, body), "PATCH", f"/{id}", body, how)

    def delete(self, id: str, **how: Any) -> Exchange:
        """DELETE of a customer."""
        return self._performed(Delete(id), "DELETE", f"/{id}", None, how)

    def list(self, q: str = "", **how: Any) -> Exchange:
        """GET of the customers of a company, or of those with these ids."""
        return self._listed("list", q)

    def search(self, body: Mapping[str, str], **how: Any) -> Exchange:
        """The same by POST."""
        return self._listed("search", body.get("q", ""))

    def _performed(
        self, operation: Operation, method: str, below: str, body: Any, how: Mapping[str, Any]
    ) -> Exchange:
        path = f"/customer/acme/customers{below}"
        departure = self.writes.leaving(path) if method != "GET" else None
        forbidden = how.get("identity") == "reader" and method != "GET"
        with self._lock:
            status, told = (403, {}) if forbidden else self.scripted.answer(operation)
        exchange = self._exchange(operation.name, method, path, body, status, told)
        if departure is not None:
            self.writes.answered(departure, exchange)
        return exchange

    def _listed(self, operation: str, q: str) -> Exchange:
        ids = ID.fullmatch(q)
        wanted = ids.group(1).split(",") if ids else []
        with self._lock:
            everybody = [dict(each) for each in self.scripted.customers.values()]
        company = q.removeprefix("company:")
        found = [each for each in everybody if each["id"] in wanted or each.get("company") == company]
        return self._exchange(operation, "GET", "/customer/acme/customers", None, 200, self.listed(found))

    def _exchange(
        self, operation: str, method: str, path: str, sent: Any, status: int, told: Any
    ) -> Exchange:
        count = len(told) if isinstance(told, list) else 0
        headers = (*JSON, ("Count", str(count)))
        with self._lock:
            self._clock += 1.0
            started = self._clock
        body = b"" if told is ... else json.dumps(told).encode()
        request = None if sent is None else json.dumps(sent).encode()
        return self.recorder.record(
            operation,
            lambda number: Exchange(
                number,
                operation,
                "client",
                method,
                f"http://127.0.0.1{path}",
                path,
                (),
                request,
                status,
                headers,
                body,
                started,
                0.5,
            ),
        )


def asked(scripted: Tenant) -> tuple[TenantUnderTest, TestRecord]:
    """The tenant as tests ask it, and the trial that keeps what they see."""
    trial = TestRecord("a test", {}, lambda: ())
    rules = Rules(sites=("main", "DE"), restrictions=("DE", "AT"), active=True, on_hold=False)
    client = cast(Client, ScriptedClient(scripted))
    return TenantUnderTest(client, rules, Windows(0.0, 0.0, 0.0), lambda: trial), trial
