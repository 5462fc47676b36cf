"""What passes between the door and the tenant: a call, the answer to it, and the refusal of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mock_tenant.constants import JSON_TYPE
from mock_tenant.directory import Grant
from mock_tenant.store import Tenant


@dataclass(slots=True)
class Call:
    """One request to one operation.

    `grant`, `tenant` and `body` are filled in as the call is authorised and read; `customer_number` is empty
    for the operations on the collection.
    """

    operation: str
    tenant_name: str
    customer_number: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    content: bytes
    number: int
    grant: Grant = field(init=False)
    tenant: Tenant = field(init=False)
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def media_type(self) -> str:
        """The media type of the body in lower case, without parameters; empty when the request names none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def authorization(self) -> str:
        """The Authorization header; empty when there is none."""
        return self.headers.get("authorization", "")


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, a body (JSON unless it is bytes; None for no body) and further headers."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = JSON_TYPE

    def but(self, **changes: Any) -> "Answer":
        """This answer with some of its parts changed."""
        return replace(self, **changes)

    def plus(self, **headers: str) -> "Answer":
        """This answer with further headers; underscores in their names stand for hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers={**self.headers, **named})


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the input: where, and what."""

    field: str
    message: str


class Refusal(Exception):
    """The tenant says no: status, type, message and details of the error body, or the code of a 401 fault."""

    def __init__(
        self,
        status: int,
        kind: str,
        message: str,
        *,
        details: tuple[Problem, ...] = (),
        code: str = "",
    ) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.message = message
        self.details = details
        self.code = code


def bad_request(message: str, *problems: Problem) -> Refusal:
    """A 400 whose details name what is wrong, field by field."""
    return Refusal(400, "validation_violation", message, details=problems)


def invalid(place: str, message: str) -> Refusal:
    """A 400 about one parameter or property."""
    return bad_request("The request is not valid.", Problem(place, message))


def not_found(number: str) -> Refusal:
    """A 404 for a customer number that the caller cannot see."""
    return Refusal(
        404,
        "element_non_existent",
        "Customer not Found",
        details=(Problem("customerNumber", f"There is no customer {number!a}."),),
    )


def forbidden() -> Refusal:
    """A 403 for a token that does not open what was asked for."""
    return Refusal(403, "Forbidden", "User not authorized.")


def duplicate(what: str, tenant: str) -> Refusal:
    """A 409 for an id or an e-mail address that the tenant has already."""
    return Refusal(409, "conflict_resource", f"Duplicate account '{what}' for tenant '{tenant}'.")


def unauthorised(message: str, code: str) -> Refusal:
    """A 401, which the gateway words as a fault with a code."""
    return Refusal(401, "unauthorized", message, code=code)
