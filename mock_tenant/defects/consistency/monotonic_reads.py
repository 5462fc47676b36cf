"""Gets that go back in time: a change is seen, then what was, and then the change for good."""

# ruff: noqa: ARG002 - a lie takes what the truth takes, and need not look at it
from mock_tenant.behaviour import Behaviour
from mock_tenant.registry import defect
from mock_tenant.requests import Call
from mock_tenant.store import Customer


class Wavering(Behaviour):
    """Remembers what a change replaced until the second look."""

    def wavers(self, before: Customer | None, after: Customer | None) -> bool:
        """Whether this change is seen, lost and seen again."""
        return False

    def changed(self, call: Call, before: Customer | None, after: Customer | None) -> None:
        super().changed(call, before, after)
        if before is not None:
            self.notes["wavering"].pop(before.id, None)
            if self.wavers(before, after):
                self.notes["wavering"][before.id] = (before, 1)

    def looked_up(self, call: Call) -> Customer | None:
        current = super().looked_up(call)
        waiting: dict[str, tuple[Customer, int]] = self.notes["wavering"]
        if call.operation != "get" or call.customer_number not in waiting:
            return current
        before, looks = waiting.pop(call.customer_number)
        if looks == 1:
            waiting[call.customer_number] = (before, 2)
            return current
        return before


@defect("get.flicker")
class GetFlickers(Wavering):
    """Get shows a change, shows the state before it once more, and then the change for good."""

    def wavers(self, before: Customer | None, after: Customer | None) -> bool:
        return before is not None and after is not None and before is not after


@defect("get.flicker")
class GetShowsTheDeletedOnceMore(Wavering):
    """Get no longer shows a deleted customer, shows it once more, and then never again."""

    def wavers(self, before: Customer | None, after: Customer | None) -> bool:
        return after is None
