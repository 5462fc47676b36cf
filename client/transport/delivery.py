"""From a request made ready to its answer: token, bounds, one attempt, and the weather around it."""

import re
from collections.abc import Mapping
from typing import Final

import stamina

from client.config.settings import Settings
from client.errors import ServiceUnavailable
from client.exchange import ABSENT, Exchange
from client.lifecycle.ledger import Ledger
from client.redaction.redactor import Redactor
from client.transport.budget import Budget
from client.transport.network import Answer, NetworkTransport, TransportError, split_url
from client.transport.paths import plain, segment
from client.transport.prepared_request import PreparedRequest, encoded_query, split_path
from client.transport.rate_limiter import RateLimiter
from client.transport.recorder import Recorder
from client.transport.retry import Courier, RetryPolicy
from client.transport.tokens import TokenProvider, sent_token

_HEADER_SAFE: Final = re.compile(r"[A-Za-z0-9._~-]+")


class _UnwellError(Exception):
    """The token endpoint answered 5xx."""

    def __init__(self, exchange: Exchange) -> None:
        super().__init__(str(exchange.status))
        self.exchange = exchange


class Delivery:
    """Delivers requests for all threads of a run, within the bounds of [safety]."""

    def __init__(
        self,
        settings: Settings,
        *,
        wire: NetworkTransport,
        agent: str,
        ledger: Ledger,
        pace: RateLimiter,
        recorder: Recorder,
        redactor: Redactor,
        patience: RetryPolicy,
    ) -> None:
        self.bounds = Budget(settings.tenant_config.safety)
        self.tokens = TokenProvider(settings, redactor, self._asked_until_well)
        self._settings = settings
        self._wire = wire
        self._agent = agent
        self._recorder = recorder
        self._redactor = redactor
        self._patience = patience
        self._firm: set[tuple[str, str | None, str]] = set()
        self._courier = Courier(
            self._attempt,
            pace=pace,
            ledger=ledger,
            patience=patience,
            look=self._look,
            read_window=settings.tenant_config.consistency.read,
        )

    def deliver(self, outgoing: PreparedRequest) -> Exchange:
        """The answer; after a 401 to a token of ours the one to a new token (RFC 6750 section 3.1).

        Where a new token did not help, the next 401 of the same operation is taken at its word.
        """
        exchange = self._courier.deliver(outgoing)
        question = (outgoing.identity, outgoing.address.tenant, outgoing.operation)
        if exchange.status != 401:
            self._firm.discard(question)
            return exchange
        if outgoing.authorization is not ABSENT or question in self._firm:
            return exchange
        if self.tokens.renew(outgoing.identity, sent_token(exchange)) is None:
            if self.tokens.given and outgoing.identity == "client":
                self._see_that_the_token_is_good()
                self._firm.add(question)
            return exchange
        exchange = self._courier.deliver(outgoing)
        if exchange.status == 401:
            self._firm.add(question)
        return exchange

    def _see_that_the_token_is_good(self) -> None:
        """ServiceUnavailable where EMPORIX_ACCESS_TOKEN is rejected by list and by search."""
        for method, below, body in (("GET", "", None), ("POST", "/search", b"{}")):
            path = f"/customer/{self._settings.tenant}/customers{below}"
            outgoing = self._page(method, path, body, "client", self._settings.tenant)
            if self._courier.deliver(outgoing).status != 401:
                return
        raise ServiceUnavailable(
            "EMPORIX_ACCESS_TOKEN is not accepted any more; it has expired or was revoked. Set a new one, or "
            "EMPORIX_CLIENT_ID and _SECRET, with which the suite renews its tokens itself."
        )

    def _asked_until_well(self, form: Mapping[str, str]) -> Exchange:
        """The answer of the token endpoint, asked again while it is broken: it is not what is judged here."""
        patience = self._patience
        try:
            for attempt in stamina.retry_context(
                on=_UnwellError,
                attempts=patience.tries,
                timeout=patience.deadline,
                wait_initial=patience.first_wait,
                wait_exp_base=patience.growth,
                wait_max=patience.longest_wait,
                wait_jitter=patience.jitter,
            ):
                with attempt:
                    exchange = self.ask_for_token(form)
                    if exchange.status >= 500:
                        raise _UnwellError(exchange)
                    return exchange
        except _UnwellError as unwell:
            return unwell.exchange
        raise AssertionError("stamina either returns or raises")

    def ask_for_token(self, form: Mapping[str, str]) -> Exchange:
        """Send these form fields to the token URL, as operation "token"."""
        exchange = self._ask_for_token(form)
        told = exchange.json if isinstance(exchange.json, dict) else {}
        for name in ("access_token", "refresh_token", "id_token"):
            if isinstance(told.get(name), str):
                self._redactor.know(told[name])
        return exchange

    def _ask_for_token(self, form: Mapping[str, str]) -> Exchange:
        origin, path = split_url(self._settings.token_url)
        target, query = split_path(path or "/")
        return self._courier.deliver(
            PreparedRequest(
                method="POST",
                base=origin,
                path=target,
                query=query,
                headers={
                    "User-Agent": self._agent,
                    "Accept": "application/json",
                    "Content-Type": "application/x-www-form-urlencoded",
                },
                body=encoded_query(form).encode("ascii"),
                operation="token",
                identity="anonymous",
                authorization=None,
                retries="always",
            )
        )

    def close(self) -> None:
        """Close every connection."""
        self._wire.close()

    def _attempt(self, outgoing: PreparedRequest) -> Exchange:
        """Send once and record; the token is read at the last moment, since waiting may outlast it."""
        origin, base = split_url(outgoing.base)
        headers = self._authorized(outgoing)
        self.bounds.request()
        try:
            answer = self._wire.send(outgoing.method, origin, base + outgoing.target, headers, outgoing.body)
        except TransportError as trouble:
            if trouble.sent:
                self._recorder.record_unanswered(outgoing.operation)
            raise
        return self._recorder.record(
            outgoing.operation, lambda number: self._exchange(number, outgoing, answer)
        )

    def _authorized(self, outgoing: PreparedRequest) -> dict[str, str]:
        authorization = outgoing.authorization
        if authorization is ABSENT:
            token = self.tokens.get(outgoing.identity)
            authorization = None if token is None else f"Bearer {token}"
        if authorization is None:
            return outgoing.headers
        headers = {name: value for name, value in outgoing.headers.items() if name.lower() != "authorization"}
        return {**headers, "Authorization": authorization}

    def _exchange(self, number: int, outgoing: PreparedRequest, answer: Answer) -> Exchange:
        return Exchange(
            number=number,
            operation=outgoing.operation,
            identity=outgoing.identity,
            method=outgoing.method,
            url=outgoing.base + outgoing.target,
            path=outgoing.path,
            request_headers=answer.request_headers,
            request_body=outgoing.body,
            status=answer.response.status_code,
            response_headers=answer.headers,
            response_body=answer.response.content,
            started=answer.started,
            elapsed=answer.elapsed,
            redactor=self._redactor,
        )

    def _look(self, outgoing: PreparedRequest) -> Exchange:
        """Read the customer that a request writes, or a page of one where it names none."""
        other = self._settings.other_tenant
        identity = "other" if other is not None and outgoing.address.tenant == other else "client"
        tenant, id = home(self._settings, identity), outgoing.intended_id
        path = f"/customer/{tenant}/customers" + ("" if id is None else f"/{segment(id)}")
        return self._courier.deliver(self._page("GET", path, None, identity, tenant, paged=id is None))

    def _page(
        self, method: str, path: str, body: bytes | None, identity: str, tenant: str, *, paged: bool = True
    ) -> PreparedRequest:
        """A look for the suite's own sake, at a page of one customer or at one by name."""
        typed = {} if body is None else {"Content-Type": "application/json"}
        return PreparedRequest(
            method=method,
            base=self._settings.api_url,
            path=path,
            query="pageNumber=1&pageSize=1" if paged else "",
            headers={**default_headers(self._agent, path, tenant), **typed},
            body=body,
            operation="look",
            identity=identity,
            authorization=ABSENT,
        )


def default_headers(agent: str, path: str, tenant: str) -> dict[str, str]:
    """The headers of every request; Emporix-Tenant names the tenant of the path, else `tenant`."""
    named = plain(path).tenant
    return {
        "User-Agent": agent,
        "Accept": "application/json",
        "Emporix-Tenant": named if named and _HEADER_SAFE.fullmatch(named) else tenant,
    }


def home(settings: Settings, identity: str) -> str:
    """The tenant that an identity belongs to."""
    other = settings.other_tenant
    return other if identity == "other" and other is not None else settings.tenant
