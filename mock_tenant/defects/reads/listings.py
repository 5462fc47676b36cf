"""Defects of completeness: lists and searches that omit, repeat or restore customers."""

from collections.abc import Callable
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import LIST_OPERATIONS
from mock_tenant.messages import ApiRequest, ApiResponse, bad_request, invalid_field
from mock_tenant.registry import defect, register_defect
from mock_tenant.store import Customer


def omits(operation: str, name: str, description: str, is_omitted: Callable[[Customer, int], bool]) -> None:
    """Seeds a list or a search that omits customers, by the customer and its position from 1."""

    class Omits(Behaviour):
        def indexed_customers(self, request: ApiRequest) -> list[Customer]:
            customers = list(super().indexed_customers(request))
            if request.operation != operation:
                return customers
            return [
                customer
                for position, customer in enumerate(customers, start=1)
                if not is_omitted(customer, position)
            ]

    register_defect(
        f"{operation}.complete",
        Omits,
        name=f"{operation}-{name}",
        description=f"{operation.capitalize()} {description}",
    )


for _operation in LIST_OPERATIONS:
    omits(
        _operation,
        "hides-the-inactive",
        "omits customers that are not active.",
        lambda c, _: c.values.get("active") is False,
    )
    omits(
        _operation,
        "hides-those-on-hold",
        "omits customers that are on hold.",
        lambda c, _: c.values.get("onHold") is True,
    )
    omits(
        _operation,
        "hides-contacts",
        "omits customers of the type CONTACT.",
        lambda c, _: c.values.get("type") == "CONTACT",
    )
    omits(
        _operation,
        "hides-those-without-address",
        "omits customers without contactEmail.",
        lambda c, _: c.email is None,
    )
    omits(
        _operation,
        "hides-the-restricted",
        "omits customers with a restriction.",
        lambda c, _: c.values.get("restriction") is not None,
    )
    omits(
        _operation,
        "hides-every-seventh",
        "omits every seventh customer.",
        lambda _, position: position % 7 == 0,
    )


def lists_wrongly(operation: str) -> None:
    """Seeds a list or a search with duplicates, deleted customers, or non-monotonic reads."""

    class RepeatsChanged(Behaviour):
        def indexed_customers(self, request: ApiRequest) -> list[Customer]:
            customers = list(super().indexed_customers(request))
            changed = [c for c in customers if c.version > 1 and request.operation == operation]
            return customers + changed

    class KeepsDeleted(Behaviour):
        def delete_customer(self, request: ApiRequest, customer: Customer) -> None:
            super().delete_customer(request, customer)
            self.state["deleted"].setdefault(request.tenant.name, []).append(customer)

        def indexed_customers(self, request: ApiRequest) -> list[Customer]:
            deleted: list[Customer] = self.state["deleted"].get(request.tenant.name, [])
            return list(super().indexed_customers(request)) + (
                deleted if request.operation == operation else []
            )

    class RevertsChangeOnce(Behaviour):
        def on_change(self, request: ApiRequest, before: Customer | None, after: Customer | None) -> None:
            super().on_change(request, before, after)
            for customer in (before, after):
                if customer is not None:
                    self.state["recent changes"][customer.id] = (before, 0)

        def indexed_customers(self, request: ApiRequest) -> list[Customer]:
            versions = (self.listed_version(request, c) for c in super().indexed_customers(request))
            return [customer for customer in versions if customer is not None]

        def listed_version(self, request: ApiRequest, customer: Customer) -> Customer | None:
            recent: dict[str, tuple[Customer | None, int]] = self.state["recent changes"]
            if request.operation != operation or customer.id not in recent:
                return customer
            before, reads = recent.pop(customer.id)
            if reads == 0:
                recent[customer.id] = (before, 1)
            return before if reads else customer

    class RestoresDeletedOnce(Behaviour):
        def delete_customer(self, request: ApiRequest, customer: Customer) -> None:
            super().delete_customer(request, customer)
            self.state["recently deleted"][customer.id] = (customer, 0)

        def indexed_customers(self, request: ApiRequest) -> list[Customer]:
            customers = list(super().indexed_customers(request))
            if request.operation != operation:
                return customers
            deleted: dict[str, tuple[Customer, int]] = self.state["recently deleted"]
            restored = [customer for customer, reads in deleted.values() if reads == 1]
            for customer_id, (customer, reads) in list(deleted.items()):
                deleted[customer_id] = (customer, reads + 1)
            return customers + restored

    label = operation.capitalize()
    register_defect(
        f"{operation}.no-duplicates",
        RepeatsChanged,
        name=f"{operation}-shows-the-changed-twice",
        description=f"{label} returns every changed customer twice.",
    )
    register_defect(
        f"{operation}.deleted.vanishes",
        KeepsDeleted,
        name=f"{operation}-shows-the-deleted",
        description=f"{label} still returns deleted customers.",
    )
    register_defect(
        f"{operation}.flicker",
        RevertsChangeOnce,
        name=f"{operation}-flickers",
        description=f"{label} returns a change, then once more the state before it, then the change again.",
    )
    register_defect(
        f"{operation}.flicker",
        RestoresDeletedOnce,
        name=f"{operation}-shows-the-deleted-once-more",
        description=f"{label} no longer returns a deleted customer, then returns it once more, then never again.",
    )


for _operation in LIST_OPERATIONS:
    lists_wrongly(_operation)


@defect("search.body.optional")
class SearchNeedsAQ(Behaviour):
    """Search rejects an object without q."""

    def query_text(self, request: ApiRequest) -> str | None:
        if request.operation == "search" and "q" not in request.body:
            raise invalid_field("q", "The property is missing.")
        return super().query_text(request)


@defect("search.body.optional", name="search-without-q-finds-nobody")
class SearchWithoutQIsEmpty(Behaviour):
    """Search without q returns an empty list."""

    def handle_listing(self, request: ApiRequest) -> ApiResponse:
        response = super().handle_listing(request)
        is_affected = request.operation == "search" and "q" not in request.body and response.status == 200
        return ApiResponse(200, [], {"Count": "0"}) if is_affected else response


@defect("search.body.absent")
class SearchNeedsABody(Behaviour):
    """Search rejects a request without a body."""

    def missing_body(self, request: ApiRequest) -> dict[str, Any]:
        if request.operation == "search":
            raise bad_request("The body is missing.")
        return super().missing_body(request)
