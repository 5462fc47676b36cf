"""Ids that are changed, refused, repeated or moved; addresses that are not unique."""

# ruff: noqa: ARG002 - a lie takes what the truth takes, and need not look at it
from mock_tenant.behaviour import Behaviour
from mock_tenant.registry import defect, plant
from mock_tenant.requests import Call, invalid
from mock_tenant.store import Customer


def bounds_of_ids(shortest: int, longest: int, clause: str, name: str) -> None:
    """Plants other bounds for the length of custom ids."""

    class Budget(Behaviour):
        def bounds(self, call: Call, asked: str) -> tuple[int, int]:
            return (shortest, longest) if asked == "id" else super().bounds(call, asked)

    plant(clause, Budget, name=name, lie=f"Custom ids may have {shortest} to {longest} characters.")


bounds_of_ids(0, 66, "create.id.empty", "create-accepts-an-empty-id")
bounds_of_ids(1, 67, "create.id.max-length", "create-accepts-ids-of-67")
bounds_of_ids(1, 10**9, "create.id.max-length", "create-accepts-ids-of-any-length")
bounds_of_ids(1, 65, "create.id.length-accepted", "create-refuses-ids-of-66")
bounds_of_ids(2, 66, "create.id.length-accepted", "create-refuses-ids-of-1")


def also_in_ids(further: str, name: str) -> None:
    """Plants an id check that lets further characters through."""

    class Lets(Behaviour):
        def id_characters(self, call: Call, value: str) -> bool:
            return super().id_characters(call, "".join(c for c in value if c not in further))

    plant(
        "create.id.characters",
        Lets,
        name=f"create-accepts-{name}-in-ids",
        lie=f"Create accepts {name} in an id.",
    )


also_in_ids(".", "dots")
also_in_ids(" ", "spaces")
also_in_ids("\n", "line-breaks")
also_in_ids("/%", "slashes-and-percent-signs")


@defect("create.id.characters")
class CreateAcceptsForeignLettersInIds(Behaviour):
    """Create accepts letters beyond ASCII in an id."""

    def id_characters(self, call: Call, value: str) -> bool:
        return all(character.isalnum() or character in "_-" for character in value)


def not_in_ids(refused: str, name: str) -> None:
    """Plants an id check that refuses characters that ids may have."""

    class Refuses(Behaviour):
        def id_characters(self, call: Call, value: str) -> bool:
            return super().id_characters(call, value) and not any(c in refused for c in value)

    plant(
        "create.id.characters-accepted",
        Refuses,
        name=f"create-refuses-{name}-in-ids",
        lie=f"Create refuses {name} in an id.",
    )


not_in_ids("_", "underscores")
not_in_ids("-", "hyphens")
not_in_ids("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "capitals")
not_in_ids("0123456789", "digits")


@defect("create.id.custom")
class CreateLowersIds(Behaviour):
    """Create stores a custom id in lower case."""

    def custom_id(self, call: Call, custom: str) -> str:
        return custom.lower()


@defect("create.id.custom")
class CreateIgnoresIds(Behaviour):
    """Create generates an id though it was given one."""

    def custom_id(self, call: Call, custom: str) -> str:
        return self.generated_id(call)


@defect("create.id.custom")
class CreateCutsLongIds(Behaviour):
    """Create stores the first 50 characters of a custom id."""

    def custom_id(self, call: Call, custom: str) -> str:
        return custom[:50]


@defect("create.id.becomes-customer-number")
class CreateNumbersForItself(Behaviour):
    """A customer with a custom id gets a generated customerNumber."""

    def customer_number(self, call: Call, customer_id: str) -> str:
        custom = call.operation == "create" and "id" in call.body
        return self.generated_id(call) if custom else super().customer_number(call, customer_id)


@defect("create.id.customer-number")
class GeneratedNumbersDiffer(Behaviour):
    """A customer with a generated id gets another customerNumber."""

    def customer_number(self, call: Call, customer_id: str) -> str:
        generated = call.operation == "create" and "id" not in call.body
        return self.generated_id(call) if generated else super().customer_number(call, customer_id)


@defect("create.id.generated", also=("create.properties.optional", "create.status.created"))
class CreateNeedsAnId(Behaviour):
    """Create refuses a body without an id."""

    def number_for(self, call: Call) -> str:
        if call.operation == "create" and "id" not in call.body:
            raise invalid("id", "The id is missing.")
        return super().number_for(call)


@defect("create.id.generated-unique")
class GeneratedIdsRepeat(Behaviour):
    """Every second generated id is the one before, and overwrites its customer."""

    last = ""

    def generated_id(self, call: Call) -> str:
        if self.turn("generated id") % 2:
            self.last = super().generated_id(call)
        return self.last

    def id_taken(self, call: Call, customer_id: str) -> bool:
        return customer_id != self.last and super().id_taken(call, customer_id)


@defect("create.id.generated-lower-case")
class GeneratedIdsAreUpperCase(Behaviour):
    """Generated ids are upper case."""

    def generated_id(self, call: Call) -> str:
        return f"C{super().generated_id(call)}".upper()


@defect("create.id.case-sensitive")
class IdsThatDifferInCaseClash(Behaviour):
    """Create answers 409 to an id that another customer has in another case."""

    def id_taken(self, call: Call, customer_id: str) -> bool:
        if call.operation != "create":
            return super().id_taken(call, customer_id)
        return customer_id.lower() in map(str.lower, call.tenant.customers)


@defect("create.id.unique")
class CreateOverwrites(Behaviour):
    """Create with the id of an existing customer takes its place."""

    def id_taken(self, call: Call, customer_id: str) -> bool:
        return call.operation != "create" and super().id_taken(call, customer_id)


@defect("create.duplicate.keeps-existing")
class RefusedDuplicatesOverwrite(Behaviour):
    """A create is answered 409 for its id, and overwrites the customer all the same."""

    def id_taken(self, call: Call, customer_id: str) -> bool:
        taken = super().id_taken(call, customer_id)
        if taken and call.operation == "create":
            current = call.tenant.customers[customer_id]
            values = {**current.values, **self.written(call), "contactEmail": current.email}
            self.write(call, current, current.having(self.settled(call, values)))
        return taken


def shares_addresses(operation: str) -> None:
    """Plants an operation that lets two customers have one address."""

    class Shares(Behaviour):
        def address_taken(self, call: Call, address: str, own: str | None) -> bool:
            return call.operation != operation and super().address_taken(call, address, own)

    plant(
        f"{operation}.email.unique",
        Shares,
        name=f"{operation}-shares-addresses",
        lie=f"{operation.capitalize()} accepts an address that another customer has.",
    )


def reuses_ids(operation: str) -> None:
    """Plants an operation that creates under the id of a deleted customer."""

    class Reuses(Behaviour):
        def id_spent(self, call: Call, customer_id: str) -> bool:
            return call.operation != operation and super().id_spent(call, customer_id)

    class Never(Behaviour):
        def id_spent(self, call: Call, customer_id: str) -> bool:
            spent = call.operation == operation and customer_id in call.tenant.deleted
            return spent or super().id_spent(call, customer_id)

    said = operation.capitalize()
    clause = f"{operation}.deleted-id.as-configured"
    plant(
        clause,
        Reuses,
        name=f"{operation}-reuses-deleted-ids",
        lie=f"{said} accepts the id of a deleted customer.",
    )
    plant(
        clause,
        Never,
        name=f"{operation}-never-reuses-ids",
        lie=f"{said} refuses the id of a deleted customer though it is configured otherwise.",
        tenant_config={"recreate_deleted": True},
    )


for _operation in ("create", "upsert"):
    shares_addresses(_operation)
    reuses_ids(_operation)


def forgets_case(operation: str) -> None:
    """Plants an operation that finds a customer in any case of its id."""

    class AnyCase(Behaviour):
        def looked_up(self, call: Call) -> Customer | None:
            exact = super().looked_up(call)
            if exact is not None or call.operation != operation:
                return exact
            asked = call.customer_number.lower()
            return next((c for c in call.tenant.customers.values() if c.id.lower() == asked), None)

    plant(
        f"{operation}.id.case-sensitive",
        AnyCase,
        name=f"{operation}-finds-ids-in-any-case",
        lie=f"{operation.capitalize()} finds a customer whatever the case of the id.",
    )


for _operation in ("get", "patch", "delete"):
    forgets_case(_operation)
