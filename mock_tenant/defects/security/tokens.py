"""A token endpoint that gives too much, says too little, or says too much."""

# ruff: noqa: ARG002 - a lie takes what the truth takes, and need not look at it
from collections.abc import Mapping

from mock_tenant.behaviour import Behaviour
from mock_tenant.directory import Client, Grant
from mock_tenant.registry import defect
from mock_tenant.requests import Answer, Call


@defect("token.request.client-credentials")
class TokensAnswer201(Behaviour):
    """A token is answered 201."""

    def token(self, media_type: str, content: bytes) -> Answer:
        answer = super().token(media_type, content)
        return answer.but(status=201) if answer.status == 200 else answer


@defect("token.answer.token-type")
class TokenTypeIsLeftOut(Behaviour):
    """The token answer names no token type."""

    def token_answer(self, client: Client, scopes: list[str]) -> dict[str, object]:
        answer = super().token_answer(client, scopes)
        del answer["token_type"]
        return answer


@defect("token.answer.token-type")
class TokenTypeIsMac(Behaviour):
    """The token answer names another token type."""

    def token_answer(self, client: Client, scopes: list[str]) -> dict[str, object]:
        return {**super().token_answer(client, scopes), "token_type": "mac"}


@defect("token.answer.expires-in")
class ExpiresInIsText(Behaviour):
    """The token answer states its life as a text."""

    def token_answer(self, client: Client, scopes: list[str]) -> dict[str, object]:
        return {**super().token_answer(client, scopes), "expires_in": "14399"}


@defect("token.answer.scope")
class ScopeIsAList(Behaviour):
    """The token answer states the scope as a list."""

    def token_answer(self, client: Client, scopes: list[str]) -> dict[str, object]:
        return {**super().token_answer(client, scopes), "scope": scopes}


@defect("token.answer.scope")
class ScopeIsLeftOut(Behaviour):
    """The token answer does not state the scope."""

    def token_answer(self, client: Client, scopes: list[str]) -> dict[str, object]:
        answer = super().token_answer(client, scopes)
        del answer["scope"]
        return answer


@defect("token.secret.checked")
class SecretIsNotChecked(Behaviour):
    """Every secret opens a known client."""

    def secret_right(self, client: Client, secret: str) -> bool:
        return True


@defect("token.secret.checked")
class SecretIsCheckedByPrefix(Behaviour):
    """A secret with something behind it is as good."""

    def secret_right(self, client: Client, secret: str) -> bool:
        return secret.startswith(client.secret)


@defect("token.grant-type.checked")
class AnyGrantTypeIsOffered(Behaviour):
    """Every grant type is taken for client credentials."""

    def grant_type_offered(self, grant_type: str) -> bool:
        return True


@defect("token.secret.not-echoed")
class SecretIsEchoed(Behaviour):
    """The token answer repeats the client's secret."""

    def token_answer(self, client: Client, scopes: list[str]) -> dict[str, object]:
        return {**super().token_answer(client, scopes), "client_secret": client.secret}


@defect("token.secret.not-echoed")
class RefusalsEchoTheForm(Behaviour):
    """A refused token request is told what it sent, its secret included."""

    sent: Mapping[str, str] = {}

    def form(self, content: bytes) -> Mapping[str, str]:
        self.sent = super().form(content)
        return self.sent

    def oauth_error(self, status: int, error: str, description: str) -> Answer:
        return super().oauth_error(status, error, f"{description} Sent: {dict(self.sent)}")


@defect("token.expiry.enforced")
class TokensNeverExpire(Behaviour):
    """A token opens the API long after its end."""

    def expired(self, call: Call, grant: Grant) -> bool:
        return False


@defect("token.scope.narrowed")
class NarrowTokensOpenNothing(Behaviour):
    """A token for less than all of the client's scopes is answered, and opens nothing."""

    def token_answer(self, client: Client, scopes: list[str]) -> dict[str, object]:
        answer = super().token_answer(client, scopes)
        if len(scopes) < len(client.scopes):
            self.grants[str(answer["access_token"])] = Grant(client, frozenset(), self.now() + 60)
        return answer


@defect("create.auth.scope", also=("*.auth.scope",))
class NarrowTokensOpenEverything(Behaviour):
    """A token opens everything its client may, however little was asked for."""

    def scopes_granted(self, client: Client, asked: list[str]) -> list[str]:
        return list(client.scopes)
