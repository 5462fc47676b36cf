"""Waiting out the weather: what is sent again, when, and what must be known before."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import stamina

from client.errors import ServiceUnavailable, TransientError
from client.exchange import Exchange
from client.lifecycle.ledger import Ledger
from client.transport.network import TransportError
from client.transport.prepared_request import PreparedRequest
from client.transport.rate_limiter import RateLimiter, retry_after

# Retries are told by the recorded exchanges; in a log they would only alarm.
stamina.instrumentation.set_on_retry_hooks(())

GATEWAY: Final = frozenset({502, 503, 504})  # a gateway speaks; 500 and 501 are the tenant's own words
TOO_MANY: Final = 429


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long trouble is waited out; times in seconds. Retry-After prolongs the deadline."""

    tries: int = 5
    deadline: float = 30.0
    first_wait: float = 0.05
    growth: float = 4.0
    longest_wait: float = 5.0
    jitter: float = 0.2
    refusals: int = 10
    failures_until_unavailable: int = 3


class _TooMany(Exception):
    def __init__(self, *, told: bool) -> None:
        super().__init__("the tenant refuses requests as too many")
        self.told = told


class CircuitBreaker:
    """Counts trouble in a row over all threads; an outage is weather with no good answer in between."""

    def __init__(self, until_outage: int) -> None:
        self._lock = threading.Lock()
        self._until_outage = until_outage
        self._in_a_row = 0

    def good(self) -> None:
        """The tenant answered."""
        with self._lock:
            self._in_a_row = 0

    def weather(self, sentence: str) -> TransientError:
        """The exception to raise for trouble that could not be waited out."""
        with self._lock:
            self._in_a_row += 1
            if self._in_a_row >= self._until_outage:
                return ServiceUnavailable(
                    f"{sentence} That makes {self._in_a_row} requests in a row without a good answer."
                )
            return TransientError(sentence)


class Courier:
    """Delivers requests through the weather; `attempt` sends one once and raises TransportError."""

    def __init__(
        self,
        attempt: Callable[[PreparedRequest], Exchange],
        *,
        pace: RateLimiter,
        ledger: Ledger,
        patience: RetryPolicy,
        look: Callable[[PreparedRequest], Exchange],
        read_window: float,
    ) -> None:
        self._attempt = attempt
        self._pace = pace
        self._ledger = ledger
        self._patience = patience
        self._look = look
        self._read_window = read_window
        self.forecast = CircuitBreaker(patience.failures_until_unavailable)

    def deliver(self, outgoing: PreparedRequest) -> Exchange:
        """The answer to a request that was sent once as far as the tenant can tell.

        TransientError where no answer came in time, or where it cannot be told whether the tenant acted on it.
        """
        journey = _Journey(self._ledger, outgoing)
        try:
            for attempt in self._attempts(journey.repeatable):
                with attempt:
                    return self._again(journey)
        except TransportError as trouble:
            # Who asks for a token cannot look: that would need the very token.
            if trouble.sent and not outgoing.reads and outgoing.retries != "always":
                self._wait_for_calm(outgoing)
            raise self.forecast.weather(f"{outgoing.method} {outgoing.operation}: {trouble}.") from trouble
        raise AssertionError("stamina either returns or raises")

    def _again(self, journey: "_Journey") -> Exchange:
        if journey.must_look:
            journey.saw(self._exists(journey.outgoing))
        try:
            exchange = self._unrefused(journey.outgoing)
        except TransportError as trouble:
            journey.lost = journey.lost or trouble.sent
            raise
        self.forecast.good()
        if journey.ambiguous(exchange.status):
            raise TransientError(
                f"{journey.outgoing.method} {journey.outgoing.operation}: repeated after a lost answer "
                f"and answered {exchange.status}; what the first one did cannot be told."
            )
        return exchange

    def _unrefused(self, outgoing: PreparedRequest) -> Exchange:
        """Send until the answer is not 429; the pace holds everybody back meanwhile."""
        patience = self._patience
        try:
            for attempt in stamina.retry_context(
                on=lambda error: (0.0 if error.told else True) if isinstance(error, _TooMany) else False,
                attempts=patience.refusals,
                timeout=None,
                wait_initial=patience.first_wait,
                wait_exp_base=2,
                wait_max=patience.longest_wait,
                wait_jitter=patience.jitter,
            ):
                with attempt:
                    return self._paced(outgoing)
        except _TooMany as refusal:
            raise TransientError(
                f"{outgoing.method} {outgoing.operation}: {refusal}, even after waiting."
            ) from None
        raise AssertionError("stamina either returns or raises")

    def _paced(self, outgoing: PreparedRequest) -> Exchange:
        self._pace.depart()
        exchange = self._attempt(outgoing)
        told = retry_after(exchange.header("Retry-After"), exchange.header("Date"))
        if exchange.status == TOO_MANY:
            self._pace.refused(told)
            raise _TooMany(told=told is not None)
        if exchange.status in GATEWAY:
            if told is not None:
                self._pace.pause(told)
            raise TransportError(f"the gateway answered {exchange.status}", sent=True)
        return exchange

    def _exists(self, outgoing: PreparedRequest) -> bool:
        """Whether the customer of a lost write is there now; TransientError where that cannot be told."""
        if self._read_window > 0 and outgoing.kind != "delete":
            raise TransientError(
                f"{outgoing.method} {outgoing.operation}: the answer was lost, and reads may be stale."
            )
        status = self._look(outgoing).status
        if status not in (200, 404):
            raise TransientError(
                f"{outgoing.method} {outgoing.operation}: the answer was lost, and a look gave {status}."
            )
        return status == 200

    def _wait_for_calm(self, outgoing: PreparedRequest) -> None:
        """Let a reading request wait out the trouble, so that the repeated example meets better weather."""
        self._look(outgoing)

    def _attempts(self, repeatable: Callable[[TransportError], bool]) -> Iterator[stamina.Attempt]:
        patience = self._patience
        return iter(
            stamina.retry_context(
                on=lambda error: isinstance(error, TransportError) and repeatable(error),
                attempts=patience.tries,
                timeout=patience.deadline,
                wait_initial=patience.first_wait,
                wait_exp_base=patience.growth,
                wait_max=patience.longest_wait,
                wait_jitter=patience.jitter,
            )
        )


class _Journey:
    """One request on its way, and what is known of the customer that it writes."""

    def __init__(self, ledger: Ledger, outgoing: PreparedRequest) -> None:
        self.outgoing = outgoing
        self.lost = False
        self._seen: bool | None = None
        tenant, id = outgoing.address.tenant, outgoing.intended_id
        self._identified = tenant is not None and id is not None
        self._alive = tenant is not None and id is not None and ledger.alive(tenant, id)

    def repeatable(self, trouble: TransportError) -> bool:
        """Whether the request may be sent again after this trouble, if need be after a look."""
        outgoing = self.outgoing
        if outgoing.retries == "never":
            return False
        if not trouble.sent or outgoing.reads or outgoing.retries == "always":
            return True
        if outgoing.kind == "patch":
            # The same members with the same values again; a version would make the second one a conflict.
            return isinstance(outgoing.body_json, dict) and "metadata" not in outgoing.body_json
        return outgoing.kind in ("create", "upsert", "delete") and self._identified

    @property
    def must_look(self) -> bool:
        """Whether a lost write of this kind may only be repeated after a look at the customer."""
        if not self.lost or self.outgoing.reads or self.outgoing.retries == "always":
            return False
        if self.outgoing.kind == "delete":
            return self._alive
        return self.outgoing.kind in ("create", "upsert") and not self._alive

    def saw(self, exists: bool) -> None:
        """Take in what the look gave; TransientError where the lost write happened, or may have."""
        self._seen = exists
        happened = not exists if self.outgoing.kind == "delete" else exists
        if happened:
            raise TransientError(
                f"{self.outgoing.method} {self.outgoing.operation}: the tenant acted on it, "
                "but the answer was lost."
            )

    def ambiguous(self, status: int) -> bool:
        """Whether the answer to a repeated write may be owed to the lost one."""
        if self._seen is None:
            return False
        owed = {"create": (409,), "upsert": (200, 204, 409), "delete": (404, 410)}
        return status in owed.get(self.outgoing.kind, ())
