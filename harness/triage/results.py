"""Triage of a list or a search that has too many or too few customers: simpler queries are sent.

In order: the query without pages, the same query by the client that may see all, the same query once more, the result
without a query, each exact condition alone, the id alone.
"""

from dataclasses import replace
from typing import Any, Final

import oracle
from client import Exchange
from harness.api import customers_with
from harness.triage.failed_check import FailedCheck

NEWEST: Final = 200
"""The newest customers among which a new one is looked for, and the customers of the largest page."""
FORMS: Final = frozenset(' ~<>()"')
"""Characters of the conditions that are not exact ones."""


def of_result(failed: FailedCheck) -> str:
    """The clause of the simplest query whose result is wrong."""
    operation, clause_id = failed.operation, failed.clause
    wanted = {model.id for model in failed.customers}
    if clause_id.endswith(".deleted.vanishes"):
        return clause_id if customers_with(failed.again(), wanted) else f"{operation}.flicker"
    response = failed.exchange
    if clause_id.startswith(f"{operation}.page."):  # the exchange is the last of several pages
        response = _query(failed, failed.q)
        if sorted(response.ids) == sorted(wanted):
            return clause_id
    if others := _others(response, wanted):
        return _of_others(failed, others)
    missing = [model for model in failed.customers if model.id not in response.ids]
    if failed.api.identity != "client":
        failed = replace(failed, api=failed.api.as_("client"))
        shown = failed.again().ids
        missing = [model for model in missing if model.id not in shown]
    return _of_missing(failed, missing) if missing else clause_id


def _of_others(failed: FailedCheck, others: list[dict[str, Any]]) -> str:
    """A condition that the other customers do not meet is ignored: alone, or only among several."""
    parts = list(oracle.conditions_of(failed.q)) if failed.q else []
    ignored = next((part for part in parts if not _may_meet(others, part)), None)
    exact, conjunction = (f"{failed.operation}.q.{form}" for form in ("exact", "conjunction"))
    if ignored is None:
        return failed.clause
    if _is_exact(ignored):
        alone = _others(_query(failed, ignored), {model.id for model in failed.customers})
        if len(parts) == 1 or (alone and not _may_meet(alone, ignored)):
            return exact
        return conjunction
    return exact if failed.customers and not _is_found_by_id(failed, failed.customers[0]) else failed.clause


def _of_missing(failed: FailedCheck, missing: list[oracle.CustomerModel]) -> str:
    """The first of the simpler results that lacks the customers, too."""
    operation, wanted = failed.operation, {model.id for model in failed.customers}
    if sorted(failed.again().ids) == sorted(wanted):
        return f"{operation}.{'flicker' if len(wanted) > 1 else 'complete'}"
    if _is_hidden(failed, missing[0]):
        return f"{operation}.complete"
    parts = list(oracle.conditions_of(failed.q)) if failed.q else []
    for part in filter(_is_exact, parts):
        alone = _query(failed, part).ids
        if len(alone) < NEWEST and not {model.id for model in missing} <= {*alone}:
            return f"{operation}.q.exact"
    if not any(map(_is_exact, parts)) and not _is_found_by_id(failed, missing[0]):
        return f"{operation}.q.exact"
    return failed.clause


def _is_hidden(failed: FailedCheck, customer: oracle.CustomerModel) -> bool:
    """Whether the result without a query lacks the customer, too, and not only because others are newer."""
    newest = _query(failed, None)
    if newest.status != 200 or not newest.customers or customer.id in newest.ids:
        return False
    return len(newest.ids) < NEWEST or not failed.api.query(failed.operation, f"id:{customer.id}").ids


def _is_found_by_id(failed: FailedCheck, customer: oracle.CustomerModel) -> bool:
    return failed.api.query(failed.operation, f"id:{customer.id}").ids == [customer.id]


def _query(failed: FailedCheck, q: str | None) -> Exchange:
    """The newest customers that a query selects."""
    return failed.api.query(
        failed.operation, q, sort="metadataCreatedAt:desc", page_number=1, page_size=NEWEST
    )


def _others(response: Exchange, wanted: set[str]) -> list[dict[str, Any]]:
    return [each for each in response.customers if each.get("id") not in wanted]


def _may_meet(shown: list[dict[str, Any]], condition: str) -> bool:
    """Whether a condition selects, or may select, one of the customers of a response."""
    return bool(oracle.select(shown, condition) or oracle.indeterminate(shown, condition))


def _is_exact(condition: str) -> bool:
    return not FORMS & {*condition}
