"""Authentication: a Bearer token for each request (RFC 6750), refreshed once after a 401."""

from dataclasses import dataclass, field

import httpx

from client.errors import ServiceUnavailable
from client.exchange import ABSENT
from client.transport.authentication.tokens import TokenProvider
from client.transport.requests.prepared_request import PreparedRequest
from client.transport.requests.request_builder import RequestBuilder


@dataclass(frozen=True, eq=False)
class AuthTransport(httpx.BaseTransport):
    """Sends the token of the request's identity; a request with an explicit authorization is sent as it is.

    A 401 has the token refreshed, unless another thread did so already, and the request sent again. Where that is
    answered 401 too, the next 401 to the same operation is taken as the tenant's response.
    """

    inner: httpx.BaseTransport
    tokens: TokenProvider
    requests: RequestBuilder
    unauthenticated: httpx.BaseTransport
    confirmed: set[tuple[str, str, str]] = field(default_factory=set)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request once, or again with another token; errors as for TokenProvider."""
        prepared = PreparedRequest.of(request)
        token = self.tokens.get(prepared.identity) if prepared.authorization is ABSENT else None
        if token is None:
            return self.inner.handle_request(request)
        operation = (prepared.identity, prepared.address.tenant, prepared.operation)
        response = self._send(request, token)
        if response.status_code != httpx.codes.UNAUTHORIZED:
            self.confirmed.discard(operation)
        elif operation not in self.confirmed:
            another = self.tokens.refresh(prepared.identity, rejected=token)
            if another is not None:
                response = self._send(request, another)
                if response.status_code == httpx.codes.UNAUTHORIZED:
                    self.confirmed.add(operation)
            elif self.tokens.is_static and prepared.identity == "client":
                self._require_accepted(token)
                self.confirmed.add(operation)
        return response

    def _send(self, request: httpx.Request, token: str) -> httpx.Response:
        request.headers["Authorization"] = f"Bearer {token}"
        return self.inner.handle_request(request)

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
