"""Defects of authorization: tokens, scopes and tenant names that are not checked, for each operation."""

# ruff: noqa: ARG002 - an override has the signature of its hook
from mock_tenant.behaviour import Behaviour
from mock_tenant.clients import Grant
from mock_tenant.constants import MANAGE_SCOPE, OPERATIONS, READ_SCOPE, TENANT_LENGTHS, TENANT_NAME
from mock_tenant.messages import ApiRequest
from mock_tenant.registry import defect, register_defect

NEVER_EXPIRES = float("inf")


def full_grant(behaviour: Behaviour, request: ApiRequest) -> Grant | None:
    """A grant with every scope of the tenant in the path; None if there is no such tenant."""
    for client in behaviour.clients.values():
        if client.tenant == request.tenant_name:
            return Grant(client, frozenset({READ_SCOPE, MANAGE_SCOPE}), NEVER_EXPIRES)
    return None


def skips_authorization(operation: str) -> None:
    """Seeds five defects in one operation: it needs no token, or accepts any scheme, token, scope or tenant."""

    class NoToken(Behaviour):
        def find_grant(self, request: ApiRequest) -> Grant:
            is_open = request.operation == operation and not request.authorization
            return (full_grant(self, request) if is_open else None) or super().find_grant(request)

    class AnyScheme(Behaviour):
        def bearer_token(self, request: ApiRequest) -> str | None:
            if request.operation == operation and request.authorization:
                return request.authorization.split()[-1]
            return super().bearer_token(request)

    class AnyToken(Behaviour):
        def find_grant(self, request: ApiRequest) -> Grant:
            token = self.bearer_token(request)
            is_forged = request.operation == operation and token is not None and token not in self.grants
            return (full_grant(self, request) if is_forged else None) or super().find_grant(request)

    class AnyScope(Behaviour):
        def has_required_scope(self, request: ApiRequest, grant: Grant) -> bool:
            return request.operation == operation or super().has_required_scope(request, grant)

    class AnyTenant(Behaviour):
        def grants_tenant(self, request: ApiRequest, grant: Grant) -> bool:
            is_open = request.operation == operation and request.tenant_name in self.tenants
            return is_open or super().grants_tenant(request, grant)

    label = operation.capitalize()
    register_defect(
        f"{operation}.auth.token-required",
        NoToken,
        name=f"{operation}-needs-no-token",
        description=f"{label} is accessible without a token.",
    )
    register_defect(
        "token.scheme.bearer-alone",
        AnyScheme,
        name=f"{operation}-takes-a-token-under-any-scheme",
        description=f"{label} accepts a valid token with any authentication scheme, or with none.",
    )
    register_defect(
        f"{operation}.auth.token-valid",
        AnyToken,
        name=f"{operation}-takes-any-token",
        description=f"{label} accepts a token that was never issued.",
    )
    register_defect(
        f"{operation}.auth.scope",
        AnyScope,
        name=f"{operation}-needs-no-scope",
        description=f"{label} does not check the scopes of a token.",
    )
    register_defect(
        f"{operation}.auth.other-tenant",
        AnyTenant,
        name=f"{operation}-opens-to-other-tenants",
        description=f"{label} does not check the tenant for which a token was issued.",
    )


def accepts_invalid_tenant_name(operation: str, kind: str) -> None:
    """Seeds an operation that accepts an invalid tenant name and serves the tenant of the token."""

    class AcceptsInvalidName(Behaviour):
        def is_valid_tenant_name(self, request: ApiRequest, name: str) -> bool:
            if request.operation != operation or super().is_valid_tenant_name(request, name):
                return super().is_valid_tenant_name(request, name)
            shortest, longest = TENANT_LENGTHS
            error = "short" if len(name) < shortest else "long" if len(name) > longest else "odd"
            if kind in (error, "invalid"):
                request.tenant_name = request.grant.client.tenant
            return kind in (error, "invalid")

    aspect, adjective = {
        "short": ("min-length", "too short"),
        "long": ("max-length", "too long"),
        "odd": ("pattern", "malformed"),
        "invalid": ("invalid", "invalid"),
    }[kind]
    register_defect(
        f"{operation}.tenant.{aspect}",
        AcceptsInvalidName,
        name=f"{operation}-serves-{kind}-tenant-names",
        description=f"{operation.capitalize()} accepts {adjective} tenant names, and serves the token's tenant.",
    )


for _operation in OPERATIONS:
    skips_authorization(_operation)
    for _kind in ("short", "long", "odd") if _operation in ("list", "create") else ("invalid",):
        accepts_invalid_tenant_name(_operation, _kind)


@defect("create.tenant.pattern")
class CreateFoldsTheCaseOfTenantNames(Behaviour):
    """Create accepts a tenant name in upper case as the same name in lower case."""

    def is_valid_tenant_name(self, request: ApiRequest, name: str) -> bool:
        if request.operation == "create" and TENANT_NAME.fullmatch(name.lower()):
            request.tenant_name = name.lower()
        return super().is_valid_tenant_name(request, request.tenant_name)


@defect("tenant.invalid.answered-400")
class InvalidTenantNamesAreForbidden(Behaviour):
    """An invalid tenant name is rejected with 403, like the name of another tenant."""

    def is_valid_tenant_name(self, request: ApiRequest, name: str) -> bool:
        return True


@defect("patch.auth.scope")
class PatchIsOpenToReaders(Behaviour):
    """Patch requires the scope for reading."""

    def required_scope(self, request: ApiRequest) -> str:
        return READ_SCOPE if request.operation == "patch" else super().required_scope(request)
