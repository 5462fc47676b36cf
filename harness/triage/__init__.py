"""Triage: which clause a failure really violates, found by a few further requests after the final replay.

A valid request may be rejected because of one part, a result may lack a customer that the tenant hides everywhere, get
may find any id, and a later write may have lost a value. Each has a clause of its own, and the report should name that
one. Triage sends what is simpler than the failed request; the simplest request that fails names the clause.
"""

from dataclasses import replace

import oracle
from client import BudgetExceeded, Exchange, TenantError
from harness.api import TenantApi
from harness.triage import rejections, results, side_effects, values
from harness.triage.failed_check import FailedCheck
from spec import Kind, Mismatch

MAX_REQUESTS = 19
"""Requests that triage sends at most; it does not use the response to the last one."""


class _Exhausted(Exception):
    """Triage has sent as many requests as it may."""


def violated_clause(api: TenantApi, mismatch: Mismatch) -> str:
    """The clause that the mismatch violates: its own, unless a few requests show another one.

    An error in triage changes nothing; it is a note of the mismatch.
    """
    exchange: Exchange | None = mismatch.exchange
    if exchange is None:
        return mismatch.clause
    left = iter(range(MAX_REQUESTS - 1))

    def count(_: Exchange) -> None:
        if next(left, None) is None:
            raise _Exhausted

    counted = replace(api.as_(exchange.identity), received=count)
    try:
        return _violated_clause(FailedCheck(counted, mismatch, exchange))
    except (TenantError, BudgetExceeded, oracle.QueryError, _Exhausted) as error:
        mismatch.add_note(f"triage ended early: {type(error).__name__} {error}")
        return mismatch.clause


def _violated_clause(failed: FailedCheck) -> str:
    match failed.mismatch.kind:
        case Kind.STATUS if failed.operation in values.PROBES and failed.lacks_404:
            return values.of_found(failed)
        case Kind.STATUS if failed.operation == "get" and failed.exchange.status == 404:
            return values.of_not_found(failed)
        case Kind.STATUS:
            return rejections.of_rejection(failed)
        case Kind.CUSTOMERS if failed.operation in ("list", "search") and failed.customers:
            return results.of_result(failed)
        case Kind.ORDER if ".sort." in failed.clause:
            return results.of_order(failed)
        case Kind.VALUE if failed.operation == "get" and failed.customers:
            return values.of_value(failed)
        case Kind.VALUE if failed.clause.endswith(".agrees-with-get"):
            return side_effects.of_change(failed)
    return failed.clause
