"""Violations of monotonic reads in get: after a change was visible, the state before it is returned once more."""

# ruff: noqa: ARG002 - an override has the signature of its hook
from mock_tenant.behaviour import Behaviour
from mock_tenant.messages import ApiRequest
from mock_tenant.registry import defect
from mock_tenant.store import Customer


class NonMonotonicGet(Behaviour):
    """The second get after a change returns the state before the change."""

    def is_reverted(self, before: Customer | None, after: Customer | None) -> bool:
        """Whether the second get after this change returns the state before it."""
        return False

    def on_change(self, request: ApiRequest, before: Customer | None, after: Customer | None) -> None:
        super().on_change(request, before, after)
        if before is not None:
            self.state["reverted changes"].pop(before.id, None)
            if self.is_reverted(before, after):
                self.state["reverted changes"][before.id] = (before, 1)

    def find_customer(self, request: ApiRequest) -> Customer | None:
        current = super().find_customer(request)
        reverted: dict[str, tuple[Customer, int]] = self.state["reverted changes"]
        if request.operation != "get" or request.customer_number not in reverted:
            return current
        before, reads = reverted.pop(request.customer_number)
        if reads == 1:
            reverted[request.customer_number] = (before, 2)
            return current
        return before


@defect("get.flicker")
class GetFlickers(NonMonotonicGet):
    """Get returns a change, then once more the state before it, then the change again."""

    def is_reverted(self, before: Customer | None, after: Customer | None) -> bool:
        return before is not None and after is not None and before is not after


@defect("get.flicker", also_violates=("delete.gone.get",))
class GetReturnsDeletedCustomersOnceMore(NonMonotonicGet):
    """Get no longer returns a deleted customer, then returns it once more, then never again."""

    def is_reverted(self, before: Customer | None, after: Customer | None) -> bool:
        return after is None
