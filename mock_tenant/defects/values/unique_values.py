"""Defects of unique values: e-mail addresses and ids that are reserved or freed wrongly."""

import re
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import CREATING_OPERATIONS, UPDATE_OPERATIONS
from mock_tenant.defects.writes.upserts import RecordsUpserted
from mock_tenant.messages import ApiError, ApiRequest, ApiResponse
from mock_tenant.registry import defect, operation_defects
from mock_tenant.store import Customer


@operation_defects(UPDATE_OPERATIONS, "{}.email.freed")
class KeepsTheFormerEmailReserved(Behaviour):
    """A contactEmail that {} has replaced cannot be used again."""

    def on_change(self, request: ApiRequest, before: Customer | None, after: Customer | None) -> None:
        super().on_change(request, before, after)
        if before is None or after is None or before.email is None:
            return
        is_kept = after.email == before.email
        request.tenant.emails[before.email] = after.id if is_kept else "a former customer"


@operation_defects(UPDATE_OPERATIONS, "create.email.unique", also_violates=["upsert.email.unique"])
class DoesNotReserveTheNewEmail(Behaviour):
    """A create accepts a contactEmail that {} has stored for another customer."""

    def on_change(self, request: ApiRequest, before: Customer | None, after: Customer | None) -> None:
        super().on_change(request, before, after)
        is_new = after is not None and (before is None or before.email != after.email)
        if is_new and after is not None and after.email is not None:
            request.tenant.emails.pop(after.email, None)


@operation_defects(
    UPDATE_OPERATIONS,
    "{}.twice.equals-once",
    also_violates=["patch.status.ok", "upsert.update.status", "{}.contactEmail.round-trip"],
)
class RejectsTheCurrentEmail(Behaviour):
    """{} rejects the contactEmail that the customer has already."""

    def is_email_taken(self, request: ApiRequest, email: str, customer_id: str | None) -> bool:
        is_used = email in request.tenant.emails
        return is_used or super().is_email_taken(request, email, customer_id)


@defect("delete.email.freed")
class DeleteFreesTheFirstEmail(Behaviour):
    """Delete frees the contactEmail with which a customer was created, not its current one."""

    def delete_customer(self, request: ApiRequest, customer: Customer) -> None:
        super().delete_customer(request, customer)
        if customer.version > 1 and customer.email is not None:
            request.tenant.emails[customer.email] = customer.id


@defect("create.email.unique")
class EmailsOfInactiveCustomersAreNotUnique(Behaviour):
    """Create accepts the contactEmail of a customer that is not active."""

    def is_email_taken(self, request: ApiRequest, email: str, customer_id: str | None) -> bool:
        taken = super().is_email_taken(request, email, customer_id)
        owner = request.tenant.customers.get(request.tenant.emails.get(email, ""))
        return taken and not (owner is not None and owner.values.get("active") is False)


@defect("create.email.unique")
class EmailsOfUpsertedCustomersAreNotUnique(RecordsUpserted):
    """Create accepts the contactEmail of a customer that an upsert created."""

    def is_email_taken(self, request: ApiRequest, email: str, customer_id: str | None) -> bool:
        is_affected = request.operation == "create" and self.is_upserted(request.tenant.emails.get(email))
        return not is_affected and super().is_email_taken(request, email, customer_id)


@defect("create.email.unique")
class MixedCaseEmailsAreNotUnique(Behaviour):
    """Create accepts a contactEmail with capitals that another customer has."""

    def is_email_taken(self, request: ApiRequest, email: str, customer_id: str | None) -> bool:
        return email.islower() and super().is_email_taken(request, email, customer_id)


@defect("create.status.created", also_violates=["create.email.unique", "create.id.characters-accepted"])
class EmailsAreComparedAsPatterns(Behaviour):
    """Create rejects a contactEmail with an underscore where an address has any character in its place (SQL's LIKE)."""

    def is_email_taken(self, request: ApiRequest, email: str, customer_id: str | None) -> bool:
        pattern = re.escape(email).replace("_", ".")
        is_similar = any(re.fullmatch(pattern, each) for each in request.tenant.emails)
        return (request.operation == "create" and is_similar) or super().is_email_taken(
            request, email, customer_id
        )


@operation_defects(
    UPDATE_OPERATIONS, "{}.refused.changes-nothing", also_violates=["create.refused.changes-nothing"]
)
class ReservesTheEmailIfRefused(Behaviour):
    """{} rejects a request and reserves its contactEmail."""

    def error_response(self, request: ApiRequest, error: ApiError) -> ApiResponse:
        email: Any = request.body.get("contactEmail")
        if error.status in (400, 409) and isinstance(email, str) and email:
            request.tenant.emails.setdefault(email, "a former customer")
        return super().error_response(request, error)


@operation_defects(
    CREATING_OPERATIONS, "{}.refused.changes-nothing", also_violates=["create.refused.changes-nothing"]
)
class ReservesTheIdIfRefused(Behaviour):
    """{} rejects a request and reserves its id."""

    def error_response(self, request: ApiRequest, error: ApiError) -> ApiResponse:
        number: Any = request.customer_number or request.body.get("id")
        is_refused = error.status in (400, 409) and request.body
        if is_refused and isinstance(number, str) and number not in request.tenant.customers:
            request.tenant.deleted_ids.add(number)
        return super().error_response(request, error)


@defect("create.refused.changes-nothing", also_violates=("create.email.unique",))
class RefusedDuplicatesFreeTheEmail(Behaviour):
    """A create that is rejected with 409 frees the contactEmail for the next one."""

    def error_response(self, request: ApiRequest, error: ApiError) -> ApiResponse:
        if request.operation == "create" and error.status == 409:
            request.tenant.emails.pop(request.body.get("contactEmail", ""), None)
        return super().error_response(request, error)
