"""Defects of results: deleted customers that are still returned, and values before a change."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import LIST_OPERATIONS, MERGE_PATCH_TYPE
from mock_tenant.defects.reads.listings import RecordsDeleted
from mock_tenant.defects.request_filters import (
    RequestFilter,
    has_first_condition_on,
    has_no_query,
    has_parameter,
    lacks_parameter,
    query_of,
)
from mock_tenant.messages import ApiError, ApiRequest, ApiResponse
from mock_tenant.query_language import Condition
from mock_tenant.registry import defect, operation_defects
from mock_tenant.store import Customer


def still_finds_deleted(name: str, description: str, is_affected: RequestFilter) -> None:
    """Seeds a list and a search that still return deleted customers in some requests."""

    @operation_defects(
        LIST_OPERATIONS,
        "{}.deleted.vanishes",
        name=f"{{}}-{name}-finds-deleted-customers",
        description=f"{{}} {description} still returns deleted customers.",
    )
    class StillFindsDeleted(RecordsDeleted):
        def indexed_customers(self, request: ApiRequest) -> Iterable[Customer]:
            deleted = self.deleted_customers(request) if is_affected(request) else []
            return [*super().indexed_customers(request), *deleted]


for _name in ("id", "contactEmail", "firstName", "lastName", "company", "customerNumber", "mixins"):
    still_finds_deleted(f"by-{_name}", f"by {_name}", has_first_condition_on(_name))
still_finds_deleted("with-sort", "with sort", has_parameter("sort"))
still_finds_deleted("without-q", "without q", has_no_query)
still_finds_deleted("with-expand", "with expand", has_parameter("expand"))
still_finds_deleted(
    "with-two-conditions", "with two conditions", lambda request: query_of(request).count(":") == 2
)


class RecordsFirstVersions(Behaviour):
    """Records each customer as it was created."""

    def on_change(self, request: ApiRequest, before: Customer | None, after: Customer | None) -> None:
        super().on_change(request, before, after)
        if before is None and after is not None:
            self.state["first versions"][after.id] = after


def indexes_first_version(operation: str, name: str) -> None:
    """Seeds a list or a search that evaluates conditions on a property as it was created."""

    @operation_defects(
        [operation],
        "{}.q.fresh",
        name=f"{{}}-by-{name}-matches-the-first-value",
        description=f"{{}} by {name} evaluates the value at the creation.",
    )
    class IndexesFirstVersion(RecordsFirstVersions):
        def matches(self, request: ApiRequest, condition: Condition, customer: Customer) -> bool:
            is_affected = condition.name.partition(".")[0] == name
            first = self.state["first versions"].get(customer.id) if is_affected else None
            return super().matches(request, condition, first or customer)


for _operation, _name in (
    ("list", "contactEmail"),
    ("search", "lastName"),
    ("list", "company"),
    ("search", "onHold"),
    ("list", "restriction"),
    ("list", "preferredLanguage"),
    ("search", "title"),
    ("search", "middleName"),
    ("list", "type"),
):
    indexes_first_version(_operation, _name)


class RecordsStatesBeforeMergePatches(Behaviour):
    """Records each customer as it was before its last merge patch, until another write."""

    def on_change(self, request: ApiRequest, before: Customer | None, after: Customer | None) -> None:
        super().on_change(request, before, after)
        stale: dict[str, Customer] = self.state["before merge patches"]
        if before is not None and after is not None and request.media_type == MERGE_PATCH_TYPE:
            stale[after.id] = before
        elif after is not None:
            stale.pop(after.id, None)


@operation_defects(["search"], "{}.q.fresh")
class MissesMergePatches(RecordsStatesBeforeMergePatches):
    """{} evaluates conditions on a customer as it was before a merge patch."""

    def matches(self, request: ApiRequest, condition: Condition, customer: Customer) -> bool:
        former = self.state["before merge patches"].get(customer.id)
        return super().matches(request, condition, former or customer)


@defect("list.q.fresh", requires_variations=("null-unsets-in-patch",))
class ListFindsUnsetValues(Behaviour):
    """List still matches a value that a patch has unset."""

    def on_change(self, request: ApiRequest, before: Customer | None, after: Customer | None) -> None:
        super().on_change(request, before, after)
        if before is not None and after is not None and request.operation == "patch":
            unset = {name: value for name, value in before.values.items() if name not in after.values}
            self.state["unset"].setdefault(after.id, {}).update(unset)

    def searchable_document(self, request: ApiRequest, customer: Customer) -> Mapping[str, Any]:
        unset = self.state["unset"].get(customer.id, {}) if request.operation == "list" else {}
        return {**unset, **super().searchable_document(request, customer)}


class ClearsResponses(Behaviour):
    """Clears the cached responses if a customer is created or deleted."""

    def on_change(self, request: ApiRequest, before: Customer | None, after: Customer | None) -> None:
        super().on_change(request, before, after)
        if before is None or after is None:
            self.state["responses"].clear()


@operation_defects(LIST_OPERATIONS, "{}.q.fresh", also_violates=["{}.*"])
class CachesResponses(ClearsResponses):
    """{} repeats its response to a query until a customer is created or deleted."""

    def handle_listing(self, request: ApiRequest) -> ApiResponse:
        if not query_of(request):
            return super().handle_listing(request)
        key = repr((request.grant.client.id, sorted(request.params.items()), query_of(request)))
        if key not in self.state["responses"]:
            self.state["responses"][key] = super().handle_listing(request)
        response: ApiResponse = self.state["responses"][key]
        return response


class RecordsFormerValues(Behaviour):
    """Records the values of each customer before its last change."""

    def on_change(self, request: ApiRequest, before: Customer | None, after: Customer | None) -> None:
        super().on_change(request, before, after)
        if before is not None and after is not None:
            self.state["former"][after.id] = before.values


def shows_former(operation: str, name: str) -> None:
    """Seeds a list or a search that returns a property as it was before the last change."""

    @operation_defects(
        [operation],
        "{}.agrees-with-get",
        name="{}-shows-the-former-" + name,
        description=f"{{}} returns {name} as it was before the last change.",
        also_violates=["{}.expand.mixin", "{}.q.fresh"],
    )
    class ShowsFormer(RecordsFormerValues):
        def serialize(self, request: ApiRequest, customer: Customer) -> dict[str, Any]:
            shown = super().serialize(request, customer)
            former: Mapping[str, Any] = self.state["former"].get(customer.id, {})
            return {**shown, name: former[name]} if name in former and name in shown else shown


for _operation, _name in (
    ("list", "mixins"),
    ("search", "mixins"),
    ("list", "onHold"),
    ("search", "lastName"),
):
    shows_former(_operation, _name)


@defect("create.id.case-sensitive", also_violates=("get.status.ok", "upsert.*", "create.*"))
class GetCachesANotFound(Behaviour):
    """Get returns 404 for an id that did not exist at an earlier get, although the customer exists now."""

    def find_customer(self, request: ApiRequest) -> Customer | None:
        found = super().find_customer(request)
        if request.operation != "get":
            return found
        missed = self.state["missed"].setdefault(request.tenant.name, set())
        if found is None:
            missed.add(request.customer_number)
        return None if request.customer_number in missed else found


def caches_get(name: str, description: str, is_affected: RequestFilter) -> None:
    """Seeds a get that repeats an old representation in some requests."""

    @defect(
        "patch.fields.only-named",
        name=f"get-{name}-repeats-the-first-response",
        description=f"Get {description} returns the state of the first get until an upsert or a delete.",
        also_violates=("patch.*", "get.*", "list.agrees-with-get", "search.agrees-with-get"),
    )
    class CachesGet(Behaviour):
        def handle_get(self, request: ApiRequest) -> ApiResponse:
            response = super().handle_get(request)
            if not is_affected(request):
                return response
            key = f"{request.tenant.name}/{request.customer_number}"
            cached: ApiResponse = self.state["shown"].setdefault(key, response)
            return cached

        def on_change(self, request: ApiRequest, before: Customer | None, after: Customer | None) -> None:
            super().on_change(request, before, after)
            if request.operation != "patch" and before is not None:
                self.state["shown"].pop(f"{request.tenant.name}/{before.id}", None)


caches_get("with-accounts", "with accounts", lambda request: "accounts" in request.params.get("expand", ""))
caches_get("without-expand", "without expand", lacks_parameter("expand"))
caches_get("with-mixins", "with mixins", lambda request: request.params.get("expand") == "mixin:*")


def loses_value(name: str, description: str, path: str, is_lost: Callable[[Any], bool]) -> None:
    """Seeds a list and a search that return another representation than get of some values."""

    @operation_defects(
        LIST_OPERATIONS,
        "{}.agrees-with-get",
        name="{}-shows-no-" + name,
        description=f"{{}} does not return {description}.",
        also_violates=["{}.expand.mixin", "{}.q.*"],
    )
    class LosesValue(Behaviour):
        def serialize(self, request: ApiRequest, customer: Customer) -> dict[str, Any]:
            shown = super().serialize(request, customer)
            return {name: value for name, value in shown.items() if name != path or not is_lost(value)}


loses_value("false-flags", "onHold if it is false", "onHold", lambda value: not value)
loses_value("empty-title", "an empty title", "title", lambda value: value == "")
loses_value("type-contact", "the type CONTACT", "type", lambda value: value == "CONTACT")
loses_value("restriction", "the restriction", "restriction", lambda _: True)


@operation_defects(LIST_OPERATIONS, "{}.accounts.shape", also_violates=["{}.agrees-with-get"])
class ShowsTheAccountsOfTheFirstCustomer(Behaviour):
    """{} returns the accounts of the first customer with every customer."""

    def handle_listing(self, request: ApiRequest) -> ApiResponse:
        response = super().handle_listing(request)
        if not response.body or "accounts" not in response.body[0]:
            return response
        accounts = response.body[0]["accounts"]
        return response.replace(body=[{**shown, "accounts": accounts} for shown in response.body])


@defect("delete.status.accepted", also_violates=("delete.robust.no-5xx", "delete.*"))
class DeleteBreaksOnAnEmptyTitle(Behaviour):
    """Delete returns 500 for a customer with an empty title."""

    def delete_customer(self, request: ApiRequest, customer: Customer) -> None:
        if customer.values.get("title") == "":
            raise ApiError(500, "internal_error", "Internal server error.")
        super().delete_customer(request, customer)


@operation_defects(LIST_OPERATIONS, "{}.restriction.filtered", also_violates=["{}.*"])
class SharesResponsesBetweenClients(Behaviour):
    """{} repeats its response to a query, also to other clients, until a customer changes."""

    def handle_listing(self, request: ApiRequest) -> ApiResponse:
        key = repr((request.tenant.name, sorted(request.params.items()), query_of(request)))
        response: ApiResponse = self.state["responses"].setdefault(key, super().handle_listing(request))
        return response

    def on_change(self, request: ApiRequest, before: Customer | None, after: Customer | None) -> None:
        super().on_change(request, before, after)
        self.state["responses"].clear()


@defect("get.addresses.on-request")
class GetCachesAddresses(Behaviour):
    """Get with addresses repeats its response until a property of the customer changes."""

    def handle_get(self, request: ApiRequest) -> ApiResponse:
        response = super().handle_get(request)
        customer = request.tenant.customers.get(request.customer_number)
        if customer is None or "addresses" not in request.params.get("expand", ""):
            return response
        key = repr((request.tenant.name, customer.id, customer.values))
        cached: ApiResponse = self.state["shown"].setdefault(key, response)
        return cached
