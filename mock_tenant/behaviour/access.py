"""Who may ask for what.

The order of refusal: token (401), tenant name (400), tenant and scope (403), and only then the input.
"""

# ruff: noqa: ARG002 - a decision is handed whatever an override of it may need
from mock_tenant.behaviour.base import Ground
from mock_tenant.constants import (
    MANAGE_SCOPE,
    OWN,
    READ_SCOPE,
    READING,
    RESTRICTED,
    TENANT_LENGTHS,
    TENANT_NAME,
)
from mock_tenant.directory import Grant
from mock_tenant.requests import Call, Problem, bad_request, forbidden, unauthorised
from mock_tenant.store import Customer


class Access(Ground):
    """Decisions about tokens, tenant names, scopes and restrictions."""

    def authorise(self, call: Call) -> None:
        """Fills in the grant and the tenant of a call, or refuses it."""
        call.grant = self.grant(call)
        if not self.tenant_name_valid(call, call.tenant_name):
            raise bad_request(
                "The tenant information provided with the request is not valid.",
                Problem("tenant", "A tenant name is a lower-case letter and 2 to 15 letters or digits."),
            )
        if not self.tenant_opened(call, call.grant) or not self.scope_held(call, call.grant):
            raise forbidden()
        call.tenant = self.tenants[self.tenant_asked(call)]

    def grant(self, call: Call) -> Grant:
        """The grant behind the token of a call, or a refusal."""
        grant = self.grants.get(self.token_sent(call) or "")
        if grant is None:
            raise unauthorised("Invalid access token", "oauth.v2.InvalidAccessToken")
        if self.expired(call, grant):
            raise unauthorised("Access Token expired", "keymanagement.service.access_token_expired")
        return grant

    def token_sent(self, call: Call) -> str | None:
        """The token in the Authorization header; None where the header is missing or malformed."""
        scheme, _, token = call.authorization.partition(" ")
        return token if scheme.lower() == "bearer" and token and " " not in token else None

    def expired(self, call: Call, grant: Grant) -> bool:
        """Whether the grant has ended."""
        return self.now() >= grant.ends

    def tenant_name_valid(self, call: Call, name: str) -> bool:
        """Whether this can be the name of a tenant."""
        shortest, longest = self.tenant_name_lengths(call)
        return shortest <= len(name) <= longest and self.tenant_name_characters(call, name)

    def tenant_name_lengths(self, call: Call) -> tuple[int, int]:
        """The shortest and the longest tenant name."""
        return TENANT_LENGTHS

    def tenant_name_characters(self, call: Call, name: str) -> bool:
        """Whether every character of the name is where it may be."""
        return TENANT_NAME.fullmatch(name) is not None

    def tenant_opened(self, call: Call, grant: Grant) -> bool:
        """Whether the token was given for the tenant that the call names."""
        return grant.client.tenant == call.tenant_name

    def tenant_asked(self, call: Call) -> str:
        """The tenant whose customers the call is about."""
        return call.tenant_name

    def scope_needed(self, call: Call) -> str:
        """The scope that opens this operation."""
        return READ_SCOPE if call.operation in READING else MANAGE_SCOPE

    def scope_held(self, call: Call, grant: Grant) -> bool:
        """Whether the grant opens this operation: fully, for the own company, or for some restrictions."""
        needed = self.scope_needed(call)
        return any(
            held in (needed, needed + OWN) or held.startswith(needed + RESTRICTED) for held in grant.scopes
        )

    def restrictions_open(self, call: Call) -> frozenset[str] | None:
        """The restrictions to which the caller is limited in this operation; None for no limit."""
        scope = self.scope_needed(call)
        return None if scope + OWN in call.grant.scopes else call.grant.restrictions(scope)

    def within_restrictions(self, call: Call, customer: Customer) -> bool:
        """Whether the caller may see or change this customer."""
        limit = self.restrictions_open(call)
        return limit is None or self.restriction_of(customer) in limit

    def restriction_of(self, customer: Customer) -> str | None:
        """The restriction in force: the customer's own, or else the site's where the two are synchronised."""
        own = customer.values.get("restriction")
        if own is None and self.configuration.sync_restrictions_with_sites:
            own = customer.values.get("preferredSite")
        return own if isinstance(own, str) else None
