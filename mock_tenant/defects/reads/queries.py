"""Defects of q as a whole: wrong conjunctions, ignored paths, outdated documents, and search unlike list."""

# ruff: noqa: ARG002 - an override has the signature of its hook
from collections.abc import Mapping
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import LIST_OPERATIONS
from mock_tenant.messages import ApiRequest
from mock_tenant.query_language import Condition, resolve
from mock_tenant.registry import defect, operation_defects
from mock_tenant.store import Customer


@operation_defects(LIST_OPERATIONS, "{}.q.all-of", also_violates=["{}.q.conjunction"])
class JoinsConditionsByOr(Behaviour):
    """{} returns customers that match one of several conditions."""

    def filter_customers(self, request: ApiRequest, customers: list[Customer]) -> list[Customer]:
        conditions = self.parse_conditions(request)
        if len(conditions) < 2:
            return super().filter_customers(request, customers)
        return [c for c in customers if any(self.matches(request, condition, c) for condition in conditions)]


@operation_defects(LIST_OPERATIONS, "{}.q.conjunction", also_violates=["{}.q.all-of"])
class EvaluatesTheFirstConditionOnly(Behaviour):
    """{} ignores every condition but the first."""

    def parse_conditions(self, request: ApiRequest) -> list[Condition]:
        return super().parse_conditions(request)[:1]


@operation_defects(LIST_OPERATIONS, "{}.q.conjunction", also_violates=["{}.q.all-of"])
class EvaluatesTheLastConditionOnly(Behaviour):
    """{} ignores every condition but the last."""

    def parse_conditions(self, request: ApiRequest) -> list[Condition]:
        return super().parse_conditions(request)[-1:]


@operation_defects(LIST_OPERATIONS, "{}.q.nested")
class FindsNoNestedNames(Behaviour):
    """{} matches no customer by a path with dots."""

    def matches(self, request: ApiRequest, condition: Condition, customer: Customer) -> bool:
        return "." not in condition.name and super().matches(request, condition, customer)


@operation_defects(LIST_OPERATIONS, "{}.q.nested")
class IgnoresNestedNames(Behaviour):
    """{} ignores conditions on paths with dots."""

    def matches(self, request: ApiRequest, condition: Condition, customer: Customer) -> bool:
        return "." in condition.name or super().matches(request, condition, customer)


@operation_defects(["search"], "{}.q.nested")
class FindsNothingByLongPaths(Behaviour):
    """{} matches no customer by a path of more than three names."""

    def matches(self, request: ApiRequest, condition: Condition, customer: Customer) -> bool:
        return condition.name.count(".") < 3 and super().matches(request, condition, customer)


@operation_defects(["list"], "{}.q.exact")
class FindsUnrestrictedCustomersByRestriction(Behaviour):
    """{} by a restriction also matches customers without a restriction."""

    def matches(self, request: ApiRequest, condition: Condition, customer: Customer) -> bool:
        is_unrestricted = condition.name == "restriction" and "restriction" not in customer.values
        is_affected = is_unrestricted and condition.form == "exact"
        return is_affected or super().matches(request, condition, customer)


@operation_defects(LIST_OPERATIONS, "{}.q.exact")
class IgnoresQ(Behaviour):
    """{} ignores q."""

    def parse_conditions(self, request: ApiRequest) -> list[Condition]:
        return []


@operation_defects(LIST_OPERATIONS, "{}.q.exact")
class ComparesDigitsAsNumbers(Behaviour):
    """{} compares texts of digits as numbers."""

    def matches(self, request: ApiRequest, condition: Condition, customer: Customer) -> bool:
        texts = (resolve(self.document(customer), condition.name), *condition.operands)
        if condition.form == "exact" and all(isinstance(text, str) and text.isdecimal() for text in texts):
            return len({int(text) for text in texts}) == 1
        return super().matches(request, condition, customer)


class RecordsFirstDocument(Behaviour):
    """Records the document of each customer as it was created."""

    def store_customer(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
        super().store_customer(request, before, after)
        first = before.cache.get("first version", before) if before else after
        after.cache["first version"] = first
        after.cache["first document"] = dict(self.document(first))


@operation_defects(LIST_OPERATIONS, "{}.q.fresh", also_violates=("{}.q.*",))
class SearchesTheFirstVersion(RecordsFirstDocument):
    """{} evaluates conditions on the first version of each customer."""

    def searchable_document(self, request: ApiRequest, customer: Customer) -> Mapping[str, Any]:
        document: Mapping[str, Any] | None = customer.cache.get("first document")
        return document or super().searchable_document(request, customer)


@defect("search.q.equals-list", also_violates=("search.q.*", "search.complete"))
class SearchByQReturnsOne(Behaviour):
    """Search by q returns only the first match, unlike list."""

    def filter_customers(self, request: ApiRequest, customers: list[Customer]) -> list[Customer]:
        found = super().filter_customers(request, customers)
        return found[:1] if request.operation == "search" and request.body.get("q") else found


@defect(
    "search.q.equals-list",
    also_violates=("search.q.exact", "search.complete"),
)
class SearchByQOmitsInactive(Behaviour):
    """Search by q returns only active customers, unlike list."""

    def filter_customers(self, request: ApiRequest, customers: list[Customer]) -> list[Customer]:
        found = super().filter_customers(request, customers)
        is_affected = request.operation == "search" and request.body.get("q")
        return [c for c in found if c.values.get("active")] if is_affected else found


@operation_defects(LIST_OPERATIONS, "{}.q.several-of-several")
class EvaluatesOneListOfValues(Behaviour):
    """{} ignores a second list of values."""

    def parse_conditions(self, request: ApiRequest) -> list[Condition]:
        conditions = super().parse_conditions(request)
        lists = [each for each in conditions if each.form == "any-of"]
        return [each for each in conditions if each not in lists[1:]]
