"""The one place that composes the transports of a client."""

from dataclasses import dataclass
from functools import partial
from typing import Self

import httpx

from client.config.settings import TenantConfig
from client.lifecycle.ledger import Ledger
from client.lifecycle.run import Run
from client.transport.authentication.auth import AuthTransport
from client.transport.authentication.tokens import TokenProvider
from client.transport.budget import Budget, CustomerBudgetTransport, RequestBudgetTransport
from client.transport.guard import Guard, GuardTransport
from client.transport.ledger_transport import LedgerTransport
from client.transport.rate_limiter import RateLimiter, RateLimiterTransport
from client.transport.recorder import Recorder, RecorderTransport
from client.transport.requests.request_builder import RequestBuilder
from client.transport.retry import CircuitBreaker, RetryPolicy, RetryTransport
from client.transport.trace import Trace, TraceTransport
from client.transport.write_tracker import WriteTracker, WriteTrackerTransport


@dataclass(frozen=True)
class Limits:
    """What all worker processes of a run share: the limits of [safety] and the rate."""

    budget: Budget
    rate_limiter: RateLimiter

    @classmethod
    def of(cls, config: TenantConfig) -> Self:
        """The limits of tenant.toml, nothing of them used."""
        return cls(Budget(config.safety), RateLimiter(config.rate_limit.requests_per_second))


class Chain:
    """The transports of a client, and the parts of them that others use."""

    def __init__(
        self,
        network: httpx.BaseTransport,
        *,
        requests: RequestBuilder,
        run: Run,
        ledger: Ledger,
        recorder: Recorder,
        policy: RetryPolicy,
        trace: Trace,
        limits: Limits,
    ) -> None:
        """Compose the transports, from the innermost to the outermost.

        What is below the retries passes once for each attempt; what is above them, once for each request. Token
        requests pass the lower transports and retries of their own.
        """
        config = requests.settings.tenant_config
        self.writes = WriteTracker()
        self.budget = limits.budget
        self.guard = Guard(ledger, run.prefix, config.safety)
        retry = partial(
            RetryTransport,
            policy=policy,
            breaker=CircuitBreaker(policy.failures_until_unavailable),
            ledger=ledger,
            requests=requests,
        )
        transport: httpx.BaseTransport = RecorderTransport(network, recorder)
        transport = TraceTransport(transport, trace)
        transport = RateLimiterTransport(transport, limits.rate_limiter)
        transport = RequestBudgetTransport(transport, self.budget)

        unauthenticated = retry(transport)
        self.tokens = TokenProvider(requests, unauthenticated, recorder.redactor, policy)

        transport = AuthTransport(transport, self.tokens, requests, unauthenticated)
        transport = retry(transport)
        transport = WriteTrackerTransport(transport, self.writes)
        transport = LedgerTransport(transport, ledger, run.prefix)
        transport = CustomerBudgetTransport(transport, self.budget)
        self.outermost = GuardTransport(transport, self.guard, requests.settings.api_url)
