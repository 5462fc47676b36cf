"""Authentication: a Bearer token for each request (RFC 6750), refreshed once after a 401."""

from collections.abc import Generator
from dataclasses import dataclass, field

import httpx

from client.errors import ServiceUnavailable
from client.exchange import ABSENT
from client.transport.authentication.tokens import TokenProvider
from client.transport.requests.prepared_request import PreparedRequest
from client.transport.requests.request_builder import RequestBuilder


@dataclass(frozen=True, eq=False)
class BearerAuth(httpx.Auth):
    """Sends the token of the request's identity; a request with an explicit authorization is sent as it is.

    A 401 has the token refreshed, unless another thread did so already, and the request sent again. Where that is
    answered 401 too, the next 401 to the same operation is taken as the tenant's response.
    """

    tokens: TokenProvider
    requests: RequestBuilder
    unauthenticated: httpx.BaseTransport
    confirmed: set[tuple[str, str, str]] = field(default_factory=set)

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """The requests to send: once, or again with another token; errors as for TokenProvider."""
        prepared = PreparedRequest.of(request)
        token = self.tokens.get(prepared.identity) if prepared.authorization is ABSENT else None
        if token is None:
            yield request
            return
        operation = (prepared.identity, prepared.address.tenant, prepared.operation)
        response = yield _authorized(request, token)
        if response.status_code != httpx.codes.UNAUTHORIZED:
            self.confirmed.discard(operation)
        elif operation not in self.confirmed:
            another = self.tokens.refresh(prepared.identity, rejected=token)
            if another is not None:
                response = yield _authorized(request, another)
                if response.status_code == httpx.codes.UNAUTHORIZED:
                    self.confirmed.add(operation)
            elif self.tokens.is_static and prepared.identity == "client":
                self._require_accepted(token)
                self.confirmed.add(operation)

    def _require_accepted(self, token: str) -> None:
        """ServiceUnavailable where EMPORIX_ACCESS_TOKEN is rejected by list and by search."""
        for method in ("GET", "POST"):
            look = self.requests.look(method=method, authorization=f"Bearer {token}")
            response = self.unauthenticated.handle_request(look.to_httpx())
            if response.status_code != httpx.codes.UNAUTHORIZED:
                return
        raise ServiceUnavailable(
            "EMPORIX_ACCESS_TOKEN is not accepted any more; it has expired or was revoked. Set a new one, or "
            "EMPORIX_CLIENT_ID and _SECRET, with which the suite renews its tokens itself."
        )


@dataclass(frozen=True, eq=False)
class AuthTransport(httpx.BaseTransport):
    """Drives an authentication flow of httpx; each request of the flow passes the inner transports."""

    inner: httpx.BaseTransport
    auth: httpx.Auth

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The response to the last request of the flow."""
        flow = self.auth.sync_auth_flow(request)
        try:
            request = next(flow)
            while True:
                response = self.inner.handle_request(request)
                try:
                    request = flow.send(response)
                except StopIteration:
                    return response
        finally:
            flow.close()


def _authorized(request: httpx.Request, token: str) -> httpx.Request:
    request.headers["Authorization"] = f"Bearer {token}"
    return request
