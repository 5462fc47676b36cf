"""The token endpoint: the client credentials grant of OAuth 2 (RFC 6749, section 4.4), with the vendor's extensions."""

import hmac
import secrets
from collections.abc import Mapping
from urllib.parse import parse_qsl

from mock_tenant.behaviour.base_handler import BaseHandler
from mock_tenant.clients import Client, Grant
from mock_tenant.constants import RESTRICTED
from mock_tenant.messages import ApiResponse

FORM_TYPE = "application/x-www-form-urlencoded"


class TokenEndpoint(BaseHandler):
    """Hooks of the token endpoint."""

    def handle_token_request(self, media_type: str, content: bytes) -> ApiResponse:
        """The response to a token request: 200 with a token, 400 or 401 with an OAuth error."""
        if media_type != FORM_TYPE:
            return self.oauth_error(400, "invalid_request", f"The request must be {FORM_TYPE}.")
        form = self.parse_form(content)
        if not self.is_supported_grant_type(form.get("grant_type", "")):
            return self.oauth_error(400, "unsupported_grant_type", "Use grant_type=client_credentials.")
        client = self.clients.get(form.get("client_id", ""))
        if client is None or not self.is_valid_secret(client, form.get("client_secret", "")):
            return self.oauth_error(401, "invalid_client", "The client id or the client secret is wrong.")
        words = form.get("scope", "").split()
        tenants = [word.removeprefix("tenant=") for word in words if word.startswith("tenant=")]
        scopes = self.granted_scopes(client, [word for word in words if not word.startswith("tenant=")])
        if not scopes or any(tenant != client.tenant for tenant in tenants):
            return self.oauth_error(400, "invalid_scope", "The client has no such scope or tenant.")
        return ApiResponse(200, self.issue_token(client, scopes), {"Cache-Control": "no-store"})

    def parse_form(self, content: bytes) -> Mapping[str, str]:
        """The fields of a form; of a repeated field, the first value."""
        fields = parse_qsl(content.decode("ascii", "replace"), keep_blank_values=True, errors="replace")
        return dict(reversed(fields))

    def is_supported_grant_type(self, grant_type: str) -> bool:
        """Whether tokens are issued for this grant type."""
        return grant_type == "client_credentials"

    def is_valid_secret(self, client: Client, secret: str) -> bool:
        """Whether this is the client's secret."""
        return hmac.compare_digest(client.secret.encode(), secret.encode("utf-8", "replace"))

    def granted_scopes(self, client: Client, requested: list[str]) -> list[str]:
        """The requested scopes that the client may have; all of its scopes if none is requested.

        A client that is limited to restrictions gets the limited form of a scope that it requests in full.
        """
        if not requested:
            return list(client.scopes)
        return [
            held for held in client.scopes if held in requested or held.partition(RESTRICTED)[0] in requested
        ]

    def issue_token(self, client: Client, scopes: list[str]) -> dict[str, object]:
        """Issues a token; returns the body of the response."""
        token = secrets.token_urlsafe(24)
        lifetime = self.token_lifetime(client)
        self.grants[token] = Grant(client, frozenset(scopes), self.now() + lifetime)
        return {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": int(lifetime),
            "session_idle_time": int(lifetime),
            "refresh_token": "",
            "refresh_token_expires_in": 0,
            "scope": " ".join([f"tenant={client.tenant}", *scopes]),
        }

    def token_lifetime(self, client: Client) -> float:
        """The lifetime of this client's tokens in seconds."""
        return client.token_lifetime

    def oauth_error(self, status: int, error: str, description: str) -> ApiResponse:
        """An error response according to RFC 6749, section 5.2."""
        return ApiResponse(status, {"error": error, "error_description": description})
