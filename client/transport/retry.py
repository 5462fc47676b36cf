"""Retries: which requests are sent again after a fault, when, and what must be known before."""

import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import httpx

from client.errors import ServiceUnavailable, TransientError, TransportError
from client.lifecycle.ledger import CustomerKey, Ledger
from client.transport.rate_limiter import GATEWAY_ERRORS
from client.transport.requests.prepared_request import PreparedRequest
from client.transport.requests.request_builder import RequestBuilder

_AMBIGUOUS: Final = {"create": (409,), "upsert": (200, 204, 409), "delete": (404, 410)}
"""Statuses of a repeated write that may be due to the first one, whose response was lost."""
_Repetition = Literal["at once", "after a look", "never"]


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how long a request is repeated; times in seconds.

    A 429 counts apart; `deadline` includes its waits.
    """

    attempts: int = 5
    attempts_after_429: int = 10
    deadline: float = 30.0
    first_wait: float = 0.05
    growth: float = 4.0
    longest_wait: float = 5.0
    jitter: float = 0.2
    failures_until_unavailable: int = 3

    def waits(self) -> Iterator[float]:
        """The waits between attempts: exponential backoff with jitter."""
        for number in range(self.attempts - 1):
            jitter = random.uniform(0, self.jitter)  # noqa: S311 - no secret
            yield min(self.first_wait * self.growth**number + jitter, self.longest_wait)


class CircuitBreaker:
    """Counts failed requests in a row over all threads, and takes too many of them for an unavailable service."""

    def __init__(self, failures_until_unavailable: int) -> None:
        self._lock = threading.Lock()
        self._limit = failures_until_unavailable
        self._in_a_row = 0

    def success(self) -> None:
        """A request got a proper response."""
        with self._lock:
            self._in_a_row = 0

    def failure(self, sentence: str) -> TransientError:
        """The exception to raise for a request that failed in spite of its retries."""
        with self._lock:
            self._in_a_row += 1
            if self._in_a_row >= self._limit:
                return ServiceUnavailable(f"{sentence} No response to {self._in_a_row} requests in a row.")
            return TransientError(sentence)


@dataclass(frozen=True, eq=False)
class RetryTransport(httpx.BaseTransport):
    """Repeats a request after a fault of the network or a gateway, unless the tenant might act on it twice.

    Where the response to a write was lost, the customer is read first: a look that is no evidence for any clause.
    """

    inner: httpx.BaseTransport
    policy: RetryPolicy
    breaker: CircuitBreaker
    ledger: Ledger
    requests: RequestBuilder

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The response to a request on which the tenant acted once as far as can be known.

        TransientError where no response came in time, or where it is unknown whether the tenant acted.
        """
        prepared = PreparedRequest.of(request)
        repetition = self._repetition_of_lost(prepared)
        expires = time.monotonic() + self.policy.deadline
        waits = self.policy.waits()
        lost = looked = False
        while True:
            try:
                if lost and repetition == "after a look":
                    self._require_no_effect(prepared)
                    looked = True
                response = self._send_until_admitted(request)
                break
            except TransportError as error:
                lost = lost or error.sent
                may_repeat = prepared.retries != "never" and not (lost and repetition == "never")
                wait = next(waits, None)
                if wait is None or time.monotonic() + wait > expires or not may_repeat:
                    raise self._failure(prepared, error) from error
            time.sleep(wait)
        self.breaker.success()
        if looked and response.status_code in _AMBIGUOUS[prepared.kind]:
            raise TransientError(
                f"{prepared.name}: repeated after a lost response and answered {response.status_code}; "
                "the effect of the first request is unknown."
            )
        return response

    def _repetition_of_lost(self, prepared: PreparedRequest) -> _Repetition:
        """When the request may be sent again after its response was lost."""
        if prepared.may_act_twice:
            return "at once"
        if _names_version(prepared.body_json):
            return "never"  # the first request has made the version a former one
        if prepared.kind == "patch":
            return "at once" if isinstance(prepared.body_json, dict) else "never"
        if prepared.intended_id is None or prepared.kind not in _AMBIGUOUS:
            return "never"
        customer = CustomerKey(prepared.address.tenant, prepared.intended_id)
        is_alive = self.ledger.creation(customer) is not None
        changes_existence = is_alive == (prepared.kind == "delete")
        return "after a look" if changes_existence else "at once"

    def _send_until_admitted(self, request: httpx.Request) -> httpx.Response:
        """Send until the response is no 429; the rate limiter makes all threads wait meanwhile."""
        for _ in range(self.policy.attempts_after_429):
            response = self.inner.handle_request(request)
            if response.status_code in GATEWAY_ERRORS:
                raise TransportError(f"the gateway answered {response.status_code}", sent=True)
            if response.status_code != httpx.codes.TOO_MANY_REQUESTS:
                return response
        raise TransientError(
            f"{PreparedRequest.of(request).name}: the tenant answers 429, even after waiting."
        )

    def _failure(self, prepared: PreparedRequest, error: TransportError) -> TransientError:
        if error.sent and not prepared.may_act_twice:
            # A read outlasts the fault, so that the repeated example has a better chance.
            self._look(prepared)
        return self.breaker.failure(f"{prepared.name}: {error}.")

    def _require_no_effect(self, prepared: PreparedRequest) -> None:
        """Read the customer of a lost write; TransientError unless that shows that the write had no effect."""
        is_deletion = prepared.kind == "delete"
        reads_may_be_stale = self.requests.settings.tenant_config.consistency.read > 0
        if reads_may_be_stale and not is_deletion:
            raise TransientError(f"{prepared.name}: the response was lost, and reads may be stale.")
        status = self._look(prepared)
        if status not in (200, 404):
            raise TransientError(f"{prepared.name}: the response was lost, and a read was answered {status}.")
        if (status == 200) != is_deletion:
            raise TransientError(f"{prepared.name}: the tenant acted on it, but the response was lost.")

    def _look(self, prepared: PreparedRequest) -> int:
        """The status of a read of the customer that the request writes, or of a page where it names none."""
        identity = self.requests.identity_for(prepared.address.tenant)
        look = self.requests.look(prepared.intended_id, identity=identity)
        return self.handle_request(look.to_httpx()).status_code


def _names_version(body: object) -> bool:
    """Whether a write names the version of the customer that it expects (optimistic locking)."""
    metadata = body.get("metadata") if isinstance(body, dict) else None
    return isinstance(metadata, dict) and "version" in metadata
