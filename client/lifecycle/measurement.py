"""A short measurement of the delay after which a tenant shows its changes, from which consistency windows follow."""

import math
import time
from collections.abc import Callable, Iterator
from typing import Final

import httpx

from client.client import Client
from client.config.settings import Consistency
from client.errors import TenantError
from client.exchange import Exchange
from client.lifecycle.facts import Fact

CUSTOMERS: Final = 3
LIMIT: Final = 30.0
"""Seconds after which a change that is not visible is given up."""
MARGIN: Final = 3
"""A window is so many times the longest measured delay, in steps of half a second."""
_FIRST_PAUSE: Final = 0.02
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
    except _Unexpected as error:
        problem = str(error)
    return tuple(_fact(name, seen, problem) for name, seen in delays.items())


class _Unexpected(Exception):
    """A response with which the measurement cannot go on."""


def _measure_customer(client: Client, number: int, delays: Delays) -> None:
    api = client.as_("client")

    def record(window: str, look: Callable[[], Exchange], is_visible: Callable[[Exchange], bool]) -> None:
        if math.inf not in delays[window]:
            delays[window].append(_delay(look, is_visible))

    created = api.create(
        {"contactEmail": f"{client.run.prefix}describe{number}@example.com", "firstName": "Ada"}
    )
    customer_id = created.object.get("id")
    if created.status != 201 or not isinstance(customer_id, str):
        raise _Unexpected(f"create answers {created.status}")
    by_id = f"id:{customer_id}"
    record("read", lambda: api.get(customer_id), lambda shown: shown.status == 200)
    record("index", lambda: api.list(by_id), lambda shown: customer_id in shown.ids)
    if (status := api.patch(customer_id, {"firstName": "Grace"}).status) != 200:
        raise _Unexpected(f"patch answers {status}")
    record("read", lambda: api.get(customer_id), lambda shown: shown.object.get("firstName") == "Grace")
    record(
        "index",
        lambda: api.list(by_id),
        lambda shown: [each.get("firstName") for each in shown.customers] == ["Grace"],
    )
    if (status := api.delete(customer_id).status) >= 300:
        raise _Unexpected(f"delete answers {status}")
    record("deletion", lambda: api.get(customer_id), lambda shown: shown.status == 404)


def _delay(look: Callable[[], Exchange], is_visible: Callable[[Exchange], bool]) -> float:
    """Seconds until the first look that shows the change was sent; 0 for the first look of all.

    _Unexpected where a look is rejected.
    """
    started = time.monotonic()
    for pause in _pauses():
        sent = time.monotonic()
        response = look()
        if response.status not in (httpx.codes.OK, httpx.codes.NOT_FOUND):
            raise _Unexpected(f"{response.operation} answers {response.status}")
        if is_visible(response):
            return sent - started if pause > _FIRST_PAUSE else 0.0
        if sent - started > LIMIT:
            break
        time.sleep(pause)
    return math.inf


def _pauses() -> Iterator[float]:
    pause = _FIRST_PAUSE
    while True:
        yield pause
        pause = min(2 * pause, _LONGEST_PAUSE)


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
