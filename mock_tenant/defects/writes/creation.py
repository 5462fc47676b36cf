"""Defects of create: wrong responses, required properties, and customers that are not stored."""

# ruff: noqa: ARG002 - an override has the signature of its hook
from mock_tenant.behaviour import Behaviour
from mock_tenant.messages import ApiRequest, ApiResponse, invalid_field
from mock_tenant.registry import defect, operation_defects
from mock_tenant.store import Customer


@operation_defects(["create"], "{}.answer.id", description="{} returns an empty object.")
@operation_defects(
    ["upsert"], "{}.create.answer-id", description="An {} that creates returns an empty object."
)
class AnswersNoId(Behaviour):
    """A creation returns an empty object."""

    def creation_body(self, request: ApiRequest, customer: Customer) -> object:
        return {}


@defect("create.answer.id")
class CreateAnswersCustomerNumber(Behaviour):
    """Create returns the id in a property of another name."""

    def creation_body(self, request: ApiRequest, customer: Customer) -> object:
        body = {"customerNumber": customer.number}
        return body if request.operation == "create" else super().creation_body(request, customer)


@defect("create.answer.id")
class CreateAnswersAnotherId(Behaviour):
    """Create returns an id that no customer has."""

    def creation_body(self, request: ApiRequest, customer: Customer) -> object:
        body = {"id": self.generate_id(request)}
        return body if request.operation == "create" else super().creation_body(request, customer)


@defect("create.properties.optional")
class CreateNeedsALastName(Behaviour):
    """Create rejects a body without lastName."""

    async def handle_create(self, request: ApiRequest) -> ApiResponse:
        if "lastName" not in request.body:
            raise invalid_field("lastName", "The property is missing.")
        return await super().handle_create(request)


@defect("create.properties.optional")
class CreateNeedsAnEmail(Behaviour):
    """Create rejects a body without contactEmail."""

    async def handle_create(self, request: ApiRequest) -> ApiResponse:
        if "contactEmail" not in request.body:
            raise invalid_field("contactEmail", "The property is missing.")
        return await super().handle_create(request)


@defect("create.visible.get")
class CreateDoesNotStoreContacts(Behaviour):
    """Create returns 201 for a customer of the type CONTACT and does not store it."""

    def store_customer(self, request: ApiRequest, before: Customer | None, after: Customer) -> None:
        if request.operation != "create" or request.body.get("type") != "CONTACT":
            super().store_customer(request, before, after)


@defect("create.visible.get")
class IdsThatBeginWithADigitAreNotFound(Behaviour):
    """Get does not find a customer whose id starts with a digit, as every second generated id does."""

    def generate_id(self, request: ApiRequest) -> str:
        generated, number = super().generate_id(request), self.increment("generated ids")
        return generated if number % 2 else f"{number}{generated[1:]}"

    def find_customer(self, request: ApiRequest) -> Customer | None:
        is_affected = request.operation == "get" and request.customer_number[:1].isdigit()
        return None if is_affected else super().find_customer(request)
