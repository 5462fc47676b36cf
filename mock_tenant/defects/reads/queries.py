"""Defects of q as a whole: wrong conjunctions, ignored paths, outdated documents, and search unlike list."""

from collections.abc import Mapping
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import LIST_OPERATIONS
from mock_tenant.messages import ApiRequest
from mock_tenant.query_language import Condition
from mock_tenant.registry import defect, register_defect
from mock_tenant.store import Customer


def queries_wrongly(operation: str) -> None:
    """Seeds defects in the conjunction of conditions, in paths, and in the searched documents of one operation."""

    class JoinsByOr(Behaviour):
        def filter_customers(self, request: ApiRequest, customers: list[Customer]) -> list[Customer]:
            conditions = self.parse_conditions(request)
            if request.operation != operation or len(conditions) < 2:
                return super().filter_customers(request, customers)
            return [
                c for c in customers if any(self.matches(request, condition, c) for condition in conditions)
            ]

    class UsesFirstCondition(Behaviour):
        def parse_conditions(self, request: ApiRequest) -> list[Condition]:
            return super().parse_conditions(request)[: 1 if request.operation == operation else None]

    class UsesLastCondition(Behaviour):
        def parse_conditions(self, request: ApiRequest) -> list[Condition]:
            return super().parse_conditions(request)[-1 if request.operation == operation else 0 :]

    class MatchesNoPath(Behaviour):
        def matches(self, request: ApiRequest, condition: Condition, customer: Customer) -> bool:
            is_affected = request.operation == operation and "." in condition.name
            return not is_affected and super().matches(request, condition, customer)

    class IgnoresPaths(Behaviour):
        def matches(self, request: ApiRequest, condition: Condition, customer: Customer) -> bool:
            is_affected = request.operation == operation and "." in condition.name
            return is_affected or super().matches(request, condition, customer)

    class SearchesFirstVersion(Behaviour):
        def store_customer(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
            super().store_customer(request, before, after)
            first = before.cache.get("first version", before) if before else after
            after.cache["first version"] = first
            after.cache["first document"] = dict(self.document(first))

        def searchable_document(self, request: ApiRequest, customer: Customer) -> Mapping[str, Any]:
            document: Mapping[str, Any] | None = customer.cache.get("first document")
            if request.operation != operation or document is None:
                return super().searchable_document(request, customer)
            return document

    class IgnoresQ(Behaviour):
        def parse_conditions(self, request: ApiRequest) -> list[Condition]:
            return [] if request.operation == operation else super().parse_conditions(request)

    label = operation.capitalize()
    register_defect(
        f"{operation}.q.all-of",
        JoinsByOr,
        also_violates=(f"{operation}.q.conjunction",),
        name=f"{operation}-joins-conditions-by-or",
        description=f"{label} returns customers that match one of several conditions.",
    )
    register_defect(
        f"{operation}.q.conjunction",
        UsesFirstCondition,
        also_violates=(f"{operation}.q.all-of",),
        name=f"{operation}-takes-the-first-condition",
        description=f"{label} ignores every condition but the first.",
    )
    register_defect(
        f"{operation}.q.conjunction",
        UsesLastCondition,
        also_violates=(f"{operation}.q.all-of",),
        name=f"{operation}-takes-the-last-condition",
        description=f"{label} ignores every condition but the last.",
    )
    register_defect(
        f"{operation}.q.nested",
        MatchesNoPath,
        name=f"{operation}-finds-no-nested-names",
        description=f"{label} matches no customer by a path with dots.",
    )
    register_defect(
        f"{operation}.q.nested",
        IgnoresPaths,
        name=f"{operation}-ignores-nested-names",
        description=f"{label} ignores conditions on paths with dots.",
    )
    register_defect(
        f"{operation}.q.fresh",
        SearchesFirstVersion,
        name=f"{operation}-searches-what-was-created",
        description=f"{label} evaluates conditions on the first version of each customer.",
    )
    register_defect(
        f"{operation}.q.exact", IgnoresQ, name=f"{operation}-ignores-q", description=f"{label} ignores q."
    )


for _operation in LIST_OPERATIONS:
    queries_wrongly(_operation)


@defect("search.q.equals-list", also_violates=("search.q.exact",))
class SearchByQReturnsOne(Behaviour):
    """Search by q returns only the first match, unlike list."""

    def filter_customers(self, request: ApiRequest, customers: list[Customer]) -> list[Customer]:
        found = super().filter_customers(request, customers)
        return found[:1] if request.operation == "search" and request.body.get("q") else found


@defect(
    "search.q.equals-list",
    name="search-finds-nobody-inactive",
    also_violates=("search.q.exact",),
)
class SearchByQOmitsInactive(Behaviour):
    """Search by q returns only active customers, unlike list."""

    def filter_customers(self, request: ApiRequest, customers: list[Customer]) -> list[Customer]:
        found = super().filter_customers(request, customers)
        is_affected = request.operation == "search" and request.body.get("q")
        return [c for c in found if c.values.get("active")] if is_affected else found
