"""The one client through which every request of the suite goes."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import httpx

from client.config.settings import Settings
from client.exchange import ABSENT, Absent, Exchange
from client.lifecycle.ledger import Ledger
from client.lifecycle.run import Run
from client.operations import Operations
from client.redaction.redactor import Redactor, passwords
from client.schemathesis_adapter import as_response, read_case
from client.transport.budget import Budget
from client.transport.delivery import Delivery, default_headers, home
from client.transport.foreign_customers import ForeignCustomers
from client.transport.guard import Guard
from client.transport.ledger_hooks import Notes
from client.transport.network import NetworkTransport, split_url
from client.transport.prepared_request import (
    Params,
    PreparedRequest,
    Retries,
    encoded_json,
    encoded_query,
    silenced,
    split_path,
)
from client.transport.rate_limiter import RateLimiter
from client.transport.recorder import Recorder
from client.transport.retry import RetryPolicy
from client.transport.write_tracker import Writes

AGENT: Final = "customer-contract-suite (run {})"


class Client(Operations):
    """Asks one tenant (and a second one) for one run: guard, ledger, token, pace, weather, recording.

    Safe between threads. The ledger is opened at once; TenantError where it cannot be written.
    """

    def __init__(
        self,
        settings: Settings,
        run: Run,
        *,
        ledger: Ledger | None = None,
        patience: RetryPolicy = RetryPolicy(),  # noqa: B008 - frozen
        wire: NetworkTransport | None = None,
    ) -> None:
        self.settings = settings
        self.run = run
        self.redactor = Redactor(settings.secrets())
        self.recorder = Recorder()
        self.writes = Writes()
        self.pace = RateLimiter(settings.tenant_config.rate_limit.requests_per_second)
        self.ledger = ledger or Ledger(run.ledger)
        self.ledger.open(
            {
                "run": run.id,
                "api_url": settings.api_url,
                "tenant": settings.tenant,
                "other_tenant": settings.other_tenant,
            }
        )
        self.guard = Guard(
            self.ledger, run.prefix, allow_notifications=settings.tenant_config.safety.allow_notifications
        )
        self._agent = AGENT.format(run.id)
        self._delivery = Delivery(
            settings,
            wire=wire or NetworkTransport(),
            agent=self._agent,
            ledger=self.ledger,
            pace=self.pace,
            recorder=self.recorder,
            redactor=self.redactor,
            patience=patience,
        )
        self.tokens = self._delivery.tokens
        self._strangers = ForeignCustomers()
        self._notes = Notes(self.ledger, self._strangers)
        self._origin, self._base = split_url(settings.api_url)

    def identities(self) -> frozenset[str]:
        """Who can ask with these settings: "client" and "anonymous" always, others as configured."""
        return self.tokens.identities()

    def home(self, identity: str) -> str:
        """The tenant that an identity belongs to."""
        return home(self.settings, identity)

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
        api_path: bool = True,
        retries: Retries = "checked",
    ) -> Exchange:
        """Send a request and record the exchange.

        `path` goes out as given, below the API URL (or, with `api_path=False`, below its host); what no
        request line can hold is percent-encoded. `json` ABSENT sends no body, None sends null.
        `authorization` ABSENT is the identity's token, None no header, a string that header.
        `retries`: a lost write is repeated when that is safe ("checked"), always, or never.
        GuardError, BudgetExceeded or UnsendableError where nothing was sent; TransientError where no answer can be
        had; TokenError where no token is given.
        """
        body = encoded_json(json) if json is not ABSENT else content
        target, query = split_path(path)
        extra = dict(headers)
        names = {name.lower() for name in extra}
        fields = {} if body is None or "content-type" in names else {"Content-Type": "application/json"}
        query = "&".join(part for part in (query, encoded_query(params)) if part)
        base = self.settings.api_url
        if not api_path and not target.startswith(f"{self._base}/"):
            base = self._origin
        elif not api_path:
            target = target.removeprefix(self._base)
        return self.deliver(
            PreparedRequest(
                method=method,
                base=base,
                path=target,
                query=silenced(method, target, query),
                headers={**self._default_headers(target, identity, names), **fields, **extra},
                body=body,
                operation=operation,
                identity=identity,
                authorization=authorization,
                retries=retries,
            )
        )

    def send_case(
        self,
        kwargs: Mapping[str, Any],
        operation: str,
        *,
        identity: str = "client",
        authorization: str | Absent | None = ABSENT,
    ) -> tuple[Exchange, httpx.Response]:
        """Send what `case.as_transport_kwargs()` of Schemathesis describes, under the same rules as `send`.

        The URL must lie below the API URL (GuardError). A generated Authorization header gives way to the
        identity's token.
        """
        case = read_case(kwargs, self.settings.api_url)
        names = {name.lower() for name in case.headers}
        outgoing = PreparedRequest(
            method=case.method,
            base=self.settings.api_url,
            path=case.path,
            query=silenced(case.method, case.path, case.query),
            headers={**self._default_headers(case.path, identity, names), **case.headers},
            body=case.body,
            operation=operation,
            identity=identity,
            authorization=authorization,
        )
        exchange = self.deliver(outgoing)
        return exchange, as_response(exchange)

    def ask_for_token(self, form: Mapping[str, str]) -> Exchange:
        """Send these form fields to the token URL and record the exchange as operation "token"."""
        return self._delivery.ask_for_token(form)

    @property
    def bounds(self) -> Budget:
        """The hard bounds of the run, and what is left of them."""
        return self._delivery.bounds

    def lift_bounds(self) -> None:
        """From now on [safety] bounds nothing: what was made must be deleted whatever it takes."""
        self.bounds.lift()

    def close(self) -> None:
        """Close the connections and the ledger."""
        self._delivery.close()
        self.ledger.close()

    def deliver(self, outgoing: PreparedRequest) -> Exchange:
        """Send a request that was made ready and record the exchange; errors as for `send`."""
        self.guard.check(outgoing.method, outgoing.path, outgoing.query, outgoing.content)
        for password in passwords(outgoing.body_json):
            self.redactor.know_password(password)
        bounds, creates = self.bounds, outgoing.kind in ("create", "upsert")
        if creates:
            bounds.customer()
        note = self._notes.before(outgoing)
        departure = None if outgoing.reads else self.writes.leaving(outgoing.path)
        try:
            exchange = self._delivery.deliver(outgoing)
        except BaseException:
            self._notes.lost(note)
            raise
        self._strangers.see(outgoing, exchange)
        self._notes.after(note, outgoing, exchange)
        if creates and (400 <= exchange.status < 500 or exchange.status == 204):
            bounds.nobody()
        if departure is not None:
            self.writes.answered(departure, exchange)
        return exchange

    def _default_headers(self, path: str, identity: str, given: Iterable[str]) -> dict[str, str]:
        headers = default_headers(self._agent, path, self.home(identity))
        return {name: value for name, value in headers.items() if name.lower() not in set(given)}
