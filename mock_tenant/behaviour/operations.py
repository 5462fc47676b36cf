"""The seven operations, each a few lines over the decisions."""

# ruff: noqa: ARG002 - a decision is handed whatever an override of it may need
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from mock_tenant.behaviour.listing import Selection
from mock_tenant.behaviour.records import Records
from mock_tenant.behaviour.tokens import TokenProvider
from mock_tenant.behaviour.validation import Validation
from mock_tenant.requests import Answer, Call, Refusal, duplicate, forbidden, invalid, not_found
from mock_tenant.store import Customer


class Operations(Selection, Validation, Records, TokenProvider):
    """What happens in each operation, in which order, and how it is answered."""

    async def answer(self, call: Call) -> Answer:
        """The answer to a call, whatever it is."""
        early = await self.arrival(call)
        if early is not None:
            return early
        try:
            self.authorise(call)
            answer = await self.perform(call)
        except Refusal as refusal:
            answer = self.refused(call, refusal)
        return self.departure(call, answer)

    async def perform(self, call: Call) -> Answer:
        """Reads the body of an authorised call and hands it to its operation."""
        if call.operation not in ("list", "get"):
            call.body = self.read_body(call)
        if call.operation in ("list", "search"):
            return self.listing(call)
        if call.operation == "get":
            return self.get(call)
        if call.operation in ("create", "upsert"):
            self.check_notification(call)
        if call.operation != "delete":
            self.check_body(call)
        async with self.alone(call):
            if call.operation == "create":
                return await self.create(call)
            if call.operation == "upsert":
                return await self.upsert(call)
            return await (self.patch(call) if call.operation == "patch" else self.delete(call))

    @asynccontextmanager
    async def alone(self, call: Call) -> AsyncIterator[None]:
        """Holds every other write of the tenant until this one is done."""
        async with call.tenant.writing:
            yield

    async def pause(self, call: Call) -> None:
        """The moment between looking and writing, in which others could come between: none."""

    def listing(self, call: Call) -> Answer:
        """List and search: a page of customers and their number."""
        page = self.page(call)
        shown = [self.view(call, customer) for customer in page]
        return Answer(self.success(call, 200), shown, {"Count": self.counted_customers(call, page)})

    def counted_customers(self, call: Call, page: list[Customer]) -> str:
        """The header Count: how many customers were retrieved."""
        return str(len(page))

    def get(self, call: Call) -> Answer:
        """One customer, or 404."""
        customer = self.found(call)
        return Answer(self.success(call, 200), self.view(call, customer))

    async def create(self, call: Call) -> Answer:
        """A new customer, or 409."""
        customer = await self.add(call)
        return Answer(self.success(call, 201), self.creation(call, customer))

    async def upsert(self, call: Call) -> Answer:
        """A new customer under the id of the path, or the one that is there with other values."""
        current = self.looked_up(call)
        if current is None:
            if (message := self.path_problem(call, call.customer_number)) is not None:
                raise invalid("customerNumber", message)
            customer = await self.add(call)
            return Answer(self.success(call, 201), self.creation(call, customer))
        if not self.within_restrictions(call, current):
            raise forbidden()
        written = self.written(call)
        self.refuse_taken_address(call, written, current.id)
        await self.pause(call)
        await self.store(
            call, current, self.updated(call, current, self.replaced(call, dict(current.values), written))
        )
        return Answer(self.success(call, 204))

    async def patch(self, call: Call) -> Answer:
        """The customer with what the patch names changed, or 404."""
        current = self.found(call)
        written = self.written(call)
        self.refuse_taken_address(call, written, current.id)
        await self.pause(call)
        await self.store(
            call, current, self.updated(call, current, self.patched(call, dict(current.values), written))
        )
        return Answer(self.success(call, 200))

    async def delete(self, call: Call) -> Answer:
        """The customer goes, or 404."""
        customer = self.found(call)
        await self.pause(call)
        self.erase(call, customer)
        return Answer(self.success(call, 202))

    async def add(self, call: Call) -> Customer:
        """Makes a customer where the id and the address are free."""
        customer_id = self.number_for(call)
        written = self.written(call)
        if self.id_taken(call, customer_id) or self.id_spent(call, customer_id):
            raise duplicate(customer_id, call.tenant.name)
        self.refuse_taken_address(call, written, None)
        customer = self.created(call, customer_id, written)
        if not self.within_restrictions(call, customer):
            raise forbidden()
        await self.pause(call)
        await self.store(call, None, customer)
        return customer

    async def store(self, call: Call, before: Customer | None, after: Customer) -> None:
        """Writes a customer in one go."""
        self.write(call, before, after)

    def updated(self, call: Call, current: Customer, values: dict[str, Any]) -> Customer:
        """The next version of a customer; a limited client cannot move one beyond its limits."""
        after = current.having(values)
        if not self.within_restrictions(call, after):
            raise forbidden()
        return after

    def refuse_taken_address(self, call: Call, written: dict[str, Any], own: str | None) -> None:
        """Refuses an address that another customer of the tenant has."""
        address = written.get("contactEmail")
        if isinstance(address, str) and address and self.address_taken(call, address, own):
            raise self.address_conflict(call, address)

    def address_conflict(self, call: Call, address: str) -> Refusal:
        """How a taken address is refused; only create and upsert publish a 409."""
        if call.operation == "patch":
            return invalid("contactEmail", "Another customer has this address.")
        return duplicate(address, call.tenant.name)

    def found(self, call: Call) -> Customer:
        """The customer of the path, or 404; one that the caller may not see does not exist for the caller."""
        customer = self.looked_up(call)
        if customer is None or not self.within_restrictions(call, customer):
            raise not_found(call.customer_number)
        return customer

    def looked_up(self, call: Call) -> Customer | None:
        """The customer under the id of the path, in the same case."""
        return call.tenant.customers.get(call.customer_number)

    def path_problem(self, call: Call, number: str) -> str | None:
        """What is wrong with an id under which an upsert is to create."""
        if 1 <= len(number) <= 66 and self.id_characters(call, number):
            return None
        return "The value must be 1 to 66 letters, digits, underscores or hyphens."

    def creation(self, call: Call, customer: Customer) -> object:
        """What is answered when a customer was created."""
        return {"id": customer.id}

    def success(self, call: Call, status: int) -> int:
        """The status of a call that succeeded."""
        return status
