"""Defects of results: deleted customers that a query still finds, and values of before a change."""

from collections.abc import Callable, Mapping
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import ABSENT, LIST_OPERATIONS
from mock_tenant.messages import ApiError, ApiRequest, ApiResponse
from mock_tenant.query_language import Condition, resolve
from mock_tenant.registry import defect, register_defect
from mock_tenant.store import Customer

Filter = Callable[[ApiRequest], bool]


def query_of(request: ApiRequest) -> str:
    """The q of a list or a search; empty if there is none."""
    return str(request.params.get("q") or request.body.get("q") or "")


def names_first(name: str) -> Filter:
    """Whether the first condition of q is on this property or below it."""
    return lambda request: query_of(request).startswith((f"{name}:", f"{name}."))


def still_finds_deleted(operation: str, name: str, description: str, is_affected: Filter) -> None:
    """Seeds a list or a search that still shows deleted customers in some requests."""

    class StillFindsDeleted(Behaviour):
        def delete_customer(self, request: ApiRequest, customer: Customer) -> None:
            super().delete_customer(request, customer)
            self.state["deleted"].setdefault(request.tenant.name, []).append(customer)

        def indexed_customers(self, request: ApiRequest) -> list[Customer]:
            present = list(super().indexed_customers(request))
            if request.operation != operation or not is_affected(request):
                return present
            deleted: list[Customer] = self.state["deleted"].get(request.tenant.name, [])
            return present + [each for each in deleted if each.id not in request.tenant.customers]

    register_defect(
        f"{operation}.deleted.vanishes",
        StillFindsDeleted,
        name=f"{operation}-{name}-finds-the-deleted",
        description=f"{operation.capitalize()} {description} still finds deleted customers.",
    )


for _operation in LIST_OPERATIONS:
    for _name in ("id", "contactEmail", "firstName", "lastName", "company", "customerNumber", "mixins"):
        still_finds_deleted(_operation, f"by-{_name}", f"by {_name}", names_first(_name))
    still_finds_deleted(_operation, "with-sort", "with sort", lambda request: "sort" in request.params)
    still_finds_deleted(_operation, "without-q", "without q", lambda request: not query_of(request))
    still_finds_deleted(_operation, "with-expand", "with expand", lambda request: "expand" in request.params)
    still_finds_deleted(
        _operation,
        "with-two-conditions",
        "with two conditions",
        lambda request: query_of(request).count(":") == 2,
    )


def indexes_first_version(operation: str, name: str) -> None:
    """Seeds a list or a search that evaluates conditions on a property as it was created."""

    class IndexesFirstVersion(Behaviour):
        def on_change(self, request: ApiRequest, before: Customer | None, after: Customer | None) -> None:
            super().on_change(request, before, after)
            if before is None and after is not None:
                self.state["first versions"][after.id] = after

        def matches(self, request: ApiRequest, condition: Condition, customer: Customer) -> bool:
            is_affected = request.operation == operation and condition.name.partition(".")[0] == name
            first = self.state["first versions"].get(customer.id) if is_affected else None
            return super().matches(request, condition, first or customer)

    register_defect(
        f"{operation}.q.fresh",
        IndexesFirstVersion,
        name=f"{operation}-finds-by-the-first-{name}",
        description=f"{operation.capitalize()} by {name} evaluates the value of the creation.",
    )


for _position, _name in enumerate(("contactEmail", "lastName", "company", "onHold", "restriction")):
    indexes_first_version(LIST_OPERATIONS[_position % 2], _name)


def caches(operation: str) -> None:
    """Seeds a list or a search that repeats its response to the same request until a customer is created."""

    class Caches(Behaviour):
        def on_change(self, request: ApiRequest, before: Customer | None, after: Customer | None) -> None:
            super().on_change(request, before, after)
            if before is None or after is None:
                self.state["responses"].clear()

        def handle_listing(self, request: ApiRequest) -> ApiResponse:
            if request.operation != operation or not query_of(request):
                return super().handle_listing(request)
            key = repr((request.grant.client.id, sorted(request.params.items()), query_of(request)))
            if key not in self.state["responses"]:
                self.state["responses"][key] = super().handle_listing(request)
            response: ApiResponse = self.state["responses"][key]
            return response

    register_defect(
        f"{operation}.q.fresh",
        Caches,
        name=f"{operation}-repeats-its-responses",
        description=f"{operation.capitalize()} repeats its response to a query until a customer is created or deleted.",
        also_violates=(f"{operation}.*",),
    )


for _operation in LIST_OPERATIONS:
    caches(_operation)


def shows_former(operation: str, name: str) -> None:
    """Seeds a list or a search that shows a property as it was before the last change."""

    class ShowsFormer(Behaviour):
        def on_change(self, request: ApiRequest, before: Customer | None, after: Customer | None) -> None:
            super().on_change(request, before, after)
            if before is not None and after is not None:
                self.state["former"][after.id] = before.values

        def serialize(self, request: ApiRequest, customer: Customer) -> dict[str, Any]:
            shown = super().serialize(request, customer)
            former: Mapping[str, Any] = self.state["former"].get(customer.id, {})
            if request.operation == operation and name in former and name in shown:
                shown[name] = former[name]
            return shown

    register_defect(
        f"{operation}.agrees-with-get",
        ShowsFormer,
        name=f"{operation}-shows-the-former-{name}",
        description=f"{operation.capitalize()} shows {name} as it was before the last change.",
        also_violates=(f"{operation}.expand.mixin", f"{operation}.q.fresh"),
    )


for _operation, _name in (
    ("list", "mixins"),
    ("search", "mixins"),
    ("list", "onHold"),
    ("search", "lastName"),
):
    shows_former(_operation, _name)


@defect("create.id.case-sensitive", also_violates=("get.status.ok", "upsert.*", "create.*"))
class GetRemembersANotFound(Behaviour):
    """Get returns 404 for an id that it has once looked for in vain, although the customer was created since."""

    def find_customer(self, request: ApiRequest) -> Customer | None:
        found = super().find_customer(request)
        if request.operation != "get":
            return found
        missed = self.state["missed"].setdefault(request.tenant.name, set())
        if found is None:
            missed.add(request.customer_number)
        return None if request.customer_number in missed else found


def caches_get(name: str, description: str, is_affected: Filter) -> None:
    """Seeds a get that repeats an old representation in some requests."""

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

    register_defect(
        "patch.fields.only-named",
        CachesGet,
        name=f"get-{name}-repeats-itself",
        description=f"Get {description} shows the state of the first get until an upsert or a delete.",
        also_violates=("patch.*", "get.*", "list.agrees-with-get", "search.agrees-with-get"),
    )


caches_get(
    "with-accounts", "with the accounts", lambda request: "accounts" in request.params.get("expand", "")
)
caches_get("without-expand", "without expand", lambda request: "expand" not in request.params)
caches_get("with-mixins", "with mixins", lambda request: request.params.get("expand") == "mixin:*")


def loses_value(
    operation: str, name: str, description: str, path: str, is_lost: Callable[[Any], bool]
) -> None:
    """Seeds a list or a search that shows another representation than get of some values."""

    class LosesValue(Behaviour):
        def serialize(self, request: ApiRequest, customer: Customer) -> dict[str, Any]:
            shown = super().serialize(request, customer)
            value = resolve(shown, path)
            if request.operation == operation and value is not ABSENT and is_lost(value):
                shown = {key: each for key, each in shown.items() if key != path}
            return shown

    register_defect(
        f"{operation}.agrees-with-get",
        LosesValue,
        name=f"{operation}-{name}",
        description=f"{operation.capitalize()} {description}",
        also_violates=(f"{operation}.expand.mixin", f"{operation}.q.*"),
    )


for _operation in LIST_OPERATIONS:
    loses_value(
        _operation, "shows-no-false-flags", "does not show onHold if it is false.", "onHold", lambda v: not v
    )
    loses_value(
        _operation, "shows-no-empty-title", "does not show an empty title.", "title", lambda v: v == ""
    )
    loses_value(
        _operation, "shows-no-contacts", "does not show the type CONTACT.", "type", lambda v: v == "CONTACT"
    )
    loses_value(
        _operation, "shows-no-restriction", "does not show the restriction.", "restriction", lambda _: True
    )


def shows_accounts_of_the_first(operation: str) -> None:
    """Seeds a list or a search that shows the accounts of the first customer with every customer."""

    class ShowsAccountsOfTheFirst(Behaviour):
        def handle_listing(self, request: ApiRequest) -> ApiResponse:
            response = super().handle_listing(request)
            if request.operation != operation or not response.body or "accounts" not in response.body[0]:
                return response
            accounts = response.body[0]["accounts"]
            return response.replace(body=[{**shown, "accounts": accounts} for shown in response.body])

    register_defect(
        f"{operation}.accounts.shape",
        ShowsAccountsOfTheFirst,
        name=f"{operation}-shows-the-accounts-of-the-first",
        description=f"{operation.capitalize()} shows the accounts of the first customer with every customer.",
        also_violates=(f"{operation}.agrees-with-get",),
    )


for _operation in LIST_OPERATIONS:
    shows_accounts_of_the_first(_operation)


@defect("delete.status.accepted", also_violates=("delete.robust.no-5xx", "delete.*"))
class DeleteBreaksOnEmptyTexts(Behaviour):
    """Delete returns 500 for a customer with an empty title."""

    def delete_customer(self, request: ApiRequest, customer: Customer) -> None:
        if customer.values.get("title") == "":
            raise ApiError(500, "internal_error", "Internal server error.")
        super().delete_customer(request, customer)
