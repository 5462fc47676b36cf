"""Intermittent defects: every n-th request of an operation fails or has no effect."""

from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.messages import ApiError, ApiRequest, ApiResponse, not_found
from mock_tenant.registry import defect
from mock_tenant.store import Customer


@defect("create.lastName.round-trip")
class EveryFifthCreateLosesTheLastName(Behaviour):
    """Every fifth create does not store lastName."""

    def written_values(self, request: ApiRequest) -> dict[str, Any]:
        values = super().written_values(request)
        if request.operation == "create" and self.increment("create") % 5 == 0:
            values.pop("lastName", None)
        return values


@defect("create.visible.get", probabilistic=True)
class EveryNinthCreateIsLost(Behaviour):
    """Every ninth create returns 201 and stores nothing."""

    def store_customer(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
        if request.operation != "create" or self.increment("create") % 9:
            super().store_customer(request, before, after)


@defect(
    "create.visible.get",
    also_violates=("get.status.ok",),
    probabilistic=True,
)
class EveryEleventhGetIsNotFound(Behaviour):
    """Every eleventh get returns 404."""

    def handle_get(self, request: ApiRequest) -> ApiResponse:
        if self.increment("get") % 11 == 0:
            raise not_found(request.customer_number)
        return super().handle_get(request)


@defect("list.complete", also_violates=("list.page.*", "list.pageSize.*", "list.q.*"))
class EveryFourthListIsEmpty(Behaviour):
    """Every fourth list is empty."""

    def indexed_customers(self, request: ApiRequest) -> list[Customer]:
        is_empty = request.operation == "list" and self.increment("list") % 4 == 0
        return [] if is_empty else list(super().indexed_customers(request))


@defect("patch.lastName.round-trip", also_violates=("patch.*.round-trip",), probabilistic=True)
class EverySixthPatchIsLost(Behaviour):
    """Every sixth patch returns 200 and changes nothing."""

    def patch_values(
        self, request: ApiRequest, current: dict[str, Any], written: dict[str, Any]
    ) -> dict[str, Any]:
        return (
            current if self.increment("patch") % 6 == 0 else super().patch_values(request, current, written)
        )


@defect("upsert.robust.no-5xx")
class EverySeventhUpsertReturns500(Behaviour):
    """Every seventh upsert returns 500."""

    def written_values(self, request: ApiRequest) -> dict[str, Any]:
        if request.operation == "upsert" and self.increment("upsert") % 7 == 0:
            raise ApiError(500, "internal_error", "Internal server error.")
        return super().written_values(request)


@defect("delete.gone.get", probabilistic=True)
class EveryFifthDeleteIsLost(Behaviour):
    """Every fifth delete returns 202 and deletes nothing."""

    def delete_customer(self, request: ApiRequest, customer: Customer) -> None:
        if self.increment("delete") % 5:
            super().delete_customer(request, customer)
