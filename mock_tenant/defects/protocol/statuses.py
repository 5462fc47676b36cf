"""Successes under another status, and refusals that swap theirs."""

from mock_tenant.behaviour import Behaviour
from mock_tenant.registry import defect, plant
from mock_tenant.requests import Answer, Call, Refusal


def answers(operation: str, right: int, wrong: int, clause: str) -> None:
    """Plants a success of an operation under another status."""

    class Swapped(Behaviour):
        def success(self, call: Call, status: int) -> int:
            if call.operation == operation and status == right:
                return wrong
            return super().success(call, status)

    plant(
        clause,
        Swapped,
        name=f"{operation}-answers-{wrong}-for-{right}",
        lie=f"{operation.capitalize()} answers {wrong} where {right} is promised.",
    )


answers("create", 201, 200, "create.status.created")
answers("create", 201, 202, "create.status.created")
answers("list", 200, 206, "list.status.ok")
answers("search", 200, 201, "search.status.ok")
answers("get", 200, 203, "get.status.ok")
answers("upsert", 201, 200, "upsert.create.status")
answers("upsert", 204, 200, "upsert.update.status")
answers("upsert", 204, 201, "upsert.update.status")
answers("patch", 200, 202, "patch.status.ok")
answers("patch", 200, 204, "patch.status.ok")
answers("delete", 202, 200, "delete.status.accepted")
answers("delete", 202, 204, "delete.status.accepted")


def refuses(operation: str, right: int, wrong: int, clause: str, *also: str) -> None:
    """Plants a refusal of an operation under another status; it breaks `also` with the clause."""

    class Swapped(Behaviour):
        def refused(self, call: Call, refusal: Refusal) -> Answer:
            if call.operation == operation and refusal.status == right:
                refusal.status = wrong
            return super().refused(call, refusal)

    plant(
        clause,
        Swapped,
        name=f"{operation}-refuses-with-{wrong}-for-{right}",
        lie=f"{operation.capitalize()} refuses with {wrong} where {right} is promised.",
        also=also,
    )


refuses("create", 409, 400, "create.email.unique", "create.id.unique")
refuses("upsert", 409, 400, "upsert.email.unique")
refuses("get", 404, 400, "get.unknown.not-found")
refuses("patch", 404, 400, "patch.unknown.not-found")
refuses("delete", 404, 400, "delete.unknown.not-found")


@defect("get.unknown.not-found")
class GetUnknownAnswersEmptyObject(Behaviour):
    """Get of a customer that does not exist answers 200 with an empty object."""

    def refused(self, call: Call, refusal: Refusal) -> Answer:
        if call.operation == "get" and refusal.status == 404:
            return Answer(200, {})
        return super().refused(call, refusal)


@defect("delete.unknown.not-found")
class DeleteUnknownIsAccepted(Behaviour):
    """Delete of a customer that never existed is answered 202."""

    def refused(self, call: Call, refusal: Refusal) -> Answer:
        never = refusal.status == 404 and call.customer_number not in call.tenant.deleted
        if call.operation == "delete" and never:
            return Answer(202)
        return super().refused(call, refusal)


@defect("delete.twice.not-found")
class SecondDeleteIsAccepted(Behaviour):
    """Delete of a customer that is deleted already is answered 202 again."""

    def refused(self, call: Call, refusal: Refusal) -> Answer:
        again = refusal.status == 404 and call.customer_number in call.tenant.deleted
        if call.operation == "delete" and again:
            return Answer(202)
        return super().refused(call, refusal)
