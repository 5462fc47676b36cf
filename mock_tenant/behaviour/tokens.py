"""The token endpoint: client credentials for a token, as OAuth 2 and the vendor's form have it."""

import hmac
import secrets
from collections.abc import Mapping
from urllib.parse import parse_qsl

from mock_tenant.behaviour.base import Ground
from mock_tenant.directory import Client, Grant
from mock_tenant.requests import Answer

FORM_TYPE = "application/x-www-form-urlencoded"


class TokenProvider(Ground):
    """Decisions of the token endpoint."""

    def token(self, media_type: str, content: bytes) -> Answer:
        """The answer to a token request: 200 with a token, 400 or 401 with an OAuth error."""
        if media_type != FORM_TYPE:
            return self.oauth_error(400, "invalid_request", f"The request must be {FORM_TYPE}.")
        form = self.form(content)
        if not self.grant_type_offered(form.get("grant_type", "")):
            return self.oauth_error(400, "unsupported_grant_type", "Use grant_type=client_credentials.")
        client = self.clients.get(form.get("client_id", ""))
        if client is None or not self.secret_right(client, form.get("client_secret", "")):
            return self.oauth_error(401, "invalid_client", "The client id or the client secret is wrong.")
        asked = form.get("scope", "").split()
        tenants = [word.removeprefix("tenant=") for word in asked if word.startswith("tenant=")]
        granted = self.scopes_granted(client, [word for word in asked if not word.startswith("tenant=")])
        if not granted or any(tenant != client.tenant for tenant in tenants):
            return self.oauth_error(400, "invalid_scope", "The client has no such scope or tenant.")
        return Answer(200, self.token_answer(client, granted), {"Cache-Control": "no-store"})

    def form(self, content: bytes) -> Mapping[str, str]:
        """The fields of a form; of a field that is sent twice, the first."""
        fields = parse_qsl(content.decode("ascii", "replace"), keep_blank_values=True, errors="replace")
        return dict(reversed(fields))

    def grant_type_offered(self, grant_type: str) -> bool:
        """Whether tokens are given for this grant type."""
        return grant_type == "client_credentials"

    def secret_right(self, client: Client, secret: str) -> bool:
        """Whether this is the client's secret."""
        return hmac.compare_digest(client.secret.encode(), secret.encode("utf-8", "replace"))

    def scopes_granted(self, client: Client, asked: list[str]) -> list[str]:
        """What the client has of the scopes it asked for; all that it has if it asked for none.

        A client that is limited to some restrictions gets the limited form of a scope it asks for in full.
        """
        if not asked:
            return list(client.scopes)
        return [held for held in client.scopes if held in asked or held.partition("--")[0] in asked]

    def token_answer(self, client: Client, scopes: list[str]) -> dict[str, object]:
        """Issues a token and says what it opens."""
        token = secrets.token_urlsafe(24)
        life = self.token_life(client)
        self.grants[token] = Grant(client, frozenset(scopes), self.now() + life)
        return {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": int(life),
            "session_idle_time": int(life),
            "refresh_token": "",
            "refresh_token_expires_in": 0,
            "scope": " ".join([f"tenant={client.tenant}", *scopes]),
        }

    def token_life(self, client: Client) -> float:
        """The seconds that a token of this client lives."""
        return client.token_life

    def oauth_error(self, status: int, error: str, description: str) -> Answer:
        """A refusal in the words of RFC 6749."""
        return Answer(status, {"error": error, "error_description": description})
