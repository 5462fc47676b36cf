"""What every part of a tenant's behaviour stands on: configuration, memory, clocks and counters."""

# ruff: noqa: ARG002 - a decision is handed whatever an override of it may need
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from mock_tenant.configuration import Configuration
from mock_tenant.directory import OTHER_TENANT, TENANT, Client, Grant, clients
from mock_tenant.requests import Answer, Call, Refusal
from mock_tenant.store import Tenant


class Ground:
    """What a server remembers. The parts add the decisions; a defect or a variation overrides one of them."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.clients: Mapping[str, Client] = clients(configuration)
        self.tenants: Mapping[str, Tenant] = {name: Tenant(name) for name in (TENANT, OTHER_TENANT)}
        self.grants: dict[str, Grant] = {}
        self.counted: Counter[str] = Counter()
        # What a defect or a variation remembers for itself, under a word of its own.
        self.notes: defaultdict[str, dict[str, Any]] = defaultdict(dict)

    def turn(self, of: str) -> int:
        """How often this was asked of `of`, this time included."""
        self.counted[of] += 1
        return self.counted[of]

    def now(self) -> float:
        """Seconds on the clock that never goes back."""
        return time.monotonic()

    def today(self) -> str:
        """The time of day in ISO 8601, UTC, to the millisecond."""
        return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    async def arrival(self, call: Call) -> Answer | None:
        """What happens before the tenant looks at a call; an answer here keeps the call from it."""
        return None

    def departure(self, call: Call, answer: Answer) -> Answer:
        """What happens to an answer on its way out."""
        return answer

    def refused(self, call: Call, refusal: Refusal) -> Answer:
        """The answer to a refused call: a fault for 401, an error message for everything else."""
        if refusal.status == 401:
            return Answer(401, self.fault(refusal), {"WWW-Authenticate": "Bearer"})
        return Answer(refusal.status, self.error_message(call, refusal))

    def method_lacking(self, resource: str, method: str, methods: tuple[str, ...]) -> Answer:
        """A 405 with the methods that the resource (collection, item, search, token) has."""
        body = {"status": 405, "type": "method_not_allowed", "message": "The resource lacks this method."}
        return Answer(405, body, {"Allow": ", ".join(methods)})

    def fault(self, refusal: Refusal) -> object:
        """The body of a 401."""
        return {"fault": {"faultstring": refusal.message, "detail": {"errorcode": refusal.code}}}

    def error_message(self, call: Call, refusal: Refusal) -> dict[str, object]:
        """The body of every other refusal."""
        message: dict[str, object] = {
            "status": refusal.status,
            "type": refusal.kind,
            "message": refusal.message,
        }
        if refusal.details:
            message["details"] = [
                {"field": detail.field, "message": detail.message} for detail in refusal.details
            ]
        return message
