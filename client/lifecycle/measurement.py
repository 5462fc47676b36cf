"""A short measurement of the delay after which a tenant shows its changes, from which consistency windows follow."""

import math
from collections.abc import Callable, Iterator
from typing import Any, Final

from client.client import Client
from client.config.settings import Consistency
from client.errors import TenantError
from client.exchange import Exchange
from client.json_values import text_member
from client.lifecycle.facts import Fact
from client.lifecycle.polling import poll

CUSTOMERS: Final = 3
LIMIT: Final = 30.0
"""Seconds after which a change that is not visible is given up."""
MARGIN: Final = 3
"""A window is so many times the longest measured delay, in steps of half a second."""
_LONGEST_PAUSE: Final = 0.4

Delays = dict[str, list[float]]
"""Seconds by the name of the window; infinite where a change was not visible within the limit."""


def measure_windows(client: Client) -> tuple[Fact, ...]:
    """Create, change and delete a few customers of the run, and look when each change is visible.

    The caller cleans up. What cannot be measured is a fact without a value.
    """
    delays: Delays = {name: [] for name in Consistency.model_fields}
    problem = ""
    try:
        for number in range(CUSTOMERS):
            for window, is_visible in _changes(client, number):
                if math.inf not in delays[window]:
                    delays[window].append(poll(is_visible, LIMIT, longest_pause=_LONGEST_PAUSE))
    except TenantError as error:
        problem = str(error).rstrip(".")
    return tuple(_fact(name, seen, problem) for name, seen in delays.items())


def _changes(client: Client, number: int) -> Iterator[tuple[str, Callable[[], bool]]]:
    """Create, change and delete a customer; after each change, the windows within which it is visible, and a look."""
    api = client.as_("client")
    created = api.create(
        {"contactEmail": f"{client.run.prefix}describe{number}@example.com", "firstName": "Ada"}
    )
    customer_id = text_member(_expect(created, 201).json, "id")
    if customer_id is None:
        raise TenantError("create answers 201 and no id")

    def get() -> Exchange:
        return _expect(api.get(customer_id), 200, 404)

    def names() -> list[Any]:
        """The first name of the customer, if list returns the customer."""
        found = _expect(api.list(f"id:{customer_id}"), 200, 404).customers
        return [each.get("firstName") for each in found if each.get("id") == customer_id]

    yield "read", lambda: get().status == 200
    yield "index", lambda: bool(names())
    _expect(api.patch(customer_id, {"firstName": "Grace"}), 200)
    yield "read", lambda: get().object.get("firstName") == "Grace"
    yield "index", lambda: names() == ["Grace"]
    _expect(api.delete(customer_id), 200, 202, 204)
    yield "deletion", lambda: get().status == 404


def _expect(response: Exchange, *statuses: int) -> Exchange:
    """The response; TenantError where it has another status, with which the measurement cannot go on."""
    if response.status not in statuses:
        raise TenantError(f"{response.operation} answers {response.status}")
    return response


def _fact(name: str, delays: list[float], problem: str) -> Fact:
    default: float = Consistency.model_fields[name].default
    if not delays:
        return Fact("consistency", name, None, f"not measured: {problem}; the default is {default:g}")
    longest = max(delays)
    if longest == math.inf:
        reason = f"a change was not visible after {LIMIT:g} seconds; write how long it takes"
        return Fact("consistency", name, None, reason)
    window = max(default, math.ceil(2 * MARGIN * longest) / 2)
    when = f"the last one after {longest:.2f} seconds" if longest else "all in the first response"
    why = "the default" if window == default else f"{MARGIN} times as long"
    return Fact("consistency", name, window, f"measured: {len(delays)} changes, {when}; {why}")
