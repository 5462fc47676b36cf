"""Defects of the Authorization header: near misses of the scheme and of the token, scopes, and expiry."""

# ruff: noqa: ARG002 - an override has the signature of its hook
from collections.abc import Callable, Iterable

from mock_tenant.behaviour import Behaviour
from mock_tenant.clients import Grant
from mock_tenant.constants import MANAGE_SCOPE, OPERATIONS, READ_OPERATIONS, READ_SCOPE, WRITE_OPERATIONS
from mock_tenant.messages import ApiRequest
from mock_tenant.registry import operation_defects


def accepts_header(
    operations: Iterable[str], name: str, description: str, token_in: Callable[[str], str]
) -> None:
    """Seeds operations that find a token in a malformed Authorization header."""

    @operation_defects(
        operations,
        "{}.auth.token-required",
        name="{}-accepts-" + name,
        description=f"{{}} accepts a token {description}.",
        also_violates=["token.scheme.bearer-alone"],
    )
    class AcceptsHeader(Behaviour):
        def bearer_token(self, request: ApiRequest) -> str | None:
            token = super().bearer_token(request)
            return token if token in self.grants else token_in(request.authorization)


accepts_header(OPERATIONS, "a-token-without-a-scheme", "without a scheme", str)
for _operation, _name, _description, _token_in in (
    ("get", "a-scheme-without-a-space", "right after the scheme", lambda header: header[len("Bearer") :]),
    ("search", "a-colon-after-the-scheme", "after a colon", lambda header: header.partition(": ")[2]),
    (
        "list",
        "a-scheme-that-begins-with-bearer",
        "under a scheme that begins with Bearer",
        lambda header: header.rpartition(" ")[2],
    ),
    ("create", "the-scheme-oauth", "under the scheme OAuth", lambda header: header.removeprefix("OAuth ")),
    ("upsert", "a-token-parameter", "as a parameter", lambda header: header.partition("=")[2]),
    ("patch", "a-quoted-token", "in quotes", lambda header: header.partition(" ")[2].strip('"')),
    (
        "delete",
        "a-word-after-the-token",
        "with a further word after it",
        lambda header: f"{header} ".split(" ")[1],
    ),
):
    accepts_header([_operation], _name, _description, _token_in)


def accepts_similar_token(
    operations: Iterable[str], name: str, description: str, is_similar: Callable[[str, str], bool]
) -> None:
    """Seeds operations that accept a token that resembles an issued one."""

    @operation_defects(
        operations,
        "{}.auth.token-valid",
        name="{}-accepts-" + name,
        description=f"{{}} accepts {description}.",
    )
    class AcceptsSimilarToken(Behaviour):
        def find_grant(self, request: ApiRequest) -> Grant:
            sent = self.bearer_token(request)
            if sent and sent not in self.grants:
                for token, grant in self.grants.items():
                    if is_similar(token, sent):
                        return grant
            return super().find_grant(request)


for _operations, _name, _description, _is_similar in (
    (
        ("list", "patch"),
        "tokens-with-a-suffix",
        "a token and more",
        lambda token, sent: sent.startswith(token),
    ),
    (
        ("create", "get"),
        "truncated-tokens",
        "the beginning of a token",
        lambda token, sent: len(sent) > 7 and token.startswith(sent),
    ),
    (
        ("search", "delete", "upsert"),
        "tokens-in-any-case",
        "a token in another case",
        lambda token, sent: token.lower() == sent.lower(),
    ),
):
    accepts_similar_token(_operations, _name, _description, _is_similar)


@operation_defects(
    READ_OPERATIONS,
    "{}.auth.scope",
    name="{}-accepts-the-manage-scope",
    description="{} accepts a token that has only the scope for writing.",
)
@operation_defects(
    WRITE_OPERATIONS,
    "{}.auth.scope",
    name="{}-accepts-the-read-scope",
    description="{} accepts a token that has only the scope for reading.",
)
class AcceptsEitherScope(Behaviour):
    """An operation accepts the scope for reading and the scope for writing."""

    def has_required_scope(self, request: ApiRequest, grant: Grant) -> bool:
        has_either = bool(grant.scopes & {READ_SCOPE, MANAGE_SCOPE})
        return has_either or super().has_required_scope(request, grant)


@operation_defects(OPERATIONS, "token.expiry.enforced")
class AcceptsExpiredTokens(Behaviour):
    """{} accepts an expired token."""

    def is_expired(self, request: ApiRequest, grant: Grant) -> bool:
        return False
