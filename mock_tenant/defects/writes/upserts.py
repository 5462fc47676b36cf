"""Upserts that land elsewhere, double, add up, or refuse a media type."""

# ruff: noqa: ARG002 - a lie takes what the truth takes, and need not look at it
import json
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import MERGE_PATCH_TYPE
from mock_tenant.registry import defect
from mock_tenant.requests import Answer, Call, invalid, not_found
from mock_tenant.store import Customer


@defect("upsert.create.status")
class UpsertCreatesNobody(Behaviour):
    """Upsert of an id that does not exist is answered 404."""

    def number_from_path(self, call: Call, number: str) -> str:
        raise not_found(number)


@defect("upsert.create.answer-id")
class UpsertAnswersNoId(Behaviour):
    """An upsert that creates answers with an empty object."""

    def creation(self, call: Call, customer: Customer) -> object:
        return {} if call.operation == "upsert" else super().creation(call, customer)


@defect("upsert.create.same-id")
class UpsertLowersTheId(Behaviour):
    """An upsert creates under the id of the path in lower case."""

    def number_from_path(self, call: Call, number: str) -> str:
        return number.lower()


@defect("upsert.create.same-id")
class UpsertGeneratesAnId(Behaviour):
    """An upsert creates under a generated id."""

    def number_from_path(self, call: Call, number: str) -> str:
        return self.generated_id(call)


@defect("upsert.update.no-body")
class UpsertAnnouncesABody(Behaviour):
    """An upsert answered 204 announces a body by its length and type."""

    def departure(self, call: Call, answer: Answer) -> Answer:
        answer = super().departure(call, answer)
        announced = {"Content-Length": "13", "Content-Type": "application/json"}
        return answer.but(headers=announced) if answer.status == 204 else answer


@defect("upsert.twice.equals-once", also=("upsert.company.round-trip",))
class UpsertAddsUp(Behaviour):
    """An upsert of an existing customer appends the company to the one that is there."""

    def replaced(self, call: Call, current: dict[str, Any], written: dict[str, Any]) -> dict[str, Any]:
        old, new = current.get("company"), written.get("company")
        both = {"company": old + new} if isinstance(old, str) and isinstance(new, str) else {}
        return super().replaced(call, current, {**written, **both})


@defect("upsert.twice.equals-once")
class SecondUpsertTurnsOnHold(Behaviour):
    """An upsert that changes nothing puts the customer on hold."""

    def updated(self, call: Call, current: Customer, values: dict[str, Any]) -> Customer:
        after = super().updated(call, current, values)
        if call.operation == "upsert" and after is current:
            return super().updated(call, current, {**values, "onHold": not values.get("onHold")})
        return after


@defect("upsert.twice.equals-once")
class SecondUpsertDropsTheNames(Behaviour):
    """The same upsert for the second time running loses the last name."""

    def replaced(self, call: Call, current: dict[str, Any], written: dict[str, Any]) -> dict[str, Any]:
        values = super().replaced(call, current, written)
        again = json.dumps(written, sort_keys=True, default=str)
        last: dict[str, str] = self.notes["last_upserts"]
        repeated = last.get(call.customer_number) == again
        last[call.customer_number] = again
        return {name: value for name, value in values.items() if name != "lastName" or not repeated}


@defect("upsert.no-duplicate")
class UpsertDoubles(Behaviour):
    """An upsert of an existing customer makes a second one beside it."""

    def write(self, call: Call, before: Customer | None, after: Customer) -> None:
        super().write(call, before, after)
        if call.operation == "upsert" and before is not None:
            values = {name: value for name, value in after.values.items() if name != "contactEmail"}
            twin = self.generated_id(call)
            call.tenant.put(after.remade(id=twin, number=twin, values=values))


@defect("upsert.merge-patch")
class UpsertRefusesMergePatch(Behaviour):
    """Upsert refuses application/merge-patch+json."""

    def media_type_known(self, call: Call, media_type: str) -> bool:
        merging = call.operation == "upsert" and media_type == MERGE_PATCH_TYPE
        return not merging and super().media_type_known(call, media_type)


@defect("upsert.id.fixed")
class UpsertMovesTheId(Behaviour):
    """An id in the body of an upsert moves the customer to that id."""

    def write(self, call: Call, before: Customer | None, after: Customer) -> None:
        wanted = call.body.get("id")
        if call.operation == "upsert" and isinstance(wanted, str) and wanted and before is not None:
            call.tenant.customers.pop(before.id)
            after = after.remade(id=wanted, number=wanted)
        super().write(call, before, after)


@defect("upsert.body.optional")
class UpsertNeedsABody(Behaviour):
    """Upsert refuses a request without a body."""

    def body_left_out(self, call: Call) -> dict[str, Any]:
        if call.operation == "upsert":
            raise invalid("body", "The body is missing.")
        return super().body_left_out(call)


@defect("upsert.metadataCreatedAt.generated")
class UpsertRenewsTheBirthday(Behaviour):
    """An upsert of an existing customer makes metadataCreatedAt the time of the upsert."""

    def updated(self, call: Call, current: Customer, values: dict[str, Any]) -> Customer:
        after = super().updated(call, current, values)
        return after.remade(created_at=self.today()) if call.operation == "upsert" else after


@defect("upsert.email.unique")
class UpsertUpdatesShareAddresses(Behaviour):
    """Only an upsert that creates looks whether its address is taken."""

    def address_taken(self, call: Call, address: str, own: str | None) -> bool:
        updates = call.operation == "upsert" and own is not None
        return not updates and super().address_taken(call, address, own)


@defect("upsert.active.round-trip")
class UpsertCreatesWithoutFlags(Behaviour):
    """An upsert that creates ignores the flags it was sent."""

    def flags_sent_on_creation(self, call: Call, written: dict[str, Any]) -> dict[str, Any]:
        return {}
