"""Defects of authorization: tokens, scopes and tenant names that are not checked, for each operation."""

# ruff: noqa: ARG002 - an override has the signature of its hook
from collections.abc import Callable, Iterable

from mock_tenant.behaviour import Behaviour
from mock_tenant.clients import Grant
from mock_tenant.constants import (
    MANAGE_SCOPE,
    MERGE_PATCH_TYPE,
    OPERATIONS,
    READ_SCOPE,
    TENANT_LENGTHS,
    TENANT_NAME,
    UPDATE_OPERATIONS,
)
from mock_tenant.messages import ApiRequest
from mock_tenant.registry import defect, operation_defects

NEVER_EXPIRES = float("inf")


def full_grant(behaviour: Behaviour, request: ApiRequest) -> Grant | None:
    """A grant with every scope of the tenant in the path; None if there is no such tenant."""
    for client in behaviour.clients.values():
        if client.tenant == request.tenant_name:
            return Grant(client, frozenset({READ_SCOPE, MANAGE_SCOPE}), NEVER_EXPIRES)
    return None


@operation_defects(OPERATIONS, "{}.auth.token-required")
class NeedsNoToken(Behaviour):
    """{} is accessible without a token."""

    def find_grant(self, request: ApiRequest) -> Grant:
        grant = None if request.authorization else full_grant(self, request)
        return grant or super().find_grant(request)


@operation_defects(OPERATIONS, "token.scheme.bearer-alone", also_violates=("{}.auth.token-required",))
class AcceptsAnyAuthenticationScheme(Behaviour):
    """{} accepts a valid token with any authentication scheme, or with none."""

    def bearer_token(self, request: ApiRequest) -> str | None:
        return request.authorization.split()[-1] if request.authorization else super().bearer_token(request)


@operation_defects(OPERATIONS, "{}.auth.token-valid")
class AcceptsAnyToken(Behaviour):
    """{} accepts a token that was never issued."""

    def find_grant(self, request: ApiRequest) -> Grant:
        token = self.bearer_token(request)
        is_forged = token is not None and token not in self.grants
        return (full_grant(self, request) if is_forged else None) or super().find_grant(request)


@operation_defects(OPERATIONS, "{}.auth.scope")
class NeedsNoScope(Behaviour):
    """{} does not check the scopes of a token."""

    def has_required_scope(self, request: ApiRequest, grant: Grant) -> bool:
        return True


@operation_defects(UPDATE_OPERATIONS, "{}.auth.scope")
class NeedsNoScopeForMergePatches(Behaviour):
    """{} does not check the scopes of a token for a merge patch."""

    def has_required_scope(self, request: ApiRequest, grant: Grant) -> bool:
        return request.media_type == MERGE_PATCH_TYPE or super().has_required_scope(request, grant)


@operation_defects(["list"], "{}.auth.scope")
class NeedsNoScopeWithQ(Behaviour):
    """{} with q does not check the scopes of a token."""

    def has_required_scope(self, request: ApiRequest, grant: Grant) -> bool:
        return "q" in request.params or super().has_required_scope(request, grant)


@operation_defects(OPERATIONS, "{}.auth.other-tenant")
class AcceptsTokensOfOtherTenants(Behaviour):
    """{} does not check the tenant for which a token was issued."""

    def grants_tenant(self, request: ApiRequest, grant: Grant) -> bool:
        return request.tenant_name in self.tenants or super().grants_tenant(request, grant)


def serves_tenant_of_token(
    operations: Iterable[str], kind: str, aspect: str, adjective: str, is_affected: Callable[[str], bool]
) -> None:
    """Seeds operations that accept an invalid tenant name and serve the tenant of the token."""

    @operation_defects(
        operations,
        "{}.tenant." + aspect,
        name=f"{{}}-serves-{kind}-tenant-names",
        description=f"{{}} accepts {adjective} tenant names, and serves the token's tenant.",
    )
    class AcceptsInvalidName(Behaviour):
        def is_valid_tenant_name(self, request: ApiRequest, name: str) -> bool:
            is_valid = super().is_valid_tenant_name(request, name)
            if not is_valid and is_affected(name):
                request.tenant_name = request.grant.client.tenant
                return True
            return is_valid


SHORTEST, LONGEST = TENANT_LENGTHS
for _kind, _aspect, _adjective, _is_affected in (
    ("short", "min-length", "too short", lambda name: len(name) < SHORTEST),
    ("long", "max-length", "too long", lambda name: len(name) > LONGEST),
    ("malformed", "pattern", "malformed", lambda name: SHORTEST <= len(name) <= LONGEST),
):
    serves_tenant_of_token(("list", "create"), _kind, _aspect, _adjective, _is_affected)
serves_tenant_of_token(
    ("search", "get", "upsert", "patch", "delete"), "invalid", "invalid", "invalid", lambda _: True
)


@defect("create.tenant.pattern")
class CreateIgnoresTheCaseOfTenantNames(Behaviour):
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
class PatchRequiresTheReadScope(Behaviour):
    """Patch requires the scope for reading."""

    def required_scope(self, request: ApiRequest) -> str:
        return READ_SCOPE if request.operation == "patch" else super().required_scope(request)
