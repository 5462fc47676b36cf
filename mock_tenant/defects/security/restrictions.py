"""Defects of restrictions: what a client limited to restrictions may see and change."""

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import LIST_OPERATIONS
from mock_tenant.messages import ApiRequest
from mock_tenant.registry import register_defect
from mock_tenant.store import Customer


def filters_by_restriction_wrongly(operation: str) -> None:
    """Seeds an operation that returns too many or too few customers to a limited client."""

    class IgnoresRestrictions(Behaviour):
        def is_within_restrictions(self, request: ApiRequest, customer: Customer) -> bool:
            return request.operation == operation or super().is_within_restrictions(request, customer)

    class HidesEverything(Behaviour):
        def is_within_restrictions(self, request: ApiRequest, customer: Customer) -> bool:
            is_limited = request.operation == operation and self.permitted_restrictions(request) is not None
            return not is_limited and super().is_within_restrictions(request, customer)

    label = operation.capitalize()
    register_defect(
        f"{operation}.restriction.filtered",
        IgnoresRestrictions,
        name=f"{operation}-looks-at-no-restriction",
        description=f"{label} returns every customer to a client limited to restrictions.",
    )
    register_defect(
        f"{operation}.restriction.visible",
        HidesEverything,
        name=f"{operation}-shows-nobody-to-the-limited",
        description=f"{label} returns no customer to a client limited to restrictions.",
    )


def writes_across_restrictions(operation: str) -> None:
    """Seeds a write that does not check restrictions."""

    class IgnoresRestrictions(Behaviour):
        def is_within_restrictions(self, request: ApiRequest, customer: Customer) -> bool:
            return request.operation == operation or super().is_within_restrictions(request, customer)

    register_defect(
        f"{operation}.restriction.managed",
        IgnoresRestrictions,
        name=f"{operation}-looks-at-no-restriction",
        description=f"{operation.capitalize()} lets a client limited to restrictions write to any customer.",
    )


for _operation in ("create", "upsert", "patch", "delete"):
    writes_across_restrictions(_operation)
for _operation in ("get", *LIST_OPERATIONS):
    filters_by_restriction_wrongly(_operation)
