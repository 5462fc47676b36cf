"""A short measurement of the delay after which a tenant shows its changes, from which consistency windows follow."""

import math
from collections.abc import Callable
from typing import Final

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
            _measure_customer(client, number, delays)
    except TenantError as error:
        problem = str(error).rstrip(".")
    return tuple(_fact(name, seen, problem) for name, seen in delays.items())


def _measure_customer(client: Client, number: int, delays: Delays) -> None:
    api = client.as_("client")

    def record(window: str, look: Callable[[], Exchange], is_visible: Callable[[Exchange], bool]) -> None:
        """Add the seconds after which the first look that shows the change was sent."""
        if math.inf not in delays[window]:
            delay = poll(lambda: is_visible(_expect(look(), 200, 404)), LIMIT, longest_pause=_LONGEST_PAUSE)
            delays[window].append(delay)

    created = api.create(
        {"contactEmail": f"{client.run.prefix}describe{number}@example.com", "firstName": "Ada"}
    )
    customer_id = text_member(_expect(created, 201).json, "id")
    if customer_id is None:
        raise TenantError("create answers 201 and no id")
    by_id = f"id:{customer_id}"
    record("read", lambda: api.get(customer_id), lambda shown: shown.status == 200)
    record("index", lambda: api.list(by_id), lambda shown: customer_id in shown.ids)
    _expect(api.patch(customer_id, {"firstName": "Grace"}), 200)
    record("read", lambda: api.get(customer_id), lambda shown: shown.object.get("firstName") == "Grace")
    record(
        "index",
        lambda: api.list(by_id),
        lambda shown: [each.get("firstName") for each in shown.customers] == ["Grace"],
    )
    _expect(api.delete(customer_id), 200, 202, 204)
    record("deletion", lambda: api.get(customer_id), lambda shown: shown.status == 404)


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
