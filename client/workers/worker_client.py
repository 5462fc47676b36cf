"""The client of a worker: it prepares requests, and the client of the run sends them."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

import httpx

from client.client import Client
from client.config.settings import Settings
from client.exchange import ABSENT, Exchange
from client.lifecycle.run import Run
from client.transport.authentication.tokens import Token, TokenProvider, sent_token
from client.transport.requests.prepared_request import PreparedRequest
from client.transport.retry import RetryPolicy
from client.transport.write_tracker import WriteTracker
from client.workers.controller import ControllerConnection, Service

_FIELDS: Final = tuple(field.name for field in fields(Exchange) if field.name != "redactor")


def services(client: Client) -> dict[str, Service]:
    """What the run's client does for its workers, by the names that `WorkerClient` calls."""
    return {
        "send": lambda prepared: _packed(client.send_prepared(prepared)),
        "request_token": lambda form: _packed(client.request_token(form)),
        "token": client.tokens.current,
        "last_write": client.writes.last,
    }


class WorkerClient(Client):
    """As `Client`, over a connection to the controlling process; it records what this worker has sent."""

    def __init__(self, settings: Settings, run: Run, connection: ControllerConnection) -> None:
        self._configure(settings, run)
        self.writes = _RunWrites(connection)
        self.tokens = _RunTokens(self, connection)
        self._connection = connection
        self._known_tokens: set[str] = set()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _exchange(self, prepared: PreparedRequest) -> Exchange:
        exchange = self.recorded(self._connection.call("send", prepared))
        if prepared.authorization is ABSENT and (token := sent_token(exchange)) not in self._known_tokens:
            self._known_tokens.add(token)
            self.redactor.know(token)
        if not prepared.is_safe:
            self.writes.note_time(exchange)
        return exchange

    def recorded(self, packed: dict[str, Any]) -> Exchange:
        """The exchange of the run's client, recorded here."""
        exchange = Exchange(**packed, redactor=self.redactor)
        self.recorder.keep(exchange)
        return exchange


class _RunTokens(TokenProvider):
    """The tokens that the run's client holds; its own transport is never used."""

    def __init__(self, client: "WorkerClient", connection: ControllerConnection) -> None:
        super().__init__(client.requests, httpx.BaseTransport(), client.redactor, RetryPolicy())
        self._client = client
        self._connection = connection

    def request(self, form: Mapping[str, str]) -> Exchange:
        """Have the run's client send these form fields to the token URL."""
        return self._client.recorded(self._connection.call("request_token", dict(form)))

    def current(self, identity: str) -> Token:
        """The token of an identity, with its properties; TokenError where none is issued."""
        token: Token = self._connection.call("token", identity)
        self._redactor.know(token.value)
        return token


class _RunWrites(WriteTracker):
    """The writes of all workers for `last`, those of this worker where time is measured."""

    def __init__(self, connection: ControllerConnection) -> None:
        super().__init__()
        self._connection = connection

    def last(self, path: str) -> float:
        """The number of the last exchange that wrote to the path; NEVER or UNKNOWN where there is none."""
        number: float = self._connection.call("last_write", path)
        return number


def _packed(exchange: Exchange) -> dict[str, Any]:
    return {name: getattr(exchange, name) for name in _FIELDS}
