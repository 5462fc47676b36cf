"""The hard limits of [safety]: once reached, they end a run; what the run created is deleted all the same."""

import time
from ctypes import Structure, c_long
from dataclasses import dataclass
from multiprocessing.sharedctypes import RawValue

import httpx

from client.config.settings import Safety
from client.errors import BudgetExceeded
from client.locks import SharedLock
from client.transport.requests.prepared_request import PreparedRequest


class _Used(Structure):
    _fields_ = (("requests", c_long), ("customers", c_long))


class Budget:
    """Counts before anything is sent, so that no number of threads and worker processes gets beyond a limit.

    `lift` ends the limits: what was created must be deleted whatever it takes.
    """

    def __init__(self, safety: Safety) -> None:
        self._safety = safety
        self._lock = SharedLock()
        self._used = RawValue(_Used)  # which later forks of this process share
        self._started = time.monotonic()
        self._lifted = False

    def lift(self) -> None:
        """From now on nothing is limited in this process."""
        self._lifted = True

    @property
    def left(self) -> dict[str, float]:
        """What is left of max_requests and of max_seconds, by these names; without those that are not set."""
        with self._lock:
            used = {"max_requests": self._used.requests, "max_seconds": time.monotonic() - self._started}
        limits = {name: getattr(self._safety, name) for name in used}
        return {name: max(limit - used[name], 0) for name, limit in limits.items() if limit is not None}

    def count_request(self) -> None:
        """Count a request that will be sent; BudgetExceeded beyond max_requests or max_seconds."""
        with self._lock:
            self._require("max_requests", self._used.requests)
            self._require("max_seconds", time.monotonic() - self._started)
            self._used.requests += 1

    def reserve(self) -> None:
        """Count a request that may create a customer; BudgetExceeded beyond max_customers.

        It counts as created until `release`, so a lost response counts.
        """
        with self._lock:
            self._require("max_customers", self._used.customers)
            self._used.customers += 1

    def release(self) -> None:
        """Take back a reservation: the response shows that nothing was created."""
        with self._lock:
            self._used.customers -= 1

    def _require(self, name: str, used: float) -> None:
        limit = getattr(self._safety, name)
        if limit is not None and used >= limit and not self._lifted:
            raise BudgetExceeded(f"[safety] {name} = {limit:g} is reached; nothing more is assessed.")


@dataclass(frozen=True, eq=False)
class CustomerBudgetTransport(httpx.BaseTransport):
    """Counts the customers that requests may create, each once however often its request is repeated."""

    inner: httpx.BaseTransport
    budget: Budget

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request within max_customers."""
        if PreparedRequest.of(request).kind not in ("create", "upsert"):
            return self.inner.handle_request(request)
        self.budget.reserve()
        response = self.inner.handle_request(request)
        if response.is_client_error or response.status_code == httpx.codes.NO_CONTENT:
            self.budget.release()
        return response


@dataclass(frozen=True, eq=False)
class RequestBudgetTransport(httpx.BaseTransport):
    """Counts every request that is sent, repeated ones and token requests included."""

    inner: httpx.BaseTransport
    budget: Budget

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request within max_requests and max_seconds."""
        self.budget.count_request()
        return self.inner.handle_request(request)
