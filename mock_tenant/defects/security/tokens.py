"""Defects of the token endpoint and of token expiry."""

# ruff: noqa: ARG002 - an override has the signature of its hook
from collections.abc import Mapping
from dataclasses import replace

from mock_tenant.behaviour import Behaviour
from mock_tenant.clients import Client, Grant
from mock_tenant.messages import ApiRequest, ApiResponse
from mock_tenant.registry import defect


@defect("token.request.client-credentials")
class TokensAnswer201(Behaviour):
    """A successful token request returns 201."""

    def handle_token_request(self, media_type: str, content: bytes) -> ApiResponse:
        response = super().handle_token_request(media_type, content)
        return response.replace(status=201) if response.status == 200 else response


@defect("token.answer.token-type")
class TokenTypeIsLeftOut(Behaviour):
    """The token response has no token_type."""

    def issue_token(self, client: Client, scopes: list[str]) -> dict[str, object]:
        body = super().issue_token(client, scopes)
        del body["token_type"]
        return body


@defect("token.answer.token-type")
class TokenTypeIsMac(Behaviour):
    """The token_type of the token response is mac."""

    def issue_token(self, client: Client, scopes: list[str]) -> dict[str, object]:
        return {**super().issue_token(client, scopes), "token_type": "mac"}


@defect("token.answer.expires-in")
class ExpiresInIsText(Behaviour):
    """The expires_in of the token response is a string."""

    def issue_token(self, client: Client, scopes: list[str]) -> dict[str, object]:
        return {**super().issue_token(client, scopes), "expires_in": "14399"}


@defect("token.answer.scope")
class ScopeIsAList(Behaviour):
    """The scope of the token response is an array."""

    def issue_token(self, client: Client, scopes: list[str]) -> dict[str, object]:
        return {**super().issue_token(client, scopes), "scope": scopes}


@defect("token.answer.scope")
class ScopeIsLeftOut(Behaviour):
    """The token response has no scope."""

    def issue_token(self, client: Client, scopes: list[str]) -> dict[str, object]:
        body = super().issue_token(client, scopes)
        del body["scope"]
        return body


@defect("token.answer.refresh")
class RefreshTokenIsReturned(Behaviour):
    """The token response contains a refresh token."""

    def issue_token(self, client: Client, scopes: list[str]) -> dict[str, object]:
        body = super().issue_token(client, scopes)
        return {**body, "refresh_token": "a-refresh-token", "refresh_token_expires_in": 86400}


@defect("token.scope.default")
class MissingScopePermitsReadingOnly(Behaviour):
    """A token requested without a scope permits reading only."""

    def parse_form(self, content: bytes) -> Mapping[str, str]:
        return {"scope": "customer.customer_read", **super().parse_form(content)}


@defect("token.scope.default")
class MissingScopeIsRejected(Behaviour):
    """A token request without a scope is rejected."""

    def parse_form(self, content: bytes) -> Mapping[str, str]:
        return {"scope": "nothing", **super().parse_form(content)}


@defect("token.secret.checked")
class SecretIsNotChecked(Behaviour):
    """Every secret of a known client is accepted."""

    def is_valid_secret(self, client: Client, secret: str) -> bool:
        return True


@defect("token.secret.checked")
class SecretIsCheckedByPrefix(Behaviour):
    """A secret with a suffix is accepted."""

    def is_valid_secret(self, client: Client, secret: str) -> bool:
        return secret.startswith(client.secret)


@defect("token.secret.checked")
class SecretsAreComparedWithoutCase(Behaviour):
    """A secret with capital and small letters exchanged is accepted."""

    def is_valid_secret(self, client: Client, secret: str) -> bool:
        return secret.casefold() == client.secret.casefold()


@defect("token.grant-type.checked")
class TheGrantTypeIsOptional(Behaviour):
    """A token request without a grant type is handled as client_credentials."""

    def parse_form(self, content: bytes) -> Mapping[str, str]:
        return {"grant_type": "client_credentials", **super().parse_form(content)}


@defect("token.grant-type.checked")
class AnyGrantTypeIsAccepted(Behaviour):
    """Every grant type is handled as client_credentials."""

    def is_supported_grant_type(self, grant_type: str) -> bool:
        return True


@defect("token.grant-type.checked")
class StandardGrantTypesAreAccepted(Behaviour):
    """The grant types password and refresh_token are handled as client_credentials."""

    def is_supported_grant_type(self, grant_type: str) -> bool:
        return grant_type in ("password", "refresh_token") or super().is_supported_grant_type(grant_type)


@defect("token.secret.not-echoed")
class SecretIsEchoed(Behaviour):
    """The token response contains the client secret."""

    def issue_token(self, client: Client, scopes: list[str]) -> dict[str, object]:
        return {**super().issue_token(client, scopes), "client_secret": client.secret}


@defect("token.secret.not-echoed")
class RejectedTokenRequestsEchoTheForm(Behaviour):
    """The response to a rejected token request contains the form, including the client secret."""

    form: Mapping[str, str] = {}

    def parse_form(self, content: bytes) -> Mapping[str, str]:
        self.form = super().parse_form(content)
        return self.form

    def oauth_error(self, status: int, error: str, description: str) -> ApiResponse:
        return super().oauth_error(status, error, f"{description} Sent: {dict(self.form)}")


@defect("token.secret.not-echoed")
class RejectedGrantTypesEchoTheForm(RejectedTokenRequestsEchoTheForm):
    """The response to another grant type contains the form, including the client secret."""

    def oauth_error(self, status: int, error: str, description: str) -> ApiResponse:
        if error == "unsupported_grant_type":
            return super().oauth_error(status, error, description)
        return Behaviour.oauth_error(self, status, error, description)


@defect("token.expiry.enforced")
class TokensNeverExpire(Behaviour):
    """An expired token is accepted."""

    def is_expired(self, request: ApiRequest, grant: Grant) -> bool:
        return False


@defect("token.scope.narrowed")
class NarrowedTokensAuthorizeNothing(Behaviour):
    """A token with fewer than all customer scopes of the client is issued, but authorizes nothing."""

    def issue_token(self, client: Client, scopes: list[str]) -> dict[str, object]:
        body = super().issue_token(client, scopes)
        held = [scope for scope in client.scopes if scope.startswith("customer.")]
        if len(scopes) < len(held):
            self.grants[str(body["access_token"])] = Grant(client, frozenset(), self.now() + 60)
        return body


@defect("create.auth.scope", also_violates=("*.auth.scope",))
class NarrowedTokensHaveEveryScope(Behaviour):
    """A token has every scope of its client, regardless of the requested scopes."""

    def granted_scopes(self, client: Client, requested: list[str]) -> list[str]:
        return list(client.scopes)


@defect("list.auth.other-tenant")
class TokensAreIssuedForEveryTenant(Behaviour):
    """The token endpoint issues a token for whatever tenant the scope of the request names."""

    def handle_token_request(self, media_type: str, content: bytes) -> ApiResponse:
        self.state["form"] = dict(self.parse_form(content))
        words = self.state["form"].get("scope", "").split()
        self.state["form"]["tenant"] = next(
            (w[len("tenant=") :] for w in words if w.startswith("tenant=")), ""
        )
        named = self.state["form"]["tenant"]
        stripped = content.replace(f"tenant%3D{named}".encode(), b"") if named in self.tenants else content
        return super().handle_token_request(media_type, stripped)

    def issue_token(self, client: Client, scopes: list[str]) -> dict[str, object]:
        named = self.state["form"]["tenant"]
        return super().issue_token(replace(client, tenant=named) if named in self.tenants else client, scopes)
