"""Trace context (W3C Trace Context): each request carries the trace id of its test and a span id of its own."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

import httpx

HEADER: Final = "traceparent"


class Trace:
    """The trace of what is being sent: one for each test of a run, one for everything outside of tests.

    A trace id follows from the run id and the test, so that every process of the run derives the same one.
    """

    def __init__(self, run_id: str) -> None:
        self._run_id = run_id
        self.begin("")

    def begin(self, test: str) -> None:
        """From now on requests belong to this test; to none if it is empty."""
        name = f"{self._run_id} {test}".encode("utf-8", "surrogatepass")
        self.id = hashlib.blake2b(name, digest_size=16).hexdigest()

    def header(self) -> str:
        """The value of the header for one request: version 00, trace id, span id, and the flag 01, sampled."""
        return f"00-{self.id}-{secrets.token_hex(8)}-01"


@dataclass(frozen=True, eq=False)
class TraceTransport(httpx.BaseTransport):
    """Names trace and span in each request that is sent, repeated ones included."""

    inner: httpx.BaseTransport
    trace: Trace

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request with the header."""
        request.headers[HEADER] = self.trace.header()
        return self.inner.handle_request(request)
