"""The one client through which every request of the suite is sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import httpx

from client.api import CustomerApi
from client.config.settings import Settings
from client.exchange import ABSENT, Absent, Exchange
from client.lifecycle.ledger import Ledger
from client.lifecycle.run import Run
from client.redaction import Redactor, passwords
from client.transport.authentication import AuthTransport, TokenProvider
from client.transport.budget import Budget, CustomerBudgetTransport, RequestBudgetTransport
from client.transport.guard import Guard, GuardTransport
from client.transport.ledger_transport import LedgerTransport
from client.transport.network import NetworkTransport
from client.transport.rate_limiter import RateLimiter, RateLimiterTransport
from client.transport.recorder import Recorder, RecorderTransport, exchange_of
from client.transport.requests.prepared_request import (
    Params,
    PreparedRequest,
    Retries,
    encoded_json,
)
from client.transport.requests.request_builder import RequestBuilder
from client.transport.retry import CircuitBreaker, RetryPolicy, RetryTransport
from client.transport.trace import Trace, TraceTransport
from client.transport.write_tracker import WriteTracker, WriteTrackerTransport


@dataclass(frozen=True)
class Limits:
    """What all worker processes of a run share: the limits of [safety] and the rate."""

    budget: Budget
    rate_limiter: RateLimiter


class Client:
    """Sends requests to one tenant (and a second one) for one run, through a chain of transports.

    Safe between threads. The ledger is opened at once; TenantError where it cannot be written.
    """

    def __init__(
        self,
        settings: Settings,
        run: Run,
        *,
        retry_policy: RetryPolicy = RetryPolicy(),  # noqa: B008 - frozen
        network: NetworkTransport | None = None,
        limits: Limits | None = None,
    ) -> None:
        config = settings.tenant_config
        self.settings = settings
        self.run = run
        self.redactor = Redactor(settings.secrets())
        self.recorder = Recorder(self.redactor)
        self.trace = Trace(run.id)
        self.writes = WriteTracker()
        self.requests = RequestBuilder(settings, f"customer-contract-suite (run {run.id})")
        self._network = network or NetworkTransport()
        self._policy = retry_policy
        self._limits = limits or Limits(
            Budget(config.safety), RateLimiter(config.rate_limit.requests_per_second)
        )
        self.budget = self._limits.budget
        self.ledger = Ledger.open(
            run.ledger,
            {
                "run": run.id,
                "api_url": settings.api_url,
                "tenant": settings.tenant,
                "other_tenant": settings.other_tenant,
            },
        )
        self.guard = Guard(self.ledger, run.prefix, config.safety)
        self.tokens, outermost = self._compose()
        self._http = httpx.Client(transport=outermost)

    def _compose(self) -> tuple[TokenProvider, httpx.BaseTransport]:
        """The transports, from the innermost to the outermost; the tokens, which one of them sends.

        What is below the retries passes once for each attempt; what is above them, once for each request. Token
        requests pass the lower transports and retries of their own.
        """
        retry = partial(
            RetryTransport,
            policy=self._policy,
            breaker=CircuitBreaker(self._policy.failures_until_unavailable),
            ledger=self.ledger,
            requests=self.requests,
        )
        transport: httpx.BaseTransport = RecorderTransport(self._network, self.recorder)
        transport = TraceTransport(transport, self.trace)
        transport = RateLimiterTransport(transport, self._limits.rate_limiter)
        transport = RequestBudgetTransport(transport, self.budget)

        unauthenticated = retry(transport)
        tokens = TokenProvider(self.requests, unauthenticated, self.redactor, self._policy)

        transport = AuthTransport(transport, tokens)
        transport = retry(transport)
        transport = WriteTrackerTransport(transport, self.writes)
        transport = LedgerTransport(transport, self.ledger, self.run.prefix)
        transport = CustomerBudgetTransport(transport, self.budget)
        return tokens, GuardTransport(transport, self.guard, self.settings.api_url)

    def for_worker(self, number: int) -> "Client":
        """The client of a fork of this process: with connections and a ledger of its own, and the same limits."""
        run = replace(self.run, worker=number)
        worker = Client(self.settings, run, retry_policy=self._policy, limits=self._limits)
        worker.tokens.inherit(self.tokens)
        return worker

    def identities(self) -> frozenset[str]:
        """The identities that can be used: "client" and "anonymous" always, others as configured."""
        return self.tokens.identities()

    def tenant_of(self, identity: str) -> str:
        """The tenant that an identity belongs to."""
        return self.requests.tenant_of(identity)

    def as_(self, identity: str, **defaults: Any) -> CustomerApi:
        """The customer API, used as this identity, with keywords of every request."""
        return CustomerApi(self, identity, defaults=defaults)

    def send(
        self,
        method: str,
        path: str | bytes,
        *,
        operation: str,
        identity: str = "client",
        params: Params = (),
        json: Any = ABSENT,
        content: bytes | None = None,
        headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
        authorization: str | Absent | None = ABSENT,
        retries: Retries = "if_idempotent",
    ) -> Exchange:
        """Send a request and record the exchange.

        `path` is sent as given, below the API URL; what no request line can hold is percent-encoded. `json` ABSENT
        sends no body, None sends null.
        `authorization` ABSENT is the identity's token, None no header, a string that header.
        `retries`: a lost write is repeated where that is safe ("if_idempotent"), always, or never.
        GuardError, BudgetExceeded or UnsendableError where nothing was sent; TransientError where no response can be
        had; TokenError where no token is issued.
        """
        body = encoded_json(json) if json is not ABSENT else content
        return self.send_prepared(
            self.requests.prepare(
                method,
                path,
                operation=operation,
                identity=identity,
                params=params,
                headers=dict(headers),
                body=body,
                authorization=authorization,
                retries=retries,
            )
        )

    def send_case(self, kwargs: Mapping[str, Any], operation: str, *, identity: str = "client") -> Exchange:
        """Send what `case.as_transport_kwargs()` of Schemathesis describes, under the same rules as `send`.

        The URL must be below the API URL (GuardError). The identity's token replaces a generated Authorization
        header.
        """
        return self.send_prepared(self.requests.case(kwargs, operation=operation, identity=identity))

    def send_prepared(self, prepared: PreparedRequest) -> Exchange:
        """Send a prepared request and record the exchange; errors as for `send`."""
        for password in passwords(prepared.body_json):
            self.redactor.know_password(password)
        return exchange_of(self._http.send(prepared.to_httpx()))

    def request_token(self, form: Mapping[str, str]) -> Exchange:
        """Send these form fields to the token URL and record the exchange as operation "token"."""
        return self.tokens.request(form)

    def close(self) -> None:
        """Close the connections and the ledger."""
        self._http.close()
        self._network.close()
        self.ledger.close()
