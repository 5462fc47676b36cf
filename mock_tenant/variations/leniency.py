"""Variations where the published document requires less than one expects: lenient parsers, sparse responses."""

# ruff: noqa: ARG002 - an override has the signature of its hook
import random
import re
from typing import Any

import yaml

from mock_tenant.behaviour import Behaviour
from mock_tenant.clients import Client, Grant
from mock_tenant.json_codec import encode, parse
from mock_tenant.messages import ApiError, ApiRequest, ApiResponse, invalid_field, not_found
from mock_tenant.registry import variation
from mock_tenant.store import Customer

COMMENT = re.compile(r"/\*.*?\*/")
LONGEST_LENIENT_BODY = 10_000
DEPRECATED = {
    "create": "customer.customer_create",
    "upsert": "customer.customer_update",
    "patch": "customer.customer_update",
    "delete": "customer.customer_delete",
}
"""The scopes of writes before customer_manage."""


@variation()
class LenientParser(Behaviour):
    """A JSON parser that accepts extensions (RFC 8259 §9): JSON5, text after the value, bytes that are not UTF-8."""

    def parse_body(self, request: ApiRequest) -> Any:
        try:
            return super().parse_body(request)
        except ValueError:
            return _parse_leniently(request.content)


@variation()
class CountIsNotStated(Behaviour):
    """List and search have no header Count, which the published document does not require."""

    def handle_listing(self, request: ApiRequest) -> ApiResponse:
        response = super().handle_listing(request)
        return response.replace(
            headers={name: value for name, value in response.headers.items() if name != "Count"}
        )


@variation(readings={"*.order.unsorted": "other order"})
class TiesInAnyOrder(Behaviour):
    """Customers with equal sort values, and all customers without sort, are in another order in each response."""

    def sort_customers(self, request: ApiRequest, customers: list[Customer]) -> list[Customer]:
        shuffled = random.sample(customers, len(customers))
        return super().sort_customers(request, shuffled)


@variation()
class UnknownCustomersBeforeScopes(Behaviour):
    """Get, patch and delete of an unknown customer answer 404 to a token without the scope too."""

    def has_required_scope(self, request: ApiRequest, grant: Grant) -> bool:
        permitted = super().has_required_scope(request, grant)
        known = self.tenants[request.tenant_name].customers
        if (
            not permitted
            and request.operation in ("get", "patch", "delete")
            and request.customer_number not in known
        ):
            raise not_found(request.customer_number)
        return permitted


@variation()
class FaultsAreEmpty(Behaviour):
    """The body of a 401 is an object without a fault: the published document requires no member."""

    def fault_body(self, error: ApiError) -> object:
        return {"message": "Unauthorized."}


@variation()
class UnauthorizedHasNoBody(Behaviour):
    """A 401 has no body; the header WWW-Authenticate says what is missing."""

    def error_response(self, request: ApiRequest, error: ApiError) -> ApiResponse:
        response = super().error_response(request, error)
        return response.replace(body=None) if response.status == 401 else response


@variation()
class CompaniesNeedNames(Behaviour):
    """Create and upsert need firstName, lastName and company beside a registration number, even an empty one."""

    def check_body(self, request: ApiRequest) -> None:
        super().check_body(request)
        b2b = request.body.get("b2b")
        named = all(request.body.get(name) for name in ("firstName", "lastName", "company"))
        if (
            request.operation != "patch"
            and isinstance(b2b, dict)
            and isinstance(b2b.get("companyRegistrationId"), str)
            and not named
        ):
            raise invalid_field("b2b", "A company needs firstName, lastName and company.")


@variation()
class PagesBeyondTheEndAreRejected(Behaviour):
    """A page beyond the end answers 400; the empty array is a SHOULD clause."""

    def slice_page(
        self, request: ApiRequest, customers: list[Customer], number: int, size: int
    ) -> list[Customer]:
        page = super().slice_page(request, customers, number, size)
        if not page and number > 1:
            raise invalid_field("pageNumber", "The page is beyond the end.")
        return page


@variation()
class MixinsNeedSchemas(Behaviour):
    """Mixins whose schema address the tenant does not know are rejected, and so are such addresses."""

    def member_error(self, request: ApiRequest, name: str, value: dict[str, Any]) -> str | None:
        schemas = value if name == "mixins" else value.get("mixins") if name == "metadata" else None
        if schemas and isinstance(schemas, dict):
            return "The schema of the mixin cannot be read."
        return super().member_error(request, name, value)


class DeprecatedScopes(Behaviour):
    """A client may request the scopes that are deprecated."""

    def granted_scopes(self, client: Client, requested: list[str]) -> list[str]:
        deprecated = [scope for scope in requested if scope in DEPRECATED.values()]
        return [*super().granted_scopes(client, requested), *deprecated] if requested else list(client.scopes)


@variation(readings={"token.scope.deprecated": "opens nothing"})
class DeprecatedScopesOpenNothing(DeprecatedScopes):
    """A client may request the scopes that are deprecated; no operation accepts them."""


@variation(readings={"token.scope.deprecated": "opens writes"})
class DeprecatedScopesOpenWrites(DeprecatedScopes):
    """A client may request the scopes that are deprecated, and write with them."""

    def has_required_scope(self, request: ApiRequest, grant: Grant) -> bool:
        deprecated = DEPRECATED.get(request.operation)
        return deprecated in grant.scopes or super().has_required_scope(request, grant)


@variation()
class UpsertRevivesDeletedIds(Behaviour):
    """An upsert may use the id of a deleted customer: the published sentence is about creation."""

    def is_id_retired(self, request: ApiRequest, customer_id: str) -> bool:
        return request.operation != "upsert" and super().is_id_retired(request, customer_id)


@variation(active_on_creation=False, on_hold_on_creation=True)
class UpsertIgnoresCreationFlags(Behaviour):
    """A customer that an upsert creates is active and not on hold, whatever is configured for creation."""

    def default_flags(self, request: ApiRequest) -> dict[str, bool]:
        flags = {"active": True, "onHold": False}
        return flags if request.operation == "upsert" else super().default_flags(request)


def _parse_leniently(content: bytes) -> Any:
    """The first object of a text, read as YAML, which is a superset of most extensions of JSON."""
    text = COMMENT.sub("", content.decode("utf-8-sig", "replace"))[:LONGEST_LENIENT_BODY]
    for brace in re.finditer("}", text):
        try:
            return parse(encode(yaml.load(text[: brace.end()], yaml.BaseLoader)))  # noqa: S506 - makes strings only
        except yaml.YAMLError:
            continue
    raise ValueError("the text has no object")
