"""Defects of unique values: e-mail addresses and ids that are held or freed wrongly."""

from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.messages import ApiError, ApiRequest, ApiResponse
from mock_tenant.registry import defect, register_defect
from mock_tenant.store import Customer


def holds_former_address(operation: str) -> None:
    """Seeds a write that keeps the address reserved that it replaces, one that does not hold the new address,
    and one that finds the customer's own address taken."""

    class HoldsFormerAddress(Behaviour):
        def on_change(self, request: ApiRequest, before: Customer | None, after: Customer | None) -> None:
            super().on_change(request, before, after)
            if request.operation == operation and before is not None and before.email is not None:
                request.tenant.emails[before.email] = before.id if after is None else "a former customer"
                if after is not None and after.email == before.email:
                    request.tenant.emails[before.email] = after.id

    class HoldsNoNewAddress(Behaviour):
        def on_change(self, request: ApiRequest, before: Customer | None, after: Customer | None) -> None:
            super().on_change(request, before, after)
            is_new = after is not None and (before is None or before.email != after.email)
            if request.operation == operation and is_new and after is not None and after.email is not None:
                request.tenant.emails.pop(after.email, None)

    class TakesItsOwnForTaken(Behaviour):
        def is_email_taken(self, request: ApiRequest, email: str, customer_id: str | None) -> bool:
            is_own = request.operation == operation and email in request.tenant.emails
            return is_own or super().is_email_taken(request, email, customer_id)

    label = operation.capitalize()
    register_defect(
        f"{operation}.email.freed",
        HoldsFormerAddress,
        name=f"{operation}-holds-the-former-address",
        description=f"The contactEmail that {operation} gives up cannot be used again.",
    )
    register_defect(
        "create.email.unique",
        HoldsNoNewAddress,
        name=f"{operation}-does-not-hold-the-new-address",
        description=f"A create accepts a contactEmail that {operation} has given to another customer.",
        also_violates=("upsert.email.unique",),
    )
    register_defect(
        f"{operation}.twice.equals-once",
        TakesItsOwnForTaken,
        name=f"{operation}-finds-its-own-address-taken",
        description=f"{label} rejects the contactEmail that the customer has already.",
        also_violates=("patch.status.ok", "upsert.update.status", f"{operation}.contactEmail.round-trip"),
    )


for _operation in ("upsert", "patch"):
    holds_former_address(_operation)


@defect("delete.email.freed")
class DeleteFreesTheFirstAddress(Behaviour):
    """Delete frees the address with which a customer was created, not the one that it has."""

    def delete_customer(self, request: ApiRequest, customer: Customer) -> None:
        super().delete_customer(request, customer)
        if customer.version > 1 and customer.email is not None:
            request.tenant.emails[customer.email] = customer.id


@defect("create.email.unique")
class AddressesOfTheInactiveAreFree(Behaviour):
    """Create accepts the contactEmail of a customer that is not active."""

    def is_email_taken(self, request: ApiRequest, email: str, customer_id: str | None) -> bool:
        taken = super().is_email_taken(request, email, customer_id)
        owner = request.tenant.customers.get(request.tenant.emails.get(email, ""))
        return taken and not (owner is not None and owner.values.get("active") is False)


@defect("create.email.unique")
class MixedCaseAddressesAreFree(Behaviour):
    """Create accepts a contactEmail with capitals that another customer has."""

    def is_email_taken(self, request: ApiRequest, email: str, customer_id: str | None) -> bool:
        return email.islower() and super().is_email_taken(request, email, customer_id)


def reserves_when_refused(operation: str, what: str) -> None:
    """Seeds a rejected write that reserves the address or the id in its body."""

    class Reserves(Behaviour):
        def error_response(self, request: ApiRequest, error: ApiError) -> ApiResponse:
            if request.operation == operation and error.status in (400, 409) and request.body:
                self.reserve(request)
            return super().error_response(request, error)

        def reserve(self, request: ApiRequest) -> None:
            email: Any = request.body.get("contactEmail")
            if what == "address" and isinstance(email, str) and email:
                request.tenant.emails.setdefault(email, "a former customer")
            number: Any = request.body.get("id") if operation == "create" else request.customer_number
            if what == "id" and isinstance(number, str) and number not in request.tenant.customers:
                request.tenant.deleted_ids.add(number)

    register_defect(
        f"{operation}.refused.changes-nothing",
        Reserves,
        name=f"{operation}-reserves-the-{what}-it-refuses",
        description=f"A {operation} that is rejected reserves the {what}.",
        also_violates=("create.refused.changes-nothing",),
    )


for _operation in ("upsert", "patch"):
    reserves_when_refused(_operation, "address")
for _operation in ("create", "upsert"):
    reserves_when_refused(_operation, "id")


@defect("create.refused.changes-nothing", also_violates=("create.email.unique",))
class RefusedDuplicatesFreeTheAddress(Behaviour):
    """A create that is rejected with 409 frees the contactEmail for the next one."""

    def error_response(self, request: ApiRequest, error: ApiError) -> ApiResponse:
        if request.operation == "create" and error.status == 409:
            request.tenant.emails.pop(request.body.get("contactEmail", ""), None)
        return super().error_response(request, error)
