"""The reference model of a tenant: pure functions from state and request to permitted responses and next state.

No function does I/O. A function named `…_mismatch` returns a `spec.Mismatch` or None.
"""

from oracle.customers.addresses import (
    address_mismatch,
    address_names,
    addresses_of,
    default_address_mismatch,
)
from oracle.customers.bodies import rejection_clause, unspecified_inputs, uses_optimistic_lock
from oracle.customers.comparisons import Comparison, comparisons, confirmed_by, first_mismatch
from oracle.customers.model import Cause, CustomerModel, Rules, duplicated, elsewhere, rejected, written
from oracle.customers.properties import DEFAULTS, GENERATED, MIXINS, WRITABLE
from oracle.customers.views import account_ids, change_mismatch, views_mismatch
from oracle.customers.writes import created, patched, upserted
from oracle.json_values import ANYTHING, Alternatives, Anything, present, same
from oracle.operations.judgement import Judgement, judge, successors
from oracle.operations.linearizability import Event, linearization, minimal_counterexample, timeline
from oracle.operations.permitted_responses import GENERATED_ID, PermittedResponse, permitted_responses
from oracle.operations.state import Create, Delete, Get, ModelState, Operation, Patch, Upsert
from oracle.results.conditions import value_at
from oracle.results.lists import is_count, listing_mismatch, pages_mismatch, same_customers
from oracle.results.queries import QueryError, conditions_of, indeterminate, select
from oracle.results.sorting import is_sorted
from oracle.schemas import customer_mismatch, error_advice, error_shape_mismatch
from oracle.times import http_date, is_about, is_utc_timestamp, shifted

__all__ = [
    "ANYTHING",
    "DEFAULTS",
    "GENERATED",
    "GENERATED_ID",
    "MIXINS",
    "WRITABLE",
    "Alternatives",
    "Anything",
    "Cause",
    "Comparison",
    "Create",
    "CustomerModel",
    "Delete",
    "Event",
    "Get",
    "Judgement",
    "ModelState",
    "Operation",
    "Patch",
    "PermittedResponse",
    "QueryError",
    "Rules",
    "Upsert",
    "account_ids",
    "address_mismatch",
    "address_names",
    "addresses_of",
    "change_mismatch",
    "comparisons",
    "conditions_of",
    "confirmed_by",
    "created",
    "customer_mismatch",
    "default_address_mismatch",
    "duplicated",
    "elsewhere",
    "error_advice",
    "error_shape_mismatch",
    "first_mismatch",
    "http_date",
    "indeterminate",
    "is_about",
    "is_count",
    "is_sorted",
    "is_utc_timestamp",
    "judge",
    "linearization",
    "listing_mismatch",
    "minimal_counterexample",
    "pages_mismatch",
    "patched",
    "permitted_responses",
    "present",
    "rejected",
    "rejection_clause",
    "same",
    "same_customers",
    "select",
    "shifted",
    "successors",
    "timeline",
    "unspecified_inputs",
    "upserted",
    "uses_optimistic_lock",
    "value_at",
    "views_mismatch",
    "written",
]
