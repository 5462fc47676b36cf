"""Triage of a list or a search with wrong customers, or in a wrong order: simpler queries are sent.

The first one that fails names the clause. In order:

1. for a clause of pages, the query without pages;
2. for a restricted client, the same query by the client that may see all;
3. for a missing customer, the same query once more, get of the customer, and the result without a query;
4. each exact condition alone, or else the id; each condition of several values, and each flag, alone;
5. for a range without its end, the range with its end.

If all of them succeed, and the page is not full, pageSize is not honoured.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

import oracle
from client import Exchange
from harness.api import customers_with
from harness.triage.failed_check import FailedCheck, is_any_of, is_exact, is_flag
from harness.triage.side_effects import of_change, of_missing

NEWEST: Final = 200
"""The newest customers among which a new one is looked for, and the customers of the largest page."""
Customers = list[dict[str, Any]]


def of_order(failed: FailedCheck) -> str:
    """A result in a wrong order: the ascending order is the simplest."""
    name, _, _ = failed.exchange.query.get("sort", "").partition(":")
    shown = _query(failed, failed.q or None, sort=f"{name}:asc")
    values = [each.get(name) for each in shown.customers]
    return failed.clause if oracle.is_sorted(values) else f"{failed.operation}.sort.ascending"


def of_result(failed: FailedCheck) -> str:
    """A result that has other customers, or lacks some."""
    operation, clause_id = failed.operation, failed.clause
    wanted = {model.id for model in failed.customers}
    if clause_id.endswith(".deleted.vanishes"):
        return clause_id if customers_with(failed.again(), wanted) else f"{operation}.flicker"
    response = failed.exchange
    if clause_id.startswith(f"{operation}.page."):  # the exchange is the last of several pages
        response = _query(failed, failed.q)
    missing = [model for model in failed.customers if model.id not in response.ids]
    if missing and failed.api.identity != "client":
        failed = replace(failed, api=failed.api.as_("client"))
        shown = failed.again().ids
        missing = [model for model in missing if model.id not in shown]
    others = _others(response, wanted)
    if missing and sorted(failed.again().ids) == sorted(wanted):
        return f"{operation}.{'flicker' if len(wanted) > 1 else 'complete'}"
    if missing and not failed.api.windows.read:
        response = failed.api.get(missing[0].id)
        if response.status == 404:
            return of_missing(failed.api, missing[0].id)  # no test deletes it
        if response.status == 200 and not missing[0].matches(response.object):
            return of_change(failed)
    if missing and _is_hidden(failed, missing[0]):
        return f"{operation}.complete"
    if missing and clause_id.endswith(".q.fresh") and missing[0].cause is not None:
        return clause_id  # a query for a new value does not find the customer that was changed
    return _of_simpler_query(failed, others) if others or missing else clause_id


def _of_simpler_query(failed: FailedCheck, others: Customers) -> str:
    parts = [*oracle.conditions_of(failed.q)] if failed.q else []
    for q, wanted, form in _simpler(failed, parts):
        shown = _query(failed, q)
        is_full = len(shown.ids) >= NEWEST
        if (not wanted <= {*shown.ids} and not is_full) or _not_meeting(_others(shown, wanted), q):
            return f"{failed.operation}.q.{form}"
    if len(failed.exchange.ids) < int(failed.exchange.query.get("pageSize", NEWEST)) <= len(failed.customers):
        return f"{failed.operation}.pageSize.honoured"
    ignored = any(_not_meeting(others, part) for part in parts if is_exact(part) or is_flag(part))
    return f"{failed.operation}.q.conjunction" if ignored and len(parts) > 1 else failed.clause


def _simpler(failed: FailedCheck, parts: list[str]) -> Iterator[tuple[str, set[str], str]]:
    """Simpler queries, the ids that each must find, and the form of condition that is wrong where it does not."""
    wanted = {model.id for model in failed.customers}
    exact = [part for part in parts if is_exact(part)]
    yield from ((part, wanted, "exact") for part in exact)
    if not exact:
        first = failed.customers[0].id
        yield f"id:{first}", {first}, "exact"
    yield from ((part, wanted, "any-of") for part in parts if is_any_of(part))
    yield from ((part, set(), "boolean") for part in parts if is_flag(part))
    if failed.clause.endswith(".q.exclusive-end"):
        yield failed.q.replace(" AND <", " AND <="), wanted, "range"


def _is_hidden(failed: FailedCheck, customer: oracle.CustomerModel) -> bool:
    """Whether the result without a query lacks the customer, too, and not only because others are newer."""
    newest = _query(failed, None)
    if newest.status != 200 or not newest.customers or customer.id in newest.ids:
        return False
    return len(newest.ids) < NEWEST or not failed.api.query(failed.operation, f"id:{customer.id}").ids


def _query(failed: FailedCheck, q: str | None, sort: str = "metadataCreatedAt:desc") -> Exchange:
    """The first customers, by default the newest, that a query selects."""
    return failed.api.query(failed.operation, q, sort=sort, page_number=1, page_size=NEWEST)


def _others(response: Exchange, wanted: set[str]) -> Customers:
    return [each for each in response.customers if each.get("id") not in wanted]


def _not_meeting(shown: Iterable[dict[str, Any]], condition: str) -> Customers:
    """The customers of a response that a condition definitely does not select."""
    return [
        each
        for each in shown
        if not oracle.select([each], condition) and not oracle.indeterminate([each], condition)
    ]
