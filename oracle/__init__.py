"""What must come back: the reference model of a tenant, as pure functions. No I/O, no HTTP."""

from oracle.answering import GENERATED_ID, Answer, answers
from oracle.blame import Since, duplicated, elsewhere, foreign, looked, refused, viewed, written
from oracle.bodies import doubts, refusal
from oracle.conditions import member
from oracle.differences import Difference, assessed, difference, differences, learned
from oracle.histories import Event, linearizable, smallest_bad, timeline
from oracle.judging import judge
from oracle.lists import (
    account_ids,
    counts,
    listing_difference,
    pages_difference,
    same_customers,
    views_agree,
)
from oracle.operations import Create, Delete, Get, Operation, Patch, Upsert
from oracle.properties import DEFAULTS, GENERATED, MIXINS, WRITABLE
from oracle.queries import QueryError, select, undecided
from oracle.records import Record, created, patched, upserted
from oracle.rules import Rules
from oracle.schemas import customer_difference, error_advice, error_shape, schema_difference
from oracle.sorting import is_sorted
from oracle.texts import show
from oracle.times import is_about, is_utc_timestamp, shifted
from oracle.values import ABSENT, ANYTHING, Alternatives, Anything, same
from oracle.worlds import World

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
    "Create",
    "Delete",
    "Difference",
    "Event",
    "Get",
    "Operation",
    "Patch",
    "QueryError",
    "Record",
    "Rules",
    "Since",
    "Upsert",
    "World",
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
