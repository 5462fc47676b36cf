"""Authentication and authorization.

Checks in this order: token (401), tenant name (400), tenant and scope (403). Input is validated afterwards.
"""

# ruff: noqa: ARG002 - a hook receives whatever an override may need
from mock_tenant.behaviour.base_handler import BaseHandler
from mock_tenant.clients import Grant
from mock_tenant.constants import (
    ADDRESS_READS,
    MANAGE_SCOPE,
    OWN,
    READ_OPERATIONS,
    READ_SCOPE,
    RESTRICTED,
    TENANT_LENGTHS,
    TENANT_NAME,
)
from mock_tenant.messages import ApiRequest, FieldError, bad_request, forbidden, unauthorized
from mock_tenant.store import Customer


class Access(BaseHandler):
    """Hooks for tokens, tenant names, scopes and restrictions."""

    def authorize(self, request: ApiRequest) -> None:
        """Sets the grant and the tenant of a request, or raises an ApiError."""
        request.grant = self.find_grant(request)
        if not self.is_valid_tenant_name(request, request.tenant_name):
            raise bad_request(
                "The tenant information provided with the request is not valid.",
                FieldError("tenant", "A tenant name is a lower-case letter and 2 to 15 letters or digits."),
            )
        if not self.grants_tenant(request, request.grant) or not self.has_required_scope(
            request, request.grant
        ):
            raise forbidden()
        request.tenant = self.tenants[request.tenant_name]

    def find_grant(self, request: ApiRequest) -> Grant:
        """The grant behind the token of a request; ApiError 401 without a valid token."""
        grant = self.grants.get(self.bearer_token(request) or "")
        if grant is None:
            raise unauthorized("Invalid access token", "oauth.v2.InvalidAccessToken")
        if self.is_expired(request, grant):
            raise unauthorized("Access Token expired", "keymanagement.service.access_token_expired")
        return grant

    def bearer_token(self, request: ApiRequest) -> str | None:
        """The token in the Authorization header; None if the header is missing or malformed."""
        scheme, _, token = request.authorization.partition(" ")
        return token if scheme.lower() == "bearer" and token and " " not in token else None

    def is_expired(self, request: ApiRequest, grant: Grant) -> bool:
        """Whether the grant has expired."""
        return self.now() >= grant.expires_at

    def is_valid_tenant_name(self, request: ApiRequest, name: str) -> bool:
        """Whether the name matches the pattern and the length bounds of tenant names."""
        shortest, longest = TENANT_LENGTHS
        return shortest <= len(name) <= longest and TENANT_NAME.fullmatch(name) is not None

    def grants_tenant(self, request: ApiRequest, grant: Grant) -> bool:
        """Whether the token was issued for the tenant in the path."""
        return grant.client.tenant == request.tenant_name

    def required_scope(self, request: ApiRequest) -> str:
        """The scope that this operation requires."""
        return READ_SCOPE if request.operation in {*READ_OPERATIONS, *ADDRESS_READS} else MANAGE_SCOPE

    def has_required_scope(self, request: ApiRequest, grant: Grant) -> bool:
        """Whether the grant has the required scope: in full, for the own company, or limited to restrictions."""
        required = self.required_scope(request)
        return any(
            held in (required, required + OWN) or held.startswith(required + RESTRICTED)
            for held in grant.scopes
        )

    def permitted_restrictions(self, request: ApiRequest) -> frozenset[str] | None:
        """The restrictions to which the caller is limited in this operation; None for no limit."""
        scope = self.required_scope(request)
        return None if scope + OWN in request.grant.scopes else request.grant.restrictions(scope)

    def is_within_restrictions(self, request: ApiRequest, customer: Customer) -> bool:
        """Whether the caller may see or change this customer."""
        permitted = self.permitted_restrictions(request)
        return permitted is None or self.effective_restriction(customer) in permitted

    def effective_restriction(self, customer: Customer) -> str | None:
        """The customer's own restriction, else its site if the tenant synchronizes restrictions with sites."""
        restriction = customer.values.get("restriction")
        if restriction is None and self.configuration.sync_restrictions_with_sites:
            restriction = customer.values.get("preferredSite")
        return restriction if isinstance(restriction, str) else None
