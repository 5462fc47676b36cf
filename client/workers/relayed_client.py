"""The client of a worker: it makes requests ready, and the client of the run sends them."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from client.client import AGENT, Client
from client.config.settings import Settings
from client.exchange import ABSENT, Exchange
from client.lifecycle.run import Run
from client.redaction.redactor import Redactor, passwords
from client.transport.network import split_url
from client.transport.prepared_request import PreparedRequest
from client.transport.recorder import Recorder
from client.transport.tokens import Token, TokenProvider, sent_token
from client.transport.write_tracker import Writes
from client.workers.controller import Line, Service

_SENT: Final = tuple(field.name for field in fields(PreparedRequest) if field.init)
_TOLD: Final = tuple(field.name for field in fields(Exchange) if field.name != "redactor")


def services(client: Client) -> dict[str, Service]:
    """What the run's client does for its workers, by the names that `RelayedClient` calls."""
    return {
        "send": lambda sent: _packed(client.deliver(PreparedRequest(**sent))),
        "ask_for_token": lambda form: _packed(client.ask_for_token(form)),
        "token": client.tokens.current,
        "last_write": client.writes.last,
    }


class RelayedClient(Client):
    """As `Client`, over a line to the run's own process; it keeps what it has sent itself."""

    def __init__(self, settings: Settings, run: Run, line: Line) -> None:
        self.settings = settings
        self.run = run
        self.redactor = Redactor(settings.secrets())
        self.recorder = Recorder()
        self.writes = _RelayedWrites(line)
        self.tokens = _RelayedTokens(settings, self.redactor, line)
        self._line = line
        self._tokens_seen: set[str] = set()
        self._agent = AGENT.format(run.id)
        self._origin, self._base = split_url(settings.api_url)

    def ask_for_token(self, form: Mapping[str, str]) -> Exchange:
        """Send these form fields to the token URL and record the exchange as operation "token"."""
        return self._kept(self._line.call("ask_for_token", dict(form)))

    def deliver(self, outgoing: PreparedRequest) -> Exchange:
        """Have the run's client send the request."""
        for password in passwords(outgoing.body_json):
            self.redactor.know_password(password)
        exchange = self._kept(self._line.call("send", {name: getattr(outgoing, name) for name in _SENT}))
        if outgoing.authorization is ABSENT and (token := sent_token(exchange)) not in self._tokens_seen:
            self._tokens_seen.add(token)
            self.redactor.know(token)
        if not outgoing.reads:
            self.writes.note(exchange)
        return exchange

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def _kept(self, told: dict[str, Any]) -> Exchange:
        exchange = Exchange(**told, redactor=self.redactor)
        self.recorder.keep(exchange)
        return exchange


class _RelayedTokens(TokenProvider):
    """The tokens that the run's client holds."""

    def __init__(self, settings: Settings, redactor: Redactor, line: Line) -> None:
        super().__init__(settings, redactor, lambda _: line.call("no worker asks for a token of its own"))
        self._line = line

    def current(self, identity: str) -> Token:
        """The token of an identity, with what was said of it; TokenError where none is given."""
        token: Token = self._line.call("token", identity)
        self._redactor.know(token.value)
        return token


class _RelayedWrites(Writes):
    """The writes of all workers where it is asked when somebody was written to, its own where time is measured."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self._line = line

    def last(self, path: str) -> float:
        """The number of the last exchange that wrote to the path; NEVER or UNKNOWN where there is none."""
        number: float = self._line.call("last_write", path)
        return number


def _packed(exchange: Exchange) -> dict[str, Any]:
    return {name: getattr(exchange, name) for name in _TOLD}
