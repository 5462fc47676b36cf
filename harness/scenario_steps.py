"""The steps of a course: what each was to a customer, and which is behind what became of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import oracle

SPENT = {"create": "create.deleted-id.as-configured", "upsert": "upsert.deleted-id.as-configured"}
"""The clause of a write that is refused for a deleted id, and brings the customer back all the same."""


@dataclass(frozen=True)
class Step:
    """One write that ran: whom it was about, what it said, and whether the tenant took it."""

    operation: oracle.Operation
    subject: str
    accepted: bool
    status: int

    @property
    def name(self) -> str:
        """The operation's name."""
        return self.operation.name

    @property
    def body(self) -> Mapping[str, Any]:
        """What was sent; empty where nothing was."""
        return getattr(self.operation, "body", None) or {}

    def since(self, customer_id: str) -> oracle.Cause:
        """What this step is to the customer: its own write, a refusal, or something elsewhere."""
        if self.subject != customer_id:
            return oracle.elsewhere(self.name)
        if self.accepted:
            return oracle.written(self.name, names=bool(self.body))
        return (
            oracle.duplicated() if self.name == "create" and self.status == 409 else oracle.refused(self.name)
        )


def revived_by(ran: Sequence[Step], customer_id: str) -> str:
    """The clause that a customer breaks which was seen to be gone, and is there again."""
    step = last(ran, lambda each: each.subject == customer_id)
    if step is None:
        return "delete.gone.get"
    return {"patch": "delete.no-revival.patch", **SPENT}.get(step.name, "delete.gone.get")


def says(step: Step, name: str, value: Any) -> bool:
    """Whether the step gave the property this value."""
    return name in step.body and value is not None and oracle.same(step.body[name], value)


def last(steps: Sequence[Step], wanted: Callable[[Step], bool]) -> Step | None:
    """The last of the steps that is wanted, or None."""
    return next((step for step in reversed(steps) if wanted(step)), None)
