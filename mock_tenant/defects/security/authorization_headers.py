"""Defects of the Authorization header: near misses of the scheme and of the token, scopes, and expiry."""

from collections.abc import Callable

from mock_tenant.behaviour import Behaviour
from mock_tenant.clients import Grant
from mock_tenant.constants import MANAGE_SCOPE, OPERATIONS, READ_OPERATIONS, READ_SCOPE
from mock_tenant.messages import ApiRequest
from mock_tenant.registry import register_defect


def accepts_header(operation: str, name: str, description: str, read: Callable[[str], str]) -> None:
    """Seeds an operation that finds a token in a malformed Authorization header."""

    class AcceptsHeader(Behaviour):
        def bearer_token(self, request: ApiRequest) -> str | None:
            token = super().bearer_token(request)
            if request.operation != operation or token in self.grants:
                return token
            return read(request.authorization)

    register_defect(
        f"{operation}.auth.token-required",
        AcceptsHeader,
        name=f"{operation}-takes-{name}",
        description=f"{operation.capitalize()} accepts a token {description}.",
        also_violates=("token.scheme.bearer-alone",),
    )


for _operation in OPERATIONS:
    accepts_header(_operation, "a-token-without-a-scheme", "without a scheme", str)
for _operation, _name, _description, _read in (
    ("get", "a-glued-scheme", "right after the scheme", lambda header: header[len("Bearer") :]),
    ("search", "a-colon-after-the-scheme", "after a colon", lambda header: header.partition(": ")[2]),
    (
        "list",
        "a-longer-scheme",
        "under a scheme that begins with Bearer",
        lambda header: header.rpartition(" ")[2],
    ),
    ("create", "the-scheme-oauth", "under the scheme OAuth", lambda header: header.removeprefix("OAuth ")),
    ("upsert", "a-token-parameter", "as a parameter", lambda header: header.partition("=")[2]),
    ("patch", "a-quoted-token", "in quotes", lambda header: header.partition(" ")[2].strip('"')),
    ("delete", "a-word-after-the-token", "and a word", lambda header: f"{header} ".split(" ")[1]),
):
    accepts_header(_operation, _name, _description, _read)


def accepts_similar_token(
    operation: str, name: str, description: str, is_similar: Callable[[str, str], bool]
) -> None:
    """Seeds an operation that accepts a token that resembles an issued one."""

    class AcceptsSimilarToken(Behaviour):
        def find_grant(self, request: ApiRequest) -> Grant:
            sent = self.bearer_token(request)
            if request.operation == operation and sent and sent not in self.grants:
                for token, grant in self.grants.items():
                    if is_similar(token, sent):
                        return grant
            return super().find_grant(request)

    register_defect(
        f"{operation}.auth.token-valid",
        AcceptsSimilarToken,
        name=f"{operation}-takes-{name}",
        description=f"{operation.capitalize()} accepts {description}.",
    )


for _operation in ("list", "patch"):
    accepts_similar_token(
        _operation, "longer-tokens", "a token and more", lambda token, sent: sent.startswith(token)
    )
for _operation in ("create", "get"):
    accepts_similar_token(
        _operation,
        "shorter-tokens",
        "the beginning of a token",
        lambda token, sent: len(sent) > 7 and token.startswith(sent),
    )
for _operation in ("search", "delete", "upsert"):
    accepts_similar_token(
        _operation,
        "tokens-in-any-case",
        "a token in another case",
        lambda token, sent: token.lower() == sent.lower(),
    )


def needs_other_scope(operation: str) -> None:
    """Seeds an operation that is open to tokens with the scope of the other kind of operations."""

    class NeedsOtherScope(Behaviour):
        def has_required_scope(self, request: ApiRequest, grant: Grant) -> bool:
            is_open = request.operation == operation and grant.scopes & {READ_SCOPE, MANAGE_SCOPE}
            return bool(is_open) or super().has_required_scope(request, grant)

    other = "writers" if operation in READ_OPERATIONS else "readers"
    register_defect(
        f"{operation}.auth.scope",
        NeedsOtherScope,
        name=f"{operation}-opens-to-{other}",
        description=f"{operation.capitalize()} accepts a token that only {other} hold.",
    )


def ignores_expiry(operation: str) -> None:
    """Seeds an operation that accepts expired tokens."""

    class IgnoresExpiry(Behaviour):
        def is_expired(self, request: ApiRequest, grant: Grant) -> bool:
            return request.operation != operation and super().is_expired(request, grant)

    register_defect(
        "token.expiry.enforced",
        IgnoresExpiry,
        name=f"{operation}-takes-expired-tokens",
        description=f"{operation.capitalize()} accepts an expired token.",
    )


for _operation in OPERATIONS:
    needs_other_scope(_operation)
    ignores_expiry(_operation)
