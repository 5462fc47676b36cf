"""Defects of authorization: tokens, scopes and tenant names that are not checked, for each operation."""

# ruff: noqa: ARG002 - an override has the signature of its hook
from mock_tenant.behaviour import Behaviour
from mock_tenant.clients import Grant
from mock_tenant.constants import MANAGE_SCOPE, OPERATIONS, READ_SCOPE, TENANT_LENGTHS, TENANT_NAME
from mock_tenant.messages import ApiRequest
from mock_tenant.registry import defect, operation_defects, register_defect

NEVER_EXPIRES = float("inf")


def full_grant(behaviour: Behaviour, request: ApiRequest) -> Grant | None:
    """A grant with every scope of the tenant in the path; None if there is no such tenant."""
    for client in behaviour.clients.values():
        if client.tenant == request.tenant_name:
            return Grant(client, frozenset({READ_SCOPE, MANAGE_SCOPE}), NEVER_EXPIRES)
    return None


@operation_defects(OPERATIONS, "{}.auth.token-required", name="{}-needs-no-token")
class NoToken(Behaviour):
    """{} is accessible without a token."""

    def find_grant(self, request: ApiRequest) -> Grant:
        grant = None if request.authorization else full_grant(self, request)
        return grant or super().find_grant(request)


@operation_defects(OPERATIONS, "token.scheme.bearer-alone", name="{}-takes-a-token-under-any-scheme")
class AnyScheme(Behaviour):
    """{} accepts a valid token with any authentication scheme, or with none."""

    def bearer_token(self, request: ApiRequest) -> str | None:
        return request.authorization.split()[-1] if request.authorization else super().bearer_token(request)


@operation_defects(OPERATIONS, "{}.auth.token-valid", name="{}-takes-any-token")
class AnyToken(Behaviour):
    """{} accepts a token that was never issued."""

    def find_grant(self, request: ApiRequest) -> Grant:
        token = self.bearer_token(request)
        is_forged = token is not None and token not in self.grants
        return (full_grant(self, request) if is_forged else None) or super().find_grant(request)


@operation_defects(OPERATIONS, "{}.auth.scope", name="{}-needs-no-scope")
class AnyScope(Behaviour):
    """{} does not check the scopes of a token."""

    def has_required_scope(self, request: ApiRequest, grant: Grant) -> bool:
        return True


@operation_defects(OPERATIONS, "{}.auth.other-tenant", name="{}-opens-to-other-tenants")
class AnyTenant(Behaviour):
    """{} does not check the tenant for which a token was issued."""

    def grants_tenant(self, request: ApiRequest, grant: Grant) -> bool:
        return request.tenant_name in self.tenants or super().grants_tenant(request, grant)


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
