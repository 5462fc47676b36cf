"""The messages between the HTTP endpoint and the tenant: requests, responses and errors."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mock_tenant.clients import Grant
from mock_tenant.constants import JSON_TYPE
from mock_tenant.store import Tenant


@dataclass(slots=True)
class ApiRequest:
    """One request to one operation.

    `grant`, `tenant` and `body` are set when the request is authorized and parsed; `customer_number` is empty
    for the operations on the collection, `address_id` for all but the operations on one address. Requests have numbers
    from 1; 0 is the creation of an initial customer. `repeated` names the query parameters that are given more than
    once.
    """

    operation: str
    tenant_name: str
    customer_number: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    content: bytes
    number: int
    repeated: frozenset[str] = frozenset()
    grant: Grant = field(init=False)
    tenant: Tenant = field(init=False)
    body: dict[str, Any] = field(default_factory=dict)
    address_id: str = ""

    @property
    def media_type(self) -> str:
        """The media type of the body in lower case, without parameters; empty without a Content-Type."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def authorization(self) -> str:
        """The value of the Authorization header; empty without one."""
        return self.headers.get("authorization", "")


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """A status, a body (JSON unless it is bytes; None for no body) and further headers."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = JSON_TYPE

    def replace(self, **changes: Any) -> "ApiResponse":
        """A copy with some fields changed."""
        return replace(self, **changes)

    def with_headers(self, **headers: str) -> "ApiResponse":
        """A copy with further headers; underscores in their names stand for hyphens."""
        added = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers={**self.headers, **added})


@dataclass(frozen=True, slots=True)
class FieldError:
    """One error in the input: the name of the parameter or property, and a message."""

    field: str
    message: str


class ApiError(Exception):
    """The tenant rejects a request: status, type, message and details of the error body; `code` of a 401 fault."""

    def __init__(
        self,
        status: int,
        error_type: str,
        message: str,
        *,
        details: tuple[FieldError, ...] = (),
        code: str = "",
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error_type = error_type
        self.message = message
        self.details = details
        self.code = code


def bad_request(message: str, *details: FieldError) -> ApiError:
    """A 400 with one detail for each invalid field."""
    return ApiError(400, "validation_violation", message, details=details)


def invalid_field(name: str, message: str) -> ApiError:
    """A 400 for one parameter or property."""
    return bad_request("The request is not valid.", FieldError(name, message))


def not_found(number: str) -> ApiError:
    """A 404 for a customer number that does not exist for the caller."""
    return ApiError(
        404,
        "element_non_existent",
        "Customer not Found",
        details=(FieldError("customerNumber", f"There is no customer {number!a}."),),
    )


def forbidden() -> ApiError:
    """A 403 for a token that does not authorize the request."""
    return ApiError(403, "Forbidden", "User not authorized.")


def conflict(identifier: str, tenant: str) -> ApiError:
    """A 409 for an id or an e-mail address that is already in use in the tenant."""
    return ApiError(409, "conflict_resource", f"Duplicate account '{identifier}' for tenant '{tenant}'.")


def unauthorized(message: str, code: str) -> ApiError:
    """A 401, whose body is the gateway's fault with a code."""
    return ApiError(401, "unauthorized", message, code=code)
