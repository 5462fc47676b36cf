"""Variations of metadata.version and of optimistic locking."""

# ruff: noqa: ARG002 - an override has the signature of its hook
import time
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.behaviour.persistence import Values
from mock_tenant.constants import MERGE_PATCH_TYPE
from mock_tenant.messages import ApiError, ApiRequest
from mock_tenant.registry import variation
from mock_tenant.store import Customer


@variation()
class VersionsAreIgnored(Behaviour):
    """Upsert and patch accept every version: the contract does not state what a stale one does."""

    def check_version(self, request: ApiRequest, current: Customer) -> None:
        pass


@variation()
class MergePatchesAreNotLocked(Behaviour):
    """A merge patch is accepted with every version."""

    def check_version(self, request: ApiRequest, current: Customer) -> None:
        if request.media_type != MERGE_PATCH_TYPE:
            super().check_version(request, current)


@variation()
class StaleVersionsAnswer412(Behaviour):
    """A stale version is rejected with 412."""

    def stale_version(self, request: ApiRequest) -> ApiError:
        return ApiError(412, "precondition_failed", "The customer has another version.")


@variation()
class StaleVersionsAnswer400(Behaviour):
    """A stale version is rejected with 400."""

    def stale_version(self, request: ApiRequest) -> ApiError:
        return ApiError(400, "validation_violation", "The customer has another version.")


@variation()
class VersionsAreTimes(Behaviour):
    """The version of a customer is the time of its last change in microseconds."""

    def new_customer(self, request: ApiRequest, customer_id: str, written: Values) -> Customer:
        return super().new_customer(request, customer_id, written).replace(version=_now())

    def next_version(self, request: ApiRequest, current: Customer, values: dict[str, Any]) -> Customer:
        after = super().next_version(request, current, values)
        return after if after is current else after.replace(version=max(_now(), current.version + 1))


@variation()
class VersionsAreNotShown(Behaviour):
    """Customers have no metadata.version."""

    def metadata(self, customer: Customer) -> dict[str, Any]:
        return {name: value for name, value in super().metadata(customer).items() if name != "version"}


def _now() -> int:
    return time.time_ns() // 1000
