"""The steps of a scenario: what each write was to a customer, and the clauses that follow from it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import oracle

REUSED_ID = {"create": "create.deleted-id.as-configured", "upsert": "upsert.deleted-id.as-configured"}
"""The clause of a write that is rejected for the id of a deleted customer and brings the customer back all the same."""


@dataclass(frozen=True)
class Step:
    """A write that was sent: the customer that it was about, and whether the tenant accepted it."""

    operation: oracle.Operation
    subject: str
    accepted: bool
    status: int

    @property
    def name(self) -> str:
        """The name of the operation."""
        return self.operation.name

    @property
    def body(self) -> Mapping[str, Any]:
        """The body that was sent; empty where there was none."""
        return body_of(self.operation)

    def cause_for(self, customer_id: str) -> oracle.Cause:
        """What this step is to a customer: a write to it, a rejected write, or a write to another customer."""
        if self.subject != customer_id:
            return oracle.elsewhere(self.name)
        if self.accepted:
            return oracle.written(self.name, names=bool(self.body))
        duplicate = self.name == "create" and self.status == 409
        return oracle.duplicated() if duplicate else oracle.rejected(self.name)

    def sets(self, name: str, value: Any) -> bool:
        """Whether the body gives the property this value."""
        return name in self.body and value is not None and oracle.same(self.body[name], value)


def body_of(operation: oracle.Operation) -> Mapping[str, Any]:
    """The body of an operation; empty where it has none."""
    return getattr(operation, "body", None) or {}


def revived_by(ran: Sequence[Step], customer_id: str) -> str:
    """The clause that is violated where a deleted customer is found."""
    step = last_step(ran, lambda each: each.subject == customer_id)
    name = step.name if step else ""
    return {"patch": "delete.no-revival.patch", **REUSED_ID}.get(name, "delete.gone.get")


def evidence_of(step: Step, customer_id: str) -> str:
    """The clause for which a customer as expected is evidence after this step; empty where there is none."""
    cause = step.cause_for(customer_id)
    if cause.kind == "write":
        return "patch.fields.only-named" if step.name == "patch" else ""
    return cause.clause_for("", None)


def last_step(steps: Sequence[Step], condition: Callable[[Step], bool]) -> Step | None:
    """The last of the steps that satisfies the condition."""
    return next((step for step in reversed(steps) if condition(step)), None)
