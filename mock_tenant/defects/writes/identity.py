"""Defects of identity: ids that are altered, rejected or not unique, and contactEmails that are not unique."""

# ruff: noqa: ARG002 - an override has the signature of its hook
from mock_tenant.behaviour import Behaviour
from mock_tenant.behaviour.persistence import without_nulls
from mock_tenant.constants import CREATING_OPERATIONS
from mock_tenant.messages import ApiRequest, invalid_field
from mock_tenant.registry import defect, operation_defects
from mock_tenant.store import Customer


def wrong_id_length(shortest: int, longest: int, clause: str, name: str) -> None:
    """Seeds other bounds for the length of custom ids."""

    @defect(
        clause,
        name=name,
        description=f"Custom ids may have {shortest} to {longest} characters.",
    )
    class WrongLengthBounds(Behaviour):
        def length_bounds(self, request: ApiRequest, property_name: str) -> tuple[int, int]:
            return (
                (shortest, longest)
                if property_name == "id"
                else super().length_bounds(request, property_name)
            )


wrong_id_length(0, 66, "create.id.empty", "create-accepts-an-empty-id")
wrong_id_length(1, 67, "create.id.max-length", "create-accepts-ids-of-67")
wrong_id_length(1, 10**9, "create.id.max-length", "create-accepts-ids-of-any-length")
wrong_id_length(1, 65, "create.id.length-accepted", "create-refuses-ids-of-66")
wrong_id_length(2, 66, "create.id.length-accepted", "create-refuses-ids-of-1")


def accepts_in_ids(characters: str, name: str) -> None:
    """Seeds an id check that accepts further characters."""

    @defect(
        "create.id.characters",
        name=f"create-accepts-{name}-in-ids",
        description=f"Create accepts {name.replace('-', ' ')} in an id.",
    )
    class AcceptsCharacters(Behaviour):
        def has_valid_id_characters(self, request: ApiRequest, value: str) -> bool:
            return super().has_valid_id_characters(request, "".join(c for c in value if c not in characters))


accepts_in_ids(".", "dots")
accepts_in_ids(" ", "spaces")
accepts_in_ids("\n", "line-breaks")
accepts_in_ids("/%", "slashes-and-percent-signs")


@defect("create.id.characters")
class CreateAcceptsNonAsciiLettersInIds(Behaviour):
    """Create accepts letters outside ASCII in an id."""

    def has_valid_id_characters(self, request: ApiRequest, value: str) -> bool:
        return all(character.isalnum() or character in "_-" for character in value)


def rejects_in_ids(characters: str, name: str) -> None:
    """Seeds an id check that rejects permitted characters."""

    @defect(
        "create.id.characters-accepted",
        name=f"create-refuses-{name}-in-ids",
        description=f"Create rejects {name} in an id.",
    )
    class RejectsCharacters(Behaviour):
        def has_valid_id_characters(self, request: ApiRequest, value: str) -> bool:
            return super().has_valid_id_characters(request, value) and not any(c in characters for c in value)


rejects_in_ids("_", "underscores")
rejects_in_ids("-", "hyphens")
rejects_in_ids("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "capitals")
rejects_in_ids("0123456789", "digits")


@defect("create.id.custom")
class CreateLowercasesIds(Behaviour):
    """Create stores a custom id in lower case."""

    def custom_id(self, request: ApiRequest, custom: str) -> str:
        return custom.lower()


@defect("create.id.custom")
class CreateIgnoresIds(Behaviour):
    """Create generates an id although the body has one."""

    def custom_id(self, request: ApiRequest, custom: str) -> str:
        return self.generate_id(request)


@defect("create.id.custom")
class CreateCutsLongIds(Behaviour):
    """Create stores only the first 50 characters of a custom id."""

    def custom_id(self, request: ApiRequest, custom: str) -> str:
        return custom[:50]


@defect("create.id.becomes-customer-number")
class CustomIdsHaveGeneratedNumbers(Behaviour):
    """A customer with a custom id gets a generated customerNumber."""

    def new_customer_number(self, request: ApiRequest, customer_id: str) -> str:
        is_affected = request.operation == "create" and "id" in request.body
        return self.generate_id(request) if is_affected else super().new_customer_number(request, customer_id)


@defect("create.id.customer-number")
class GeneratedNumbersDiffer(Behaviour):
    """A customer with a generated id gets a different customerNumber."""

    def new_customer_number(self, request: ApiRequest, customer_id: str) -> str:
        is_affected = request.operation == "create" and "id" not in request.body
        return self.generate_id(request) if is_affected else super().new_customer_number(request, customer_id)


@defect("create.id.generated", also_violates=("create.properties.optional", "create.status.created"))
class CreateNeedsAnId(Behaviour):
    """Create rejects a body without an id."""

    def new_customer_id(self, request: ApiRequest) -> str:
        if request.operation == "create" and "id" not in request.body:
            raise invalid_field("id", "The id is missing.")
        return super().new_customer_id(request)


@defect("create.id.generated-unique")
class GeneratedIdsRepeat(Behaviour):
    """Every second generated id repeats the previous one, and overwrites its customer."""

    last_generated = ""

    def generate_id(self, request: ApiRequest) -> str:
        if self.increment("generated id") % 2:
            self.last_generated = super().generate_id(request)
        return self.last_generated

    def is_id_taken(self, request: ApiRequest, customer_id: str) -> bool:
        return customer_id != self.last_generated and super().is_id_taken(request, customer_id)


@defect("create.id.generated-lower-case")
class GeneratedIdsAreUpperCase(Behaviour):
    """Generated ids are in upper case."""

    def generate_id(self, request: ApiRequest) -> str:
        return f"C{super().generate_id(request)}".upper()


@defect("create.id.case-sensitive")
class IdsThatDifferInCaseConflict(Behaviour):
    """Create returns 409 for an id that differs only in case from an existing one."""

    def is_id_taken(self, request: ApiRequest, customer_id: str) -> bool:
        if request.operation != "create":
            return super().is_id_taken(request, customer_id)
        return customer_id.lower() in map(str.lower, request.tenant.customers)


@defect("create.id.unique")
class CreateOverwrites(Behaviour):
    """Create with the id of an existing customer overwrites it."""

    def is_id_taken(self, request: ApiRequest, customer_id: str) -> bool:
        return request.operation != "create" and super().is_id_taken(request, customer_id)


@defect("create.duplicate.keeps-existing")
class RefusedDuplicatesOverwrite(Behaviour):
    """A create with an existing id returns 409 and overwrites the customer."""

    def is_id_taken(self, request: ApiRequest, customer_id: str) -> bool:
        is_taken = super().is_id_taken(request, customer_id)
        if is_taken and request.operation == "create":
            current = request.tenant.customers[customer_id]
            values = {**current.values, **self.written_values(request), "contactEmail": current.email}
            self.store_customer(request, current, current.with_values(without_nulls(values)))
        return is_taken


@operation_defects(CREATING_OPERATIONS, "{}.email.unique")
class AcceptsEmailsInUse(Behaviour):
    """{} accepts a contactEmail that another customer has."""

    def is_email_taken(self, request: ApiRequest, email: str, customer_id: str | None) -> bool:
        return False


@operation_defects(CREATING_OPERATIONS, "{}.deleted-id.as-configured")
class ReusesDeletedIds(Behaviour):
    """{} accepts the id of a deleted customer."""

    def is_id_retired(self, request: ApiRequest, customer_id: str) -> bool:
        return False


@defect("create.deleted-id.as-configured")
class ForgetsDeletedIds(Behaviour):
    """Create rejects the id of a deleted customer once, and accepts it then."""

    def is_id_retired(self, request: ApiRequest, customer_id: str) -> bool:
        is_retired = super().is_id_retired(request, customer_id)
        if is_retired and request.operation == "create":
            request.tenant.deleted_ids.discard(customer_id)
        return is_retired


@operation_defects(CREATING_OPERATIONS, "{}.deleted-id.as-configured", recreate_deleted=True)
class NeverReusesIds(Behaviour):
    """{} rejects the id of a deleted customer although the configuration allows it."""

    def is_id_retired(self, request: ApiRequest, customer_id: str) -> bool:
        return customer_id in request.tenant.deleted_ids


@operation_defects(("get", "patch", "delete"), "{}.id.case-sensitive")
class FindsIdsInAnyCase(Behaviour):
    """{} finds a customer regardless of the case of the id."""

    def find_customer(self, request: ApiRequest) -> Customer | None:
        exact = super().find_customer(request)
        if exact is not None:
            return exact
        wanted = request.customer_number.lower()
        return next((c for c in request.tenant.customers.values() if c.id.lower() == wanted), None)
