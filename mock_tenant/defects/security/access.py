"""Holes in the door: tokens, scopes and tenant names that are not looked at, operation by operation."""

# ruff: noqa: ARG002 - a lie takes what the truth takes, and need not look at it
from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import MANAGE_SCOPE, OPERATIONS, READ_SCOPE, TENANT_LENGTHS, TENANT_NAME
from mock_tenant.directory import Grant
from mock_tenant.registry import defect, plant
from mock_tenant.requests import Call

FOREVER = float("inf")


def everything(behaviour: Behaviour, call: Call) -> Grant | None:
    """A grant that opens the whole tenant of the call; None where there is no such tenant."""
    for client in behaviour.clients.values():
        if client.tenant == call.tenant_name:
            return Grant(client, frozenset({READ_SCOPE, MANAGE_SCOPE}), FOREVER)
    return None


def open_door(operation: str) -> None:
    """Plants four holes in one operation: no token, any token, any scope, any tenant."""

    class NoToken(Behaviour):
        def grant(self, call: Call) -> Grant:
            free = call.operation == operation and not call.authorization
            return (everything(self, call) if free else None) or super().grant(call)

    class AnyScheme(Behaviour):
        def token_sent(self, call: Call) -> str | None:
            if call.operation == operation and call.authorization:
                return call.authorization.split()[-1]
            return super().token_sent(call)

    class AnyToken(Behaviour):
        def grant(self, call: Call) -> Grant:
            token = self.token_sent(call)
            forged = call.operation == operation and token is not None and token not in self.grants
            return (everything(self, call) if forged else None) or super().grant(call)

    class AnyScope(Behaviour):
        def scope_held(self, call: Call, grant: Grant) -> bool:
            return call.operation == operation or super().scope_held(call, grant)

    class AnyTenant(Behaviour):
        def tenant_opened(self, call: Call, grant: Grant) -> bool:
            served = call.operation == operation and call.tenant_name in self.tenants
            return served or super().tenant_opened(call, grant)

    said = operation.capitalize()
    plant(
        f"{operation}.auth.token-required",
        NoToken,
        name=f"{operation}-needs-no-token",
        lie=f"{said} is open to whoever sends no token.",
    )
    plant(
        "token.scheme.bearer-alone",
        AnyScheme,
        name=f"{operation}-takes-a-token-under-any-scheme",
        lie=f"{said} takes a good token under any scheme, or under none.",
    )
    plant(
        f"{operation}.auth.token-valid",
        AnyToken,
        name=f"{operation}-takes-any-token",
        lie=f"{said} is open to a token that was never issued.",
    )
    plant(
        f"{operation}.auth.scope",
        AnyScope,
        name=f"{operation}-needs-no-scope",
        lie=f"{said} does not look at the scopes of a token.",
    )
    plant(
        f"{operation}.auth.other-tenant",
        AnyTenant,
        name=f"{operation}-opens-to-other-tenants",
        lie=f"{said} does not look at the tenant that a token was given for.",
    )


def sloppy_name(operation: str, kind: str) -> None:
    """Plants an operation that serves the token's own tenant under a name that is no tenant name."""

    class Sloppy(Behaviour):
        def tenant_name_valid(self, call: Call, name: str) -> bool:
            if call.operation != operation or super().tenant_name_valid(call, name):
                return super().tenant_name_valid(call, name)
            shortest, longest = TENANT_LENGTHS
            wrong = "short" if len(name) < shortest else "long" if len(name) > longest else "odd"
            if kind in (wrong, "invalid"):
                call.tenant_name = call.grant.client.tenant
            return kind in (wrong, "invalid")

    aspect = {"short": "min-length", "long": "max-length", "odd": "pattern", "invalid": "invalid"}[kind]
    plant(
        f"{operation}.tenant.{aspect}",
        Sloppy,
        name=f"{operation}-serves-{kind}-tenant-names",
        lie=f"{operation.capitalize()} serves the caller's own tenant under a tenant name that is {kind}.",
    )


for _operation in OPERATIONS:
    open_door(_operation)
    for _kind in ("short", "long", "odd") if _operation in ("list", "create") else ("invalid",):
        sloppy_name(_operation, _kind)


@defect("create.tenant.pattern")
class CreateFoldsTheCaseOfTenantNames(Behaviour):
    """Create takes a tenant name in capitals for the same in lower case."""

    def tenant_name_valid(self, call: Call, name: str) -> bool:
        if call.operation == "create" and TENANT_NAME.fullmatch(name.lower()):
            call.tenant_name = name.lower()
        return super().tenant_name_valid(call, call.tenant_name)


@defect("tenant.invalid.answered-400")
class InvalidTenantNamesAreForbidden(Behaviour):
    """An invalid tenant name is answered 403 like a tenant of somebody else."""

    def tenant_name_valid(self, call: Call, name: str) -> bool:
        return True


@defect("patch.auth.scope")
class PatchIsOpenToReaders(Behaviour):
    """Patch asks for the scope that reads."""

    def scope_needed(self, call: Call) -> str:
        return READ_SCOPE if call.operation == "patch" else super().scope_needed(call)
