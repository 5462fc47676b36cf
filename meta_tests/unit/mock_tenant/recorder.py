"""A recorder for transcripts: sends requests to a mock tenant in this process and records every response."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from mock_tenant.application import Endpoint
from mock_tenant.behaviour import Behaviour
from mock_tenant.clients import TENANT, Grant
from mock_tenant.configuration import read_configuration
from mock_tenant.constants import MANAGE_SCOPE, READ_SCOPE
from mock_tenant.messages import ApiRequest

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"


class Deterministic(Behaviour):
    """A tenant with counted timestamps and ids, so that the transcripts of two runs can be compared."""

    def timestamp(self) -> str:
        return f"2026-03-04T05:06:07.{self.increment('recorded timestamp'):03d}Z"

    def generate_id(self, request: ApiRequest) -> str:  # noqa: ARG002 - the signature of the hook
        return f"c{self.increment('recorded id'):09d}"

    def generate_address_id(self) -> str:
        return f"a{self.increment('recorded address'):09d}"


class TranscriptMismatch(Exception):
    """A response differs from the reference transcript."""


class TenantRecorder:
    """One tenant without a network, and the transcript of all its responses.

    With a reference transcript, the first different response raises TranscriptMismatch.
    """

    def __init__(
        self,
        behaviours: tuple[type[Behaviour], ...] = (),
        tenant_config: Mapping[str, Any] | None = None,
        reference: Sequence[Any] = (),
    ) -> None:
        self.reference = reference
        configuration = read_configuration().replace(**(tenant_config or {}))
        self.behaviour: Behaviour = type("Recorded", (*behaviours, Deterministic), {})(configuration)
        self.endpoint = Endpoint(self.behaviour)
        self.transcript: list[tuple[Any, ...]] = []
        clients = self.behaviour.clients
        expires_at = self.behaviour.now() + 3600
        all_scopes = frozenset({READ_SCOPE, MANAGE_SCOPE})
        restricted = clients["mock-restricted-client"]
        self.behaviour.grants.update(
            client=Grant(clients["mock-client"], all_scopes, expires_at),
            reader=Grant(clients["mock-client"], frozenset({READ_SCOPE}), expires_at),
            writer=Grant(clients["mock-client"], frozenset({MANAGE_SCOPE}), expires_at),
            expired=Grant(clients["mock-client"], all_scopes, 0.0),
            other=Grant(clients["mock-other-client"], all_scopes, expires_at),
            restricted=Grant(restricted, frozenset(restricted.scopes), expires_at),
        )

    async def send(self, method: str, target: str, headers: Mapping[str, str], content: bytes) -> Any:
        """Sends a request and records the response without its random parts; returns the body."""
        path, _, query = target.partition("?")
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode("ascii"),
            "query_string": query.encode("ascii"),
            "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()],
        }
        messages: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message: Any) -> None:
            messages.append(message)

        await self.endpoint(scope, receive, send)
        start, *rest = messages
        raw = b"".join(message.get("body", b"") for message in rest)
        try:
            body = json.loads(raw)
        except ValueError:
            body = raw
        response_headers = sorted(
            (name, value) for name, value in start["headers"] if name != b"content-length" or not raw
        )
        recorded = self.without_secrets(body) if target == "/oauth/token" else body
        self.record((method, target, start["status"], response_headers, recorded))
        return body

    def record(self, entry: Any) -> None:
        """Appends an entry to the transcript; TranscriptMismatch if it differs from the reference."""
        self.transcript.append(entry)
        index = len(self.transcript) - 1
        if self.reference and (index >= len(self.reference) or self.reference[index] != entry):
            raise TranscriptMismatch

    async def request(
        self,
        method: str,
        path: str = "",
        body: Any = b"",
        *,
        grant: str | None = "client",
        tenant: str = TENANT,
        media_type: str = JSON,
        scheme: str = "Bearer",
        header: tuple[str, str] | None = None,
        **params: Any,
    ) -> Any:
        """Sends a request below the tenant's customers; returns the response body.

        `grant` is one of the tokens above, or an invalid one. A body of bytes is sent without encoding; an
        empty one is sent without a Content-Type.
        """
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = ({"content-type": media_type} if content else {}) | dict([header] if header else [])
        if grant is not None:
            headers["authorization"] = f"{scheme} {grant}".strip()
        target = f"/customer/{tenant}/customers{quote(path, safe='/?=&')}"
        return await self.send(method, target + (f"?{urlencode(params)}" if params else ""), headers, content)

    async def request_token(self, media_type: str = FORM, **fields: str) -> Any:
        """Sends a token request of the main client; returns the response body."""
        client = self.behaviour.clients[fields.pop("client_id", "mock-client")]
        form = {
            "grant_type": "client_credentials",
            "client_id": client.id,
            "client_secret": client.secret,
            **fields,
        }
        headers = {"content-type": media_type}
        return await self.send("POST", "/oauth/token", headers, urlencode(form).encode())

    def without_secrets(self, body: Any) -> str:
        """The body of a token response with placeholders for the secrets and the token."""
        text = json.dumps(body)
        for client in self.behaviour.clients.values():
            text = text.replace(client.secret, f"the secret of {client.id}")
        token = body.get("access_token") if isinstance(body, dict) else None
        return text.replace(token, "a token") if isinstance(token, str) else text


FULL_BODY: dict[str, Any] = {
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


def create_body(name: str, **properties: Any) -> dict[str, Any]:
    """A create body with every property and a unique id and contactEmail; None leaves a property out."""
    body = {**FULL_BODY, "id": name, "contactEmail": f"{name}@Example.com", **properties}
    return {key: value for key, value in body.items() if value is not None}


def update_body(name: str, **properties: Any) -> dict[str, Any]:
    """The same body for upsert and patch, which define neither id nor password."""
    body = create_body(name, **properties)
    return {key: value for key, value in body.items() if key not in ("id", "password")}


async def list_and_search(tenant: TenantRecorder) -> None:
    """Requests every customer by list and by search, with every expansion."""
    await tenant.request("GET", expand="mixin:*,accounts", pageSize=500)
    await tenant.request("POST", "/search", {}, expand="accounts,mixin:*", pageSize=500)


async def get(tenant: TenantRecorder, *ids: str) -> None:
    """Requests these customers by id, with every expansion."""
    for customer_id in ids:
        await tenant.request("GET", f"/{customer_id}", expand="mixin:*,accounts")
