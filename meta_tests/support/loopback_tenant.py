"""A tiny tenant on 127.0.0.1 with faults on demand, for tests of the client."""

import json
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True)
class Seen:
    """A request as it arrived; `target` exactly as in the request line."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> dict[str, str]:
        return {k: v[-1] for k, v in parse_qs(urlsplit(self.target).query, keep_blank_values=True).items()}

    @property
    def form(self) -> dict[str, str]:
        return {k: v[-1] for k, v in parse_qs(self.body.decode()).items()}

    @property
    def is_token(self) -> bool:
        return self.path.endswith("/oauth/token")


@dataclass(frozen=True)
class Reply:
    """A response; `drop` closes the connection instead, `act` executes the request before that.

    `body` is sent as JSON, `chunks` instead of it as they are, in the chunked coding of RFC 9112 section 7.1.
    """

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    chunks: Iterable[bytes] | None = None
    drop: bool = False
    act: bool = False


Fault = Callable[[Seen], Reply | None]


class LoopbackTenant:
    """Customers in a dictionary, tokens in a counter, and a list of faults that may respond first."""

    def __init__(self) -> None:
        self.customers: dict[tuple[str, str], dict[str, Any]] = {}
        self.seen: list[Seen] = []
        self.faults: list[Fault] = []
        self.lock = threading.Lock()
        self.tokens = 0
        self.life: object = 14399
        self.granted: str | None = None
        self.secrets = {"id-1": "secret-one", "id-2": "secret-two", "id-3": "secret-three"}
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environ(self, **more: str) -> dict[str, str]:
        return {
            "EMPORIX_API_URL": self.url,
            "EMPORIX_TENANT": "acme",
            "EMPORIX_CLIENT_ID": "id-1",
            "EMPORIX_CLIENT_SECRET": "secret-one",
            **more,
        }

    def count(self, method: str, part: str = "") -> int:
        return sum(seen.method == method and part in seen.target for seen in self.seen)

    def answer(self, seen: Seen) -> Reply:
        with self.lock:
            self.seen.append(seen)
            faults = list(self.faults)
        for fault in faults:
            if (reply := fault(seen)) is not None:
                if reply.act:
                    self._act(seen)
                return reply
        return self._act(seen)

    def _act(self, seen: Seen) -> Reply:
        with self.lock:
            return self._token(seen) if seen.is_token else self._customers(seen)

    def _token(self, seen: Seen) -> Reply:
        form = seen.form
        if self.secrets.get(form.get("client_id", "")) != form.get("client_secret"):
            return Reply(401, {"error": "invalid_client"})
        self.tokens += 1
        scope = form["scope"] if self.granted is None else self.granted
        answer = {"access_token": f"token-number-{self.tokens}", "expires_in": self.life, "scope": scope}
        return Reply(200, {**answer, "token_type": "Bearer"})

    def _customers(self, seen: Seen) -> Reply:
        if not seen.headers.get("authorization", "").startswith("Bearer token-"):
            return Reply(401, {"fault": {"faultstring": "Invalid access token"}})
        match = re.fullmatch(r"/customer/([^/]*)/customers(?:/([^/]+))?", seen.path)
        if match is None:
            return Reply(404, {"message": "nowhere"})
        tenant, id = match[1], unquote(match[2]) if match[2] else None
        body = json.loads(seen.body) if seen.body else {}
        if id is None:
            return self._create(tenant, body) if seen.method == "POST" else self._list(tenant, seen)
        known = (tenant, id) in self.customers
        if seen.method == "PUT":
            self.customers[tenant, id] = {**body, "id": id}
            return Reply(204) if known else Reply(201, {"id": id})
        if not known:
            return Reply(404, {"message": "Customer not Found"})
        if seen.method == "DELETE":
            del self.customers[tenant, id]
            return Reply(202)
        if seen.method == "PATCH":
            self.customers[tenant, id].update(body)
            return Reply(200)
        return Reply(200, self.customers[tenant, id])

    def _create(self, tenant: str, body: dict[str, Any]) -> Reply:
        id = body.get("id") or f"generated{len(self.seen)}"
        taken = {c.get("contactEmail") for (owner, _), c in self.customers.items() if owner == tenant}
        if (tenant, id) in self.customers or (body.get("contactEmail") or object()) in taken:
            return Reply(409, {"message": "Duplicate account"})
        self.customers[tenant, id] = {**body, "id": id}
        return Reply(201, {"id": id})

    def _list(self, tenant: str, seen: Seen) -> Reply:
        name, _, value = seen.query.get("q", "").partition(":")
        found = [c for (owner, _), c in self.customers.items() if owner == tenant]
        if value.startswith("~"):
            found = [c for c in found if value[1:] in str(c.get(name))]
        elif value.startswith("("):
            found = [c for c in found if c.get(name) in value[1:-1].split(",")]
        elif value:
            found = [c for c in found if c.get(name) == value]
        size, page = int(seen.query.get("pageSize", 60)), int(seen.query.get("pageNumber", 1))
        return Reply(200, found[(page - 1) * size : page * size])


@contextmanager
def loopback_tenant() -> Iterator[LoopbackTenant]:
    """A tenant that accepts requests for as long as the block lasts."""
    tenant = LoopbackTenant()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = tenant.answer(Seen(self.command, self.path, headers, body))
            if reply.drop:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
                self.connection.close()
                return
            content = b"" if reply.body is None else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            if reply.chunks is not None:
                self.send_header("Transfer-Encoding", "chunked")
            elif reply.status != 204:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            for chunk in reply.chunks or ():
                self.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
            self.wfile.write(content if reply.chunks is None else b"0\r\n\r\n")
            self.wfile.flush()

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Write no log."""

        def finish(self) -> None:
            if not self.connection._closed:
                super().finish()

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A connection that a test dropped is no error."""

        def shutdown_request(self, request: Any) -> None:
            if not request._closed:
                super().shutdown_request(request)

    with Server(("127.0.0.1", 0), Handler) as server:
        tenant.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield tenant
        finally:
            server.shutdown()
            thread.join(5)


def times(number: int, reply: Reply, only: Callable[[Seen], bool] = lambda seen: not seen.is_token) -> Fault:
    """A fault that gives this reply to so many requests that match, and then no more."""
    left = [number]
    lock = threading.Lock()

    def fault(seen: Seen) -> Reply | None:
        with lock:
            if left[0] <= 0 or not only(seen):
                return None
            left[0] -= 1
            return reply

    return fault
