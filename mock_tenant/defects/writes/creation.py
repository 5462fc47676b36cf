"""Creates that answer wrongly, ask for too much, or store nobody."""

from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.registry import defect
from mock_tenant.requests import Answer, Call, invalid
from mock_tenant.store import Customer


@defect("create.answer.id")
class CreateAnswersNoId(Behaviour):
    """Create answers with an empty object."""

    def creation(self, call: Call, customer: Customer) -> object:
        return {} if call.operation == "create" else super().creation(call, customer)


@defect("create.answer.id")
class CreateAnswersCustomerNumber(Behaviour):
    """Create answers with the id under another name."""

    def creation(self, call: Call, customer: Customer) -> object:
        named = {"customerNumber": customer.number}
        return named if call.operation == "create" else super().creation(call, customer)


@defect("create.answer.id")
class CreateAnswersAnotherId(Behaviour):
    """Create answers with an id that no customer has."""

    def creation(self, call: Call, customer: Customer) -> object:
        other = {"id": self.generated_id(call)}
        return other if call.operation == "create" else super().creation(call, customer)


@defect("create.properties.optional")
class CreateNeedsALastName(Behaviour):
    """Create refuses a body without lastName."""

    async def create(self, call: Call) -> Answer:
        if "lastName" not in call.body:
            raise invalid("lastName", "The property is missing.")
        return await super().create(call)


@defect("create.properties.optional")
class CreateNeedsAnAddress(Behaviour):
    """Create refuses a body without contactEmail."""

    async def create(self, call: Call) -> Answer:
        if "contactEmail" not in call.body:
            raise invalid("contactEmail", "The property is missing.")
        return await super().create(call)


@defect("create.body.optional")
class CreateNeedsABody(Behaviour):
    """Create refuses a request without a body."""

    def body_left_out(self, call: Call) -> dict[str, Any]:
        if call.operation == "create":
            raise invalid("body", "The body is missing.")
        return super().body_left_out(call)


@defect("create.visible.get")
class CreateForgetsContacts(Behaviour):
    """A customer of the type CONTACT is answered 201 and never stored."""

    def write(self, call: Call, before: Customer | None, after: Customer) -> None:
        if call.operation != "create" or call.body.get("type") != "CONTACT":
            super().write(call, before, after)


@defect("create.visible.get")
class IdsThatBeginWithADigitAreLost(Behaviour):
    """A customer whose id begins with a digit is not found by get."""

    def looked_up(self, call: Call) -> Customer | None:
        return (
            None
            if call.customer_number[:1].isdigit() and call.operation == "get"
            else super().looked_up(call)
        )
