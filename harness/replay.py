"""Replays a failure of a report: its minimal sequence is sent again, and its recorded mismatch is checked.

Names that the recorded run generated are replaced by those of this run, and ids that the tenant generates are mapped.
Customers that earlier tests had created are created first, as far as the report shows them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote

import pytest
from pydantic import TypeAdapter

import oracle
from client import ABSENT, Exchange
from client.exchange import SET_BY_CLIENT
from client.redaction import REDACTED
from harness.api import TenantApi
from harness.checks.evidence import clause
from harness.polling import ConsistencyWindow, poll
from harness.recorded import (
    RUN_NAME,
    IdMapping,
    has_token,
    is_of_run,
    is_shortened,
    value_at,
    values_of,
    without_server_times,
)
from reporting import Failure
from reporting.model.exchange import Exchange as Step
from reporting.model.mismatch import MismatchData
from spec import Kind, Mismatch, Rule
from strategies import customers, namespace

NOT_SENT: Final = SET_BY_CLIENT | {"authorization", "traceparent"}


@dataclass
class Replay:
    """The replay of one failure: its recorded exchanges are the steps, one of which shows the mismatch."""

    api: TenantApi
    failure: Failure
    recorded: MismatchData
    mapping: IdMapping

    def run(self, clause_id: str) -> None:
        """Send the sequence, and check the decisive response."""
        self._skip_unless_possible(clause_id)
        self._create_earlier_customers()
        steps, decisive = self.failure.exchanges, self.failure.decisive
        decisive = len(steps) - 1 if decisive is None else decisive
        for number, step in enumerate(steps):
            if number == decisive:
                self._check(step, clause_id)
            else:
                self._send(step)

    def _check(self, step: Step, clause_id: str) -> None:
        is_safe = step.request.method == "GET" or step.operation == "search"
        response = poll(
            lambda: self._send(step),
            until=lambda found: self._mismatch(step, found) is None,
            within=self._window(step) if is_safe else ConsistencyWindow(),
        )
        with clause(clause_id):
            if (mismatch := self._mismatch(step, response)) is not None:
                raise mismatch

    def _mismatch(self, step: Step, received: Exchange) -> Mismatch | None:
        """The recorded mismatch, if the response still shows it."""
        if not self._still_fails(step, received):
            return None
        return Mismatch(
            self.recorded.kind,
            expected=Rule(self.failure.expected),
            actual=received.status if self.recorded.kind is Kind.STATUS else received.json,
            path=self.recorded.path,
            exchange=received,
        )

    def _still_fails(self, step: Step, received: Exchange) -> bool:
        kind, path = self.recorded.kind, self.recorded.path
        if kind is Kind.STATUS:
            seen: Any = received.status
        elif kind is Kind.HEADER:
            seen = received.header(path.removeprefix("header "))
        elif kind is Kind.VALUE and path.startswith("$"):
            seen = value_at(received.json, path)
        else:
            return self._is_same_response(step, received)
        permitted = [*values_of(self.recorded.expected)]
        if permitted:
            return not any(oracle.same(self.mapping.translate(each), seen) for each in permitted)
        actual = values_of(self.recorded.actual)
        return any(oracle.same(self.mapping.translate(each), seen) for each in actual)

    def _is_same_response(self, step: Step, received: Exchange) -> bool:
        if is_shortened(step.response.body if step.response else None):
            pytest.skip(
                "Not checked: the response is longer than a report holds, so there is nothing to compare."
            )
        expected = self.mapping.translate(without_server_times(step.response_json))
        is_same: bool = expected == without_server_times(received.json)
        return is_same and received.status == step.status

    def _window(self, step: Step) -> ConsistencyWindow:
        windows = self.api.windows
        deletes = any(each.operation == "delete" for each in self.failure.exchanges)
        if step.operation == "get":
            return windows.deletion if deletes else windows.read
        return windows.listed_deletion if deletes else windows.index

    def _skip_unless_possible(self, clause_id: str) -> None:
        identities, steps = self.api.client.identities(), self.failure.exchanges
        needs_token = clause_id.endswith(".auth.token-required")
        reasons = {
            "it needs requests at the same time, which a sequence cannot repeat": clause_id.startswith(
                "concurrency."
            ),
            "the report holds no exchange of it": not steps,
            "the report does not hold the token that was sent": clause_id.startswith("token.")
            or clause_id.endswith((".auth.token-valid", ".auth.other-tenant")),
            "the report does not hold the header that was sent": needs_token and all(map(has_token, steps)),
            "a body of it is longer than a report holds": any(
                is_shortened(step.request.body) for step in steps
            ),
            "the run lacks a client of it": any(step.identity not in identities for step in steps),
        }
        for reason, holds in reasons.items():
            if holds:
                pytest.skip(f"Not checked: {reason}.")

    def _create_earlier_customers(self) -> None:
        """Create the customers that existed before the sequence, as it shows them before it changes them."""
        for customer_id, shown in self._earlier_customers().items():
            translated = self.mapping.translate(customer_id)
            named = RUN_NAME.match(customer_id) is not None and self.api.custom_ids
            body = customers.plain(**({"id": translated} if named else {}))
            for name in oracle.WRITABLE:
                if shown.get(name) is not None:
                    body[name] = self.mapping.translate(shown[name])
            response = self.api.create(body)
            new_id = response.object.get("id")
            if response.status != 201 or not isinstance(new_id, str):
                pytest.skip(
                    f"Not checked: an earlier customer cannot be created; create returns {response.status}."
                )
            self.api.known.ids.add(new_id)
            if new_id != translated:
                self.mapping.ids[customer_id] = new_id

    def _earlier_customers(self) -> dict[str, dict[str, Any]]:
        """The ids that the sequence finds without having created them, with what it first shows of each."""
        created, earlier = set[str](), dict[str, dict[str, Any]]()
        for step in self.failure.exchanges:
            if step.status == 201 and isinstance(step.response_json, dict):
                created.add(str(step.response_json.get("id")))
            for customer_id, shown in self._found_by(step):
                if customer_id not in created:
                    earlier.setdefault(customer_id, shown)
        return earlier

    def _found_by(self, step: Step) -> Iterator[tuple[str, dict[str, Any]]]:
        """The ids of the existing customers that a request has reached, with what its response shows of each."""
        body, item = step.response_json, re.escape(f"/customer/{self.mapping.tenant}/customers/")
        if not 200 <= step.status < 300 or step.status == 201:
            return
        match = re.search(rf"{item}([^/?]+)(?=$|\?)", step.request.url)
        if match and step.operation in ("get", "patch", "upsert", "delete"):
            yield unquote(match[1]), body if step.operation == "get" and isinstance(body, dict) else {}
        own = {
            found.group().lower()
            for each in self.failure.exchanges
            for found in RUN_NAME.finditer(str(each.request))
        }
        for shown in body if isinstance(body, list) else ():
            if isinstance(shown, dict) and is_of_run(own, shown):
                yield str(shown.get("id")), shown

    def _send(self, step: Step) -> Exchange:
        """Send the step with the names of this run, and learn the ids that its response states."""
        body, content = step.request.body, None
        if body is not None:
            text = self.mapping.translate(body.replace(REDACTED, namespace.fresh_password()))
            content = text.encode("utf-8", "surrogatepass")
        response = self.api.send(
            step.request.method,
            self.mapping.path(step.request.url),
            operation=step.operation,
            identity=step.identity,
            content=content,
            headers=list(self._headers(step)),
            authorization=ABSENT if has_token(step) else None,
        )
        self.mapping.learn(step.response_json, response.json)
        return response

    def _headers(self, step: Step) -> Iterator[tuple[str, str]]:
        for name, value in step.request.headers:
            names_tenant = name.lower() == "emporix-tenant" and value == self.mapping.tenant
            if name.lower() not in NOT_SENT and not names_tenant:
                yield name, self.mapping.translate(value)


def replay(api: TenantApi, clause_id: str, target: Mapping[str, Any], failure: Mapping[str, Any]) -> None:
    """Send the sequence of a failure of this clause; a sequence that cannot be sent skips the test.

    target: `api_url` and `tenant` of the recorded run; failure: a failure of conformance.json.
    """
    recorded = TypeAdapter(Failure).validate_python(failure)
    if recorded.mismatch is None:
        pytest.skip(
            "Not checked: the report was written by an earlier version, which stored no data to compare."
        )
    mapping = IdMapping(target["api_url"], target["tenant"], api.tenant)
    Replay(api, recorded, recorded.mismatch, mapping).run(clause_id)
