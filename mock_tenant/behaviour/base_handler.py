"""The base of all handlers: configuration, state, clocks, counters and error responses."""

# ruff: noqa: ARG002 - a hook receives whatever an override may need
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from mock_tenant.clients import OTHER_TENANT, TENANT, Client, Grant, registered_clients
from mock_tenant.configuration import Configuration
from mock_tenant.messages import ApiError, ApiRequest, ApiResponse
from mock_tenant.store import Tenant


class BaseHandler:
    """The state of a server. Subclasses add hook methods; a defect or a variation overrides some of them."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.clients: Mapping[str, Client] = registered_clients(configuration)
        self.tenants: Mapping[str, Tenant] = {name: Tenant(name) for name in (TENANT, OTHER_TENANT)}
        self.grants: dict[str, Grant] = {}
        self.counters: Counter[str] = Counter()
        # The state of defects and variations, each under a key of its own.
        self.state: defaultdict[str, dict[str, Any]] = defaultdict(dict)

    def increment(self, counter: str) -> int:
        """Increments a counter; returns its new value."""
        self.counters[counter] += 1
        return self.counters[counter]

    def now(self) -> float:
        """The monotonic clock in seconds."""
        return time.monotonic()

    def timestamp(self) -> str:
        """The current time in ISO 8601, UTC, with milliseconds."""
        return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    async def before_request(self, request: ApiRequest) -> ApiResponse | None:
        """A hook before a request is handled; a response from here is sent instead of handling it."""
        return None

    def after_request(self, request: ApiRequest, response: ApiResponse) -> ApiResponse:
        """A hook before a response is sent."""
        return response

    def error_response(self, request: ApiRequest, error: ApiError) -> ApiResponse:
        """The response to a rejected request: a fault for 401, an error message for every other status."""
        if error.status == 401:
            return ApiResponse(401, self.fault_body(error), {"WWW-Authenticate": "Bearer"})
        return ApiResponse(error.status, self.error_body(request, error))

    def method_not_allowed(self, resource: str, method: str, allowed: tuple[str, ...]) -> ApiResponse:
        """A 405 with the methods that the resource (collection, item, token) supports."""
        body = {
            "status": 405,
            "type": "method_not_allowed",
            "message": "The resource does not support this method.",
        }
        return ApiResponse(405, body, {"Allow": ", ".join(allowed)})

    def fault_body(self, error: ApiError) -> object:
        """The body of a 401."""
        return {"fault": {"faultstring": error.message, "detail": {"errorcode": error.code}}}

    def error_body(self, request: ApiRequest, error: ApiError) -> dict[str, object]:
        """The body of every other error response."""
        body: dict[str, object] = {
            "status": error.status,
            "type": error.error_type,
            "message": error.message,
        }
        if error.details:
            body["details"] = [{"field": detail.field, "message": detail.message} for detail in error.details]
        return body
