"""Scenes that ask a mock tenant in its own process, and write down all that it answers."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from mock_tenant.application import Door
from mock_tenant.behaviour import Behaviour
from mock_tenant.configuration import read_configuration
from mock_tenant.constants import MANAGE_SCOPE, READ_SCOPE
from mock_tenant.directory import OTHER_TENANT, TENANT, Grant
from mock_tenant.requests import Call

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
MERGE = "application/merge-patch+json"
NOTHING = object()


class Still(Behaviour):
    """A tenant whose clock of day and whose ids are counted, so that two runs can be compared."""

    def today(self) -> str:
        return f"2026-03-04T05:06:07.{self.turn('today'):03d}Z"

    def generated_id(self, call: Call) -> str:  # noqa: ARG002 - the signature is given
        return f"c{self.turn('generated'):09d}"


class HeardError(Exception):
    """An answer differs from the expected one: there is no need to go on."""


class Stage:
    """One tenant without a network: asks it, and keeps what it answered.

    With the transcript of another tenant to compare with, the first difference ends the scene by HeardError.
    """

    def __init__(
        self,
        parts: tuple[type[Behaviour], ...] = (),
        tenant_config: Mapping[str, Any] | None = None,
        against: Sequence[Any] = (),
    ) -> None:
        self.against = against
        configuration = read_configuration().but(**(tenant_config or {}))
        self.behaviour: Behaviour = type("Staged", (*parts, Still), {})(configuration)
        self.door = Door(self.behaviour)
        self.transcript: list[tuple[Any, ...]] = []
        clients = self.behaviour.clients
        end = self.behaviour.now() + 3600
        everything = frozenset({READ_SCOPE, MANAGE_SCOPE})
        restricted = clients["mock-restricted-client"]
        self.behaviour.grants.update(
            client=Grant(clients["mock-client"], everything, end),
            reader=Grant(clients["mock-client"], frozenset({READ_SCOPE}), end),
            writer=Grant(clients["mock-client"], frozenset({MANAGE_SCOPE}), end),
            expired=Grant(clients["mock-client"], everything, 0.0),
            other=Grant(clients["mock-other-client"], everything, end),
            restricted=Grant(restricted, frozenset(restricted.scopes), end),
        )

    async def send(self, method: str, target: str, headers: Mapping[str, str], content: bytes) -> Any:
        """The body of one answer; the transcript gets everything but what is random."""
        path, _, query = target.partition("?")
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode("ascii"),
            "query_string": query.encode("ascii"),
            "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()],
        }
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.door(scope, receive, send)
        body = b"".join(message.get("body", b"") for message in sent[1:])
        try:
            shown = json.loads(body)
        except ValueError:
            shown = body
        answered = {
            name: value for name, value in sent[0]["headers"] if name != b"content-length" or not body
        }
        told = self.hidden(shown) if target == "/oauth/token" else shown
        self.write_down((method, target, sent[0]["status"], sorted(answered.items()), told))
        return shown

    def write_down(self, entry: Any) -> None:
        """Adds to the transcript; HeardError where the transcript to compare with goes on otherwise."""
        self.transcript.append(entry)
        place = len(self.transcript) - 1
        if self.against and (place >= len(self.against) or self.against[place] != entry):
            raise HeardError

    async def ask(
        self,
        method: str,
        path: str = "",
        body: Any = NOTHING,
        *,
        who: str | None = "client",
        tenant: str = TENANT,
        media: str = JSON,
        scheme: str = "Bearer",
        **params: Any,
    ) -> Any:
        """The body of the answer to one request on the tenant's customers; bytes are sent as they are."""
        headers = {"content-type": media} if body is not NOTHING else {}
        if who is not None:
            headers["authorization"] = f"{scheme} {who}".strip()
        content = body if isinstance(body, bytes) else b"" if body is NOTHING else json.dumps(body).encode()
        target = f"/customer/{tenant}/customers{quote(path, safe='/?=&')}"
        return await self.send(method, target + (f"?{urlencode(params)}" if params else ""), headers, content)

    async def token(self, media: str = FORM, **fields: str) -> Any:
        """The body of the answer to a token request by the main client."""
        client = self.behaviour.clients[fields.pop("client_id", "mock-client")]
        form = {
            "grant_type": "client_credentials",
            "client_id": client.id,
            "client_secret": client.secret,
            **fields,
        }
        return await self.send("POST", "/oauth/token", {"content-type": media}, urlencode(form).encode())

    def hidden(self, answered: Any) -> str:
        """An answer without what is random in it."""
        text = json.dumps(answered)
        for client in self.behaviour.clients.values():
            text = text.replace(client.secret, f"the secret of {client.id}")
        token = answered.get("access_token") if isinstance(answered, dict) else None
        return text.replace(token, "a token") if isinstance(token, str) else text


PLAIN: dict[str, Any] = {
    "title": "Dr. <b>",
    "firstName": " Anna\u0301  \U0001f600 ",
    "middleName": "Noe\u0308l",
    "lastName": "van  der Berg ",
    "contactPhone": "+0049 1",
    "company": "A & B " * 15,
    "preferredLanguage": "fr_FR",
    "preferredCurrency": "CHF",
    "preferredSite": "DE",
    "type": "CUSTOMER",
    "photoUrl": "https://example.com/P?" + "x" * 300,
    "restriction": "DE",
    "b2b": {"companyRegistrationId": "R1"},
    "mixins": {"a": {"n": 7}, "b": {"s": "x"}},
    "metadata": {"mixins": {"a": "https://example.com/schema"}},
}


def body(name: str, **parts: Any) -> dict[str, Any]:
    """A full body with an id and an address of its own; None leaves a property out."""
    whole = {**PLAIN, "id": name, "contactEmail": f"{name}@Example.com", **parts}
    return {key: value for key, value in whole.items() if value is not None}


def for_update(name: str, **parts: Any) -> dict[str, Any]:
    """The same for upsert and patch, which have flags and no id."""
    return {key: value for key, value in body(name, **parts).items() if key not in ("id", "password")}


OTHER = OTHER_TENANT


async def look(stage: Stage) -> None:
    """Sees everything in every way, page by page where there is more."""
    await stage.ask("GET", expand="mixin:*,accounts", pageSize=500)
    await stage.ask("POST", "/search", {}, expand="accounts,mixin:*", pageSize=500)


async def see(stage: Stage, *names: str) -> None:
    """Sees these customers by their ids."""
    for name in names:
        await stage.ask("GET", f"/{name}", expand="mixin:*,accounts")
