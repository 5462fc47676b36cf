"""What must come back: the reference model of a tenant, as pure functions. No I/O, no HTTP."""

from oracle.customers.bodies import doubts, refusal
from oracle.customers.causes import Cause, duplicated, elsewhere, foreign, looked, refused, viewed, written
from oracle.customers.differences import Difference, assessed, difference, differences, learned
from oracle.customers.model import CustomerModel, created, patched, upserted
from oracle.customers.properties import DEFAULTS, GENERATED, MIXINS, WRITABLE
from oracle.operations.linearizability import Event, linearizable, smallest_bad, timeline
from oracle.operations.operations import Create, Delete, Get, Operation, Patch, Upsert
from oracle.operations.responses import GENERATED_ID, Answer, answers
from oracle.operations.state import ModelState
from oracle.operations.transitions import judge
from oracle.results.conditions import member
from oracle.results.lists import (
    account_ids,
    counts,
    listing_difference,
    pages_difference,
    same_customers,
    views_agree,
)
from oracle.results.queries import QueryError, select, undecided
from oracle.results.sorting import is_sorted
from oracle.schemas import customer_difference, error_advice, error_shape, schema_difference
from oracle.tenant_config import Rules
from oracle.values.json_values import ABSENT, ANYTHING, Alternatives, Anything, same
from oracle.values.times import is_about, is_utc_timestamp, shifted
from spec.formatting import show

__all__ = [
    "ABSENT",
    "ANYTHING",
    "DEFAULTS",
    "GENERATED",
    "GENERATED_ID",
    "MIXINS",
    "WRITABLE",
    "Alternatives",
    "Answer",
    "Anything",
    "Cause",
    "Create",
    "CustomerModel",
    "Delete",
    "Difference",
    "Event",
    "Get",
    "ModelState",
    "Operation",
    "Patch",
    "QueryError",
    "Rules",
    "Upsert",
    "account_ids",
    "answers",
    "assessed",
    "counts",
    "created",
    "customer_difference",
    "difference",
    "differences",
    "doubts",
    "duplicated",
    "elsewhere",
    "error_advice",
    "error_shape",
    "foreign",
    "is_about",
    "is_sorted",
    "is_utc_timestamp",
    "judge",
    "learned",
    "linearizable",
    "listing_difference",
    "looked",
    "member",
    "pages_difference",
    "patched",
    "refusal",
    "refused",
    "same",
    "same_customers",
    "schema_difference",
    "select",
    "shifted",
    "show",
    "smallest_bad",
    "timeline",
    "undecided",
    "upserted",
    "viewed",
    "views_agree",
    "written",
]
